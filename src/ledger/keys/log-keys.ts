import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../config/replace-file.ts';
import { signerOf, type Signer } from '../format/signature.ts';

/** The key that signs now, and the one before it, which introduces it to the logs that it signed until now. */
export interface LogKeys {
  readonly current: Signer;
  readonly before: Signer | null;
}

const currentFile = 'ledger.pem';
const beforeFile = 'ledger-before.pem';

/** Makes the first key of the folder, unless it has one; readable by its owner alone. */
export function makeLedgerKey(folder: string): void {
  try {
    makeKeyFile(join(folder, currentFile));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Writes a new private key, PKCS #8 in PEM, for its owner alone. Throws the system's error, EEXIST where there is one. */
export function makeKeyFile(path: string): void {
  writeFileSync(path, newKey(), { mode: 0o600, flag: 'wx' });
}

/** The folder's keys: PKCS #8 in PEM, Ed25519. Throws when they cannot be read. */
export function readLogKeys(folder: string): LogKeys {
  // In this order: of a rotation in between, at least the key before the current one is seen.
  const current = signerOf(readFileSync(join(folder, currentFile), 'utf8'));
  const before = join(folder, beforeFile);
  return { current, before: existsSync(before) ? signerOf(readFileSync(before, 'utf8')) : null };
}

/**
 * Makes a new key the current one, and the one until now that before. Whoever reads at any moment, a crash in between
 * included, finds the current one and one that can introduce it to logs that know the current one until now. One process at
 * a time. Throws the system's error.
 */
export function replaceLogKey(folder: string): void {
  const path = join(folder, currentFile);
  replaceFile(join(folder, beforeFile), readFileSync(path));
  replaceFile(path, newKey());
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
