import type { SortKey } from '../../connector.ts';
import { notApplicable, Problems, type Check } from '../check.ts';
import { keyLoadProblems, keysOf, totalOrder } from '../loads.ts';

/** The limit holds for each key by itself, and what it leaves are the first in order, or the first after a position. */
export const limitPerKey: Check = {
  name: 'limit-per-key',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let loads = 0;
    for (const of of bench.entities) {
      const order = totalOrder(of);
      for (const key of of.keys) {
        if (key === of.entity.key) continue;
        const keys = keysOf(of, key).toSorted();
        const records = of.rows.map((row) => row.record);
        const middle = records.filter((r) => r[key] === keys[0])[1];
        if (keys.length === 0 || middle === undefined) continue;
        loads += 1;
        const load = { key, keys, fields: [of.entity.key, ...order.map((o) => o.field)].filter(distinct) };
        for (const limit of [1, 2])
          problems.add(
            ...(await keyLoadProblems(stand, of, { ...load, order, limitPerKey: limit }, `, limit ${limit}`)),
          );
        const back = { ...load, order: order.map(reversed), limitPerKey: 2 };
        problems.add(...(await keyLoadProblems(stand, of, back, ', limit 2 from the other end')));
        const after = order.map(({ field }) => String(middle[field]));
        problems.add(
          ...(await keyLoadProblems(stand, of, { ...load, order, after, limitPerKey: 2 }, ', after a position')),
        );
      }
    }
    return loads === 0
      ? notApplicable('no key has several records')
      : problems.finding(`${loads} keys with several records`);
  },
};

function reversed({ field, direction }: SortKey): SortKey {
  return { field, direction: direction === 'ASC' ? 'DESC' : 'ASC' };
}

function distinct(field: string, at: number, all: readonly string[]): boolean {
  return all.indexOf(field) === at;
}
