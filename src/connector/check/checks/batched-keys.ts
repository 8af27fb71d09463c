import { always } from '../../filter.ts';
import { callsOf } from '../calls.ts';
import { notApplicable, Problems, type Check } from '../check.ts';
import { keyLoad, keysOf } from '../loads.ts';

/** Keys of one load; as many as the kit lets one call take. */
const most = 20;

/** The keys of a load go to the source together. Where it takes but one a call, the driver says so (`singleKeys`). */
export const batchedKeys: Check = {
  name: 'batched-keys',
  async run(bench) {
    const stand = await bench.stand({ batchKeys: most });
    const problems = new Problems();
    const seen: string[] = [];
    for (const of of bench.entities) {
      const single = bench.driver.singleKeys?.[of.type] ?? [];
      const source = stand.source(of.type);
      for (const key of of.keys) {
        const keys = keysOf(of, key).slice(0, most);
        const columns = of.entity.mapping[key]?.columns ?? [];
        if (keys.length < 4 || columns.some((column) => single.includes(column))) continue;
        const loads = [
          [
            `${of.type} by ${key}`,
            (signal: AbortSignal) => source.loadByKeys(keyLoad(of, { key, keys, fields: [of.entity.key], signal })),
          ],
          [`counts of ${of.type} by ${key}`, (signal: AbortSignal) => source.countByKeys(key, keys, always, signal)],
        ] as const;
        for (const [what, load] of loads) {
          const calls = await callsOf(stand, () => stand.ask<unknown>(what, load));
          if (calls.length > keys.length / 2) problems.add(`${what}: ${calls.length} calls for ${keys.length} keys`);
          seen.push(`${keys.length} keys in ${calls.length}`);
        }
      }
    }
    if (seen.length === 0) return notApplicable('the source takes one key a call, or has too few keys');
    return problems.finding(`${seen.length} loads, the first ${seen[0] ?? ''} calls`);
  },
};
