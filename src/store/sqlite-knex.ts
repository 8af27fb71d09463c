import { closeSync, openSync } from 'node:fs';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import knex, { type Knex } from 'knex';
import { classOf, type ClientClass } from './knex-client.ts';
import { silent } from './silent-log.ts';

export interface SqliteOptions {
  /** Opens an existing file and writes nothing. Default false. */
  readonly readonly?: boolean;
  /** How long a writer waits for another one's transaction, in milliseconds. Default 5,000. */
  readonly busyMilliseconds?: number;
}

/** Milliseconds for which SQLite itself may wait: so long the whole process stands still. */
const driverWait = 5;
/** Milliseconds between two tries to begin a transaction. */
const pause = 10;
/** Milliseconds after which others get their turn between two statements. */
const turnMilliseconds = 10;
const connections = 4;
const mostStatements = 256;

/**
 * The database in this file, which is made when missing. A transaction is the only writer from its beginning on; it waits
 * for others without stopping the process. The empty name stands for a temporary database that vanishes when it is closed.
 */
export function sqliteKnex(file: string, { readonly = false, busyMilliseconds = 5_000 }: SqliteOptions = {}): Knex {
  // A new file is its owner's alone, whatever the umask; SQLite gives the files beside it the same mode.
  if (!readonly && file !== '') closeSync(openSync(file, 'a', 0o600));
  return knex({
    client: ImmediateClient as unknown as ClientClass,
    connection: { filename: file, readonly, busyMilliseconds } as Knex.Sqlite3ConnectionConfig,
    useNullAsDefault: true,
    // What is written is nobody's to read in a message.
    compileSqlOnError: false,
    log: silent,
    // A temporary database is one connection's own.
    pool: { min: file === '' ? 1 : 0, max: file === '' ? 1 : connections, idleTimeoutMillis: 60_000 },
    acquireConnectionTimeout: Math.max(busyMilliseconds, 1_000),
  });
}

/** A statement as knex hands it to its client, and where the client leaves what came of it. */
interface Query {
  sql: string;
  readonly bindings?: readonly unknown[];
  response?: unknown;
  context?: unknown;
}

interface SqliteClient {
  readonly config: { readonly connection: Required<SqliteOptions> & { readonly filename: string } };
}

const BaseClient = classOf(knex({ client: 'better-sqlite3', useNullAsDefault: true })) as new (
  config: Knex.Config,
) => SqliteClient;

/** Of a transaction knex makes a client without its constructor, so nothing may be kept in one. */
class ImmediateClient extends BaseClient {
  async acquireRawConnection(): Promise<Database.Database> {
    const { filename, readonly } = this.config.connection;
    const database = new Database(filename, { readonly, fileMustExist: readonly, timeout: driverWait });
    if (!readonly) {
      database.pragma('journal_mode = WAL');
      // A committed batch survives a power cut, so that an import never believes in rows that are gone.
      database.pragma('synchronous = FULL');
    }
    return database;
  }

  async _query(connection: Database.Database, query: Query): Promise<Query> {
    if (/^BEGIN;?$/.test(query.sql)) {
      await begin(connection, this.config.connection.busyMilliseconds);
      query.response = [];
      return query;
    }
    await letOthers();
    const statement = prepared(connection, query.sql);
    const values = (query.bindings ?? []).map(cellOf);
    if (statement.reader) {
      query.response = statement.all(...values);
      return query;
    }
    const { lastInsertRowid, changes } = statement.run(...values);
    query.response = { lastInsertRowid, changes };
    query.context = { lastID: lastInsertRowid, changes };
    return query;
  }
}

/** When others last had their turn, by `performance.now()`. */
let turn = 0;

/** Statements of SQLite run in the process itself: a long series of them, each quick, must not keep everybody waiting. */
async function letOthers(): Promise<void> {
  if (performance.now() - turn < turnMilliseconds) return;
  await setImmediate();
  turn = performance.now();
}

/** What SQLite can hold; the time of a migration comes from knex. */
function cellOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Takes the writer's place at once: a transaction that reads first could lose it to another in between. */
async function begin(connection: Database.Database, busyMilliseconds: number): Promise<void> {
  const until = performance.now() + busyMilliseconds;
  for (;;) {
    try {
      connection.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
    await sleep(pause);
  }
}

/** By connection: knex would prepare each statement anew. */
const known = new WeakMap<Database.Database, Map<string, Database.Statement>>();

function prepared(connection: Database.Database, sql: string): Database.Statement {
  let statements = known.get(connection);
  if (statements === undefined || statements.size >= mostStatements) {
    statements = new Map();
    known.set(connection, statements);
  }
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = connection.prepare(sql);
    statements.set(sql, statement);
  }
  return statement;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
