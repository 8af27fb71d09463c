import { Problems, type Check } from '../check.ts';
import { keyLoadProblems, keysOf } from '../loads.ts';

/** The same keys in another order get the same lists in that order. */
export const reorderedKeys: Check = {
  name: 'reordered-keys',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    for (const of of bench.entities)
      for (const key of of.keys) {
        const keys = keysOf(of, key).toSorted();
        const orders = {
          backwards: keys.toReversed(),
          'in turns': [...keys.filter((_, i) => i % 2), ...keys.filter((_, i) => i % 2 === 0)],
        };
        for (const [name, ordered] of Object.entries(orders)) {
          if (ordered.length === 0) continue;
          const load = { key, keys: ordered, fields: [of.entity.key] };
          problems.add(...(await keyLoadProblems(stand, of, load, `, ${name}`)));
        }
      }
    return problems.finding('keys backwards and in turns');
  },
};
