import { recordsFor } from '../../access/decide.ts';
import type { SchemaFacts } from '../../access/facts.ts';
import type { Policy } from '../../access/policy.ts';
import { codedError } from '../../errors/coded-error.ts';
import type { RootCaller } from '../../hub/hub-root.ts';
import type { Principal, Purpose } from '../../identity/principal.ts';
import { hotline } from '../ticket-case.ts';
import { ticketSight, type TicketSight } from '../ticket-sight.ts';
import type { Pusher } from './held-handoffs.ts';

const pushPurpose = 'DISPATCH';

/** The hotline's own system: it alone pushes tickets and handoffs. */
export function isPusher({ agency, role }: Principal): boolean {
  return agency === hotline && role === 'SYSTEM';
}

/**
 * Refuses everybody but the hotline's system that acts for `DISPATCH`, under a policy that shows it tickets for that.
 * Throws `PURPOSE_REQUIRED` and `FIELD_DENIED`.
 */
export function checkPusher(field: string, { principal, purpose }: RootCaller, policy: Policy): void {
  if (purpose === null)
    throw codedError('PURPOSE_REQUIRED', 'name what you push for in the header Lianqiao-Purpose: DISPATCH');
  const of = { agency: principal.agency, role: principal.role, purpose };
  if (!isPusher(principal) || purpose !== pushPurpose || recordsFor('Ticket', of, policy) === null)
    throw denied(`Mutation.${field}`, principal, "for the hotline's system alone, for the purpose DISPATCH");
}

/** What the policy says of tickets to systems that push, at this time (epoch milliseconds). */
export function pusherSight(policy: Policy, facts: SchemaFacts, at: number): (pusher: Pusher) => TicketSight {
  return ({ unit, areas, grids }) =>
    ticketSight(policy, facts, { agency: hotline, role: 'SYSTEM', unit, areas, grids }, pushPurpose, at);
}

/** Refuses everybody but the hotline's system. Throws `PURPOSE_REQUIRED` and `FIELD_DENIED`. */
export function conflictPurpose(field: string, { principal, purpose }: RootCaller): Purpose {
  if (purpose === null)
    throw codedError('PURPOSE_REQUIRED', 'name what you ask for in the header Lianqiao-Purpose, as for a read');
  if (!isPusher(principal)) throw denied(`Query.${field}`, principal, "for the hotline's system only");
  return purpose;
}

function denied(coordinate: string, { agency }: Principal, why: string): Error {
  const field = coordinate.slice(coordinate.indexOf('.') + 1);
  return codedError('FIELD_DENIED', `${field}: ${why}`, { extensions: { coordinate, agency } });
}
