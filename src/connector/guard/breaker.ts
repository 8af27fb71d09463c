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
 * Lets a source alone after failures in a row, then lets one load through to try it. A load that was given up by its
 * caller, and one that the source would not have (`REFUSED`), say nothing of its health.
 */
export class Breaker {
  readonly #agency: string;
  readonly #policy: CircuitBreakerPolicy;
  /** Epoch milliseconds, as Cockatiel counts. */
  #restsUntil = 0;

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

  /** Rejects with `RESTING` while the source is let alone. */
  async run<T>(work: () => Promise<T>, company: { readonly signal: AbortSignal }): Promise<T> {
    this.#throwIfResting();
    const trial = this.#policy.state === CircuitState.Open;
    try {
      return await this.#policy.execute(async () => {
        try {
          return await work();
        } catch (error) {
          if (trial && company.signal.aborted && !(error instanceof SourceError)) throw new TrialAbandoned(error);
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof TrialAbandoned) throw error.cause;
      if (isBrokenCircuitError(error)) throw this.#resting(1);
      throw error;
    }
  }

  /** Throws `RESTING` while the source is let alone, or just being tried by another load. */
  #throwIfResting(): void {
    const { state } = this.#policy;
    if (state === CircuitState.HalfOpen) throw this.#resting(null);
    const left = this.#restsUntil - Date.now();
    if (state === CircuitState.Open && left > 0) throw this.#resting(left);
  }

  #resting(left: number | null): SourceError {
    return new SourceError(this.#agency, `the ${this.#agency} source is let alone after it has failed repeatedly`, {
      fault: 'RESTING',
      ...(left === null ? {} : { retryAfter: left }),
    });
  }
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
