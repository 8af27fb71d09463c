import type { Wake } from './wake.ts';

export interface PollerOptions {
  /** Milliseconds between two looks, at most. */
  readonly every: number;
  /** Whether the first look waits as long; default false. */
  readonly later?: boolean;
  /** Looks come at once where this one is called. */
  readonly wake: Wake;
  /** One look. True where there may be more at once. */
  readonly look: () => Promise<boolean>;
  /** Told of a look that failed; the next one comes as ever. */
  readonly failed: (error: unknown) => void;
}

export interface Poller {
  /** Ends after the look that runs. */
  stop(): Promise<void>;
}

/** Looks again and again, one look at a time: when woken, and after a while in any case, since a wake can be missed. */
export function startPoller({ every, later = false, wake, look, failed }: PollerOptions): Poller {
  let stopped = false;
  let woken = false;
  let rouse: () => void = () => undefined;
  const deaf = wake.listen(() => {
    woken = true;
    rouse();
  });
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, every);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    if (later) await pause();
    for (;;) {
      if (stopped) return;
      woken = false;
      let more = false;
      try {
        more = await look();
      } catch (error) {
        failed(error);
      }
      if (!stopped && !woken && !more) await pause();
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      deaf();
      rouse();
      await running;
    },
  };
}
