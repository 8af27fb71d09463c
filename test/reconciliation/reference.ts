import fc from 'fast-check';
import { isWorkingDay } from '../../src/calendar/working-days.ts';
import { formatDateTime, parseDateTime } from '../../src/codes/date-time.ts';
import type { AgencySide, ComparingLimits, LostHandoff } from '../../src/reconciliation/lost-handoffs.ts';
import type { Receipt } from '../../src/reconciliation/receipt.ts';
import type { TraceStep } from '../../src/tickets/trace-step.ts';

const start = parseDateTime('2026-11-02T08:00:00+08:00');
/** Few moments, some of them nearer to each other than clocks may differ. */
const moment = fc
  .integer({ min: 0, max: 60 })
  .map((n) => formatDateTime(start + n * 5 * 3_600_000 + (n % 3) * 240_000));
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null, freq: 4 });
const agency = fc.constantFrom('hotline', 'grid', 'grid', 'housing');

const steps = fc
  .array(
    fc.record({
      kind: fc.constantFrom(
        'DISPATCH',
        'REASSIGN',
        'REWORK',
        'RETURN',
        'FEEDBACK',
        'SIGN_FOR',
        'CO_SIGN',
        'CLOSE',
        'EMERGENCY',
      ),
      from: maybe(agency),
      to: maybe(agency),
      at: moment,
    }),
    { maxLength: 9 },
  )
  .map((list) =>
    list
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      .map((one, i): TraceStep => {
        const none = { by: null, reason: null, dueAt: null, signBy: null, siteVisit: null, evidenceCount: null };
        return { runId: `R${i}`, ...one, ...none };
      }),
  );

const receipts = fc
  .array(
    fc.record({
      caseNo: maybe(fc.constantFrom('Z1', 'Z2', 'Z3')),
      from: fc.constant('hotline'),
      receivedAt: maybe(moment),
      answeredAt: maybe(moment),
    }),
    { maxLength: 5 },
  )
  .map((list) => list.map((one, i): Receipt => ({ receiptNo: `G${i}`, ...one })));

/** A history of the hotline's and what the grid centre recorded of it. */
export const generatedSide = fc
  .record({ steps, receipts, named: fc.constantFrom(true, false, null) })
  .map(({ steps: of, ...side }): { readonly steps: readonly TraceStep[]; readonly side: AgencySide } => ({
    steps: of,
    side: { agency: 'grid', ...side },
  }));

/** The same as `lostHandoffs`, slowly: every way to match is tried, every second of work counted by the minute. */
export function referenceLost(all: readonly TraceStep[], side: AgencySide, limits: ComparingLimits): LostHandoff[] {
  const { agency: own, named } = side;
  const sendings = all.flatMap((s, i) => (sends(all, i) && s.to === own ? [i] : []));
  const early = (i: number): number => parseDateTime(all[i]!.at) - limits.skewMs;
  const dated = onceEach(
    side.receipts.filter((r) => r.receivedAt !== null).toSorted((a, b) => order(key(a), key(b))),
    sendings.map(early),
  );
  const undated = side.receipts.filter((r) => r.receivedAt === null);
  const fits = (hop: number, r: Receipt): boolean => parseDateTime(r.receivedAt!) >= early(sendings[hop]!);
  const best = matchings(sendings.length, dated, fits).toSorted((a, b) => order(rank(b), rank(a)))[0]!;
  const matched: (Receipt | null)[] = best.map((r) => (r === null ? null : dated[r]!));
  const left = dated.filter((_, i) => !best.includes(i));
  for (const r of undated) {
    const free = matched.indexOf(null);
    if (free >= 0) matched[free] = r;
  }
  const over = (from: string, until: number): boolean =>
    worked(parseDateTime(from), until, limits) > limits.graceSeconds;
  const found: LostHandoff[] = [];
  sendings.forEach((place, hop) => {
    const sent = all[place]!;
    const next = sendings[hop + 1] ?? all.length;
    const mine = all.slice(place + 1, next).filter((s) => s.from === own);
    const told = mine.filter((s) => ['FEEDBACK', 'RETURN', 'CO_SIGN', 'OBJECT', 'CLOSE', 'REASSIGN'].includes(s.kind));
    const acted = told.length > 0 || mine.some((s) => s.kind === 'SIGN_FOR');
    const end = all.slice(place + 1).find((s) => {
      if (s.kind === 'CLOSE') return true;
      if (sent.kind === 'CO_SIGN' || sent.kind === 'EMERGENCY') return false;
      return ['DISPATCH', 'REASSIGN', 'REWORK', 'RETURN'].includes(s.kind) && s.to !== null && s.to !== own;
    });
    const receipt = matched[hop] ?? null;
    if (receipt === null) {
      if (!over(sent.at, end === undefined ? limits.now : parseDateTime(end.at))) return;
      const before = left.some((r) => r.receivedAt! < sent.at);
      const grounds: LostHandoff['grounds'] = [
        'NO_RECEIPT',
        ...(acted ? (['ACTED_IN_HUB'] as const) : []),
        ...(end === undefined ? [] : (['HELD_NO_LONGER'] as const)),
        ...(before ? (['RECEIPT_BEFORE_SENDING'] as const) : []),
      ];
      const confidence = acted || before ? 0.5 : 1;
      found.push({
        kind: 'SENT_NOT_RECEIVED',
        agency: own,
        at: sent.at,
        runId: sent.runId,
        receiptNo: null,
        grounds,
        confidence,
      });
    } else if (receipt.answeredAt !== null && told.length === 0 && over(receipt.answeredAt, limits.now)) {
      const closed = all.some((s) => s.kind === 'CLOSE' && s.at >= sent.at);
      found.push({
        kind: 'ANSWERED_NOT_FED_BACK',
        agency: own,
        at: receipt.answeredAt,
        runId: sent.runId,
        receiptNo: receipt.receiptNo,
        grounds: closed ? ['NO_FEEDBACK', 'CLOSED_WITHOUT_IT'] : ['NO_FEEDBACK'],
        confidence: closed ? 0.5 : 1,
      });
    }
  });
  if (named === false && all.length > 0) {
    for (const r of left) {
      if (!over(r.receivedAt!, limits.now)) continue;
      const before = sendings.some((place, hop) => matched[hop] === null && all[place]!.at > r.receivedAt!);
      found.push({
        kind: 'RECEIVED_NOT_SENT',
        agency: own,
        at: r.receivedAt!,
        runId: null,
        receiptNo: r.receiptNo,
        grounds: [
          sendings.length === 0 ? 'NO_HANDOFF' : 'MORE_RECEIPTS_THAN_HANDOFFS',
          ...(before ? (['RECEIPT_BEFORE_SENDING'] as const) : []),
        ],
        confidence: sendings.length === 0 ? 1 : 0.5,
      });
    }
  }
  return found.toSorted((a, b) => order(`${a.at} ${a.kind}`, `${b.at} ${b.kind}`));
}

