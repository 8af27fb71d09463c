import { isTaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';
import { SourceError } from '../source-error.ts';

/**
 * One try of a load, given up after `milliseconds` whether or not its driver heeds the signal. Rejects with `TIMEOUT`
 * then, with the signal's reason where that is aborted before.
 */
export async function attempt<T>(
  agency: string,
  milliseconds: number,
  load: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  // An answered load's signal is left alone: its connection may serve another one by now.
  const policy = timeout(milliseconds, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  let late = false;
  policy.onTimeout(() => (late = true));
  try {
    return await policy.execute((context) => load(context.signal), signal);
  } catch (error) {
    signal.throwIfAborted();
    // What a driver says of being aborted is only our own time-out come back.
    if (late || isTaskCancelledError(error))
      throw new SourceError(agency, `the ${agency} source did not answer in time`, { cause: error, fault: 'TIMEOUT' });
    throw error;
  }
}
