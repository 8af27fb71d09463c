import type { Bench } from './bench.ts';
import { notApplicable, Problems, type Check, type Finding } from './check.ts';
import type { Fault } from './fault-proxy.ts';
import { impatient, underFault, type Expected } from './faulted-loads.ts';
import type { Stand } from './stand.ts';
import type { Way } from './way.ts';

export interface FaultCase {
  /** Left out: nothing else than the check's name. */
  readonly name?: string;
  readonly fault: Fault;
  readonly expected: Expected;
}

/** A check that puts each of these faults between driver and source, for every kind of load. */
export function faultCheck(
  name: string,
  ways: readonly Way['kind'][],
  cases: (quick: boolean, stand: Stand) => readonly FaultCase[],
  answerBytes?: number,
): Check {
  return {
    name,
    async run(bench: Bench): Promise<Finding> {
      const settings = { ...impatient(bench.quick), ...(answerBytes === undefined ? {} : { answerBytes }) };
      const stand = await bench.stand({ settings });
      if (!ways.includes(stand.way.kind)) return notApplicable(whyNot(stand.way.kind, ways));
      const problems = new Problems();
      let loads = 0;
      const all = cases(bench.quick, stand);
      for (const { name: of, fault, expected } of all) {
        const found = await underFault(bench, stand, fault, expected);
        problems.add(...found.problems.map((text) => (of === undefined ? text : `${of}: ${text}`)));
        loads += found.loads;
      }
      return problems.finding(`${loads} loads under ${all.length} ${all.length === 1 ? 'fault' : 'faults'}`);
    },
  };
}

function whyNot(kind: Way['kind'], ways: readonly Way['kind'][]): string {
  if (kind === 'files') return 'the source lies in files: nothing is asked over a network';
  return ways.includes('http') ? 'the source is not asked over HTTP' : 'the source is asked over HTTP';
}
