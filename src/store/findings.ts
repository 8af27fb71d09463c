import type { Knex } from 'knex';
import { findingsSelect } from './finding-arms.ts';
import { pairKinds } from './pair-findings.ts';

/** Tickets whose findings are computed by one statement. */
const chunk = 100;

const into = `INSERT INTO ticket_finding (finding_id, kind, ticket_no, agency, division_code, times, at, grounds, confidence,
  settled_at)`;

/** Finds everything in all tickets: after a bulk load, into an empty table. */
export const findAll = into + findingsSelect(() => '1 = 1');

/**
 * Computes the findings of these tickets anew, in the caller's transaction; those on lost handoffs from what is known of
 * these.
 */
export async function refreshFindings(db: Knex, ticketNos: Iterable<string>): Promise<void> {
  const all = [...new Set(ticketNos)];
  for (let i = 0; i < all.length; i += chunk) {
    const some = all.slice(i, i + chunk);
    await db('ticket_finding').whereIn('ticket_no', some).whereNotIn('kind', pairKinds).delete();
    const { sql, values } = findingsOf(some);
    await db.raw(into + sql, values);
  }
}

/** The statement that finds everything in these tickets. */
export function findingsOf(ticketNos: readonly string[]): { readonly sql: string; readonly values: string[] } {
  let uses = 0;
  const sql = findingsSelect((column) => {
    uses += 1;
    return `${column} IN (${ticketNos.map(() => '?').join(', ')})`;
  });
  return { sql, values: Array.from({ length: uses }, () => ticketNos).flat() };
}
