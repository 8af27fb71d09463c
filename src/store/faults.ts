import Database from 'better-sqlite3';
import { faultOf } from '../connector/sql/mysql/fault.ts';
import { SecretError } from '../connector/settings/secret.ts';

/** What two transactions did passes each other by: a second try finds what the other one left. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/** What was lost against another transaction of MySQL, so that a second try finds what that one left. */
export function isLostRace(error: unknown): boolean {
  if (error instanceof LostRace) return true;
  switch ((error as { readonly errno?: unknown }).errno) {
    case 1213: // deadlock
    case 1205: // lock wait
    case 1062: // duplicate key
    case 1020: // the row has changed since it was read
      return true;
    default:
      return false;
  }
}

/** Why the store cannot be used now; null for an error of another kind, which is a fault of the hub's own. */
export function storeFault(error: unknown): 'UNAVAILABLE' | 'NOT_ALLOWED' | null {
  if (error instanceof Database.SqliteError)
    return /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|PERM)/.test(error.code)
      ? 'UNAVAILABLE'
      : null;
  if (!(error instanceof Error)) return null;
  // Of knex, where no connection became free.
  if (error.name === 'KnexTimeoutError' || error instanceof SecretError || error instanceof LostRace)
    return 'UNAVAILABLE';
  const { errno, code } = error as { readonly errno?: unknown; readonly code?: unknown };
  if (typeof errno === 'number' && errno > 0) return serverFault(error, errno);
  // The file system's, the network's and the driver's own: a right that is missing, a connection that is gone.
  return typeof code === 'string' && /^(E[A-Z]+|PROTOCOL_[A-Z_]+|HANDSHAKE_[A-Z_]+)$/.test(code) ? 'UNAVAILABLE' : null;
}

/** https://mariadb.com/kb/en/mariadb-error-codes/ */
function serverFault(error: Error, errno: number): 'UNAVAILABLE' | 'NOT_ALLOWED' | null {
  switch (errno) {
    case 1044: // access denied: database, table, column, anything else, triggers
    case 1142:
    case 1143:
    case 1227:
    case 1370:
    case 1419:
      return 'NOT_ALLOWED';
    case 1045: // wrong password
    case 1698:
    case 1049: // no such database
    case 1020: // a race that was lost again and again
    case 1213:
    case 1021: // disk full
    case 1114: // table full
    case 1036: // read only: table, server, transaction
    case 1290:
    case 1792:
    case 1836:
      return 'UNAVAILABLE';
    default: {
      const { fault } = faultOf(error);
      return fault === 'REFUSED' || fault === 'FAILED' || fault === 'MALFORMED' ? null : 'UNAVAILABLE';
    }
  }
}
