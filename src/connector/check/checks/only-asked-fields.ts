import { isDeepStrictEqual } from 'node:util';
import type { BenchEntity } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import { keyLoad, keysOf } from '../loads.ts';
import { otherColumns } from '../sample-rows.ts';
import type { Stand } from '../stand.ts';

/** Records hold the asked fields and no other, and no other column is asked for. */
export const onlyAskedFields: Check = {
  name: 'only-asked-fields',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let named = 0;
    for (const of of bench.entities) {
      const { entity } = of;
      const withoutIt = await statementsFor(stand, of, [entity.key], problems);
      const others = Object.keys(entity.mapping).filter((f) => f !== entity.key);
      for (const field of others) {
        const withIt = await statementsFor(stand, of, [field], problems);
        const needed = [entity.key, ...entity.order.map((o) => o.field)];
        for (const column of entity.mapping[field]?.columns ?? []) {
          if (!otherColumns(entity, needed).has(column)) continue;
          const [more, fewer] = [timesIn(withIt, column), timesIn(withoutIt, column)];
          if (more > 0) named += 1;
          // A column may be named as a word of the language (`by`): then asking for it names it once more.
          if (fewer > 0 && fewer >= more)
            problems.add(`${of.type}: the column of ${field} is asked for where only ${entity.key} was`);
        }
      }
    }
    const seen = named > 0 ? `${named} columns told of in statements` : 'records; statements name no columns';
    return problems.finding(seen);
  },
};

/** What the source was asked for a load of these fields; its records hold just these. */
async function statementsFor(
  stand: Stand,
  of: BenchEntity,
  fields: readonly string[],
  problems: Problems,
): Promise<readonly string[]> {
  const { key } = of.entity;
  const before = stand.statements.length;
  const what = `${of.type} by ${key}`;
  const lists = await stand.ask(what, (signal) =>
    stand.source(of.type).loadByKeys(keyLoad(of, { key, keys: keysOf(of, key).slice(0, 3), fields, signal })),
  );
  const other = lists.flat().find((record) => !isDeepStrictEqual(Object.keys(record).toSorted(), fields.toSorted()));
  if (other !== undefined)
    problems.add(`${what}: asked for ${fields.join(', ')}, got ${Object.keys(other).slice(0, 8).join(', ')}`);
  return stand.statements.slice(before);
}

/** How often the column is named, as a word. */
function timesIn(statements: readonly string[], column: string): number {
  const word = new RegExp(
    `(?<![\\p{L}\\p{N}_])${column.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\p{L}\\p{N}_])`,
    'gu',
  );
  return Math.max(0, ...statements.map((text) => [...text.matchAll(word)].length));
}
