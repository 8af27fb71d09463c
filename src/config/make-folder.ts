import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder and those above it, for their owner alone. Throws the system's own error (EACCES, ENOTDIR, …). Node's `recursive` option is
 * not used for the whole path: where a file system refuses with ENOENT (as /proc does), Node 20 tries for ever.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const folder = resolve(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}
