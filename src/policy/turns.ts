import { setImmediate } from 'node:timers/promises';

/** Work in steps: wherever it yields, somebody else may go first. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does the work in one go: in a command, nobody waits for the process. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does pieces of work one after the other, each in slices between which the process answers others. */
export interface Turns {
  /** Rejects with what the work throws. */
  take<T>(steps: Steps<T>): Promise<T>;
}

/** `sliceMilliseconds`: how long the process works at a stretch, unless a single step takes longer. */
export function createTurns(sliceMilliseconds = 10): Turns {
  // One after the other: the slices of several would follow each other without a pause.
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(steps) {
      const turn = last.then(() => inSlices(steps, sliceMilliseconds));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

async function inSlices<T>(steps: Steps<T>, sliceMilliseconds: number): Promise<T> {
  for (;;) {
    await setImmediate();
    const until = performance.now() + sliceMilliseconds;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
  }
}
