import { bind, holds } from '../access/condition.ts';
import { decide, recordsFor } from '../access/decide.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import { judgeDecision } from '../gate/judge-decision.ts';
import type { Principal, Purpose } from '../identity/principal.ts';
import type { TicketCase } from './ticket-case.ts';

/** What the sharing policy in force says of tickets to one caller, who asks for one purpose at one time. */
export interface TicketSight {
  /** Whether the row rules show it the ticket. */
  sees(ticket: Pick<TicketCase, 'record'>): boolean;
  /** Whether it is given this field of the ticket plainly. */
  isGiven(field: string, ticket: Pick<TicketCase, 'record'>): boolean;
}

/** What of a caller the policy asks. */
type SightCaller = Pick<Principal, 'agency' | 'role' | 'unit' | 'areas' | 'grids'>;

/** `now` is epoch milliseconds. */
export function ticketSight(
  policy: Policy,
  facts: SchemaFacts,
  principal: SightCaller,
  purpose: Purpose,
  now: number,
): TicketSight {
  const of = { agency: principal.agency, role: principal.role, purpose };
  const rows = recordsFor('Ticket', of, policy);
  const shown = rows === null ? null : bind(rows, 'Ticket', principal, now);
  return {
    sees: ({ record }) => shown !== null && holds(shown, { record, ticket: null, exact: true }),
    isGiven(field, { record }) {
      const fact = facts.fields.get(`Ticket.${field}`);
      if (fact === undefined) throw new TypeError(`there is no field Ticket.${field}`);
      const verdict = judgeDecision(decide(fact, of, policy, false), (c) => bind(c, 'Ticket', principal, now));
      return verdict({ record, ticket: null, exact: true }).status === 'ALLOWED';
    },
  };
}
