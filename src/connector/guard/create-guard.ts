import { stamped, type Provenance } from '../provenance.ts';
import type { CommonSettings } from '../settings/common.ts';
import { SourceError, type SourceFault } from '../source-error.ts';
import { timeLeft } from '../time-left.ts';
import { attempt } from './attempt.ts';
import { Breaker } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import type { Guard, Read } from './guard.ts';
import type { GuardEvent } from './guard-event.ts';
import { LastKnownGood } from './last-known-good.ts';
import { RetryBudget } from './retry-budget.ts';
import { retrying } from './retry.ts';
import { SharedLoads, type Company } from './shared-loads.ts';

export interface GuardOptions {
  readonly observe?: (event: GuardEvent) => void;
  /** Seconds for which the owner's policy lets the last good answer stand in; asked for each load. Default: 0, never. */
  readonly lastKnownGoodSeconds?: () => number;
}

/** The guard of one source. */
export interface SourceGuard extends Guard {
  /** Erases the answers that are kept: the owner's policy has changed. */
  forget(): void;
}

/**
 * The guard that the settings describe: equal loads as one → the last good answer in place of a failure → bulkhead →
 * breaker → retries → one attempt in its time.
 */
export function createGuard(agency: string, settings: CommonSettings, options: GuardOptions = {}): SourceGuard {
  const { observe = () => undefined, lastKnownGoodSeconds: allowed = () => 0 } = options;
  const shared = new SharedLoads();
  const kept = new LastKnownGood();
  const budget = new RetryBudget(settings.retryBudgetPercent);
  const bulkhead = new Bulkhead(agency, settings, (length) => observe({ kind: 'queue', length }));
  const breaker = new Breaker(agency, settings, (state) => observe({ kind: 'breaker', state }));

  const late = (): SourceError =>
    new SourceError(agency, `the ${agency} source did not answer in time`, { fault: 'TIMEOUT' });

  /** Whoever waits has no more time, although the load goes on for others. */
  const tooLate = (): SourceError => {
    observe({ kind: 'late' });
    return new SourceError(agency, `the ${agency} source did not answer in time`, {
      fault: 'TIMEOUT',
      retryAfter: settings.breakerMilliseconds,
    });
  };

  /** Asks the source, for whoever waits. */
  const live = <T>(read: Read<T>, company: Company): Promise<T> => {
    const once = async (): Promise<T> => {
      const fresh: Provenance = { fetchedAt: Date.now(), staleSince: null };
      const answer = await attempt(settings.answerMilliseconds, read.load, company, late);
      if (read.records === null) return answer;
      // A source may have stamped its lists itself, with the time of its file.
      return stamped(answer, read.records, (of) => of ?? fresh);
    };
    return bulkhead.run(
      () =>
        breaker.run(() => {
          budget.load();
          return retrying(once, {
            retries: settings.retries,
            retryMilliseconds: settings.retryMilliseconds,
            budget,
            company,
            timeLeft: () => patience(company.timeLeft(), settings),
            onRetry: (fault) => observe({ kind: 'retry', fault }),
          });
        }, company),
      company,
    );
  };

  return {
    async run(read, signal) {
      signal.throwIfAborted();
      const keepMilliseconds = read.records === null ? 0 : Math.min(settings.lastKnownGoodSeconds, allowed()) * 1_000;
      const keptName = keepMilliseconds > 0 ? read.name.exact() : null;
      const generation = kept.generation;
      const load = async (company: Company): Promise<Awaited<ReturnType<typeof read.load>>> => {
        try {
          const answer = await live(read, company);
          if (keptName !== null) kept.keep(keptName, answer, keepMilliseconds, generation);
          observe({ kind: 'load', outcome: 'OK' });
          return answer;
        } catch (error) {
          observe(loadEvent(error, company.signal));
          throw error instanceof SourceError ? error.orRetryAfter(settings.breakerMilliseconds) : error;
        }
      };
      try {
        const waiter = { signal, milliseconds: share(timeLeft(signal)), late: tooLate };
        return await shared.join(settings.coalesce ? read.name : null, waiter, load);
      } catch (error) {
        if (keptName === null || read.records === null) throw error;
        if (!(error instanceof SourceError) || !isOutage(error.fault)) throw error;
        const answer = kept.standIn(keptName, read.records, keepMilliseconds);
        if (answer === undefined) throw error;
        observe({ kind: 'stale' });
        return answer;
      }
    },
    forget: () => kept.forget(),
  };
}

/**
 * Milliseconds of a request's time that one load may use up: what is left then serves to answer the rest of the request,
 * so that a source that hangs costs its own fields and not the whole answer.
 */
function share(left: number): number {
  return left - Math.min(left / 10, 1_000);
}

/** Where no deadline is known, the source's pauses are waited for no longer than its answers are. */
function patience(left: number, { answerMilliseconds }: CommonSettings): number {
  return left === Infinity ? answerMilliseconds : left;
}

/** What is told of a load that failed. */
export function loadEvent(error: unknown, signal: AbortSignal): GuardEvent {
  if (!(error instanceof SourceError)) return { kind: 'load', outcome: signal.aborted ? 'ABANDONED' : 'BROKEN' };
  const { fault, code } = error;
  return { kind: 'load', outcome: fault, ...(code === null ? {} : { code }) };
}

/**
 * Whether the source cannot answer now, rather than not to this load. A gateway's page in its place is an outage too; what
 * it refuses is not: its owner may have taken the hub's access back.
 */
function isOutage(fault: SourceFault): boolean {
  switch (fault) {
    case 'UNREACHABLE':
    case 'TIMEOUT':
    case 'OVERLOADED':
    case 'FAILED':
    case 'MALFORMED':
    case 'RESTING':
      return true;
    case 'REFUSED':
      return false;
  }
}
