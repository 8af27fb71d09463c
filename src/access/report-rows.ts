import { conditionReads, type Condition } from './condition.ts';
import type { AccessClass } from './policy.ts';
import type { PredicateName } from './predicates.ts';

/** What shows of a report outside its handling unit, whatever a grant says: number, status and times. */
export const openOnReports: ReadonlySet<string> = new Set([
  'ticketNo',
  'status',
  'receivedAt',
  'acceptedAt',
  'dispatchedAt',
  'signedAt',
  'handledAt',
  'visitedAt',
  'closedAt',
  'dueAt',
  'updatedAt',
]);

/** Outside its handling unit a report shows number, status and times only. */
export const reportSecrecy: Condition = { kind: 'predicate', name: 'reportInOwnUnit', args: undefined };

/** That an agency leads, co-handles or held the report itself is no news to it. */
const ownPart: ReadonlySet<PredicateName> = new Set<PredicateName>([
  'handlesTicket',
  'leadsTicket',
  'partyToTicket',
  'inHandlingUnit',
]);

/**
 * The row rules of tickets for the class. To be listed tells what the rule read, so one that reads what a report hides
 * (its grid, its area) holds for no report outside of the handling unit. Two may know all the same where in their area a
 * report stands: the hotline, whose records these are, and who oversees an area, since nobody could otherwise see that a
 * report is overdue.
 */
export function withoutSealedReports(rows: Condition, of: AccessClass): Condition {
  if (of.agency === 'hotline' || oversees(of)) return rows;
  const rules = rows.kind === 'any' ? rows.of : [rows];
  return {
    kind: 'any',
    of: rules.map((rule) => (readsSealed(rule) ? { kind: 'all', of: [reportSecrecy, rule] } : rule)),
  };
}

function oversees({ role, purpose }: AccessClass): boolean {
  return (role === 'AUDITOR' && purpose === 'AUDIT') || (role === 'SUPERVISOR' && purpose === 'SUPERVISION');
}

function readsSealed(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some(readsSealed);
    case 'predicate':
      return !ownPart.has(condition.name) && readsHidden(condition);
    // That an agency has no part in a report tells it nothing of its own.
    case 'not':
      return readsHidden(condition.of);
  }
}

function readsHidden(condition: Condition): boolean {
  return [...conditionReads(condition, 'Ticket').record].some((field) => !openOnReports.has(field));
}