function sends(all: readonly TraceStep[], i: number): boolean {
  const { kind, from, to } = all[i]!;
  if (to === null || to === 'hotline' || to === from) return false;
  if (['DISPATCH', 'REASSIGN', 'REWORK', 'RETURN', 'EMERGENCY'].includes(kind)) return true;
  return kind === 'CO_SIGN' && !all.some((s, j) => j < i && s.kind === 'CO_SIGN' && s.to === from && s.from === to);
}

const key = (r: Receipt): string => `${r.receivedAt} ${r.receiptNo}`;

function onceEach(sorted: readonly Receipt[], sentAt: readonly number[]): Receipt[] {
  const kept: Receipt[] = [];
  for (const r of sorted) {
    const same = kept.findLast((k) =>
      r.caseNo === null ? k.caseNo === null && k.receivedAt === r.receivedAt : k.caseNo === r.caseNo,
    );
    const apart =
      same !== undefined &&
      sentAt.some((at) => at > parseDateTime(same.receivedAt!) && at <= parseDateTime(r.receivedAt!));
    if (same === undefined || apart) kept.push(r);
    else kept[kept.indexOf(same)] = { ...same, answeredAt: same.answeredAt ?? r.answeredAt };
  }
  return kept;
}

/** Every way to give hops receipts in order: by hop, the receipt's place. */
function matchings(
  hops: number,
  of: readonly Receipt[],
  fits: (hop: number, r: Receipt) => boolean,
): (number | null)[][] {
  const from = (hop: number, next: number): (number | null)[][] => {
    if (hop === hops) return [[]];
    const ways = from(hop + 1, next).map((rest) => [null, ...rest]);
    for (let r = next; r < of.length; r++)
      if (fits(hop, of[r]!)) for (const rest of from(hop + 1, r + 1)) ways.push([r, ...rest]);
    return ways;
  };
  return from(0, 0);
}

/** More matches are better; then those of later hops, with later receipts. */
function rank(way: readonly (number | null)[]): string {
  const count = way.filter((r) => r !== null).length;
  return [count, ...way.toReversed().map((r) => (r === null ? 0 : r + 1))]
    .map((n) => String(n).padStart(3, '0'))
    .join(' ');
}

const firstMinute = start / 60_000;
/** By minute since the first of all histories: the minutes of work until then, counted one by one, once. */
const minutesWorked: number[] = [];

function worked(from: number, until: number, { officeHours }: ComparingLimits): number {
  const upTo = (at: number): number => {
    const minutes = at / 60_000 - firstMinute;
    for (let i = minutesWorked.length; i <= minutes; i++) {
      const text = formatDateTime((firstMinute + i - 1) * 60_000);
      const minute = Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
      const open = i > 0 && isWorkingDay(text.slice(0, 10)) && officeHours.some(([o, c]) => minute >= o && minute < c);
      minutesWorked.push((minutesWorked[i - 1] ?? 0) + (open ? 1 : 0));
    }
    return minutesWorked[minutes]!;
  };
  return (upTo(until) - upTo(from)) * 60;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
