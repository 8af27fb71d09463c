import type { Principal, Purpose, Role } from '../identity/principal.ts';
import type { Party } from './machine.ts';
import { hotline, type TicketCase } from './ticket-case.ts';

/** Roles that can act on some ticket; the others only read. */
export const actingRoles = [
  'SYSTEM',
  'OPERATOR',
  'HANDLER',
  'GRID_WORKER',
  'SUPERVISOR',
] as const satisfies readonly Role[];

/** Who somebody must be to be this to a ticket. Whether the ticket is one that it may see, the policy says before. */
interface PartyTerms {
  readonly roles: readonly Role[];
  readonly purpose: Purpose;
  readonly is: (principal: Principal, ticket: TicketCase) => boolean;
}

const ofHotline = ({ agency }: Principal): boolean => agency === hotline;
const desk = ['OPERATOR', 'SUPERVISOR', 'SYSTEM'] as const;

export const partyTerms: Readonly<Record<Party, PartyTerms>> = {
  DISPATCHER: { roles: desk, purpose: 'DISPATCH', is: ofHotline },
  SUPERVISOR: { roles: ['SUPERVISOR'], purpose: 'SUPERVISION', is: ofHotline },
  VISITOR: { roles: desk, purpose: 'FOLLOW_UP', is: ofHotline },
  LEAD: {
    roles: ['HANDLER', 'SYSTEM'],
    purpose: 'HANDLING',
    // A handler works for its unit, a system for its whole agency.
    is: (principal, ticket) =>
      principal.agency === ticket.lead &&
      (principal.role === 'SYSTEM' || [null, principal.unit].includes(ticket.fields.leadUnit)),
  },
  WORKER: {
    roles: ['GRID_WORKER'],
    purpose: 'HANDLING',
    is: ({ agency }, { lead }) => agency === lead,
  },
  CO: {
    roles: ['HANDLER', 'SYSTEM'],
    purpose: 'HANDLING',
    is: ({ agency }, { fields }) => fields.coAgencies.includes(agency),
  },
};

/** What the caller is to this ticket, for this purpose. Of a report nobody outside its handling unit is anything. */
export function partiesOf(principal: Principal, purpose: Purpose, ticket: TicketCase): readonly Party[] {
  if (ticket.report && !isInUnit(principal, ticket)) return [];
  return (Object.entries(partyTerms) as [Party, PartyTerms][])
    .filter(([, terms]) => terms.purpose === purpose && terms.roles.includes(principal.role))
    .filter(([, { is }]) => is(principal, ticket))
    .map(([party]) => party);
}

/** A report that was not given to anybody yet, and to no unit, lies with the hotline. */
function isInUnit({ agency, unit }: Principal, { lead, fields }: TicketCase): boolean {
  if (agency !== lead) return false;
  return fields.leadUnit === null ? lead === hotline : unit === fields.leadUnit;
}
