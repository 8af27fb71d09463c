import knex from 'knex';
import { setMaxListeners } from 'node:events';
import { readSecret, SecretError } from '../settings/secret.ts';
import type { SqlSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';
import { TooLargeError, tooLarge } from './answer-size.ts';
import { keptTerms, type SqlTerms } from './column-terms.ts';
import type { Condition } from './condition.ts';
import { connectionPool, PoolBusyError, type SqlConnection } from './connection-pool.ts';
import type { DatabaseOpening, DriverFault, SqlDatabase, SqlRow } from './database.ts';
import { quoteOf, type Quote } from './quote.ts';

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
  readonly readColumn: (row: SqlRow) => readonly [name: string, column: Column];
  readonly terms: (quote: Quote, find: (table: string, column: string) => Column | undefined) => SqlTerms;
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
  const quote = quoteOf(db);
  const known = new Map<string, Known<Column>>();
  /** By the list of tables itself: each source asks with its own. */
  let compared = new WeakMap<readonly string[], { readonly terms: SqlTerms; readonly until: number }>();
  let closed = false;

  const failed = (error: unknown): SourceError => {
    if (error instanceof SecretError)
      return new SourceError(agency, `the credentials for the ${agency} source cannot be read`, { fault: 'REFUSED' });
    // The driver's message can quote values and addresses: only its code goes on.
    const { fault, code } = dialect.faultOf(error);
    return new SourceError(agency, `the ${agency} source failed (${code})`, { fault, code });
  };

  const acquire = async (signal: AbortSignal): Promise<SqlConnection> => {
    // Many loads may wait on one signal, and more than ten are no leak.
    setMaxListeners(0, signal);
    try {
      return await pool.acquire(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PoolBusyError)) throw failed(error);
      throw new SourceError(agency, `the ${agency} source has no free connection`, { fault: 'OVERLOADED' });
    }
  };

  const query = async (statement: Condition, signal: AbortSignal): Promise<readonly SqlRow[]> => {
    signal.throwIfAborted();
    const connection = pool.take() ?? (await acquire(signal));
    try {
      const rows = await inTime(connection.query(statement), signal, settings.answerMilliseconds + grace);
      pool.release(connection, false);
      return rows;
    } catch (error) {
      const isTooLarge = error instanceof TooLargeError;
      if (signal.aborted || isTooLarge || error instanceof LateError) {
        // Given back only when the kill is through: it must not strike whoever has the connection next.
        void connection.kill().finally(() => pool.release(connection, true));
        if (isTooLarge) throw tooLarge(agency);
        signal.throwIfAborted();
        throw new SourceError(agency, `the ${agency} source did not answer in time`, { fault: 'TIMEOUT' });
      }
      pool.release(connection, false);
      // It may be that the tables are no longer what they were.
      known.clear();
      compared = new WeakMap();
      throw failed(error);
    }
  };

  const columnsOf = async (table: string, signal: AbortSignal): Promise<ReadonlyMap<string, Column>> => {
    const before = known.get(table);
    if (before !== undefined && Date.now() < before.until) return before.columns;
    // Whoever comes while it is read again goes by what was known.
    if (before !== undefined)
      known.set(table, { columns: before.columns, until: Date.now() + settings.answerMilliseconds });
    const rows = await query({ sql: dialect.catalogueQuery, values: [table] }, signal);
    const columns = new Map(rows.map(dialect.readColumn));
    if (columns.size > 0) known.set(table, { columns, until: Date.now() + catalogueAge });
    return columns;
  };

  const readTerms = async (tables: readonly string[], signal: AbortSignal): Promise<SqlTerms> => {
    const columns = new Map<string, ReadonlyMap<string, Column>>();
    for (const table of tables) columns.set(table, await columnsOf(table, signal));
    const find = (table: string, column: string): Column | undefined => {
      const of = columns.get(table);
      return of?.get(column) ?? of?.get(column.toLowerCase());
    };
    const terms = keptTerms(dialect.terms(quote, find));
    // A table of which nothing is known is asked about again.
    compared.set(tables, { terms, until: Math.min(...tables.map((table) => known.get(table)?.until ?? 0)) });
    return terms;
  };

  return {
    db,
    mostValues: dialect.mostValues,
    async run(statement, signal) {
      signal.throwIfAborted();
      onStatement(statement.sql);
      return query(statement, signal);
    },
    terms(tables, signal) {
      const before = compared.get(tables);
      return before !== undefined && Date.now() < before.until ? before.terms : readTerms(tables, signal);
    },
    async ping(signal) {
      await query({ sql: 'select 1', values: [] }, signal);
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
    answer.then(
      (value) => {
        settled();
        resolve(value);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
  });
}
