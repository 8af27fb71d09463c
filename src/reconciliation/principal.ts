import { decide, recordsFor } from '../access/decide.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { AccessClass, Policy } from '../access/policy.ts';
import { reconciliationAgency } from '../codes/agency.ts';
import type { AgencyReceipts } from '../connector/connector.ts';
import type { Principal } from '../identity/principal.ts';

export type ReconcilePurpose = 'SUPERVISION' | 'AUDIT';

/**
 * Who compares: nobody but what the sharing policies grant it. No token can name it, so nobody else comes as it. It has
 * no unit, no areas and no grids: a rule that asks for one shows it nothing. `run` names the run in the ledger.
 */
export function reconciliationPrincipal(purpose: ReconcilePurpose, run: string, now: number): Principal {
  return Object.freeze({
    subject: 'reconciliation',
    issuer: 'lianqiao',
    tokenId: run,
    agency: reconciliationAgency,
    role: 'SYSTEM',
    unit: null,
    operator: null,
    areas: Object.freeze([]),
    grids: Object.freeze([]),
    purposes: Object.freeze([purpose]),
    expiresAt: Math.floor(now / 1_000) + 86_400,
  });
}

/** The agencies whose policy gives it nothing of their receipts now: what was found by them is not told any more. */
export function withoutGrant(
  receipts: readonly AgencyReceipts[],
  purpose: ReconcilePurpose,
  policy: Policy,
  facts: SchemaFacts,
): readonly string[] {
  const of: AccessClass = { agency: reconciliationAgency, role: 'SYSTEM', purpose };
  return receipts
    .filter(({ field, type }) => {
      const fact = facts.fields.get(`Ticket.${field}`);
      const closed = fact === undefined || decide(fact, of, policy, false).kind === 'deny';
      return closed || recordsFor(type, of, policy) === null;
    })
    .map(({ agency }) => agency);
}
