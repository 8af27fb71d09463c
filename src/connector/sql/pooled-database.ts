import knex, { type Knex } from 'knex';
import { setMaxListeners } from 'node:events';
import { readSecret, SecretError } from '../settings/secret.ts';
import type { SqlSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';
import type { SqlTerms } from './column-terms.ts';
import { connectionPool, PoolBusyError, type SqlConnection } from './connection-pool.ts';
import type { DatabaseOpening, DriverFault, SqlDatabase } from './database.ts';

/** What is particular to one kind of server. */
export interface Dialect<Column> {
  /** Of knex, which builds statements and opens no connection. */
  readonly client: 'mysql2' | 'pg';
  readonly mostValues: number;
  readonly connect: (settings: SqlSettings) => Promise<SqlConnection>;
  /** Sets up what every session must have. */
  readonly prepare: (session: SqlConnection, settings: SqlSettings) => Promise<void>;
  /** Asks for the columns of one table by its name. */
  readonly catalogueQuery: string;
  readonly readColumn: (row: Readonly<Record<string, unknown>>) => readonly [name: string, column: Column];
  readonly terms: (db: Knex, find: (table: string, column: string) => Column | undefined) => SqlTerms;
  readonly faultOf: (error: unknown) => DriverFault;
}

/** Milliseconds for which what the catalogue says is believed. A statement that fails ends it as well. */
const catalogueAge = 60_000;
const idleMilliseconds = 60_000;
/** Milliseconds beyond the server's own time-out after which a server that says nothing is given up. */
const grace = 500;

interface Known<Column> {
  readonly columns: ReadonlyMap<string, Column>;
  readonly until: number;
}

/** A database behind a pool of connections. */
export function pooledDatabase<Column>(opening: DatabaseOpening, dialect: Dialect<Column>): SqlDatabase {
  const { agency, settings, onStatement } = opening;
  // Read now, so that a secret that is missing stops the start; and again for each connection.
  for (const secret of [settings.password, settings.tls?.ca, settings.tls?.cert, settings.tls?.key])
    if (secret !== undefined) readSecret(secret);
  const db = knex({ client: dialect.client });
  const connect = async (): Promise<SqlConnection> => {
    const session = await dialect.connect(settings);
    try {
      await inTime(dialect.prepare(session, settings), null, settings.connectMilliseconds);
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  };
  const pool = connectionPool({
    connect,
    max: settings.pool,
    idleMilliseconds,
    waitMilliseconds: settings.answerMilliseconds,
  });
  const known = new Map<string, Known<Column>>();
  let closed = false;

  const failed = (error: unknown): SourceError => {
    if (error instanceof SecretError)
      return new SourceError(agency, `the credentials for the ${agency} source cannot be read`, { fault: 'REFUSED' });
    // The driver's message can quote values and addresses: only its code goes on.
    const { fault, code } = dialect.faultOf(error);
    return new SourceError(agency, `the ${agency} source failed (${code})`, { fault, code });
  };

  const acquire = async (signal: AbortSignal): Promise<SqlConnection> => {
    try {
      return await pool.acquire(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PoolBusyError)) throw failed(error);
      throw new SourceError(agency, `the ${agency} source has no free connection`, { fault: 'OVERLOADED' });
    }
  };

  const query = async (
    sql: string,
    bindings: readonly unknown[],
    signal: AbortSignal,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    signal.throwIfAborted();
    // All loads of a request listen to its one signal, and more than ten are no leak.
    setMaxListeners(0, signal);
    const connection = await acquire(signal);
    try {
      const rows = await inTime(connection.query(sql, bindings), signal, settings.answerMilliseconds + grace);
      pool.release(connection, false);
      return rows;
    } catch (error) {
      if (signal.aborted || error instanceof LateError) {
        // Given back only when the kill is through: it must not strike whoever has the connection next.
        void connection.kill().finally(() => pool.release(connection, true));
        signal.throwIfAborted();
        throw new SourceError(agency, `the ${agency} source did not answer in time`, { fault: 'TIMEOUT' });
      }
      pool.release(connection, false);
      // It may be that the tables are no longer what they were.
      known.clear();
      throw failed(error);
    }
  };

  const columnsOf = async (table: string, signal: AbortSignal): Promise<ReadonlyMap<string, Column>> => {
    const before = known.get(table);
    if (before !== undefined && Date.now() < before.until) return before.columns;
    // Whoever comes while it is read again goes by what was known.
    if (before !== undefined)
      known.set(table, { columns: before.columns, until: Date.now() + settings.answerMilliseconds });
    const columns = new Map((await query(dialect.catalogueQuery, [table], signal)).map(dialect.readColumn));
    if (columns.size > 0) known.set(table, { columns, until: Date.now() + catalogueAge });
    return columns;
  };

  return {
    db,
    mostValues: dialect.mostValues,
    async run<Row>(statement: Knex.QueryBuilder, signal: AbortSignal) {
      signal.throwIfAborted();
      const { sql, bindings } = statement.toSQL().toNative();
      onStatement(sql);
      return (await query(sql, bindings, signal)) as readonly Row[];
    },
    async terms(tables, signal) {
      const columns = new Map<string, ReadonlyMap<string, Column>>();
      for (const table of tables) columns.set(table, await columnsOf(table, signal));
      const find = (table: string, column: string): Column | undefined => {
        const of = columns.get(table);
        return of?.get(column) ?? of?.get(column.toLowerCase());
      };
      return dialect.terms(db, find);
    },
    async ping(signal) {
      await query('select 1', [], signal);
    },
    async close() {
      if (closed) return;
      closed = true;
      await pool.close();
      await db.destroy();
    },
  };
}

class LateError extends Error {}

/** The answer, or the signal's reason as soon as it is aborted, or a `LateError`; what comes later is nobody's. */
function inTime<T>(answer: Promise<T>, signal: AbortSignal | null, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason as Error);
    const timer = setTimeout(() => reject(new LateError('no answer')), milliseconds);
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    answer.then(resolve, reject).finally(settled);
  });
}
