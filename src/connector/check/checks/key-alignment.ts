import { usualCircumstances } from '../../circumstances.ts';
import type { Bench } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import { listProblems } from '../compare.ts';
import { keyLoadProblems, keysOf } from '../loads.ts';

/** The lists stand where their keys stand, and each holds all of its key's records, in order. */
export const keyAlignment: Check = {
  name: 'key-alignment',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let loads = 0;
    for (const of of bench.entities)
      for (const key of of.keys) {
        const keys = keysOf(of, key).toSorted();
        if (keys.length === 0) continue;
        problems.add(...(await keyLoadProblems(stand, of, { key, keys })));
        loads += 1;
      }
    problems.add(...(await derivedProblems(bench)));
    return problems.finding(`${loads} kinds of key`);
  },
};

/** Records that are computed from others are aligned with their keys as well. */
async function derivedProblems(bench: Bench): Promise<string[]> {
  const stand = await bench.shared();
  const found: string[] = [];
  for (const { declaration, from, derive } of bench.derived) {
    const { type, key, order } = declaration;
    const base = bench.entities.find((e) => e.type === from[0]);
    const keys = base === undefined ? [] : keysOf(base, key).toSorted();
    if (keys.length === 0) continue;
    const load = (side: 'source' | 'reference') => (signal: AbortSignal) =>
      derive((of) => stand[side](of), usualCircumstances).loadByKeys({
        key,
        keys,
        fields: [key],
        rows: { kind: 'always' },
        order,
        limitPerKey: 10,
        signal,
      });
    const what = `${type} by ${key}`;
    found.push(...listProblems(what, await stand.ask(what, load('reference')), await stand.ask(what, load('source'))));
  }
  return found;
}
