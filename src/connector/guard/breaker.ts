import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';
import { SourceError } from '../source-error.ts';
import type { GuardEvent } from './guard-event.ts';

interface BreakerSettings {
  /** Failures in a row after which the source is let alone. */
  readonly breakerFailures: number;
  /** Milliseconds for which it is let alone. */
  readonly breakerMilliseconds: number;
}

type BreakerState = Extract<GuardEvent, { kind: 'breaker' }>['state'];

/**
 * Lets a source alone after failures in a row, then lets one load through to try it; those that come meanwhile wait for its
 * outcome. A load that was given up by its caller, and one that the source would not have (`REFUSED`), say nothing of its
 * health.
 */
export class Breaker {
  readonly #agency: string;
  readonly #policy: CircuitBreakerPolicy;
  /** Epoch milliseconds, as Cockatiel counts. */
  #restsUntil = 0;
  /** Resolves when the load that tries the source has ended, however; null while none tries it. */
  #trial: Promise<void> | null = null;

  constructor(
    agency: string,
    { breakerFailures, breakerMilliseconds }: BreakerSettings,
    onState: (state: BreakerState) => void,
  ) {
    this.#agency = agency;
    this.#policy = circuitBreaker(handleWhen(counts), {
      breaker: new ConsecutiveBreaker(breakerFailures),
      halfOpenAfter: new DelegateBackoff<IHalfOpenAfterBackoffContext>(({ result }) => {
        // Whoever was to try the source gave up: the next one tries it at once.
        const rest = 'error' in result && result.error instanceof TrialAbandoned ? 0 : breakerMilliseconds;
        this.#restsUntil = Date.now() + rest;
        return rest;
      }),
    });
    this.#policy.onStateChange((state) => onState(nameOf(state)));
  }

  /** Rejects with `RESTING` while the source is let alone, with the signal's reason where that is aborted before its trial ends. */
  async run<T>(work: () => Promise<T>, company: { readonly signal: AbortSignal }): Promise<T> {
    // One request mostly needs several loads of a source: to refuse all but one of them would fail it once more.
    while (this.#trial !== null) await ended(this.#trial, company.signal);
    this.#throwIfResting();
    if (this.#policy.state !== CircuitState.Open) return this.#execute(work);
    const trial = this.#execute(async () => {
      try {
        return await work();
      } catch (error) {
        if (company.signal.aborted && !(error instanceof SourceError)) throw new TrialAbandoned(error);
        throw error;
      }
    });
    const over = (): void => void (this.#trial = null);
    this.#trial = trial.then(over, over);
    return trial;
  }

  async #execute<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#policy.execute(work);
    } catch (error) {
      if (error instanceof TrialAbandoned) throw error.cause;
      if (isBrokenCircuitError(error)) throw this.#resting(1);
      throw error;
    }
  }

  /** Throws `RESTING` while the source is let alone. */
  #throwIfResting(): void {
    const left = this.#restsUntil - Date.now();
    if (this.#policy.state === CircuitState.Open && left > 0) throw this.#resting(left);
  }

  #resting(left: number): SourceError {
    return new SourceError(this.#agency, `the ${this.#agency} source is let alone after it has failed repeatedly`, {
      fault: 'RESTING',
      retryAfter: left,
    });
  }
}

/** Resolves with the trial, which never rejects; rejects with the signal's reason where that comes first. */
function ended(trial: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const gone = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', gone, { once: true });
    void trial.then(() => {
      signal.removeEventListener('abort', gone);
      resolve();
    });
  });
}

/** The load that was to try the source was given up by its callers. */
class TrialAbandoned extends Error {
  constructor(cause: unknown) {
    super('the trial was abandoned', { cause });
    this.name = 'TrialAbandoned';
  }
}

function counts(error: Error): boolean {
  return error instanceof TrialAbandoned || (error instanceof SourceError && error.fault !== 'REFUSED');
}

function nameOf(state: CircuitState): BreakerState {
  switch (state) {
    case CircuitState.Closed:
      return 'closed';
    case CircuitState.HalfOpen:
      return 'halfOpen';
    case CircuitState.Open:
    // Held open by hand, which nobody does.
    case CircuitState.Isolated:
      return 'open';
  }
}
