import { workingSeconds, type OfficeHours } from '../calendar/office-hours.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { TraceStep } from '../tickets/trace-step.ts';
import { matchReceipts } from './match-receipts.ts';
import type { Receipt } from './receipt.ts';
import { isFedBack, sentHops, type SentHop } from './sent-hops.ts';

/** The hotline's record and the agency's own disagree. */
export const lostKinds = ['SENT_NOT_RECEIVED', 'RECEIVED_NOT_SENT', 'ANSWERED_NOT_FED_BACK'] as const;
export type LostKind = (typeof lostKinds)[number];

/** What a finding rests on. */
export const lostGrounds = [
  /** The hotline's record has the sending; the agency's has no receipt of it. */
  'NO_RECEIPT',
  /** The agency signed for it, answered or returned it in the hub all the same. */
  'ACTED_IN_HUB',
  /** It was taken from the agency again, or closed. */
  'HELD_NO_LONGER',
  /** The agency's record has a receipt from before the sending, by more than clocks may differ. */
  'RECEIPT_BEFORE_SENDING',
  /** The agency's record has a receipt; the hotline's has no sending to the agency at all. */
  'NO_HANDOFF',
  /** The agency recorded it more often than it was sent. */
  'MORE_RECEIPTS_THAN_HANDOFFS',
  /** The agency's record has an answer; the hotline's has none from it. */
  'NO_FEEDBACK',
  /** The hotline closed the ticket all the same. */
  'CLOSED_WITHOUT_IT',
] as const;
export type LostGround = (typeof lostGrounds)[number];

export interface LostHandoff {
  readonly kind: LostKind;
  readonly agency: string;
  /** When it was sent, received or answered: RFC 3339 in +08:00. */
  readonly at: string;
  /** The hotline's step; null where there is none. */
  readonly runId: string | null;
  /** The agency's record; null where there is none. */
  readonly receiptNo: string | null;
  readonly grounds: readonly LostGround[];
  /** 0.5 where something in the records speaks against it. */
  readonly confidence: number;
}

/** What is no finding yet, and how far clocks may differ. */
export interface ComparingLimits {
  readonly officeHours: OfficeHours;
  /** Working seconds in which an agency records what it got, and the hotline what it sent or was answered. */
  readonly graceSeconds: number;
  /** Milliseconds. */
  readonly skewMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** An agency's part of a ticket. */
export interface AgencySide {
  readonly agency: string;
  readonly receipts: readonly Receipt[];
  /** Whether the ticket names it as leading or helping, by which alone it may have got it; null where that is not known. */
  readonly named: boolean | null;
}

const SURE = 1;
const UNSURE = 0.5;

/** Where one agency's record of the ticket disagrees with the hotline's, in order of time. `steps` come in order of time. */
export function lostHandoffs(
  steps: readonly TraceStep[],
  { agency, receipts, named }: AgencySide,
  limits: ComparingLimits,
): readonly LostHandoff[] {
  const hops = sentHops(steps).filter((hop) => hop.agency === agency);
  const { receiptOf, left } = matchReceipts(hops, receipts, limits.skewMs);
  const late = (since: string, until = formatDateTime(limits.now)): boolean => {
    const seconds = workingSeconds(since, until, limits.officeHours);
    return seconds !== null && seconds > limits.graceSeconds;
  };
  const ofHops = hops.flatMap((hop, i): LostHandoff[] => {
    const receipt = receiptOf[i] ?? null;
    if (receipt === null) {
      // What was taken back before it had to be recorded is not missing.
      if (!late(hop.step.at, hop.until ?? undefined)) return [];
      const early = left.some((r) => hop.step.at > r.receivedAt);
      return [notReceived(hop, early)];
    }
    const { answeredAt } = receipt;
    if (answeredAt === null || isFedBack(hop) || !late(answeredAt)) return [];
    return [notFedBack(hop, receipt, answeredAt, steps)];
  });
  // A co-agency is told of the ticket beside the steps. Where that is not known, or no step is, nothing is said.
  const unsent = named !== false || steps.length === 0 ? [] : left.filter(({ receivedAt }) => late(receivedAt));
  const ofReceipts = unsent.map(({ receiptNo, receivedAt }): LostHandoff => {
    const before = hops.some((hop, i) => receiptOf[i] === null && hop.step.at > receivedAt);
    return {
      kind: 'RECEIVED_NOT_SENT',
      agency,
      at: receivedAt,
      runId: null,
      receiptNo,
      grounds: [
        hops.length === 0 ? 'NO_HANDOFF' : 'MORE_RECEIPTS_THAN_HANDOFFS',
        ...(before ? (['RECEIPT_BEFORE_SENDING'] as const) : []),
      ],
      confidence: hops.length === 0 ? SURE : UNSURE,
    };
  });
  return [...ofHops, ...ofReceipts].toSorted(byTime);
}

function notReceived({ step, agency, acts, until }: SentHop, early: boolean): LostHandoff {
  const acted = acts.length > 0;
  return {
    kind: 'SENT_NOT_RECEIVED',
    agency,
    at: step.at,
    runId: step.runId,
    receiptNo: null,
    grounds: [
      'NO_RECEIPT',
      ...(acted ? (['ACTED_IN_HUB'] as const) : []),
      ...(until === null ? [] : (['HELD_NO_LONGER'] as const)),
      ...(early ? (['RECEIPT_BEFORE_SENDING'] as const) : []),
    ],
    confidence: acted || early ? UNSURE : SURE,
  };
}

function notFedBack(
  { step, agency }: SentHop,
  { receiptNo }: Receipt,
  at: string,
  steps: readonly TraceStep[],
): LostHandoff {
  const closed = steps.some((s) => s.kind === 'CLOSE' && s.at >= step.at);
  return {
    kind: 'ANSWERED_NOT_FED_BACK',
    agency,
    at,
    runId: step.runId,
    receiptNo,
    grounds: ['NO_FEEDBACK', ...(closed ? (['CLOSED_WITHOUT_IT'] as const) : [])],
    confidence: closed ? UNSURE : SURE,
  };
}

function byTime(a: LostHandoff, b: LostHandoff): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0;
}
