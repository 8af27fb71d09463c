import type { Database } from 'better-sqlite3';
import { formatDateTime } from '../../codes/date-time.ts';
import type { UpsertCounts } from '../ticket-store.ts';
import type { RejectCode } from './reject.ts';

const runTables = `
CREATE TABLE IF NOT EXISTS import_run (
  id INTEGER PRIMARY KEY, file_sha256 TEXT NOT NULL, mapping_sha256 TEXT NOT NULL,
  last_row INTEGER NOT NULL DEFAULT 0, inserted INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0, rejects TEXT NOT NULL DEFAULT '{}',
  rejects_file TEXT NOT NULL, rejects_bytes INTEGER NOT NULL DEFAULT 0,
  scanned INTEGER NOT NULL DEFAULT 0, started_at TEXT NOT NULL, finished_at TEXT,
  UNIQUE (file_sha256, mapping_sha256)
) STRICT;

-- The keys that an unfinished run has met, and the row that each belongs to: a Set of millions would not fit in memory.
CREATE TABLE IF NOT EXISTS import_run_key (
  run_id INTEGER NOT NULL, source_no TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (run_id, source_no)
) STRICT, WITHOUT ROWID;
`;

/** How far a run is. All rows up to `lastRow` are accounted for: it is the sum of the counts. */
export interface RunState extends UpsertCounts {
  readonly lastRow: number;
  readonly rejects: Readonly<Partial<Record<RejectCode, number>>>;
  readonly rejectsFile: string;
  readonly rejectsBytes: number;
  /** Whether the keys of the whole file are known (needed when the last row of a key wins). */
  readonly scanned: boolean;
  readonly finished: boolean;
}

/** A run is known by what it reads and how: the SHA-256 of the file and of the mapping. */
export interface RunKey {
  readonly file: string;
  readonly mapping: string;
}

interface RunRecord extends UpsertCounts {
  readonly id: number;
  readonly last_row: number;
  readonly rejects: string;
  readonly rejects_file: string;
  readonly rejects_bytes: number;
  readonly scanned: number;
  readonly finished_at: string | null;
}

/** The progress of one import, kept in the ticket store so that it commits together with the tickets. */
export class ImportRun {
  readonly #database: Database;
  readonly #id: number;
  readonly #addKey;
  readonly #setKey;
  readonly #rowOfKey;

  private constructor(database: Database, id: number) {
    this.#database = database;
    this.#id = id;
    const insert = 'INTO import_run_key (run_id, source_no, row) VALUES (?, ?, ?)';
    this.#addKey = database.prepare<[number, string, number]>(`INSERT OR IGNORE ${insert}`);
    this.#setKey = database.prepare<[number, string, number]>(`INSERT OR REPLACE ${insert}`);
    this.#rowOfKey = database
      .prepare<[number, string], number>('SELECT row FROM import_run_key WHERE run_id = ? AND source_no = ?')
      .pluck();
  }

  /** The run of this file and mapping, if it was begun before. */
  static find(database: Database, key: RunKey): ImportRun | undefined {
    database.exec(runTables);
    const id = database
      .prepare<[string, string], number>('SELECT id FROM import_run WHERE file_sha256 = ? AND mapping_sha256 = ?')
      .pluck()
      .get(key.file, key.mapping);
    return id === undefined ? undefined : new ImportRun(database, id);
  }

  static begin(database: Database, key: RunKey, rejectsFile: string): ImportRun {
    database.exec(runTables);
    const { lastInsertRowid } = database
      .prepare('INSERT INTO import_run (file_sha256, mapping_sha256, rejects_file, started_at) VALUES (?, ?, ?, ?)')
      .run(key.file, key.mapping, rejectsFile, formatDateTime(Date.now()));
    return new ImportRun(database, Number(lastInsertRowid));
  }

  /** Whether an unfinished run other than this file's writes its rejects there. */
  static isRejectsFileTaken(database: Database, key: RunKey, rejectsFile: string): boolean {
    database.exec(runTables);
    const taken = database.prepare(
      `SELECT 1 FROM import_run WHERE rejects_file = ? AND rejects_bytes > 0 AND finished_at IS NULL
       AND NOT (file_sha256 = ? AND mapping_sha256 = ?)`,
    );
    return taken.get(rejectsFile, key.file, key.mapping) !== undefined;
  }

  /** Forgets the run; the tickets stay. */
  forget(): void {
    this.#database.transaction(() => {
      this.#dropKeys();
      this.#database.prepare('DELETE FROM import_run WHERE id = ?').run(this.#id);
    })();
  }

  state(): RunState {
    const record = this.#database.prepare<[number], RunRecord>('SELECT * FROM import_run WHERE id = ?').get(this.#id);
    if (record === undefined) throw new Error('An import run vanished from the store');
    const { inserted, updated, unchanged } = record;
    return {
      inserted,
      updated,
      unchanged,
      lastRow: record.last_row,
      rejects: JSON.parse(record.rejects) as RunState['rejects'],
      rejectsFile: record.rejects_file,
      rejectsBytes: record.rejects_bytes,
      scanned: record.scanned === 1,
      finished: record.finished_at !== null,
    };
  }

  /** Notes that a row has the key. False when an earlier row has it. */
  claimKey(sourceNo: string, row: number): boolean {
    return this.#addKey.run(this.#id, sourceNo, row).changes === 1;
  }

  /** Notes that a row has the key, in the place of earlier rows. */
  scanKey(sourceNo: string, row: number): void {
    this.#setKey.run(this.#id, sourceNo, row);
  }

  rowOfKey(sourceNo: string): number | undefined {
    return this.#rowOfKey.get(this.#id, sourceNo);
  }

  /** Forgets keys of a scan that did not come to its end. */
  restartScan(): void {
    this.#dropKeys();
  }

  finishScan(): void {
    this.#database.prepare('UPDATE import_run SET scanned = 1 WHERE id = ?').run(this.#id);
  }

  save(state: RunState): void {
    this.#database
      .prepare(
        `UPDATE import_run SET last_row = ?, inserted = ?, updated = ?, unchanged = ?, rejects = ?, rejects_bytes = ?
         WHERE id = ?`,
      )
      .run(
        state.lastRow,
        state.inserted,
        state.updated,
        state.unchanged,
        JSON.stringify(state.rejects),
        state.rejectsBytes,
        this.#id,
      );
  }

  finish(): void {
    this.#database.transaction(() => {
      this.#dropKeys();
      this.#database
        .prepare('UPDATE import_run SET finished_at = ? WHERE id = ?')
        .run(formatDateTime(Date.now()), this.#id);
    })();
  }

  #dropKeys(): void {
    this.#database.prepare('DELETE FROM import_run_key WHERE run_id = ?').run(this.#id);
  }
}
