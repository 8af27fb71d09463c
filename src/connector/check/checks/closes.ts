import { setTimeout as sleep } from 'node:timers/promises';
import { Problems, type Check } from '../check.ts';
import { keyLoad, keysOf } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';

/** Milliseconds after which nothing may be open: shorter than any connection is kept for the next call. */
const soon = 1_500;

/** A closed driver answers nothing more and holds no connection: policies and settings change, hubs stop. */
export const closes: Check = {
  name: 'closes',
  async run(bench) {
    const stand = await bench.stand();
    const problems = new Problems();
    const loads = bench.entities.flatMap((of) => {
      const { key } = of.entity;
      const keys = keysOf(of, key).slice(0, 3);
      const run = (signal: AbortSignal): Promise<unknown> =>
        stand.source(of.type).loadByKeys(keyLoad(of, { key, keys, signal }));
      return keys.length === 0 ? [] : [{ what: `${of.type} by ${key}`, run }];
    });
    for (const { what, run } of loads) await stand.ask(what, run);
    await stand.open.close();
    const { way } = stand;
    if (way.kind !== 'files') {
      for (let waited = 0; waited < soon && way.proxy.connections() > 0; waited += 50) await sleep(50);
      const open = way.proxy.connections();
      if (open > 0) problems.add(`${open} connections are open ${soon} ms after the driver was closed`);
    }
    for (const { what, run } of loads) {
      const outcome = await outcomeOf(run, { patience: 5_000, slack: 2_000 });
      if (outcome.kind === 'answer') problems.add(`${what}: answered although the driver was closed`);
      else if (outcome.kind === 'hung') problems.add(`${what}: hangs once the driver is closed`);
    }
    return problems.finding(`${loads.length} loads of a closed driver`);
  },
};
