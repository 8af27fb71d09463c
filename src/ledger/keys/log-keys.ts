import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const before = join(folder, beforeFile);
  return {
    current: signerOf(readFileSync(join(folder, currentFile), 'utf8')),
    before: existsSync(before) ? signerOf(readFileSync(before, 'utf8')) : null,
  };
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
