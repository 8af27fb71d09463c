import { setTimeout as sleep } from 'node:timers/promises';

/** How one load ended. */
export type Outcome<T> =
  | { readonly kind: 'answer'; readonly value: T; readonly milliseconds: number }
  | { readonly kind: 'error'; readonly error: unknown; readonly milliseconds: number }
  /** Neither in time: it may hang for ever. */
  | { readonly kind: 'hung'; readonly milliseconds: number };

export interface Waiting {
  /** Milliseconds after which the caller gives up, as the hub's guard does: the signal is aborted. */
  readonly patience: number;
  /** Milliseconds that the driver has to notice. */
  readonly slack: number;
}

/** Runs a load as the hub does, and waits for it no longer than `patience` and `slack`. */
export async function outcomeOf<T>(
  load: (signal: AbortSignal) => Promise<T>,
  { patience, slack }: Waiting,
): Promise<Outcome<T>> {
  const begun = performance.now();
  const passed = (): number => Math.round(performance.now() - begun);
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(new DOMException('the load took too long', 'TimeoutError')), patience);
  const stop = new AbortController();
  try {
    return await Promise.race([
      settled(load, giveUp.signal, passed),
      sleep(patience + slack, undefined, { signal: stop.signal }).then((): Outcome<T> => ({
        kind: 'hung',
        milliseconds: passed(),
      })),
    ]);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

async function settled<T>(
  load: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  passed: () => number,
): Promise<Outcome<T>> {
  try {
    return { kind: 'answer', value: await load(signal), milliseconds: passed() };
  } catch (error) {
    return { kind: 'error', error, milliseconds: passed() };
  }
}
