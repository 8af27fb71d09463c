import { SourceError } from '../../source-error.ts';
import type { Bench } from '../bench.ts';
import { Problems, type Check, type Finding } from '../check.ts';
import { damagedFiles } from '../damaged-files.ts';
import { faultCheck } from '../http-faults.ts';
import { impatient } from '../faulted-loads.ts';
import { outcomeOf } from '../outcome.ts';

const overNetwork = faultCheck('unreachable', ['http', 'tcp'], () => [
  { fault: { kind: 'refuse' }, expected: { faults: ['UNREACHABLE'] } },
]);

/** A source that is not there costs its loads and its health, and nothing else: the driver opens all the same. */
export const unreachable: Check = {
  name: 'unreachable',
  async run(bench) {
    const stand = await bench.stand();
    const loads = stand.way.kind === 'files' ? await damagedFiles(bench, 'hide') : await overNetwork.run(bench);
    const problems = new Problems();
    if (loads.result === 'failed') problems.add(...loads.problems);
    problems.add(...(await pingProblems(bench)));
    return problems.finding(`${loads.seen}, and its health`) satisfies Finding;
  },
};

async function pingProblems(bench: Bench): Promise<string[]> {
  const well = await bench.stand();
  const waiting = { patience: 20_000, slack: 2_000 };
  const found: string[] = [];
  const here = await outcomeOf((signal) => well.open.ping(signal), waiting);
  if (here.kind !== 'answer') found.push('ping: does not resolve although the source answers');
  const away = await bench.stand({ damage: 'hide', settings: impatient(bench.quick) });
  if (away.way.kind !== 'files') await away.way.proxy.set({ kind: 'refuse' });
  const gone = await outcomeOf((signal) => away.open.ping(signal), waiting);
  if (gone.kind !== 'error' || !(gone.error instanceof SourceError))
    found.push('ping: does not reject with SourceError although nothing answers');
  return found;
}
