import { always } from '../../filter.ts';
import { callsOf } from '../calls.ts';
import { Problems, type Check } from '../check.ts';
import { keyLoad, keysOf, pageLoad } from '../loads.ts';

/** One load asks the source nothing twice: its rows would cost double, and two answers may differ. */
export const askedOnce: Check = {
  name: 'asked-once',
  async run(bench) {
    const stand = await bench.stand();
    const problems = new Problems();
    let all = 0;
    for (const of of bench.entities) {
      const source = stand.source(of.type);
      const byKeys = of.keys.flatMap((key) => {
        // One call's worth: the same statement for other keys would look the same.
        const keys = keysOf(of, key).slice(0, 3);
        if (keys.length === 0) return [];
        return [
          [`${of.type} by ${key}`, (signal: AbortSignal) => source.loadByKeys(keyLoad(of, { key, keys, signal }))],
          [`counts of ${of.type} by ${key}`, (signal: AbortSignal) => source.countByKeys(key, keys, always, signal)],
        ] as const;
      });
      const loads = [
        ...byKeys,
        ...(of.pages
          ? [
              [
                `a page of ${of.type}`,
                (signal: AbortSignal) => source.loadPage(pageLoad(of, { limit: 5, signal })),
              ] as const,
            ]
          : []),
        ...(of.counts
          ? [[`the count of ${of.type}`, (signal: AbortSignal) => source.count(always, signal)] as const]
          : []),
      ];
      const single = bench.driver.singleKeys?.[of.type] ?? [];
      for (const [what, load] of loads) {
        const calls = await callsOf(stand, () => stand.ask<unknown>(what, load));
        all += calls.length;
        const twice = calls.length - new Set(calls).size;
        // Statements of single keys name the key by a placeholder: each looks like the other.
        if (twice > 0 && (stand.way.kind === 'http' || single.length === 0))
          problems.add(`${what}: ${twice} of ${calls.length} calls ask what was asked already`);
      }
    }
    return problems.finding(`${all} calls`);
  },
};
