import { parseDateTime } from '../codes/date-time.ts';
import type { Receipt } from './receipt.ts';
import type { SentHop } from './sent-hops.ts';

export interface MatchedReceipts {
  /** By place of the hop: the receipt that shows that it arrived; null for none. */
  readonly receiptOf: readonly (Receipt | null)[];
  /** Receipts that no hop accounts for, in order of time. One without a time accounts for nothing, and is never left. */
  readonly left: readonly (Receipt & { readonly receivedAt: string })[];
}

type Timed = Receipt & { readonly receivedAt: string };

/**
 * Which receipt belongs to which sending to one agency. Both are matched in order: each receipt, the latest first, with
 * the latest hop that was sent before it and has none yet, so that as many as possible are matched and of two hops with
 * one receipt the one that it followed has it. A receipt may be earlier than its hop by `skewMs`, since clocks differ.
 */
export function matchReceipts(hops: readonly SentHop[], receipts: readonly Receipt[], skewMs: number): MatchedReceipts {
  const sentAt = hops.map(({ step }) => parseDateTime(step.at) - skewMs);
  const receiptOf: (Receipt | null)[] = hops.map(() => null);
  const timed = withoutRepeats(receipts.filter(isTimed).toSorted(byTime), sentAt);
  const left: Timed[] = [];
  for (const receipt of timed.toReversed()) {
    const at = parseDateTime(receipt.receivedAt);
    const place = receiptOf.findLastIndex((taken, i) => taken === null && (sentAt[i] ?? Infinity) <= at);
    if (place < 0) left.unshift(receipt);
    else receiptOf[place] = receipt;
  }
  // That the agency has it is certain, though not since when.
  for (const receipt of receipts.filter((r) => !isTimed(r))) {
    const place = receiptOf.indexOf(null);
    if (place >= 0) receiptOf[place] = receipt;
  }
  return { receiptOf, left };
}

/**
 * A receipt that stands twice in the agency's system is one: the same case, and nothing was sent in between. Written down
 * again it may have been answered since.
 */
function withoutRepeats(receipts: readonly Timed[], sentAt: readonly number[]): Timed[] {
  const kept: Timed[] = [];
  for (const receipt of receipts) {
    const place = kept.findLastIndex((before) => isSameCase(before, receipt));
    const before = kept[place];
    if (before === undefined || sentBetween(before, receipt, sentAt)) kept.push(receipt);
    else kept[place] = { ...before, answeredAt: before.answeredAt ?? receipt.answeredAt };
  }
  return kept;
}

function sentBetween(a: Timed, b: Timed, sentAt: readonly number[]): boolean {
  const [from, to] = [parseDateTime(a.receivedAt), parseDateTime(b.receivedAt)];
  return sentAt.some((at) => at > from && at <= to);
}

function isSameCase(a: Timed, b: Timed): boolean {
  return a.caseNo === null ? b.caseNo === null && a.receivedAt === b.receivedAt : a.caseNo === b.caseNo;
}

function isTimed(receipt: Receipt): receipt is Timed {
  return receipt.receivedAt !== null;
}

function byTime(a: Timed, b: Timed): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt < b.receivedAt ? -1 : 1;
  return a.receiptNo < b.receiptNo ? -1 : 1;
}
