import Database from 'better-sqlite3';
import type { KeptOpening } from '../writer/pending-entry.ts';
import type { Cosignature, SignedHead } from '../format/head.ts';
import type { LedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import type { AlgorithmId, KeyId } from '../format/signature.ts';
import type { NodeId } from '../merkle/node-id.ts';

export interface StoredLog {
  readonly logNo: number;
  readonly log: LogId;
  readonly size: number;
  /** The key that signs its heads; null where it has no entry yet. */
  readonly keyId: KeyId | null;
}

/** A key that a log's entries introduced. */
export interface StoredKey {
  readonly log: LogId;
  readonly id: KeyId;
  readonly alg: AlgorithmId;
  readonly public: string;
  readonly from: LedgerTime;
}

export interface StoredEntry {
  readonly seq: number;
  readonly bytes: string;
  /** In the order of their commitments, as an export has them. */
  readonly openings: readonly KeptOpening[];
}

/** The logs of a ledger's file, for reading alone, while others may write. */
export interface LedgerFile {
  logs(): readonly StoredLog[];
  /** From `first` (included) to `size` (not included), in their order. */
  entries(logNo: number, first: number, size: number): Iterable<StoredEntry>;
  /** Hashes of `count` entries from `first` on; fewer where the log ends before. */
  hashes(logNo: number, first: number, count: number): readonly Buffer[];
  /** Hash of a perfect subtree of a level that is kept; null where it is not there. */
  node(logNo: number, node: NodeId): Buffer | null;
  /** The log's head of this size, with its cosignatures. */
  head(logNo: number, size: number): SignedHead | null;
  newestHead(logNo: number): SignedHead | null;
  /** The log's heads of at most this size, the smallest first, each with its cosignatures. */
  heads(logNo: number, size: number): readonly SignedHead[];
  /** All keys of all logs, each log's in the order in which they came. */
  keys(): readonly StoredKey[];
  /** Intents that no outcome follows. */
  openIntents(logNo: number): readonly number[];
  close(): void;
}

interface EntryRow {
  readonly seq: number;
  readonly bytes: string;
  readonly openings: string | null;
}

/** Opens the file. Throws SQLite's error where it is none. */
export function openLedgerFile(file: string): LedgerFile {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  const entries = db.prepare<[number, number, number], EntryRow>(
    'SELECT seq, bytes, openings FROM ledger_entry WHERE log_no = ? AND seq >= ? AND seq < ? ORDER BY seq',
  );
  const cosignatures = cosignaturesOf(db);
  const heads = (logNo: number, which: string, ...values: readonly number[]): readonly SignedHead[] =>
    db
      .prepare(`SELECT head FROM ledger_head WHERE log_no = ? ${which}`)
      .pluck()
      .all(logNo, ...values)
      .map((text) => {
        const signed = JSON.parse(String(text)) as SignedHead;
        return { ...signed, cosignatures: cosignatures(logNo, signed.head.size) };
      });
  return {
    logs: () =>
      db
        .prepare<[], StoredLog>(
          'SELECT log_no AS logNo, log_id AS log, size, key_id AS keyId FROM ledger_log ORDER BY log_no',
        )
        .all(),
    *entries(logNo, first, size) {
      for (const { seq, bytes, openings } of entries.iterate(logNo, first, size))
        yield { seq, bytes, openings: openings === null ? [] : inOrder(JSON.parse(openings) as KeptOpening[]) };
    },
    hashes: (logNo, first, count) =>
      db
        .prepare<[number, number, number], Buffer>(
          'SELECT hash FROM ledger_entry WHERE log_no = ? AND seq >= ? AND seq < ? ORDER BY seq',
        )
        .pluck()
        .all(logNo, first, first + count),
    node: (logNo, { level, index }) =>
      db
        .prepare<[number, number, number], Buffer>(
          'SELECT hash FROM ledger_node WHERE log_no = ? AND level = ? AND idx = ?',
        )
        .pluck()
        .get(logNo, level, index) ?? null,
    head: (logNo, size) => heads(logNo, 'AND size = ?', size)[0] ?? null,
    newestHead: (logNo) => heads(logNo, 'ORDER BY size DESC LIMIT 1')[0] ?? null,
    heads: (logNo, size) => heads(logNo, 'AND size <= ? ORDER BY size', size),
    keys: () =>
      db
        .prepare<[], StoredKey>(
          `SELECT l.log_id AS log, k.id, k.alg, k.public, k.since AS "from"
             FROM ledger_key k JOIN ledger_log l ON l.log_no = k.log_no ORDER BY k.log_no, k.seq`,
        )
        .all(),
    openIntents: (logNo) =>
      db.prepare('SELECT seq FROM ledger_intent WHERE log_no = ? ORDER BY seq').pluck().all(logNo) as number[],
    close: () => db.close(),
  };
}

/** As many as one head may carry. A file that no hub of this version opened has no table of them. */
function cosignaturesOf(db: Database.Database): (logNo: number, size: number) => readonly Cosignature[] {
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'ledger_cosignature'").get() === undefined) return () => [];
  const statement = db.prepare<[number, number], Cosignature>(
    `SELECT agency, at, key_id AS key, signature FROM ledger_cosignature
       WHERE log_no = ? AND size = ? ORDER BY agency, key_id LIMIT 1000`,
  );
  return (logNo, size) => statement.all(logNo, size);
}

function inOrder(openings: readonly KeptOpening[]): KeptOpening[] {
  return openings.toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1));
}
