import fc from 'fast-check';
import { formatDateTime, parseDateTime } from '../../src/codes/date-time.ts';
import type { TraceStep } from '../../src/tickets/trace-step.ts';

/** `05 09:00` of November 2026. */
const time = (text: string): string => `2026-11-${text.replace(' ', 'T')}:00+08:00`;

/** One step of November 2026, its times written `DD HH:MM`. */
export function step(
  kind: string,
  from: string | null,
  to: string | null,
  at: string,
  { dueAt = null, signBy = null, ...more }: Partial<TraceStep> = {},
): TraceStep {
  return {
    runId: `R${at.replace(' ', '-')}`,
    kind,
    from,
    to,
    at: time(at),
    by: null,
    reason: null,
    dueAt: dueAt === null ? null : time(dueAt),
    signBy: signBy === null ? null : time(signBy),
    siteVisit: null,
    evidenceCount: null,
    ...more,
  };
}

const start = parseDateTime('2026-11-02T00:00:00+08:00');
const moment = fc.integer({ min: 0, max: 200 }).map((n) => formatDateTime(start + n * 3 * 3_600_000));
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null, freq: 2 });
const anything = [
  ...['ACCEPT', 'DISPATCH', 'SIGN_FOR', 'RETURN', 'REASSIGN', 'ESCALATE', 'FEEDBACK', 'CLOSE', 'REWORK'],
  ...['FOLLOW_UP', 'ARCHIVE', 'OBJECT', 'RULE', 'CO_SIGN', 'PUSH_DOWN'],
];
const agency = fc.constantFrom('hotline', 'housing', 'grid', 'market');
const between = fc.constantFrom('hotline', 'housing', 'grid', 'housing', 'grid');

function stepsOf(
  kind: fc.Arbitrary<string>,
  to: fc.Arbitrary<string | null>,
): fc.Arbitrary<Omit<TraceStep, 'runId'>[]> {
  const one = fc.record({
    kind,
    from: maybe(agency),
    to,
    at: moment,
    by: fc.constant(null),
    reason: fc.constant(null),
    dueAt: maybe(moment),
    signBy: maybe(moment),
    siteVisit: maybe(fc.boolean()),
    evidenceCount: maybe(fc.nat(2)),
  });
  return fc.array(one, { maxLength: 24 });
}

/** What an import may bring, in order of time: any steps, many missing, some impossible; or an agency's word against another's. */
export const generatedTrail: fc.Arbitrary<readonly TraceStep[]> = fc
  .oneof(
    stepsOf(fc.constantFrom(...anything), maybe(agency)),
    stepsOf(fc.constantFrom('REASSIGN', 'SIGN_FOR'), between),
  )
  .map((steps) =>
    steps
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      .map((one, i) => ({ runId: `R${String(i).padStart(3, '0')}`, ...one })),
  );
