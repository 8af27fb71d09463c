import { always } from '../../filter.ts';
import { Problems, type Check } from '../check.ts';
import { showValue } from '../compare.ts';
import { keyLoad } from '../loads.ts';

/** No keys: no lists, no counts, and nothing is asked of the source. */
export const emptyBatch: Check = {
  name: 'empty-batch',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    for (const of of bench.entities)
      for (const key of of.keys) {
        const before = stand.statements.length;
        const what = `${of.type} by ${key}`;
        const source = stand.source(of.type);
        const lists = await stand.ask(what, (signal) => source.loadByKeys(keyLoad(of, { key, keys: [], signal })));
        const counts = await stand.ask(what, (signal) => source.countByKeys(key, [], always, signal));
        if (lists.length > 0 || counts.length > 0)
          problems.add(`${what}: no key got ${showValue(lists)} and counts ${showValue(counts)}`);
        const asked = stand.statements.length - before;
        if (asked > 0) problems.add(`${what}: the source was asked ${asked} times for nothing`);
      }
    return problems.finding('loads and counts of no key');
  },
};
