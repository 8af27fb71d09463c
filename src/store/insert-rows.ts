import type { Knex } from 'knex';

/** Values that one statement may have: SQLite allows 32,766. */
const mostValues = 20_000;
/** Rows that one statement may have: knex writes them for SQLite as a select of at most 500 parts, and none may take long. */
const mostRows = 100;

/** Adds the rows, which have the same columns, many in one statement. */
export async function insertRows(db: Knex, table: string, rows: readonly object[]): Promise<void> {
  for (const some of portions(rows)) await db(table).insert(some);
}

/** The rows in portions that one statement takes. */
export function* portions<R extends object>(rows: readonly R[]): Generator<R[]> {
  const size = Math.min(mostRows, Math.max(1, Math.floor(mostValues / Object.keys(rows[0] ?? {}).length)));
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size);
}

/** Keys of which one statement may name this many. */
export function* chunks<T>(keys: Iterable<T>, size = 500): Generator<T[]> {
  const all = [...keys];
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}
