import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Problems, type Check } from '../check.ts';
import { keyLoad, keysOf } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';
import type { Stand } from '../stand.ts';
import type { Bench } from '../bench.ts';
import type { Fault } from '../fault-proxy.ts';
import { impatient } from '../faulted-loads.ts';

/** Milliseconds after a fault in which the same driver must answer again: one that does not heal never does. */
const healMilliseconds = 20_000;

/** When the fault is over the same opened driver answers as before: no restart, no connection that is broken for ever. */
export const heals: Check = {
  name: 'heals',
  async run(bench) {
    const stand = await bench.stand({ settings: impatient(bench.quick) });
    const problems = new Problems();
    problems.add(...(await wellAgain(bench, stand, 'before any fault')));
    const faults = faultsOf(stand);
    for (const { name, begin, end } of faults) {
      await begin();
      // What becomes of it is another check's matter.
      await oneLoad(bench, stand);
      await end();
      const ill = await wellAgain(bench, stand, `after ${name}`);
      problems.add(...ill);
      // One that stays broken says nothing of further faults.
      if (ill.length > 0) break;
    }
    return problems.finding(`answers after ${faults.map((f) => f.name).join(', ')}`);
  },
};

interface PassingFault {
  readonly name: string;
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
}

function faultsOf({ way, settings }: Stand): readonly PassingFault[] {
  if (way.kind === 'files') {
    const { files } = way;
    return [
      { name: 'files that were away', begin: files.hide, end: files.restore },
      { name: 'files that were damaged', begin: files.garble, end: files.restore },
    ];
  }
  const { proxy } = way;
  const over = (name: string, fault: Fault): PassingFault => ({
    name,
    begin: () => proxy.set(fault),
    end: () => proxy.set({ kind: 'none' }),
  });
  return [
    over('a reset', { kind: 'reset' }),
    over('refused connections', { kind: 'refuse' }),
    over('an answer that was cut', { kind: 'cut', bytes: 40 }),
    over('an answer that was late', { kind: 'delay', milliseconds: settings.answerMilliseconds * 20 }),
    ...(way.kind === 'http' ? [over('a 500', { kind: 'answer', status: 500, body: '' })] : []),
  ];
}

/** Nothing, once the right answer comes; what is wrong, if it does not in time. */
async function wellAgain(bench: Bench, stand: Stand, when: string): Promise<string[]> {
  const begun = performance.now();
  let last = '';
  do {
    last = await oneLoad(bench, stand);
    if (last === '') return [];
    await sleep(100);
  } while (performance.now() - begun < healMilliseconds);
  return [`${when}: ${last} for ${healMilliseconds / 1_000} s`];
}

/** Empty where a load gave the right answer; what it did instead. */
async function oneLoad(bench: Bench, stand: Stand): Promise<string> {
  for (const of of bench.entities) {
    const { key } = of.entity;
    const keys = keysOf(of, key).slice(0, 3);
    if (keys.length === 0) continue;
    const load = keyLoad(of, { key, keys, signal: AbortSignal.timeout(60_000) });
    const right = await stand.reference(of.type).loadByKeys(load);
    const outcome = await outcomeOf((signal) => stand.source(of.type).loadByKeys({ ...load, signal }), {
      patience: stand.settings.answerMilliseconds,
      slack: 2_500,
    });
    if (outcome.kind === 'hung') return 'no answer';
    if (outcome.kind === 'error') return 'an error';
    if (!isDeepStrictEqual(outcome.value, right)) return 'a wrong answer';
  }
  return '';
}
