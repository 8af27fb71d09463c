import { UNREADABLE } from '../../mapping.ts';
import { SourceError } from '../../source-error.ts';
import type { BenchEntity } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import { showValue } from '../compare.ts';
import { filteredProblems } from '../filtered-loads.ts';
import { keyLoad, keysOf } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';
import { otherColumns } from '../sample-rows.ts';
import { nameOf } from '../stand.ts';

/**
 * A column that the source no longer has is unreadable, or the load fails: it is never null or empty. A load that filters by
 * it fails: its records are not none.
 */
export const columnGone: Check = {
  name: 'column-gone',
  async run(bench) {
    const needed = new Map(bench.entities.map((of) => [of.type, neededFields(of)]));
    const stand = await bench.stand({ gone: (entity) => otherColumns(entity, needed.get(entity.type) ?? []) });
    const problems = new Problems();
    let columns = 0;
    for (const of of bench.entities) {
      const { key, mapping } = of.entity;
      const gone = otherColumns(of.entity, needed.get(of.type) ?? []);
      const fields = Object.keys(mapping).filter((f) => mapping[f]?.columns.some((c) => gone.has(c)));
      const keys = keysOf(of, key).slice(0, 4);
      for (const field of fields) {
        columns += 1;
        const outcome = await outcomeOf(
          (signal) => stand.source(of.type).loadByKeys(keyLoad(of, { key, keys, fields: [key, field], signal })),
          { patience: 60_000, slack: 2_000 },
        );
        if (outcome.kind === 'hung') problems.add(`${of.type}.${field}: no answer`);
        else if (outcome.kind === 'error') {
          if (!(outcome.error instanceof SourceError)) problems.add(`${of.type}.${field}: ${nameOf(outcome.error)}`);
        } else {
          const records = outcome.value.flat();
          const wrong = records.find((record) => record[field] !== UNREADABLE);
          if (wrong !== undefined) problems.add(`${of.type}.${field} is ${showValue(wrong[field])} without its column`);
          if (records.length !== keys.length)
            problems.add(
              `${of.type}: ${records.length} records instead of ${keys.length} without the column of ${field}`,
            );
        }
      }
      problems.add(...(await filteredProblems(stand, of, fields)));
    }
    return problems.finding(`${columns} fields whose column is gone`);
  },
};

/** Fields without which no record is found or sorted. */
function neededFields({ entity, keys }: BenchEntity): string[] {
  return [...keys, ...entity.order.map((o) => o.field)];
}
