import type { SourceKind } from '../settings/source-settings.ts';
import { not, type FilterValue } from '../filter.ts';
import { SourceError } from '../source-error.ts';
import type { BenchEntity } from './bench.ts';
import { keyLoad, keysOf } from './loads.ts';
import { outcomeOf } from './outcome.ts';
import { readableSamples } from './sample-rows.ts';
import { nameOf, type Stand } from './stand.ts';

/**
 * Whether the driver compares every filter in the source: then rows that a changed column no longer tells apart do not come,
 * and only the column's type can tell of it (`sql/column-fit.ts`).
 */
export function filtersItself(kind: SourceKind): boolean {
  return kind === 'sql' || kind === 'file';
}

/**
 * What is wrong with loads whose filter reads a field of which no record has a readable value: they must fail, since an
 * empty list would say that there are no records. The filter is a negation, which no service is told of.
 */
export async function filteredProblems(stand: Stand, of: BenchEntity, fields: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  const { key, mapping } = of.entity;
  const keys = keysOf(of, key).slice(0, 4);
  const source = stand.source(of.type);
  for (const field of fields) {
    const value = readableSamples(mapping[field]!)
      .map((sample) => sample.value)
      .find((v): v is FilterValue => ['string', 'number', 'boolean'].includes(typeof v));
    if (value === undefined) continue;
    const rows = not({ kind: 'in', field, values: [value] });
    if (!source.canFilter(rows)) continue;
    const outcome = await outcomeOf(
      (signal) => source.loadByKeys(keyLoad(of, { key, keys, fields: [key], rows, signal })),
      { patience: 60_000, slack: 2_000 },
    );
    if (outcome.kind === 'hung') problems.push(`${of.type} filtered by ${field}: no answer`);
    else if (outcome.kind === 'answer')
      problems.push(
        `${of.type} filtered by ${field}: ${outcome.value.flat().length} records were given as the whole answer`,
      );
    else if (!(outcome.error instanceof SourceError))
      problems.push(`${of.type} filtered by ${field}: ${nameOf(outcome.error)}`);
  }
  return problems;
}
