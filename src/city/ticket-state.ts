import type { WallTime } from './clock.ts';
import type { HandoffKind, Step } from './trail.ts';

export type TicketStatus =
  | 'ACCEPTED'
  | 'DISPATCHED'
  | 'SIGNED_FOR'
  | 'IN_PROGRESS'
  | 'FEEDBACK_SUBMITTED'
  | 'RETURNED'
  | 'REWORK'
  | 'CLOSED'
  | 'ARCHIVED';

/** What a ticket's record says after its steps. */
export interface TicketState {
  readonly status: TicketStatus;
  /** Who holds it: the hotline until it is dispatched and after it came back. */
  readonly lead: string;
  readonly firstReceiver: string | null;
  /** Agencies that returned it and do not hold it now, in order. */
  readonly former: readonly string[];
  readonly returned: boolean;
  readonly accepted: WallTime | null;
  readonly dispatched: WallTime | null;
  readonly signed: WallTime | null;
  readonly handled: WallTime | null;
  readonly visited: WallTime | null;
  readonly closed: WallTime | null;
}

/** The status that the last handoff of a ticket leaves it in. */
const statusAfter: Readonly<Record<HandoffKind, TicketStatus>> = {
  ACCEPT: 'ACCEPTED',
  DISPATCH: 'DISPATCHED',
  SIGN_FOR: 'SIGNED_FOR',
  RETURN: 'RETURNED',
  REASSIGN: 'DISPATCHED',
  CO_SIGN: 'IN_PROGRESS',
  ESCALATE: 'IN_PROGRESS',
  FEEDBACK: 'FEEDBACK_SUBMITTED',
  CLOSE: 'CLOSED',
  REWORK: 'REWORK',
  FOLLOW_UP: 'CLOSED',
  ARCHIVE: 'ARCHIVED',
};

export function stateAfter(steps: readonly Step[]): TicketState {
  let status: TicketStatus = 'ACCEPTED';
  let lead = 'hotline';
  let firstReceiver: string | null = null;
  const returners = new Set<string>();
  const times: Record<'accepted' | 'dispatched' | 'signed' | 'handled' | 'visited' | 'closed', WallTime | null> = {
    accepted: null,
    dispatched: null,
    signed: null,
    handled: null,
    visited: null,
    closed: null,
  };
  for (const step of steps) {
    status = statusAfter[step.kind];
    switch (step.kind) {
      case 'ACCEPT':
        times.accepted = step.at;
        break;
      case 'DISPATCH':
        times.dispatched ??= step.at;
        firstReceiver ??= step.to;
        lead = step.to ?? lead;
        break;
      case 'REASSIGN':
        lead = step.to ?? lead;
        times.signed = null;
        break;
      case 'SIGN_FOR':
        times.signed = step.at;
        break;
      case 'RETURN':
        if (step.from !== null) returners.add(step.from);
        lead = 'hotline';
        times.signed = null;
        break;
      case 'REWORK':
        times.signed = null;
        times.handled = null;
        times.closed = null;
        break;
      case 'FEEDBACK':
        times.handled = step.at;
        break;
      case 'CLOSE':
        times.closed = step.at;
        break;
      case 'FOLLOW_UP':
        times.visited = step.at;
        break;
      case 'CO_SIGN':
      case 'ESCALATE':
      case 'ARCHIVE':
        break;
    }
  }
  const former = [...returners].filter((agency) => agency !== lead);
  return { status, lead, firstReceiver, former, returned: returners.size > 0, ...times };
}
