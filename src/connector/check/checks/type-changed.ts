import { isDeepStrictEqual } from 'node:util';
import { UNREADABLE } from '../../mapping.ts';
import { SourceError } from '../../source-error.ts';
import { notApplicable, Problems, type Check } from '../check.ts';
import { showValue } from '../compare.ts';
import { filteredProblems, filtersItself } from '../filtered-loads.ts';
import { keyLoad } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';
import { nameOf } from '../stand.ts';
import { changeable, rowsOfOtherForm, rowsWithUnreadable, type Replaced } from '../unreadable-rows.ts';

/**
 * A column that holds another type or form than it did is unreadable, or the load fails: it is never another value. A load
 * that filters by a column all of whose values have changed fails: its records are not none.
 */
export const typeChanged: Check = {
  name: 'type-changed',
  async run(bench) {
    const replaced = new Map<string, readonly Replaced[]>();
    const stand = await bench.stand({
      rows: (of) => {
        const { rows, fields } = rowsWithUnreadable(of, (mapping) => mapping.known === undefined);
        replaced.set(of.type, fields);
        return rows;
      },
    });
    const problems = new Problems();
    let values = 0;
    for (const of of bench.entities)
      for (const { field, key: value } of replaced.get(of.type) ?? []) {
        const { key } = of.entity;
        values += 1;
        const outcome = await outcomeOf(
          (signal) =>
            stand.source(of.type).loadByKeys(keyLoad(of, { key, keys: [value], fields: [key, field], signal })),
          { patience: 60_000, slack: 2_000 },
        );
        if (outcome.kind === 'error') {
          if (!(outcome.error instanceof SourceError)) problems.add(`${of.type}.${field}: ${nameOf(outcome.error)}`);
        } else if (outcome.kind === 'hung') problems.add(`${of.type}.${field}: no answer`);
        else if (!isDeepStrictEqual(outcome.value, [[{ [key]: value, [field]: UNREADABLE }]]))
          problems.add(`${of.type}.${field} is ${showValue(outcome.value[0]?.[0]?.[field])} where it cannot be read`);
      }
    if (!filtersItself(bench.driver.kind)) {
      const changed = await bench.stand({ rows: rowsOfOtherForm });
      for (const of of bench.entities) problems.add(...(await filteredProblems(changed, of, changeable(of))));
    }
    if (values === 0) return notApplicable('the mapping reads any value');
    return problems.finding(`${values} values of another type or form`);
  },
};
