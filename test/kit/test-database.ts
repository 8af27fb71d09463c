import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { sourceSettings, type SqlSettings } from '../../src/connector/settings/source-settings.ts';

export type Client = SqlSettings['client'];
export const clients: readonly Client[] = ['sqlite', 'mysql', 'postgres'];

/** The servers that tests use: `.ci/run` starts them where they are absent. */
export const servers = {
  mysql: { host: '127.0.0.1', port: 3_306, user: 'root' },
  postgres: { host: '127.0.0.1', port: 5_432, user: 'postgres' },
} as const;

/** A database of the test's own, with the right to write. */
export interface TestDatabase {
  readonly client: Client;
  /** With which a source reaches it. */
  settings(more?: Readonly<Record<string, unknown>>): SqlSettings;
  /** `?` stands for each value. Resolves with the rows, if it has any. */
  exec(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

export async function testDatabase(client: Client): Promise<TestDatabase> {
  const name = `lianqiao_test_${randomBytes(6).toString('hex')}`;
  switch (client) {
    case 'sqlite':
      return sqliteDatabase();
    case 'mysql':
      return mysqlDatabase(name);
    case 'postgres':
      return postgresDatabase(name);
  }
}

function sqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-sql-'));
  const file = join(folder, 'test.db');
  const db = new Database(file);
  return {
    client: 'sqlite',
    settings: (more = {}) => parsed({ client: 'sqlite', file, ...more }),
    exec: async (sql, values = []) => {
      const statement = db.prepare(sql);
      if (statement.reader) return statement.all(...values) as Record<string, unknown>[];
      statement.run(...values);
      return [];
    },
    async drop() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function mysqlDatabase(name: string): Promise<TestDatabase> {
  const connection = await mysql.createConnection({
    ...servers.mysql,
    charset: 'utf8mb4_general_ci',
    dateStrings: true,
  });
  await connection.query(`create database ${name} character set utf8mb4`);
  await connection.query(`use ${name}`);
  return {
    client: 'mysql',
    settings: (more = {}) => parsed({ client: 'mysql', ...servers.mysql, database: name, ...more }),
    exec: async (sql, values = []) => {
      const [rows] = await connection.query(sql, [...values]);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
    async drop() {
      await connection.query(`drop database ${name}`);
      await connection.end();
    },
  };
}

async function postgresDatabase(name: string): Promise<TestDatabase> {
  const admin = new pg.Client({ ...servers.postgres, database: 'postgres' });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const client = new pg.Client({ ...servers.postgres, database: name });
  await client.connect();
  return {
    client: 'postgres',
    settings: (more = {}) => parsed({ client: 'postgres', ...servers.postgres, database: name, ...more }),
    exec: async (sql, values = []) => {
      let n = 0;
      const text = sql.replaceAll('?', () => `$${(n += 1)}`);
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    },
    async drop() {
      await client.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

function parsed(settings: Readonly<Record<string, unknown>>): SqlSettings {
  const read = sourceSettings.parse({ kind: 'sql', ...settings });
  if (read.kind !== 'sql') throw new TypeError('not the settings of an sql source');
  return read;
}
