import type { Knex } from 'knex';
import type { SqlSettings } from '../settings/source-settings.ts';
import type { SourceFault } from '../source-error.ts';
import type { SourceValue } from '../mapping.ts';
import type { SqlTerms } from './column-terms.ts';
import type { Condition } from './condition.ts';
import { openMysql } from './mysql/database.ts';
import { openPostgres } from './postgres/database.ts';
import { openSqlite } from './sqlite/database.ts';

/** A row's values in the order in which its columns were selected. */
export type SqlRow = readonly SourceValue[];

/** One database of an agency, opened for reading only. Every method rejects with `SourceError`, or with the signal's reason. */
export interface SqlDatabase {
  /** Writes statements, and runs none. */
  readonly db: Knex;
  /** Values that a statement compares with, at most. */
  readonly mostValues: number;
  /**
   * Runs a statement in the database's own spelling of placeholders, its values bound. When the signal is aborted, it ends on
   * the server as well. `MALFORMED` where the answer has more bytes than the settings allow.
   */
  run(statement: Condition, signal: AbortSignal): Promise<readonly SqlRow[]>;
  /** How the columns of these tables are compared; at once where that is known. */
  terms(tables: readonly string[], signal: AbortSignal): SqlTerms | Promise<SqlTerms>;
  ping(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOpening {
  readonly agency: string;
  readonly settings: SqlSettings;
  /** A file's place, from its name in the settings. */
  readonly fileAt: (name: string) => string;
  /** Called with the text of each statement. */
  readonly onStatement: (sql: string) => void;
}

/** What an error of a driver means, and the code by which its documentation names it. */
export interface DriverFault {
  readonly fault: SourceFault;
  readonly code: string;
}

/** Opens without connecting. Throws `TypeError` for settings that cannot work, and `SecretError`. */
export function openDatabase(opening: DatabaseOpening): SqlDatabase {
  switch (opening.settings.client) {
    case 'sqlite':
      return openSqlite(opening);
    case 'mysql':
      return openMysql(opening);
    case 'postgres':
      return openPostgres(opening);
  }
}
