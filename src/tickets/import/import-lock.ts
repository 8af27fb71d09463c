import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ImportError } from './import-error.ts';

/**
 * Holds `import.lock` in the data folder until the returned function is called or the process ends, in whatever way:
 * SQLite's lock is the operating system's. Throws `ImportError` when another import holds it.
 */
export function takeImportLock(dataDir: string): () => void {
  const database = new Database(join(dataDir, 'import.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new ImportError(`Another import is running on ${dataDir}; wait until it has ended`);
  }
  return () => database.close();
}
