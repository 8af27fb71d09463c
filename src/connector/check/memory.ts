import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks. */
const interval = 50;

/** What a run took more than was in use before it, at most. */
export interface PeakMemory<T> {
  readonly value: T;
  /** Bytes of this thread's values; garbage is not counted. */
  readonly bytes: number;
  /** Bytes of the process that are not this thread's: of threads, and of native code. What threads leave lying counts too. */
  readonly outside: number;
}

/** What the run comes to, and how much memory it took. */
export async function peakMemory<T>(run: () => Promise<T>): Promise<PeakMemory<T>> {
  const collect = collector();
  const before = used(collect);
  const outsideBefore = outsideNow();
  let peak = before;
  let outside = outsideBefore;
  const look = (): void => {
    outside = Math.max(outside, outsideNow());
    // Collecting is dear: only where there is more than was seen yet.
    if (inUse() > peak) peak = Math.max(peak, used(collect));
  };
  let timer: NodeJS.Timeout | undefined;
  const lookOn = (milliseconds: number): void => {
    timer = setTimeout(() => {
      const begun = performance.now();
      look();
      // Where much is held a look takes long: most of the time is the run's.
      lookOn(Math.max(interval, 4 * (performance.now() - begun)));
    }, milliseconds);
  };
  lookOn(interval);
  try {
    const value = await run();
    look();
    return { value, bytes: Math.max(0, peak - before), outside: outside - outsideBefore };
  } finally {
    clearTimeout(timer);
  }
}

function used(collect: () => void): number {
  collect();
  return inUse();
}

function inUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A thread's heap is in none of the figures of ours; the process as a whole has it. */
function outsideNow(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return rss - heapTotal - external;
}

/** V8's own collector, which has to be asked for by a flag. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return () => {
    if (typeof gc === 'function') (gc as () => void)();
  };
}
