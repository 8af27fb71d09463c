import type { EntityDeclaration, EntitySource, SourceRecord } from './connector.ts';
import { SourceError } from './source-error.ts';

export interface SoundOptions {
  readonly agency: string;
  readonly entity: EntityDeclaration;
  /** The source's name of a field, for whoever has to look there. */
  readonly columnOf: (field: string) => string;
  /** Called once for each thing that is wrong, until a load is sound again; never a value. */
  readonly onProblem: (message: string) => void;
}

/**
 * The source, none of whose records is another's or nobody's: each stands under the key that it holds, whatever a driver
 * mixed up; each has a key of its own; no two of one load have the same. A load of which that is not true is refused as
 * `MALFORMED`, since the gate could only show a wrong record, or drop one without a word.
 */
export function soundSource(source: EntitySource, { agency, entity, columnOf, onProblem }: SoundOptions): EntitySource {
  const { type, key } = entity;
  const said = new Set<string>();
  const told = (message: string): void => {
    // More or fewer records of the same fault are no news.
    const fault = message.replaceAll(/\d+/g, '');
    if (said.has(fault)) return;
    said.add(fault);
    onProblem(message);
  };
  const refuse = (count: number, what: string, field: string): never => {
    throw new SourceError(
      agency,
      `the ${agency} source gave ${count} ${type} records ${what} ${type}.${field} (column ${columnOf(field)})`,
      { fault: 'MALFORMED' },
    );
  };
  const sound = (lists: readonly (readonly SourceRecord[])[]): void => {
    let [nameless, repeated] = [0, 0];
    const seen = new Set<unknown>();
    for (const list of lists)
      for (const record of list) {
        const name = record[key];
        if (!isName(name)) nameless += 1;
        else if (seen.size === seen.add(name).size) repeated += 1;
      }
    if (nameless > 0) refuse(nameless, 'without a readable value of', key);
    if (repeated > 0) refuse(repeated, 'that repeat a value of', key);
  };
  /** What the load brought, once `check` has found nothing; what it was refused for is told. */
  const checked = async <T>(load: Promise<T>, check: (answer: T) => void): Promise<T> => {
    try {
      const answer = await load;
      check(answer);
      if (said.size > 0) said.clear();
      return answer;
    } catch (error) {
      if (error instanceof SourceError && error.fault === 'MALFORMED') told(error.message);
      throw error;
    }
  };
  return {
    loadByKeys(load) {
      const fields = load.fields.includes(load.key) ? load.fields : [...load.fields, load.key];
      const named = fields.includes(key);
      return checked(source.loadByKeys({ ...load, fields }), (lists) => {
        if (lists.length !== load.keys.length)
          throw new SourceError(
            agency,
            `the ${agency} source gave ${type} records that are not in the order of their keys`,
            {
              fault: 'MALFORMED',
            },
          );
        let mixed = 0;
        load.keys.forEach((asked, i) => {
          for (const record of lists[i] ?? []) if (record[load.key] !== asked) mixed += 1;
        });
        if (mixed > 0) refuse(mixed, 'to a key that they do not hold in', load.key);
        if (named) sound(lists);
      });
    },
    loadPage: (load) =>
      checked(source.loadPage(load), (page) => {
        if (load.fields.includes(key)) sound([page]);
      }),
    count: (...of) => source.count(...of),
    countByKeys: (...of) => source.countByKeys(...of),
    countBy: (...of) => source.countBy(...of),
    canCountBy: (field) => source.canCountBy(field),
    canFilter: (rows) => source.canFilter(rows),
  };
}

function isName(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
