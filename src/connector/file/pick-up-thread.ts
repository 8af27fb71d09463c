import { parentPort, workerData } from 'node:worker_threads';
import { pickUp, type PickUp } from './pick-up.ts';
import type { ThreadAnswer } from './run-pick-up.ts';

/* The thread that one file is read in: started by run-pick-up.ts with the file as its data, ended with its answer. */

// A port between threads has no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const tell = (answer: ThreadAnswer): void => parentPort?.postMessage(answer);

pickUp(workerData as PickUp, new AbortController().signal).then(
  (outcome) => tell({ outcome }),
  (error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    tell({ failed: typeof code === 'string' ? code : 'no code' });
  },
);
