import knex, { type Knex } from 'knex';
import { existsSync } from 'node:fs';
import { SourceError } from '../../source-error.ts';
import type { DatabaseOpening, SqlDatabase } from '../database.ts';
import { faultOf } from './fault.ts';
import { sqliteTerms, type Affinity } from './terms.ts';

const silent = (): void => undefined;
const catalogueQuery = 'pragma table_info';

interface Connection {
  pragma(text: string): unknown;
}

/** A SQLite file. It is read in this process and without waiting, so a statement that runs cannot be ended. */
export function openSqlite({ agency, settings, fileAt, onStatement }: DatabaseOpening): SqlDatabase {
  const file = fileAt(settings.file ?? `${agency}.db`);
  const db = knex({
    client: 'better-sqlite3',
    useNullAsDefault: true,
    connection: { filename: file, options: { readonly: true, fileMustExist: true } } as { filename: string },
    // better-sqlite3 is synchronous: a second connection would only wait for the first.
    pool: {
      min: 0,
      max: 1,
      // A busy wait stops the whole process, so a source that somebody holds is given up soon.
      afterCreate: (connection: Connection, done: (error: null, connection: unknown) => void) => {
        connection.pragma('busy_timeout = 250');
        done(null, connection);
      },
    },
    acquireConnectionTimeout: 2_000,
    // Knex would print stacks; what failed is in the SourceError that each load rejects with.
    log: { warn: silent, error: silent, deprecate: silent, debug: silent },
  });
  db.on('query', ({ sql }: { sql: string }) => {
    // What the catalogue says of the columns is no load.
    if (!sql.startsWith(catalogueQuery)) onStatement(sql);
  });
  const affinities = new Map<string, ReadonlyMap<string, Affinity>>();

  const failed = (error: unknown): SourceError => {
    affinities.clear();
    // The driver's message can quote values: only its code goes on.
    const { fault, code } = faultOf(error);
    return new SourceError(agency, `the ${agency} source failed (${code})`, { fault, code });
  };

  const affinitiesOf = async (table: string): Promise<ReadonlyMap<string, Affinity>> => {
    const before = affinities.get(table);
    if (before !== undefined) return before;
    const rows: { readonly name: string; readonly type: string }[] = await db.raw(`${catalogueQuery}(??)`, [table]);
    const found = new Map(rows.map(({ name, type }) => [name.toLowerCase(), affinityOf(type)]));
    if (found.size > 0) affinities.set(table, found);
    return found;
  };

  return {
    db,
    // https://www.sqlite.org/limits.html, 9
    mostValues: 32_000,
    async run<Row>(statement: Knex.QueryBuilder, signal: AbortSignal) {
      signal.throwIfAborted();
      try {
        return (await statement) as readonly Row[];
      } catch (error) {
        throw failed(error);
      }
    },
    async terms(tables, signal) {
      signal.throwIfAborted();
      try {
        const found = new Map<string, ReadonlyMap<string, Affinity>>();
        for (const table of tables) found.set(table, await affinitiesOf(table));
        return sqliteTerms((table, column) => found.get(table)?.get(column.toLowerCase()) ?? 'none');
      } catch (error) {
        throw failed(error);
      }
    },
    async ping() {
      if (!existsSync(file))
        throw new SourceError(agency, `the ${agency} source has no database file`, { fault: 'UNREACHABLE' });
      try {
        await db.raw('select 1');
      } catch (error) {
        throw new SourceError(agency, `the ${agency} source does not answer`, { fault: faultOf(error).fault });
      }
    },
    close: () => db.destroy(),
  };
}

/** https://www.sqlite.org/datatype3.html, 3.1 */
function affinityOf(type: string): Affinity {
  const name = type.toUpperCase();
  if (name.includes('INT')) return 'number';
  if (/CHAR|CLOB|TEXT/.test(name)) return 'text';
  return name === '' || name.includes('BLOB') ? 'none' : 'number';
}
