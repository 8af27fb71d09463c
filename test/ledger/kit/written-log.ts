import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeLedgerKey, readLogKeys } from '../../../src/ledger/keys/log-keys.ts';
import { ledgerFile } from '../../../src/ledger/open-ledger.ts';
import type { PendingEntry } from '../../../src/ledger/writer/pending-entry.ts';
import { SqliteLog } from '../../../src/ledger/writer/sqlite-log.ts';
import { START } from './sample-log.ts';

/** An entry of an administrator's act. */
export const act = (what: string): PendingEntry => ({
  kind: 'ADMIN',
  body: JSON.stringify({ event: what }),
  openings: null,
  policyVersion: null,
  intent: null,
  index: null,
});

/** A log of a folder, as its writer has it open. */
export function openOwnLog(folder: string, logNo = 0): SqliteLog {
  const keys = join(folder, 'keys');
  mkdirSync(keys, { recursive: true });
  makeLedgerKey(keys);
  return new SqliteLog(join(folder, ledgerFile), logNo, () => readLogKeys(keys));
}

/** Adds so many entries in groups, and signs the tree after each group. */
export function grow(log: SqliteLog, count: number, group = count, at = START): void {
  for (let done = 0; done < count; done += group) {
    log.append(
      Array.from({ length: Math.min(group, count - done) }, (_, i) => act(`${done + i}`)),
      at,
    );
    log.signHead(at);
  }
}
