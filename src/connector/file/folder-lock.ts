import Database from 'better-sqlite3';

/**
 * Holds the lock until the returned function is called or the process ends, in whatever way: SQLite's lock is the
 * operating system's. Null while another process, or another hub of this one, holds it. Throws where there can be none.
 */
export function takeLock(path: string): (() => void) | null {
  const db = new Database(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return () => db.close();
}
