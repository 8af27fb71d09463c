import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { setTimeout as pause } from 'node:timers/promises';
import { SourceError, type SourceFault } from '../source-error.ts';
import type { RetryBudget } from './retry-budget.ts';

interface RetryOptions {
  readonly retries: number;
  /** Milliseconds before the first retry. */
  readonly retryMilliseconds: number;
  readonly budget: RetryBudget;
  /** Milliseconds within which the answer is still of use. */
  readonly timeLeft: () => number;
  /** Those who wait: their signal is another one after each try that was cut. */
  readonly company: { readonly signal: AbortSignal };
  readonly onRetry: (fault: SourceFault) => void;
}

/**
 * Tries a read again after a fault that may pass, with exponential pauses and decorrelated jitter. Cockatiel's own retry
 * sleeps on when its signal is aborted, and knows neither what the source asks for nor how much time is left.
 */
export async function retrying<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, retryMilliseconds, budget, timeLeft, company, onRetry } = options;
  let backoff: IBackoff<unknown> | null = null;
  for (let tried = 0; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const { signal } = company;
      if (signal.aborted || tried >= retries || !(error instanceof SourceError) || !mayPass(error.fault)) throw error;
      backoff =
        backoff === null ? new ExponentialBackoff({ initialDelay: retryMilliseconds }).next() : backoff.next(undefined);
      const wait = Math.max(backoff.duration, error.retryAfter ?? 0);
      if (wait >= timeLeft() || !budget.take()) throw error;
      onRetry(error.fault);
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function mayPass(fault: SourceFault): boolean {
  switch (fault) {
    case 'UNREACHABLE':
    case 'TIMEOUT':
    case 'OVERLOADED':
    case 'FAILED':
      return true;
    case 'REFUSED':
    case 'MALFORMED':
    case 'RESTING':
      return false;
  }
}
