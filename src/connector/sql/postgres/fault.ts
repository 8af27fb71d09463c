import type { SourceFault } from '../../source-error.ts';
import type { DriverFault } from '../database.ts';

/** What an error of pg means: an SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) or a code of the system. */
export function faultOf(error: unknown): DriverFault {
  const { code } = error as { readonly code?: unknown };
  // The driver's own errors have no code; all of them say that there is no connection.
  if (typeof code !== 'string') return { fault: 'UNREACHABLE', code: 'no code' };
  // A code of the system, such as EPIPE, has no digit.
  return { fault: /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? serverFault(code) : 'UNREACHABLE', code };
}

function serverFault(state: string): SourceFault {
  if (state === '57014' || state === '55P03' || state === '25P03') return 'TIMEOUT';
  if (state === '25006') return 'REFUSED';
  switch (state.slice(0, 2)) {
    case '08': // connection
    case '57': // shutdown, not yet started
      return 'UNREACHABLE';
    case '53': // too many connections, no memory
      return 'OVERLOADED';
    case '22': // a value of the statement that no column can hold
    case '28': // wrong password
    case '3D': // no such database, schema
    case '3F':
    case '42': // no such table, column, operator; no right
      return 'REFUSED';
    default:
      return 'FAILED';
  }
}
