import { join } from 'node:path';
import { takeProcessLock } from './process-lock.ts';

/** Logs that one folder may have, and so writers at a time: a hub, and commands beside it. */
const mostWriters = 64;

/** A log that nobody else writes to until it is released, or until this process ends in any way. */
export interface WriterLock {
  /** From 0 on. */
  readonly logNo: number;
  release(): void;
}

/**
 * Takes the first log of the folder that has no writer. Throws when all are taken.
 */
export function takeLog(folder: string): WriterLock {
  for (let logNo = 0; logNo < mostWriters; logNo++) {
    const release = takeLogOf(folder, logNo);
    if (release !== null) return { logNo, release };
  }
  throw new Error(`all ${mostWriters} logs of ${folder} have a writer`);
}

/** Takes this log, and gives what releases it; null where it has a writer. */
export function takeLogOf(folder: string, logNo: number): (() => void) | null {
  return takeProcessLock(join(folder, `ledger-writer-${logNo}.lock`));
}
