import { makeFolder } from '../config/make-folder.ts';
import { join } from 'node:path';
import { openLedgerFile } from './export/ledger-file.ts';
import { trustedKeysOf } from './export/trusted-keys-of.ts';
import { makeLedgerKey } from './keys/log-keys.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { GroupCommit, LedgerUnavailableError, type LogFile } from './writer/group-commit.ts';
import { openLog } from './writer/open-log.ts';
import type { PendingEntry } from './writer/pending-entry.ts';
import { witnessDesk, type WitnessDesk } from './witnesses/witness-desk.ts';
import type { WitnessKey } from './witnesses/witness-settings.ts';
import { takeLog } from './writer/writer-lock.ts';

/** Name of the file with the logs, in the data folder. */
export const ledgerFile = 'ledger.db';

const mostOfGroup = 1_000;
const mostWaiting = 10_000;

export interface LedgerOptions {
  readonly dataDir: string;
  /** How long an entry is waited for. */
  readonly milliseconds: number;
  /** Between two signed heads, where entries came in between. */
  readonly headSeconds: number;
  /** Whose cosignatures are kept. */
  readonly witnesses: readonly WitnessKey[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Which agency a coordinate (`Type.field`) is of. */
  readonly ownerOf: (coordinate: string) => string;
  /** A head could not be signed; it is tried again. `code` is the store's. */
  readonly onHeadFault: (code: string) => void;
}

export interface OpenLedger extends Ledger {
  /** From now on readers find all answers by their tickets and owners. Rejects where the file cannot be written. */
  settle(): Promise<void>;
  readonly witnesses: WitnessDesk;
  /** The public keys of all logs and witnesses, as a trusted key file has them. */
  keys(): ReturnType<typeof trustedKeysOf>;
  /** Writes what waits, signs the tree as it then is, and lets another writer have the log. */
  close(): Promise<void>;
}

/** Opens the ledger of a data folder for one more writer. Throws when its file or its keys cannot be used. */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const { dataDir, milliseconds, headSeconds, witnesses, now, ownerOf, onHeadFault } = options;
  const keys = join(dataDir, 'keys');
  makeFolder(keys);
  makeLedgerKey(keys);
  const lock = takeLog(dataDir);
  let file: LogFile | null = null;
  try {
    const path = join(dataDir, ledgerFile);
    const log = await openLog({ file: path, logNo: lock.logNo, keys });
    file = log;
    const commits = new GroupCommit(log, { mostOfGroup, mostWaiting, milliseconds }, now);
    const signHead = async (): Promise<void> => {
      try {
        await log.signHead(now());
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        onHeadFault(typeof code === 'string' ? code : 'UNKNOWN');
      }
    };
    // From when to when this log had a writer: a time without one is told apart from a time without requests.
    await commits.append(adminEntry('START'));
    const timer = setInterval(() => void signHead(), headSeconds * 1_000).unref();
    return {
      ...createLedger(commits, ownerOf),
      settle: () => log.settle(),
      witnesses: witnessDesk({ path, witnesses, now, write: (one) => log.keepCosignature(one).catch(failed) }),
      keys() {
        const stored = openLedgerFile(path);
        try {
          return trustedKeysOf(stored.keys(), witnesses);
        } finally {
          stored.close();
        }
      },
      async close() {
        clearInterval(timer);
        await commits.append(adminEntry('STOP')).catch(() => undefined);
        await commits.drain();
        await signHead();
        await log.settle().catch(() => undefined);
        await log.close();
        lock.release();
      },
    };
  } catch (error) {
    await file?.close();
    lock.release();
    throw error;
  }
}

function failed(error: unknown): never {
  const { code } = error as { readonly code?: unknown };
  throw new LedgerUnavailableError('WRITE_FAILED', typeof code === 'string' ? code : null);
}

function adminEntry(event: 'START' | 'STOP'): PendingEntry {
  return {
    kind: 'ADMIN',
    body: `{"event":"${event}"}`,
    openings: null,
    policyVersion: null,
    intent: null,
    index: null,
  };
}
