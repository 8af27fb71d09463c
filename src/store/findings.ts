import type { Knex } from 'knex';
import { computedKinds, findingsSelect } from './finding-arms.ts';

/** Tickets whose findings are computed by one statement. */
const chunk = 200;

const into = 'INSERT INTO ticket_finding (finding_id, kind, ticket_no, agency, division_code, times, at)';

/** Finds everything in all tickets: after a bulk load, into an empty table. */
export const findAll = into + findingsSelect(() => '1 = 1');

/**
 * Computes the findings of these tickets anew, in the caller's transaction. Other kinds than the computed ones are left
 * alone.
 */
export async function refreshFindings(db: Knex, ticketNos: Iterable<string>): Promise<void> {
  const all = [...new Set(ticketNos)];
  for (let i = 0; i < all.length; i += chunk) {
    const some = all.slice(i, i + chunk);
    await db('ticket_finding').whereIn('ticket_no', some).whereIn('kind', computedKinds).delete();
    let uses = 0;
    const select = findingsSelect((column) => {
      uses += 1;
      return `${column} IN (${some.map(() => '?').join(', ')})`;
    });
    await db.raw(into + select, Array.from({ length: uses }, () => some).flat());
  }
}
