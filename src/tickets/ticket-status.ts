/** 工单状态, as every reader of the ticket sees it. */
export const ticketStatuses = [
  'ACCEPTED',
  'DISPATCHED',
  'SIGNED_FOR',
  'IN_PROGRESS',
  'FEEDBACK_SUBMITTED',
  'RETURNED',
  'REWORK',
  'CLOSED',
  'ARCHIVED',
] as const;
export type TicketStatus = (typeof ticketStatuses)[number];
