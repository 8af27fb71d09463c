import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { fromBase64url, toBase64url } from '../format/base64url.ts';
import { canonicalJson } from '../format/canonical-json.ts';
import type { EntryKind } from '../format/entry.ts';
import { signHead } from '../format/head.ts';
import { introduceKey } from '../format/key-introduction.ts';
import { formatLedgerTime, type LedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import type { LogKeys } from '../keys/log-keys.ts';
import { compactRange, type CompactRange, type NodeSink } from '../merkle/compact-range.ts';
import { leafHash } from '../merkle/hash.ts';
import { addMissing, disclosureColumns, disclosureTables, settleMembers } from './disclosure-tables.ts';
import type { KeptCosignature } from './kept-cosignature.ts';
import { addMissingNodes, nodeKeeper, nodeTable } from './log-nodes.ts';
import { logTables } from './log-tables.ts';
import { readIndexText, type PendingEntry } from './pending-entry.ts';

/** How long a group waits for somebody who holds the file: then nothing is disclosed, rather than late. */
const busyMilliseconds = 250;

interface LogRow {
  readonly log_id: LogId;
  readonly size: number;
  readonly frontier: string;
  readonly last_at: number;
  readonly policy_version: string | null;
  readonly key_id: string | null;
}

/** One writer's log in a SQLite file, synchronous. */
export class SqliteLog {
  readonly log: LogId;
  readonly #db: Database.Database;
  readonly #logNo: number;
  readonly #readKeys: () => LogKeys;
  #keys: LogKeys;
  readonly #append: Database.Transaction<(group: readonly PendingEntry[], at: number) => number[]>;
  readonly #settle: Database.Transaction<() => void>;
  #unsettled = 0;
  readonly #cosignature: Database.Statement;
  readonly #stored: Database.Statement;
  readonly #head: Database.Transaction<(at: number) => void>;

  /** Opens the file, and makes it where there is none. The caller holds the lock of this log number. */
  constructor(file: string, logNo: number, readKeys: () => LogKeys) {
    const db = new Database(file, { timeout: busyMilliseconds });
    chmodSync(file, 0o600);
    db.pragma('journal_mode = WAL');
    // FULL: a commit that has returned survives a power cut.
    db.pragma('synchronous = FULL');
    db.exec(disclosureTables);
    addMissing(db);
    db.exec(logTables);
    db.exec(nodeTable);
    addMissingNodes(db);
    db.prepare("INSERT OR IGNORE INTO ledger_log VALUES (?, ?, 0, '[]', 0, NULL, NULL)").run(logNo, randomUUID());
    this.#db = db;
    this.#logNo = logNo;
    this.#readKeys = readKeys;
    this.#keys = readKeys();
    this.#stored = db.prepare(
      'SELECT log_id, size, frontier, last_at, policy_version, key_id FROM ledger_log WHERE log_no = ?',
    );
    this.log = this.#state().log_id;
    const statements = statementsOf(db);
    this.#append = db.transaction((group, at) => this.#write(group, at, statements));
    const settling = settleMembers.map((statement) => db.prepare(statement));
    this.#settle = db.transaction(() => settling.forEach((statement) => statement.run()));
    this.#cosignature = db.prepare(
      'INSERT OR IGNORE INTO ledger_cosignature (log_no, size, key_id, agency, at, signature) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#head = db.transaction((at) => this.#signHead(at, statements));
  }

  /**
   * All of them are on disk when it returns, or none: then it throws SQLite's error. `at` is epoch milliseconds. Gives
   * their numbers in the log.
   */
  append(group: readonly PendingEntry[], at: number): readonly number[] {
    return this.#append.immediate(group, at);
  }

  /** Rows that came since readers were last made to find them by ticket and owner. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** From now on readers find all answers by their tickets and owners. */
  settle(): void {
    this.#settle.immediate();
    this.#unsettled = 0;
  }

  /** Signs the tree as it is, unless that was done. */
  signHead(at: number): void {
    this.#head.immediate(at);
  }

  /** Keeps a witness's cosignature; a second one of its key over the same head changes nothing. */
  keepCosignature({ logNo, size, key, agency, at, signature }: KeptCosignature): void {
    this.#cosignature.run(logNo, size, key, agency, at, signature);
  }

  close(): void {
    this.#db.close();
  }

  #state(): LogRow {
    const row = this.#stored.get(this.#logNo);
    if (row === undefined) throw new Error(`the ledger has no log ${this.#logNo} any more`);
    return row as LogRow;
  }

  #write(
    group: readonly PendingEntry[],
    now: number,
    { entry, node, intent, concluded, key, log, disclosure }: Statements,
  ) {
    const state = this.#state();
    const range = rangeOf(state, (id, hash) => node(this.#logNo, id, hash));
    const epochMs = Math.max(now, state.last_at);
    const at = formatLedgerTime(epochMs);
    let { policy_version: policyVersion, key_id: keyId } = state;
    const add = (kind: EntryKind, body: string, openings: string | null): number => {
      const seq = range.size;
      const bytes = entryText({ at, body, kind, log: this.log, seq });
      const hash = leafHash(Buffer.from(bytes));
      entry.run(this.#logNo, seq, bytes, hash, openings);
      range.append(hash);
      return seq;
    };
    const { current } = this.#keys;
    if (keyId !== current.id) {
      const seq = add('KEY', this.#introduction(keyId, at), null);
      key.run(this.#logNo, seq, current.id, current.alg, current.public, at);
      keyId = current.id;
    }
    const numbers = group.map((one) => {
      if (one.policyVersion !== null && one.policyVersion !== policyVersion) {
        add('POLICY', JSON.stringify({ previous: policyVersion, version: one.policyVersion }), null);
        policyVersion = one.policyVersion;
      }
      const seq = add(one.kind, one.body, one.openings);
      if (one.kind === 'INTENT') intent.run(this.#logNo, seq);
      if (one.intent !== null) concluded.run(this.#logNo, one.intent);
      if (one.index !== null) {
        disclosure.run(...readIndexText(one.index), this.log, seq);
        this.#unsettled += 1;
      }
      return seq;
    });
    log.run(range.size, frontierText(range), epochMs, policyVersion, keyId, this.#logNo);
    return numbers;
  }

  #signHead(now: number, statements: Statements): void {
    if (this.#state().size === 0) return;
    this.#takeKeys();
    // A key that the log has not announced signs nothing.
    if (this.#state().key_id !== this.#keys.current.id) this.#write([], now, statements);
    const state = this.#state();
    const { size, last_at } = state;
    const { current } = this.#keys;
    const at = formatLedgerTime(Math.max(now, last_at));
    const signed = signHead({ log: this.log, size, root: rangeOf(state).root(), at }, current);
    statements.head.run(this.#logNo, size, canonicalJson(signed).toString());
  }

  /** The keys may have been rotated while this log was open. What cannot be introduced is not taken: entries go on. */
  #takeKeys(): void {
    const keys = this.#readKeys();
    const { key_id: announced } = this.#state();
    if (keys.current.id !== announced && keys.before?.id !== announced) throw new KeyNotIntroducedError();
    this.#keys = keys;
  }

  #introduction(before: string | null, from: LedgerTime): string {
    const { current, before: previous } = this.#keys;
    // Where the log begins the key introduces itself.
    const by = before === null ? current : previous;
    if (by === null || (before !== null && by.id !== before)) throw new KeyNotIntroducedError();
    return canonicalJson(introduceKey({ log: this.log, key: current, from, until: null }, by)).toString();
  }
}

class KeyNotIntroducedError extends Error {
  override readonly name = 'KeyNotIntroducedError';
  readonly code = 'KEY_NOT_INTRODUCED';
  constructor() {
    super('the key that signed the log until now is not there to introduce the new one');
  }
}

type Statements = ReturnType<typeof statementsOf>;

function statementsOf(db: Database.Database) {
  return {
    entry: db.prepare('INSERT INTO ledger_entry (log_no, seq, bytes, hash, openings) VALUES (?, ?, ?, ?, ?)'),
    node: nodeKeeper(db),
    intent: db.prepare('INSERT INTO ledger_intent (log_no, seq) VALUES (?, ?)'),
    concluded: db.prepare('DELETE FROM ledger_intent WHERE log_no = ? AND seq = ?'),
    key: db.prepare('INSERT INTO ledger_key (log_no, seq, id, alg, public, since) VALUES (?, ?, ?, ?, ?, ?)'),
    log: db.prepare(
      'UPDATE ledger_log SET size = ?, frontier = ?, last_at = ?, policy_version = ?, key_id = ? WHERE log_no = ?',
    ),
    head: db.prepare('INSERT OR IGNORE INTO ledger_head (log_no, size, head) VALUES (?, ?, ?)'),
    disclosure: db.prepare(
      `INSERT INTO disclosure (${disclosureColumns.join(', ')}) VALUES (${disclosureColumns.map(() => '?').join(', ')})`,
    ),
  };
}

interface EntryParts {
  readonly at: LedgerTime;
  readonly body: string;
  readonly kind: EntryKind;
  readonly log: LogId;
  readonly seq: number;
}

/** What `encodeEntry` makes of a body, put together from the text of one: no body is read a second time. */
function entryText({ at, body, kind, log, seq }: EntryParts): string {
  return `{"at":"${at}","body":${body},"kind":"${kind}","log":"${log}","seq":${seq},"v":1}`;
}

function rangeOf({ size, frontier }: LogRow, onNode?: NodeSink): CompactRange {
  return compactRange({ size, nodes: (JSON.parse(frontier) as string[]).map(fromBase64url) }, onNode);
}

function frontierText(range: CompactRange): string {
  return JSON.stringify(range.nodes().map(toBase64url));
}
