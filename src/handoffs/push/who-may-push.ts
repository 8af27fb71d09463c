import { recordsFor } from '../../access/decide.ts';
import type { Policy } from '../../access/policy.ts';
import { codedError } from '../../errors/coded-error.ts';
import type { RootCaller } from '../../hub/hub-root.ts';
import type { Principal, Purpose } from '../../identity/principal.ts';
import { hotline } from '../ticket-case.ts';

/** The hotline's own system: it alone pushes tickets and handoffs. */
export function isPusher({ agency, role }: Principal): boolean {
  return agency === hotline && role === 'SYSTEM';
}

/**
 * Refuses everybody but the hotline's system that acts for `DISPATCH`, under a policy that shows it tickets for that.
 * Throws `PURPOSE_REQUIRED` and `FIELD_DENIED`.
 */
export function pusherPurpose(field: string, { principal, purpose }: RootCaller, policy: Policy): Purpose {
  if (purpose === null)
    throw codedError('PURPOSE_REQUIRED', 'name what you push for in the header Lianqiao-Purpose: DISPATCH');
  const of = { agency: principal.agency, role: principal.role, purpose };
  if (!isPusher(principal) || purpose !== 'DISPATCH' || recordsFor('Ticket', of, policy) === null)
    throw denied(`Mutation.${field}`, principal, "for the hotline's system alone, for the purpose DISPATCH");
  return purpose;
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
