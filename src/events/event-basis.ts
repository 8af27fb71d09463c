import type { TicketEvent, TicketEventKind } from './ticket-event.ts';

/**
 * What an event tells of its ticket by being given at all: whoever is told that a ticket changed learns its `updatedAt`. So
 * it is given only to those who are given these fields plainly, and the ledger names them.
 */
export interface EventBasis {
  /** The field of `Ticket`. */
  readonly field: 'updatedAt' | 'handoffs' | 'dueAt' | 'trace';
  /** The selection of a ticket that reads it. */
  readonly selection: string;
}

const bases: Readonly<Record<TicketEventKind, EventBasis>> = {
  TICKET_CHANGED: { field: 'updatedAt', selection: '{ ticketNo updatedAt }' },
  HANDED_TO_AGENCY: { field: 'handoffs', selection: '{ ticketNo handoffs { to } }' },
  ABOUT_TO_BE_OVERDUE: { field: 'dueAt', selection: '{ ticketNo dueAt }' },
  LOST_HANDOFF_FOUND: { field: 'trace', selection: '{ ticketNo trace { findings { kind } } }' },
};

export function eventBasis(kind: TicketEventKind): EventBasis {
  return bases[kind];
}

/** Whether the ticket, as the gate gave it to the caller for the selection, lets it be told of the event. */
export function mayBeTold({ kind, agency }: TicketEvent, given: unknown): boolean {
  if (!isRecord(given)) return false;
  const value = given[bases[kind].field];
  switch (kind) {
    case 'TICKET_CHANGED':
    case 'ABOUT_TO_BE_OVERDUE':
      return typeof value === 'string';
    case 'HANDED_TO_AGENCY':
      return Array.isArray(value) && value.some((handoff: unknown) => isRecord(handoff) && handoff['to'] === agency);
    case 'LOST_HANDOFF_FOUND':
      return isRecord(value) && Array.isArray(value['findings']);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
