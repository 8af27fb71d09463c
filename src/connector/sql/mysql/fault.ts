import type { SourceFault } from '../../source-error.ts';
import type { DriverFault } from '../database.ts';

/** What an error of mysql2 means: a code of the server (https://mariadb.com/kb/en/mariadb-error-codes/), of the driver or of the system. */
export function faultOf(error: unknown): DriverFault {
  const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
  const fault = typeof errno === 'number' && errno > 0 ? serverFault(errno) : clientFault(code);
  if (typeof code === 'string' && code !== 'UNKNOWN_CODE_PLEASE_REPORT') return { fault, code };
  return { fault, code: typeof errno === 'number' ? String(errno) : 'no code' };
}

function serverFault(errno: number): SourceFault {
  switch (errno) {
    case 1040: // too many connections
    case 1203: // too many connections of this user
    case 1226: // the user's quota is used up
    case 1461: // too many prepared statements
      return 'OVERLOADED';
    case 1053: // shutdown
    case 1077:
    case 1079:
    case 1927: // the connection was killed
    case 4031: // idle for too long
      return 'UNREACHABLE';
    case 1205: // lock wait
    case 1317: // killed
    case 1969: // max_statement_time
    case 3024: // max_execution_time
      return 'TIMEOUT';
    case 1044: // access denied: database, user, table, column, anything else
    case 1045:
    case 1142:
    case 1143:
    case 1227:
    case 1370:
    case 1698:
    case 1049: // no such database, table, column
    case 1146:
    case 1054:
    case 1064: // syntax: an older server
    case 1267: // collations that do not mix
    case 1305: // no such function
    case 1356: // a view over what is gone
    case 1792: // a write
    case 1820: // the password has expired
    case 1862:
      return 'REFUSED';
    default:
      return 'FAILED';
  }
}

function clientFault(code: unknown): SourceFault {
  return typeof code === 'string' && code.startsWith('ER_') ? 'FAILED' : 'UNREACHABLE';
}
