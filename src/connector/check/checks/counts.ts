import { isDeepStrictEqual } from 'node:util';
import type { GroupCount } from '../../connector.ts';
import { always } from '../../filter.ts';
import type { BenchEntity } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import { showValue } from '../compare.ts';
import { keysOf } from '../loads.ts';
import type { Stand } from '../stand.ts';

/** Counts are those of the lists: of all, of each key in its place, of each value of a field. */
export const counts: Check = {
  name: 'counts',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let counted = 0;
    for (const of of bench.entities) {
      for (const key of of.keys) {
        const keys = [...keysOf(of, key).toSorted(), 'KIT-none'];
        const what = `counts of ${of.type} by ${key}`;
        const expected = await stand.reference(of.type).countByKeys(key, keys, always, AbortSignal.timeout(60_000));
        const got = await stand.ask(what, (signal) => stand.source(of.type).countByKeys(key, keys, always, signal));
        if (!isDeepStrictEqual(got, expected))
          problems.add(`${what}: ${showValue(got)} instead of ${showValue(expected)}`);
        counted += 1;
      }
      if (!of.counts) continue;
      const all = await stand.ask(`the count of ${of.type}`, (signal) => stand.source(of.type).count(always, signal));
      if (all !== of.rows.length) problems.add(`the count of ${of.type}: ${all} instead of ${of.rows.length}`);
      problems.add(...(await groupProblems(stand, of)));
    }
    return problems.finding(`${counted} kinds of key, and all that is counted by value`);
  },
};

async function groupProblems(stand: Stand, of: BenchEntity): Promise<string[]> {
  const source = stand.source(of.type);
  const found: string[] = [];
  for (const field of Object.keys(of.entity.mapping)) {
    if (!source.canCountBy(field)) continue;
    const what = `${of.type} counted by ${field}`;
    const expected = await stand.reference(of.type).countBy([field], always, AbortSignal.timeout(60_000));
    const got = await stand.ask(what, (signal) => source.countBy([field], always, signal));
    if (!isDeepStrictEqual(summed(got), summed(expected)))
      found.push(`${what}: the groups are not those of the records`);
  }
  return found;
}

/** Counts by value. A source may count null and empty text apart, though both read as null. */
function summed(groups: readonly GroupCount[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { values, count } of groups) {
    const name = showWhole(values);
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return sums;
}

function showWhole(values: readonly unknown[]): string {
  return JSON.stringify(values.map((v) => (typeof v === 'symbol' ? [0] : v)));
}
