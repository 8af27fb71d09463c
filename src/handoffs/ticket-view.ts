import { deadlineState, type DeadlineState, type DueSettings } from './due-times.ts';
import { actions, actorsOf, factsOf, ticketMachine, type Action, type Party } from './machine.ts';
import { rules } from './rules.ts';
import type { TicketStatus } from '../tickets/ticket-status.ts';
import { statusOf, type Stage } from './stages.ts';
import type { TicketCase } from './ticket-case.ts';
import type { TicketSight } from './ticket-sight.ts';

export interface DeadlineView {
  readonly dueAt: string | null;
  readonly state: DeadlineState;
  readonly provisional: boolean;
  readonly extensionDays: number | null;
  readonly signBy: string | null;
  readonly lateSignings: number | null;
}

/** How a ticket stands, as far as the policy gives it to the caller; null for what it does not. */
export interface StandingView {
  readonly ticketNo: string;
  readonly status: TicketStatus | null;
  readonly stage: Stage | null;
  readonly deadline: DeadlineView | null;
}

/** `now` is epoch milliseconds. Each part shows with the field of the ticket that says the like. */
export function standingView(ticket: TicketCase, sight: TicketSight, now: number, settings: DueSettings): StandingView {
  const { ticketNo, stage, fields, process } = ticket;
  const status = sight.isGiven('status', ticket);
  const { dueAt, handledAt } = fields;
  const { dueProvisional, extensionDays, signBy, lateSignings } = process;
  return {
    ticketNo,
    status: status ? statusOf[stage] : null,
    stage: status ? stage : null,
    deadline: sight.isGiven('dueAt', ticket)
      ? {
          dueAt,
          state: deadlineState(dueAt, handledAt ?? closedWithout(ticket), now, settings),
          provisional: dueProvisional,
          extensionDays: sight.isGiven('extended', ticket) ? extensionDays : null,
          signBy: sight.isGiven('signedAt', ticket) ? signBy : null,
          lateSignings: sight.isGiven('handoffs', ticket) ? lateSignings : null,
        }
      : null,
  };
}

/** The actions that this caller can make now, as far as the ticket itself decides. */
export function openActions(ticket: TicketCase, parties: readonly Party[], now: number): readonly Action[] {
  return actions.filter((action) => {
    const move = ticketMachine[ticket.stage][action];
    return (
      move !== undefined &&
      actorsOf(action, move, ticket.report).some((party) => parties.includes(party)) &&
      factsOf(action).rules.every((rule) => rules[rule].holds(ticket, null, now))
    );
  });
}

/** A ticket that its source closed without saying when it was answered. */
function closedWithout({ record, stage }: TicketCase): string | null {
  const { closedAt } = record;
  return (stage === 'CLOSED' || stage === 'ARCHIVED') && typeof closedAt === 'string' ? closedAt : null;
}
