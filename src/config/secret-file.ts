import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Secrets that the hub keeps in `DATA_DIR/keys`, each of 32 random bytes. */
export type SecretName = 'join' | 'cursor' | 'pseudonym';

/** The secret of this name, made on first use and readable by its owner alone. */
export function secretFile(dataDir: string, name: SecretName): Buffer {
  const folder = join(dataDir, 'keys');
  const path = join(folder, `${name}.key`);
  makeFolder(folder, 0o700);
  try {
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(path);
  if (secret.length !== 32) throw new Error(`${path} is damaged: it holds ${secret.length} bytes, not 32`);
  return secret;
}
