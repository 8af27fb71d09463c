import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDateTime } from '../../src/codes/date-time.ts';
import { usualCircumstances } from '../../src/connector/circumstances.ts';
import { lostHandoffs, type LostHandoff } from '../../src/reconciliation/lost-handoffs.ts';
import type { Receipt } from '../../src/reconciliation/receipt.ts';
import type { TraceStep } from '../../src/tickets/trace-step.ts';
import { step } from '../tickets/trace-kit.ts';
import { generatedSide, referenceLost } from './reference.ts';

const now = parseDateTime('2026-11-30T12:00:00+08:00');
/** A working day of seven hours to record it, ten minutes between clocks. */
const limits = { officeHours: usualCircumstances.officeHours, graceSeconds: 7 * 3_600, skewMs: 600_000, now };

const at = (text: string): string => `2026-11-${text.replace(' ', 'T')}:00+08:00`;

/** `G1` got it at `DD HH:MM`; `Z1` is its case unless another is named. */
function receipt(receivedAt: string | null, more: Partial<Receipt> = {}): Receipt {
  const no = receivedAt?.replace(' ', '-') ?? 'undated';
  const got = receivedAt === null ? null : at(receivedAt);
  return { receiptNo: `G${no}`, caseNo: `Z${no}`, from: 'hotline', receivedAt: got, answeredAt: null, ...more };
}

const lost = (
  steps: readonly TraceStep[],
  receipts: readonly Receipt[],
  named: boolean | null = false,
  more: Partial<typeof limits> = {},
): readonly LostHandoff[] => lostHandoffs(steps, { agency: 'grid', receipts, named }, { ...limits, ...more });

const accepted = step('ACCEPT', null, 'hotline', '02 09:00');
const sent = step('DISPATCH', 'hotline', 'grid', '02 10:00');
const signed = step('SIGN_FOR', 'grid', 'grid', '02 11:00');
const answered = step('FEEDBACK', 'grid', 'hotline', '04 10:00');
const returned = step('RETURN', 'grid', 'hotline', '04 10:00');
const again = step('REASSIGN', 'hotline', 'grid', '05 09:00');

