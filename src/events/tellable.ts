import { bind, holds } from '../access/condition.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { Policy } from '../access/policy.ts';
import { reportSecrecy } from '../access/report-rows.ts';
import type { TicketCase } from '../handoffs/ticket-case.ts';
import { ticketSight } from '../handoffs/ticket-sight.ts';
import type { Principal, Purpose } from '../identity/principal.ts';
import { eventBasis } from './event-basis.ts';
import type { TicketEvent } from './ticket-event.ts';

/** Who is to be told, for which purpose, now (epoch milliseconds). */
export interface Receiver {
  readonly principal: Principal;
  readonly purpose: Purpose;
  readonly at: number;
}

export interface TellableParts {
  readonly facts: SchemaFacts;
  readonly policies: { readonly current: { readonly policy: Policy } };
  readonly find: (ticketNo: string) => Promise<Pick<TicketCase, 'record' | 'report'> | null>;
}

/**
 * Whether the receiver may be told of the event by the policy in force, before it is judged like a request: so that what is
 * not for it is neither given nor written down as asked for. Outside its handling unit nobody is told anything of a report
 * (举报).
 */
export function createTellable({ facts, policies, find }: TellableParts) {
  return async (event: TicketEvent, { principal, purpose, at }: Receiver): Promise<boolean> => {
    const ticket = await find(event.ticketNo);
    if (ticket === null) return false;
    const { record } = ticket;
    const sealed = bind(reportSecrecy, 'Ticket', principal, at);
    if (!holds(sealed, { record, ticket: null, exact: true })) return false;
    const sight = ticketSight(policies.current.policy, facts, principal, purpose, at);
    const { field } = eventBasis(event.kind);
    return sight.sees(ticket) && (field === null || sight.isGiven(field, ticket));
  };
}
