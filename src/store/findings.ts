import type { Knex } from 'knex';
import { computedKinds, findingsSelect } from './finding-arms.ts';

/** Tickets whose findings are computed by one statement. */
const chunk = 100;

const into = 'INSERT INTO ticket_finding (finding_id, kind, ticket_no, agency, division_code, times, at)';

/**
 * A statement that finds everything in the tickets that `only` picks by a column of their numbers, and how often it uses
 * that test: after a bulk load, into a table that holds nothing of them.
 */
export function findingsInsert(only: (column: string) => string): { readonly sql: string; readonly uses: number } {
  let uses = 0;
  const select = findingsSelect((column) => {
    uses += 1;
    return only(column);
  });
  return { sql: into + select, uses };
}

/** The same in all tickets. */
export const findAll = findingsInsert(() => '1 = 1').sql;

/**
 * Computes the findings of these tickets anew, in the caller's transaction. Other kinds than the computed ones are left
 * alone.
 */
export async function refreshFindings(db: Knex, ticketNos: Iterable<string>): Promise<void> {
  const all = [...new Set(ticketNos)];
  for (let i = 0; i < all.length; i += chunk) {
    const some = all.slice(i, i + chunk);
    await db('ticket_finding').whereIn('ticket_no', some).whereIn('kind', computedKinds).delete();
    const { sql, uses } = findingsInsert((column) => `${column} IN (${some.map(() => '?').join(', ')})`);
    await db.raw(sql, Array.from({ length: uses }, () => some).flat());
  }
}
