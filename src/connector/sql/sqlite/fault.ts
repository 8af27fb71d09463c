import type { DriverFault } from '../database.ts';

/** What an error of better-sqlite3 means (https://www.sqlite.org/rescode.html). */
export function faultOf(error: unknown): DriverFault {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return { fault: 'FAILED', code: 'no code' };
  switch (code.split('_').slice(0, 2).join('_')) {
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_NOTADB':
      return { fault: 'UNREACHABLE', code };
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
    case 'SQLITE_INTERRUPT':
      return { fault: 'TIMEOUT', code };
    case 'SQLITE_ERROR': // no such table or column
    case 'SQLITE_READONLY':
    case 'SQLITE_AUTH':
    case 'SQLITE_PERM':
      return { fault: 'REFUSED', code };
    default:
      return { fault: 'FAILED', code };
  }
}
