import { lostKinds } from '../reconciliation/lost-handoffs.ts';
import type { TicketEvent, TicketEventKind } from './ticket-event.ts';

/**
 * What an event tells of its ticket by being given at all: whoever is told that a ticket changed learns its `updatedAt`. So
 * it is given only to those who are given the same when they ask for it, and the ledger names what that is.
 */
export interface EventBasis {
  /** The field of `Ticket`; null where a record of its own holds it. */
  readonly field: 'updatedAt' | 'handoffs' | 'dueAt' | null;
  /** The root field that reads it, of the ticket that the variable `$ticketNo` names. */
  readonly root: string;
}

const ofTicket = (selection: string): string => `ticket(ticketNo: $ticketNo) ${selection}`;

const bases: Readonly<Record<TicketEventKind, EventBasis>> = {
  TICKET_CHANGED: { field: 'updatedAt', root: ofTicket('{ ticketNo updatedAt }') },
  HANDED_TO_AGENCY: { field: 'handoffs', root: ofTicket('{ ticketNo handoffs { to } }') },
  ABOUT_TO_BE_OVERDUE: { field: 'dueAt', root: ofTicket('{ ticketNo dueAt }') },
  // It rests on an agency's receipts: it is told to whoever is given the finding, and not to all who see the ticket's trace.
  LOST_HANDOFF_FOUND: {
    field: null,
    root: `handoffFindings(filter: { ticketNo: $ticketNo, kind: [${lostKinds.join(', ')}], settled: false }, first: 50)
      { nodes { kind agency } }`,
  },
};

export function eventBasis(kind: TicketEventKind): EventBasis {
  return bases[kind];
}

/** Whether the answer of the basis' root, as the gate gave it to the caller, lets it be told of the event. */
export function mayBeTold({ kind, agency }: TicketEvent, given: unknown): boolean {
  if (!isRecord(given)) return false;
  switch (kind) {
    case 'TICKET_CHANGED':
      return typeof given['updatedAt'] === 'string';
    case 'ABOUT_TO_BE_OVERDUE':
      return typeof given['dueAt'] === 'string';
    case 'HANDED_TO_AGENCY':
      return holds(given['handoffs'], 'to', agency);
    case 'LOST_HANDOFF_FOUND':
      return holds(given['nodes'], 'agency', agency);
  }
}

function holds(list: unknown, field: string, agency: string | null): boolean {
  return Array.isArray(list) && list.some((one: unknown) => isRecord(one) && one[field] === agency);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
