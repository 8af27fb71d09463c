import type { TicketEvent, TicketEventKind } from '../../events/ticket-event.ts';

/** The root fields of subscriptions. */
const kinds = {
  ticketChanged: 'TICKET_CHANGED',
  handedToMyAgency: 'HANDED_TO_AGENCY',
  aboutToBeOverdue: 'ABOUT_TO_BE_OVERDUE',
  lostHandoffFound: 'LOST_HANDOFF_FOUND',
} as const satisfies Readonly<Record<string, TicketEventKind>>;

export type SubscriptionField = keyof typeof kinds;

export function isSubscriptionField(name: string): name is SubscriptionField {
  return Object.hasOwn(kinds, name);
}

export function kindOf(field: SubscriptionField): TicketEventKind {
  return kinds[field];
}

/** What a subscription waits for. */
export interface Wanted {
  readonly field: SubscriptionField;
  /** The one ticket that it is about; null for those of all tickets. */
  readonly ticketNo: string | null;
  /** The subscriber's agency. */
  readonly agency: string;
}

/** Whether the event is one that the subscription waits for. Whether its subscriber may be told is not asked here. */
export function isWanted({ field, ticketNo, agency }: Wanted, event: TicketEvent): boolean {
  if (event.kind !== kindOf(field) || (ticketNo !== null && event.ticketNo !== ticketNo)) return false;
  return field !== 'handedToMyAgency' || event.agency === agency;
}
