import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks. */
const interval = 100;

/** What the run comes to, and how many bytes more than before were in use during it, at most; garbage is not counted. */
export async function peakMemory<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly bytes: number }> {
  const collect = collector();
  const before = used(collect);
  let peak = before;
  const look = (): void => {
    // Collecting is dear: only where there is more than was seen yet.
    if (inUse() > peak) peak = Math.max(peak, used(collect));
  };
  const timer = setInterval(look, interval);
  try {
    const value = await run();
    look();
    return { value, bytes: Math.max(0, peak - before) };
  } finally {
    clearInterval(timer);
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

/** V8's own collector, which has to be asked for by a flag. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  return () => {
    if (typeof gc === 'function') (gc as () => void)();
  };
}
