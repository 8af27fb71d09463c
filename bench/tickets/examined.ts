import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { mysqlAddress } from '../../src/connector/sql/mysql/connect.ts';
import type { SqlSettings } from '../../src/connector/settings/source-settings.ts';
import type { Condition } from '../../src/connector/sql/condition.ts';

/** A session that tells what statements cost it. */
export interface Examiner {
  /** What is counted. */
  readonly unit: 'rows' | 'bytes';
  /**
   * What the statements examine. On MySQL the rows that the server's handlers read; on SQLite the bytes that a session
   * without a cache reads from its file, a page at a time.
   */
  examine(statements: readonly Condition[]): Promise<number>;
  /** How long they take with a warm cache, in milliseconds. */
  time(statements: readonly Condition[]): Promise<number>;
  /** How the database would carry the statement out, line by line. */
  plan(statement: Condition): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openExaminer(settings: SqlSettings): Promise<Examiner> {
  return settings.client === 'mysql' ? mysqlExaminer(settings) : sqliteExaminer(String(settings.file));
}

async function mysqlExaminer(settings: SqlSettings): Promise<Examiner> {
  const session = await mysql.createConnection({ ...mysqlAddress(settings), dateStrings: true });
  const run = async (sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> =>
    (await session.query<RowDataPacket[]>(sql, [...values]))[0];
  const read = async (): Promise<number> => {
    const counters = await run("SHOW SESSION STATUS LIKE 'Handler_read%'");
    // A counter of its own shows how often a record that was just read is read again.
    return counters.reduce((sum, row) => sum + Number(row['Value']), 0);
  };
  return {
    unit: 'rows',
    async examine(statements) {
      await run('FLUSH STATUS');
      const before = await read();
      for (const { sql, values } of statements) await run(sql, values);
      // What counting costs itself is the same each time, and is taken off.
      const after = await read();
      const counting = (await read()) - after;
      return after - before - counting;
    },
    async time(statements) {
      const start = performance.now();
      for (const { sql, values } of statements) await run(sql, values);
      return performance.now() - start;
    },
    async plan({ sql, values }) {
      const rows = await run(`EXPLAIN ${sql}`, values);
      return rows.map((r) => [r['type'], r['table'], r['key'], r['Extra']].map((part) => String(part ?? '')).join(' '));
    },
    close: () => session.end(),
  };
}

async function sqliteExaminer(file: string): Promise<Examiner> {
  const warm = new Database(file, { readonly: true });
  const run = (db: Database.Database, { sql, values }: Condition): unknown[] => db.prepare(sql).all(...values);
  return {
    unit: 'bytes',
    async examine(statements) {
      const cold = new Database(file, { readonly: true });
      try {
        // The schema is read by whoever asks first.
        cold.prepare('SELECT count(*) FROM sqlite_master').get();
        const prepared = statements.map(({ sql, values }) => ({ statement: cold.prepare(sql), values }));
        const before = bytesRead();
        for (const { statement, values } of prepared) statement.all(...values);
        return bytesRead() - before;
      } finally {
        cold.close();
      }
    },
    async time(statements) {
      const start = performance.now();
      for (const statement of statements) run(warm, statement);
      return performance.now() - start;
    },
    async plan({ sql, values }) {
      const rows = warm.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
      return rows.map((row) => row.detail);
    },
    async close() {
      warm.close();
    },
  };
}

/** Bytes that this process has read by system calls, files in the system's cache included. Linux only. */
function bytesRead(): number {
  const [, bytes] = /^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8')) ?? [];
  return Number(bytes);
}