describe('lost handoffs', () => {
  it('finds nothing where both records agree', () => {
    expect(lost([accepted, sent, signed, answered], [receipt('02 10:05', { answeredAt: at('04 09:50') })])).toEqual([]);
  });

  it('finds what was sent and never received', () => {
    expect(lost([accepted, sent], [])).toEqual([
      {
        kind: 'SENT_NOT_RECEIVED',
        agency: 'grid',
        at: at('02 10:00'),
        runId: sent.runId,
        receiptNo: null,
        grounds: ['NO_RECEIPT'],
        confidence: 1,
      },
    ]);
  });

  it('is unsure where the agency acted on it in the hub, without a record of its own', () => {
    expect(lost([accepted, sent, signed], [])).toMatchObject([
      { kind: 'SENT_NOT_RECEIVED', grounds: ['NO_RECEIPT', 'ACTED_IN_HUB'], confidence: 0.5 },
    ]);
  });

  it('finds what was received and never sent', () => {
    expect(lost([accepted, step('DISPATCH', 'hotline', 'housing', '02 10:00')], [receipt('02 10:05')])).toEqual([
      {
        kind: 'RECEIVED_NOT_SENT',
        agency: 'grid',
        at: at('02 10:05'),
        runId: null,
        receiptNo: 'G02-10:05',
        grounds: ['NO_HANDOFF'],
        confidence: 1,
      },
    ]);
  });

  it('finds what was answered and not fed back', () => {
    expect(lost([accepted, sent, signed], [receipt('02 10:05', { answeredAt: at('04 09:50') })])).toEqual([
      {
        kind: 'ANSWERED_NOT_FED_BACK',
        agency: 'grid',
        at: at('04 09:50'),
        runId: sent.runId,
        receiptNo: 'G02-10:05',
        grounds: ['NO_FEEDBACK'],
        confidence: 1,
      },
    ]);
  });

  it('is unsure of an answer that the hotline closed the ticket without', () => {
    const closed = step('CLOSE', 'hotline', 'hotline', '05 10:00');
    expect(lost([accepted, sent, closed], [receipt('02 10:05', { answeredAt: at('04 09:50') })])).toMatchObject([
      { kind: 'ANSWERED_NOT_FED_BACK', grounds: ['NO_FEEDBACK', 'CLOSED_WITHOUT_IT'], confidence: 0.5 },
    ]);
  });

  it('says nothing within the grace period, which runs in working time', () => {
    // From Monday 10:00: six and a half hours of work by Tuesday 09:30, seven by 10:00.
    const until = (text: string) => lost([accepted, sent], [], false, { now: parseDateTime(at(text)) });
    expect(until('03 10:00')).toEqual([]);
    expect(until('03 10:01')).toMatchObject([{ kind: 'SENT_NOT_RECEIVED' }]);
    // Over a weekend no office is open.
    const friday = step('DISPATCH', 'hotline', 'grid', '06 17:00');
    expect(lost([accepted, friday], [], false, { now: parseDateTime(at('08 23:00')) })).toEqual([]);
  });

  it('says nothing of what was taken back before it had to be recorded', () => {
    const elsewhere = step('REASSIGN', 'hotline', 'housing', '02 11:00');
    expect(lost([accepted, sent, elsewhere], [])).toEqual([]);
  });

  it('says nothing of an answer, or of a receipt, that is younger than the grace period', () => {
    const soon = { now: parseDateTime(at('04 12:00')) };
    expect(lost([accepted, sent], [receipt('02 10:05', { answeredAt: at('04 09:50') })], false, soon)).toEqual([]);
    expect(lost([accepted], [receipt('04 09:50')], false, soon)).toEqual([]);
  });

  it('allows for clocks that differ, up to the limit', () => {
    expect(lost([accepted, sent], [receipt('02 09:50')])).toEqual([]);
    expect(lost([accepted, sent], [receipt('02 09:49')])).toMatchObject([
      {
        kind: 'RECEIVED_NOT_SENT',
        grounds: ['MORE_RECEIPTS_THAN_HANDOFFS', 'RECEIPT_BEFORE_SENDING'],
        confidence: 0.5,
      },
      { kind: 'SENT_NOT_RECEIVED', grounds: ['NO_RECEIPT', 'RECEIPT_BEFORE_SENDING'], confidence: 0.5 },
    ]);
  });

  it('takes a receipt that stands twice for one, answered where one of the two is', () => {
    const twice = [
      receipt('02 10:05', { caseNo: 'Z1' }),
      receipt('02 10:30', { caseNo: 'Z1', answeredAt: at('03 09:00') }),
    ];
    expect(lost([accepted, sent, answered], twice)).toEqual([]);
    expect(lost([accepted, sent], twice)).toMatchObject([{ kind: 'ANSWERED_NOT_FED_BACK', at: at('03 09:00') }]);
  });

  it('is unsure of a second case for one handoff', () => {
    expect(lost([accepted, sent], [receipt('02 10:05'), receipt('03 10:05')])).toMatchObject([
      { kind: 'RECEIVED_NOT_SENT', at: at('02 10:05'), grounds: ['MORE_RECEIPTS_THAN_HANDOFFS'], confidence: 0.5 },
    ]);
  });

  it('matches two hops to one agency in order, the same case number included', () => {
    const steps = [accepted, sent, returned, again, answered];
    const both = [receipt('02 10:05', { caseNo: 'Z1' }), receipt('05 09:05', { caseNo: 'Z1' })];
    expect(lost(steps, both)).toEqual([]);
    // One receipt, after the second: the first was lost, though the agency returned it.
    expect(lost(steps, [receipt('05 09:05')])).toMatchObject([
      { kind: 'SENT_NOT_RECEIVED', runId: sent.runId, grounds: ['NO_RECEIPT', 'ACTED_IN_HUB', 'HELD_NO_LONGER'] },
    ]);
    // One receipt, before it: the second was lost.
    expect(lost(steps, [receipt('02 10:05')])).toMatchObject([
      { kind: 'SENT_NOT_RECEIVED', runId: again.runId, grounds: ['NO_RECEIPT', 'ACTED_IN_HUB'] },
    ]);
  });

  it('takes a return for an answer, of its own hop alone', () => {
    const first = receipt('02 10:05', { answeredAt: at('03 09:00') });
    const second = receipt('05 09:05', { answeredAt: at('06 09:00') });
    expect(lost([accepted, sent, returned, again], [first, second])).toMatchObject([
      { kind: 'ANSWERED_NOT_FED_BACK', runId: again.runId },
    ]);
  });

  it('counts asking a co-agency as sending, and its answer as none', () => {
    const asked = step('CO_SIGN', 'housing', 'grid', '03 10:00');
    const opinion = step('CO_SIGN', 'grid', 'housing', '04 10:00');
    const housing = step('DISPATCH', 'hotline', 'housing', '02 10:00');
    expect(lost([accepted, housing, asked], [])).toMatchObject([{ kind: 'SENT_NOT_RECEIVED', runId: asked.runId }]);
    const housingSide = { agency: 'housing', receipts: [receipt('02 10:05')], named: true };
    expect(lostHandoffs([accepted, housing, asked, opinion], housingSide, limits)).toEqual([]);
  });

  it('says nothing of a receipt of an agency that the ticket names, or where that or every step is unknown', () => {
    expect(lost([accepted], [receipt('02 10:05')], true)).toEqual([]);
    expect(lost([accepted], [receipt('02 10:05')], null)).toEqual([]);
    expect(lost([], [receipt('02 10:05')])).toEqual([]);
  });

  it('takes a receipt without a time for proof that it arrived, and for nothing else', () => {
    expect(lost([accepted, sent], [receipt(null)])).toEqual([]);
    expect(lost([accepted], [receipt(null)])).toEqual([]);
  });

  it('finds what a slow reference finds, over generated histories', () => {
    fc.assert(
      fc.property(generatedSide, ({ steps, side }) => {
        expect(lostHandoffs(steps, side, limits)).toEqual(referenceLost(steps, side, limits));
      }),
      { numRuns: 1_500 },
    );
  });
});
