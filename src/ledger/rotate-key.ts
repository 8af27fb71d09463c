import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLedgerFile, type StoredLog } from './export/ledger-file.ts';
import type { LogId } from './format/log-id.ts';
import type { KeyId } from './format/signature.ts';
import { readLogKeys, replaceLogKey } from './keys/log-keys.ts';
import { ledgerFile } from './open-ledger.ts';
import { takeProcessLock } from './writer/process-lock.ts';
import { SqliteLog } from './writer/sqlite-log.ts';
import { takeLogOf } from './writer/writer-lock.ts';

export type Rotation =
  | { readonly kind: 'ROTATED'; readonly key: KeyId; readonly before: KeyId }
  /** The writer of this log has not introduced the current key yet: only the key before it could introduce another. */
  | { readonly kind: 'NOT_INTRODUCED'; readonly log: LogId }
  /** Another process rotates. */
  | { readonly kind: 'BUSY' };

/**
 * Makes a new key for the ledger of a data folder, hub running or not: each writer introduces it to its log before its next
 * head. A log without a writer learns of the current key first. `now` is epoch milliseconds. Throws SQLite's or the
 * system's error.
 */
export function rotateKey(dataDir: string, now: number): Rotation {
  const keys = join(dataDir, 'keys');
  const release = takeProcessLock(join(keys, 'ledger-rotation.lock'));
  if (release === null) return { kind: 'BUSY' };
  try {
    const { current } = readLogKeys(keys);
    const behind = logsOf(dataDir).filter(({ keyId }) => keyId !== null && keyId !== current.id);
    const waiting = behind.find(({ logNo }) => !introduce(dataDir, logNo, now));
    if (waiting !== undefined) return { kind: 'NOT_INTRODUCED', log: waiting.log };
    replaceLogKey(keys);
    return { kind: 'ROTATED', key: readLogKeys(keys).current.id, before: current.id };
  } finally {
    release();
  }
}

function logsOf(dataDir: string): readonly StoredLog[] {
  const path = join(dataDir, ledgerFile);
  if (!existsSync(path)) return [];
  const file = openLedgerFile(path);
  try {
    return file.logs();
  } finally {
    file.close();
  }
}

/** Introduces the current key to a log that has no writer. False where it has one. */
function introduce(dataDir: string, logNo: number, now: number): boolean {
  const release = takeLogOf(dataDir, logNo);
  if (release === null) return false;
  try {
    const log = new SqliteLog(join(dataDir, ledgerFile), logNo, () => readLogKeys(join(dataDir, 'keys')));
    try {
      log.signHead(now);
    } finally {
      log.close();
    }
    return true;
  } finally {
    release();
  }
}
