import type { TicketContent } from '../tickets/ticket-columns.ts';

/** The fields that actions on tickets may set, beside its status: what they hold on a ticket that was acted on is the acting agencies' doing. */
export const handledFields = [
  'urgency',
  'firstReceiver',
  'leadAgency',
  'leadUnit',
  'coAgencies',
  'confirmedCoAgencies',
  'formerAgencies',
  'jointHandling',
  'dispatchedAt',
  'signedAt',
  'handledAt',
  'visitedAt',
  'closedAt',
  'dueAt',
  'result',
  'replyText',
  'factual',
  'outOfRemit',
  'resolved',
  'unresolvedReason',
  'satisfaction',
  'urgeCount',
  'returned',
  'extended',
] as const satisfies readonly (keyof TicketContent)[];

/** What an action makes of its ticket: an effect that set any other field would not compile. */
export type HandledContent = Pick<TicketContent, (typeof handledFields)[number]>;
