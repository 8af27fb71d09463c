import Database from 'better-sqlite3';
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';

type SqlValue = string | number | null;

/** Columns and their SQL definitions, in order. */
type TableColumns = Readonly<Record<string, string>>;

/** One agency's database: its tables, and the indexes that are made once they are full. */
export interface SourceSystem<T extends Readonly<Record<string, TableColumns>>> {
  readonly agency: string;
  readonly tables: T;
  readonly indexes: readonly string[];
  /** Statements that make the tables, where another module owns them. */
  readonly ddl?: string;
}

export type RowOf<C extends TableColumns> = { readonly [K in keyof C]: SqlValue };

/** One agency's SQLite file while it is filled: written beside its place and moved there when it is complete. */
export interface SourceFile<T extends Readonly<Record<string, TableColumns>>> {
  readonly path: string;
  insert<N extends keyof T & string>(table: N, row: RowOf<T[N]>): void;
  /** Ends the transaction at hand and begins the next. */
  commit(): void;
  /** Makes the indexes and closes the file, durably. */
  complete(): void;
  /** Moves the complete file to its place. */
  publish(): void;
  /** Closes and removes whatever was written. */
  discard(): void;
  rows(): Readonly<Record<string, number>>;
}

export function createSourceFile<T extends Readonly<Record<string, TableColumns>>>(
  path: string,
  system: SourceSystem<T>,
): SourceFile<T> {
  const draft = `${path}.tmp`;
  removeDatabase(draft);
  const db = new Database(draft);
  chmodSync(draft, 0o600);
  // The draft is thrown away when anything fails, so its journal may go with the process.
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -32768');
  db.exec(system.ddl ?? ddlOf(system.tables));

  const counts: Record<string, number> = {};
  const inserters = new Map<string, { columns: readonly string[]; statement: Database.Statement<SqlValue[]> }>();
  for (const [table, definitions] of Object.entries(system.tables)) {
    const columns = Object.keys(definitions);
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    inserters.set(table, { columns, statement: db.prepare(sql) });
    counts[table] = 0;
  }
  db.exec('BEGIN');

  return {
    path,
    insert(table, row) {
      const inserter = inserters.get(table);
      if (inserter === undefined) throw new TypeError(`${system.agency} has no table ${table}`);
      inserter.statement.run(...inserter.columns.map((column) => row[column] ?? null));
      counts[table] = (counts[table] ?? 0) + 1;
    },
    commit() {
      db.exec('COMMIT; BEGIN');
    },
    complete() {
      db.exec('COMMIT');
      for (const index of system.indexes) db.exec(index);
      db.exec('ANALYZE');
      db.close();
      const handle = openSync(draft, 'r');
      fsyncSync(handle);
      closeSync(handle);
    },
    publish() {
      removeDatabase(path);
      renameSync(draft, path);
    },
    discard() {
      db.close();
      removeDatabase(draft);
    },
    rows: () => counts,
  };
}

/** Removes a database and the files that SQLite keeps beside it: a stale log would spoil the next database there. */
function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

function ddlOf(tables: Readonly<Record<string, TableColumns>>): string {
  return Object.entries(tables)
    .map(([table, columns]) => {
      const list = Object.entries(columns).map(([column, definition]) => `${column} ${definition}`);
      return `CREATE TABLE ${table} (${list.join(', ')});`;
    })
    .join('\n');
}
