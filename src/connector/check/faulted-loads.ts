import { isDeepStrictEqual } from 'node:util';
import { SourceError, type SourceFault } from '../source-error.ts';
import type { Bench } from './bench.ts';
import { showValue } from './compare.ts';
import type { Fault } from './fault-proxy.ts';
import { everyLoad } from './loads.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { nameOf, type Stand } from './stand.ts';

/** How loads may end while a fault lies between driver and source. */
export interface Expected {
  /** Those that an error may have; left out: any. */
  readonly faults?: readonly SourceFault[];
  /** Milliseconds that the error must say. */
  readonly retryAfter?: number;
  /** Whether the whole right answer will do as well: the source has got over it. */
  readonly orRight?: boolean;
}

/** Settings of a source that is let down: short waits. */
export function impatient(quick: boolean): {
  readonly connectMilliseconds: number;
  readonly answerMilliseconds: number;
} {
  return { connectMilliseconds: quick ? 1_000 : 1_500, answerMilliseconds: quick ? 1_000 : 1_500 };
}

/**
 * Milliseconds beyond the time-out in which a load must have ended. Timers of HTTP clients tick in seconds, a busy machine
 * is late, and an answer that is delayed comes later still.
 */
const slack = 8_000;

/** What is wrong with the ends of all kinds of loads under this fault, and how many there were. */
export async function underFault(
  bench: Bench,
  stand: Stand,
  fault: Fault,
  expected: Expected,
): Promise<{ readonly problems: readonly string[]; readonly loads: number }> {
  if (stand.way.kind === 'files') return { problems: [], loads: 0 };
  await stand.way.proxy.set(fault);
  try {
    return await endsOf(bench, stand, expected);
  } finally {
    await stand.way.proxy.set({ kind: 'none' });
  }
}

/** The same where the fault is there already. */
export async function endsOf(
  bench: Bench,
  stand: Stand,
  expected: Expected,
  patience: number = stand.settings.answerMilliseconds,
): Promise<{ readonly problems: readonly string[]; readonly loads: number }> {
  const loads = bench.entities.flatMap((of) => everyLoad(of).map((load) => ({ of, load })));
  const ends = await Promise.all(
    loads.map(async ({ of, load }) => {
      const outcome = await outcomeOf((signal) => load.run(stand.source(of.type), signal), { patience, slack });
      const right = await load.run(stand.reference(of.type), AbortSignal.timeout(60_000));
      return endProblems(load.name, bench.connector.agency, outcome, right, expected);
    }),
  );
  return { problems: ends.flat(), loads: loads.length };
}

function endProblems(
  name: string,
  agency: string,
  outcome: Outcome<unknown>,
  right: unknown,
  { faults, retryAfter, orRight = false }: Expected,
): string[] {
  switch (outcome.kind) {
    case 'hung':
      return [`${name}: neither answer nor error after ${outcome.milliseconds} ms`];
    case 'answer':
      if (isDeepStrictEqual(outcome.value, right)) return orRight ? [] : [`${name}: an answer, where none can be`];
      return [`${name}: ${showValue(outcome.value)} was given as the whole answer`];
    case 'error': {
      const { error } = outcome;
      if (!(error instanceof SourceError)) {
        // The caller's own reason comes back where the caller gave up.
        const gaveUp = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
        const mayBe = faults === undefined || faults.includes('TIMEOUT');
        return gaveUp && mayBe ? [] : [`${name}: ended with ${nameOf(error)}, which is no SourceError`];
      }
      if (error.agency !== agency) return [`${name}: the error names the agency ${error.agency}`];
      if (faults !== undefined && !faults.includes(error.fault))
        return [`${name}: the fault is ${error.fault} instead of ${faults.join(' or ')}`];
      if (retryAfter !== undefined && error.retryAfter !== retryAfter)
        return [`${name}: retryAfter is ${error.retryAfter ?? 'not said'} instead of ${retryAfter} ms`];
      return [];
    }
  }
}
