import Database from 'better-sqlite3';
import knex from 'knex';
import { LRUCache } from 'lru-cache';
import { existsSync } from 'node:fs';
import { SourceError } from '../../source-error.ts';
import { textsIn, tooLarge } from '../answer-size.ts';
import { keptTerms, type SqlTerms } from '../column-terms.ts';
import type { DatabaseOpening, SqlDatabase, SqlRow } from '../database.ts';
import { quoteOf } from '../quote.ts';
import { faultOf } from './fault.ts';
import { sqliteTerms, type Affinity } from './terms.ts';

/** Statements that are kept prepared, at most. */
const mostPrepared = 256;

interface Connection {
  readonly file: Database.Database;
  readonly prepared: LRUCache<string, Database.Statement<unknown[], SqlRow>>;
}

/** A SQLite file. It is read in this process and without waiting, so a statement that runs cannot be ended. */
export function openSqlite({ agency, settings, fileAt, onStatement }: DatabaseOpening): SqlDatabase {
  const path = fileAt(settings.file ?? `${agency}.db`);
  const db = knex({ client: 'better-sqlite3', useNullAsDefault: true });
  const quote = quoteOf(db);
  let connection: Connection | null = null;
  let closed = false;
  let known = new WeakMap<readonly string[], SqlTerms>();

  const open = (): Connection => {
    if (closed) throw new SourceError(agency, `the ${agency} source is closed`, { fault: 'UNREACHABLE' });
    if (connection !== null) return connection;
    // A busy wait stops the whole process, so a source that somebody holds is given up soon.
    const file = new Database(path, { readonly: true, fileMustExist: true, timeout: 250 });
    connection = { file, prepared: new LRUCache({ max: mostPrepared }) };
    return connection;
  };

  const prepare = (sql: string): Database.Statement<unknown[], SqlRow> => {
    const { file, prepared } = open();
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = file.prepare<unknown[], SqlRow>(sql);
      // A statement without rows is none that reads.
      if (!statement.reader) throw new SourceError(agency, `the ${agency} source is only read`, { fault: 'REFUSED' });
      statement.raw();
      prepared.set(sql, statement);
    }
    return statement;
  };

  const failed = (error: unknown): SourceError => {
    known = new WeakMap();
    if (error instanceof SourceError) return error;
    // The driver's message can quote values: only its code goes on.
    const { fault, code } = faultOf(error);
    return new SourceError(agency, `the ${agency} source failed (${code})`, { fault, code });
  };

  const affinitiesOf = (table: string): ReadonlyMap<string, Affinity> => {
    const rows = prepare('select name, type from pragma_table_info(?)').all(table);
    return new Map(rows.map(([name, type]) => [String(name).toLowerCase(), affinityOf(String(type))]));
  };

  return {
    db,
    // https://www.sqlite.org/limits.html, 9; lists are padded to at most twice their length.
    mostValues: 16_000,
    async run({ sql, values }, signal) {
      signal.throwIfAborted();
      onStatement(sql);
      let rows: readonly SqlRow[];
      try {
        rows = prepare(sql).all(values);
      } catch (error) {
        throw failed(error);
      }
      if (textsIn(rows) > settings.answerBytes) throw tooLarge(agency);
      return rows;
    },
    terms(tables, signal) {
      signal.throwIfAborted();
      const before = known.get(tables);
      if (before !== undefined) return before;
      try {
        const found = new Map(tables.map((table) => [table, affinitiesOf(table)]));
        const terms = keptTerms(
          sqliteTerms(quote, (table, column) => found.get(table)?.get(column.toLowerCase()) ?? 'none'),
        );
        if ([...found.values()].every((columns) => columns.size > 0)) known.set(tables, terms);
        return terms;
      } catch (error) {
        throw failed(error);
      }
    },
    async ping() {
      if (!existsSync(path))
        throw new SourceError(agency, `the ${agency} source has no database file`, { fault: 'UNREACHABLE' });
      try {
        prepare('select 1').all();
      } catch (error) {
        throw new SourceError(agency, `the ${agency} source does not answer`, { fault: failed(error).fault });
      }
    },
    async close() {
      closed = true;
      connection?.file.close();
      connection = null;
      await db.destroy();
    },
  };
}

/** https://www.sqlite.org/datatype3.html, 3.1 */
function affinityOf(type: string): Affinity {
  const name = type.toUpperCase();
  if (name.includes('INT')) return 'number';
  if (/CHAR|CLOB|TEXT/.test(name)) return 'text';
  return name === '' || name.includes('BLOB') ? 'none' : 'number';
}
