import type { TicketStatus } from '../tickets/ticket-status.ts';

/** Where a ticket stands among the six links, finer than its status: who must do what next. */
export const stages = [
  'ACCEPTED',
  'CONSULTING',
  'DISPATCHED',
  'SIGNED_FOR',
  'IN_PROGRESS',
  'EXTENSION_REQUESTED',
  'RETURN_REQUESTED',
  'RETURN_REFUSED',
  'OBJECTED',
  'TAKEN_BACK',
  'FEEDBACK_SUBMITTED',
  'REWORK',
  'CLOSED',
  'ARCHIVED',
] as const;
export type Stage = (typeof stages)[number];

/** The status that each stage shows as. */
export const statusOf: Readonly<Record<Stage, TicketStatus>> = {
  ACCEPTED: 'ACCEPTED',
  CONSULTING: 'ACCEPTED',
  DISPATCHED: 'DISPATCHED',
  SIGNED_FOR: 'SIGNED_FOR',
  IN_PROGRESS: 'IN_PROGRESS',
  EXTENSION_REQUESTED: 'IN_PROGRESS',
  RETURN_REQUESTED: 'RETURNED',
  RETURN_REFUSED: 'SIGNED_FOR',
  OBJECTED: 'RETURNED',
  TAKEN_BACK: 'RETURNED',
  FEEDBACK_SUBMITTED: 'FEEDBACK_SUBMITTED',
  REWORK: 'REWORK',
  CLOSED: 'CLOSED',
  ARCHIVED: 'ARCHIVED',
};

const imported: Readonly<Record<TicketStatus, Stage>> = {
  ACCEPTED: 'ACCEPTED',
  DISPATCHED: 'DISPATCHED',
  SIGNED_FOR: 'SIGNED_FOR',
  IN_PROGRESS: 'IN_PROGRESS',
  FEEDBACK_SUBMITTED: 'FEEDBACK_SUBMITTED',
  RETURNED: 'TAKEN_BACK',
  REWORK: 'REWORK',
  CLOSED: 'CLOSED',
  ARCHIVED: 'ARCHIVED',
};

/** The stage of a ticket that came with this status alone, or whose source has set another one since. */
export function stageOf(status: TicketStatus, kept: Stage | null): Stage {
  return kept !== null && statusOf[kept] === status ? kept : imported[status];
}
