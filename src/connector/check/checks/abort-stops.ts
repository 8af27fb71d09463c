import { setTimeout as sleep } from 'node:timers/promises';
import { Problems, type Check } from '../check.ts';
import type { Bench } from '../bench.ts';
import { keyLoad, keysOf } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';
import { everyLoad } from '../loads.ts';
import type { Stand } from '../stand.ts';
import { sampleRows } from '../sample-rows.ts';

/** Milliseconds in which an aborted load must have ended, and after which nothing more is asked. */
const soon = 3_000;

/** An aborted load ends at once and asks nothing more; one that is aborted before it begins asks nothing at all. */
export const abortStops: Check = {
  name: 'abort-stops',
  async run(bench) {
    const problems = new Problems();
    problems.add(...(await abortedBefore(bench, await bench.shared())));
    const stand = await bench.stand({
      batchKeys: 2,
      rows: ({ entity, keys }) => sampleRows(entity, { count: 200, keys, sparse: true }),
    });
    if (stand.way.kind === 'files') return problems.finding('loads that were aborted before they began');
    problems.add(...(await abortedWithin(bench, stand)));
    return problems.finding('loads that were aborted before they began, and while they ran');
  },
};

async function abortedBefore(bench: Bench, stand: Stand): Promise<string[]> {
  const found: string[] = [];
  for (const of of bench.entities)
    for (const load of everyLoad(of)) {
      const before = stand.statements.length;
      const aborted = AbortSignal.abort();
      const outcome = await outcomeOf(() => load.run(stand.source(of.type), aborted), { patience: soon, slack: 0 });
      if (outcome.kind !== 'error')
        found.push(
          `${load.name}: aborted before it began, and ended with ${outcome.kind === 'hung' ? 'nothing' : 'an answer'}`,
        );
      if (stand.statements.length > before) found.push(`${load.name}: the source was asked although it was aborted`);
    }
  return found;
}

async function abortedWithin(bench: Bench, stand: Stand): Promise<string[]> {
  if (stand.way.kind === 'files') return [];
  const { proxy } = stand.way;
  const found: string[] = [];
  for (const of of bench.entities) {
    const { key } = of.entity;
    const keys = keysOf({ rows: stand.rows(of.type) }, key);
    // Each answer takes so long that the many calls of this load cannot have ended.
    await proxy.set({ kind: 'delay', milliseconds: 300 });
    const begun = performance.now();
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), 100);
    const outcome = await outcomeOf(
      () => stand.source(of.type).loadByKeys(keyLoad(of, { key, keys, fields: [key], signal: giveUp.signal })),
      { patience: 100 + soon, slack: 0 },
    );
    clearTimeout(timer);
    const what = `${of.type} by ${key}`;
    if (outcome.kind === 'hung')
      found.push(`${what}: aborted, and still running ${Math.round(performance.now() - begun)} ms later`);
    if (outcome.kind === 'answer') found.push(`${what}: aborted, and ended with an answer`);
    await sleep(300);
    const asked = proxy.asked();
    await sleep(700);
    const more = proxy.asked() - asked;
    if (more > 0) found.push(`${what}: aborted, and ${more} more calls were made`);
    await proxy.set({ kind: 'none' });
  }
  return found;
}
