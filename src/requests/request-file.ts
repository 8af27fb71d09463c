import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { ConfigurationError } from '../access/problem.ts';
import { formatDateTime } from '../codes/date-time.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Principal } from '../identity/principal.ts';
import { requestTables } from './tables.ts';

/** A change that a caller asks for; `clientRequestId` is its own name for it. */
export interface Call {
  readonly principal: Principal;
  readonly field: string;
  readonly clientRequestId: string;
  /** The whole input, as GraphQL coerced it. */
  readonly input: unknown;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The database of requests. */
export interface RequestFile {
  readonly database: Database.Database;
  /** The numbers that the same call wrote before; null for a new one. Throws `IDEMPOTENCY_CONFLICT`. */
  recall(call: Call): readonly string[] | null;
  /** Runs the work in one transaction that no other writer comes between, and keeps the numbers that it wrote. */
  once(call: Call, work: () => readonly string[]): readonly string[];
  close(): void;
}

const numbersOf = z.array(z.string());
const stored = z.object({ digest: z.string(), numbers: z.string() });

/** Opens the file; it and its tables are made when missing. Throws `ConfigurationError` for one that cannot be used. */
export function openRequestFile(file: string): RequestFile {
  const database = openDatabase(file);
  const find = database.prepare(
    'SELECT digest, numbers FROM request_call WHERE agency = ? AND issuer = ? AND subject = ? AND client_request_id = ?',
  );
  const keep = database.prepare(
    'INSERT INTO request_call (agency, issuer, subject, client_request_id, digest, numbers, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const keyOf = ({ principal, clientRequestId }: Call): string[] => [
    principal.agency,
    principal.issuer,
    principal.subject,
    clientRequestId,
  ];
  const recall = (call: Call): readonly string[] | null => {
    const row: unknown = find.get(...keyOf(call));
    if (row === undefined) return null;
    const { digest, numbers } = stored.parse(row);
    if (digest !== digestOf(call))
      throw codedError(
        'IDEMPOTENCY_CONFLICT',
        'this clientRequestId was used with another input; use a new one for each change',
      );
    return numbersOf.parse(JSON.parse(numbers));
  };
  const once = database.transaction((call: Call, work: () => readonly string[]): readonly string[] => {
    const known = recall(call);
    if (known !== null) return known;
    const numbers = work();
    keep.run(...keyOf(call), digestOf(call), JSON.stringify(numbers), formatDateTime(call.at));
    return numbers;
  });
  return { database, recall, once: (call, work) => once.immediate(call, work), close: () => database.close() };
}

/** Runs a root's work; where the file cannot be read or written now, the caller is told so. */
export async function withFile<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw codedError('SOURCE_UNAVAILABLE', 'the book of requests cannot be used now; nothing was changed; try again', {
      extensions: { agency: 'hub' },
    });
  }
}

function openDatabase(file: string): Database.Database {
  try {
    // Its owner's alone, whatever the umask; SQLite gives the files beside it the same mode.
    closeSync(openSync(file, 'a', 0o600));
    const database = new Database(file);
    // A busy wait stops the whole process: a file that somebody holds is given up soon.
    database.pragma('busy_timeout = 250');
    database.pragma('journal_mode = WAL');
    // FULL: a decision that was answered survives a power cut.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.exec(requestTables);
    return database;
  } catch (error) {
    const { code } = error as { code?: unknown };
    const why = typeof code === 'string' ? code : 'unknown';
    const message = `cannot be used (${why}); restore it from a backup, or set LIANQIAO_DATA_DIR to another folder`;
    throw new ConfigurationError([{ file, message }]);
  }
}

/** The disk's or another writer's doing, in the words of SQLite; anything else is a fault of the hub. */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|PERM)/.test(error.code)
  );
}

function digestOf({ field, input }: Call): string {
  return createHash('sha256')
    .update(JSON.stringify([field, input]))
    .digest('hex');
}
