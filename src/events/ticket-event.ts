/** What happened to a ticket. A closed list; the schema's `TicketEventKind` has the same names. */
export const ticketEventKinds = [
  'TICKET_CHANGED',
  'HANDED_TO_AGENCY',
  'ABOUT_TO_BE_OVERDUE',
  'LOST_HANDOFF_FOUND',
] as const;
export type TicketEventKind = (typeof ticketEventKinds)[number];

/** An event to be written. It tells that something happened, and no value of the ticket. */
export interface NewTicketEvent {
  readonly kind: TicketEventKind;
  readonly ticketNo: string;
  /** The agency that it is about: who was handed the ticket; null where it is about none. */
  readonly agency: string | null;
  /** The handoff that it was written with; null where there was none. */
  readonly runId: string | null;
  /** RFC 3339 in +08:00. */
  readonly at: string;
}

/** An event as it stands in the outbox. */
export interface TicketEvent {
  /** Its place: a later event has a greater one, and readers go on from the last that they know. */
  readonly seq: number;
  /** UUID, the same however often the event is delivered. */
  readonly eventId: string;
  readonly kind: TicketEventKind;
  readonly ticketNo: string;
  readonly agency: string | null;
  readonly at: string;
}
