import Database from 'better-sqlite3';
import { join } from 'node:path';

/** Logs that one folder may have, and so writers at a time: a hub, and commands beside it. */
const mostWriters = 64;

/** A log that nobody else writes to until it is released, or until this process ends in any way. */
export interface WriterLock {
  /** From 0 on. */
  readonly logNo: number;
  release(): void;
}

/**
 * Takes the first log of the folder that has no writer. The lock is SQLite's own on a file beside the log: the system
 * drops it with the process, whatever ends that. Throws when all are taken.
 */
export function takeLog(folder: string): WriterLock {
  for (let logNo = 0; logNo < mostWriters; logNo++) {
    const db = new Database(join(folder, `ledger-writer-${logNo}.lock`), { timeout: 0 });
    try {
      db.pragma('journal_mode = MEMORY');
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE');
      return { logNo, release: () => db.close() };
    } catch (error) {
      db.close();
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error(`all ${mostWriters} logs of ${folder} have a writer`);
}

function isTaken(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'));
}
