import Database from 'better-sqlite3';
import { accessSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Takes a lock that no other process has, and gives what releases it; null where it is taken. The lock is SQLite's own on
 * this file: the system drops it with the process, whatever ends that. Throws the system's
 * or SQLite's error when the file cannot be used.
 */
export function takeProcessLock(path: string): (() => void) | null {
  // What better-sqlite3 says of a folder that is not there has no code.
  accessSync(dirname(path));
  const db = new Database(path, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
    return () => db.close();
  } catch (error) {
    db.close();
    if (isTaken(error)) return null;
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'));
}
