/** What one try of a load knows of those who wait for it. */
export interface Attempted {
  /** Of the try that runs now; aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Aborts the try's signal, and gives the next one another. */
  cut(reason: Error): void;
}

/**
 * One try of a load, given up after `milliseconds` whether or not its driver heeds the signal. Rejects with what `late`
 * gives then, with the signal's reason where that is aborted before. An answered load's signal is left alone: its
 * connection may serve another one by now. Cockatiel's time-out makes a policy, two signals and six listeners of each try.
 */
export function attempt<T>(
  milliseconds: number,
  load: (signal: AbortSignal) => Promise<T>,
  of: Attempted,
  late: () => Error,
): Promise<T> {
  const { signal } = of;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const answer = load(signal);
    const timer = setTimeout(() => of.cut(late()), milliseconds);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop, { once: true });
    answer.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}
