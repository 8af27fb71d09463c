import knex, { type Knex } from 'knex';
import { existsSync } from 'node:fs';
import type { SqlSettings } from '../settings/source-settings.ts';
import { SourceError } from '../source-error.ts';

const silent = (): void => undefined;

/** One database of an agency, opened for reading only. */
export interface SqlDatabase {
  readonly db: Knex;
  readonly ping: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens without connecting. `fileAt` gives a file's place from its name in the settings. */
export function openDatabase(
  agency: string,
  settings: SqlSettings,
  fileAt: (name: string) => string,
  onStatement: (sql: string) => void,
): SqlDatabase {
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
      afterCreate: (
        connection: { pragma(text: string): unknown },
        done: (error: null, connection: unknown) => void,
      ) => {
        connection.pragma('busy_timeout = 250');
        done(null, connection);
      },
    },
    acquireConnectionTimeout: 2_000,
    // Knex would print stacks; what failed is in the SourceError that each load rejects with.
    log: { warn: silent, error: silent, deprecate: silent, debug: silent },
  });
  db.on('query', (query: { sql: string }) => onStatement(query.sql));
  return {
    db,
    async ping() {
      if (!existsSync(file)) throw new SourceError(agency, `the ${agency} source has no database file`);
      try {
        await db.raw('select 1');
      } catch (error) {
        throw new SourceError(agency, `the ${agency} source does not answer`, { cause: error });
      }
    },
    close: () => db.destroy(),
  };
}
