import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { pickUp, type PickUp, type PickUpOutcome } from './pick-up.ts';

export type ThreadAnswer = { readonly outcome: PickUpOutcome } | { readonly failed: string };

/** MiB of JavaScript values that the reading of one file may hold: a file that wants more ends its thread, not the hub. */
const MOST_MEMORY = 1_024;

/**
 * Picks a file up in a thread of its own, so that neither its parsing nor its memory are the hub's. From TypeScript
 * sources, which a thread of Node 20 cannot load, it runs in this thread, in slices. Rejects where our own disk fails,
 * and with the signal's reason.
 */
export function runPickUp(job: PickUp, signal: AbortSignal): Promise<PickUpOutcome> {
  return import.meta.url.endsWith('.ts') ? pickUp(job, signal) : inThread(job, signal);
}

async function inThread(job: PickUp, signal: AbortSignal): Promise<PickUpOutcome> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./pick-up-thread.js', import.meta.url), {
    workerData: job,
    // A parser of others' files needs none of our secrets.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = await answerOf(worker);
    signal.throwIfAborted();
    if (answer === 'outOfMemory') {
      await rm(job.table, { force: true });
      return {
        kind: 'refused',
        code: 'OUT_OF_MEMORY',
        message: 'it cannot be read in the memory that a file may take',
      };
    }
    if ('failed' in answer) throw Object.assign(new Error('a table could not be made'), { code: answer.failed });
    return answer.outcome;
  } catch (error) {
    await rm(job.table, { force: true });
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function answerOf(worker: Worker): Promise<ThreadAnswer | 'outOfMemory'> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve('outOfMemory') : reject(error),
    );
    worker.once('exit', () => reject(new Error('the thread ended without an answer')));
  });
}
