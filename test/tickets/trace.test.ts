import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOfficeHours, type OfficeHours } from '../../src/calendar/office-hours.ts';
import { parseDateTime } from '../../src/codes/date-time.ts';
import { traceOf, type Trace, type TraceHop } from '../../src/tickets/trace.ts';
import type { TraceStep } from '../../src/tickets/trace-step.ts';
import { generatedTrail, step } from './trace-kit.ts';

const officeHours = readOfficeHours(['08:30-12:00', '14:00-17:30']) as OfficeHours;
const circumstances = { officeHours, now: () => parseDateTime('2026-11-30T12:00:00+08:00') };
const trace = (steps: readonly TraceStep[]): Trace => traceOf(steps, circumstances);

/** Who held it at this instant, as the hops tell. */
function heldAt(hops: readonly TraceHop[], at: string): readonly string[] {
  return hops.filter((h) => h.since <= at && (h.until === null || at < h.until)).map((h) => h.agency);
}

const bounced = [
  step('ACCEPT', null, 'hotline', '05 09:00'),
  step('DISPATCH', 'hotline', 'housing', '05 10:00', { dueAt: '12 23:59', signBy: '06 10:00', reason: '按目录派发' }),
  step('SIGN_FOR', 'housing', 'housing', '06 11:00', { dueAt: '12 23:59', signBy: '06 10:00' }),
  step('RETURN', 'housing', 'hotline', '09 09:00', { dueAt: '12 23:59' }),
  step('REASSIGN', 'hotline', 'grid', '09 10:00', { dueAt: '16 23:59', signBy: '10 10:00', by: '陈思远' }),
  step('SIGN_FOR', 'grid', 'grid', '09 11:00', { dueAt: '16 23:59', signBy: '10 10:00' }),
  step('FEEDBACK', 'grid', 'hotline', '17 09:00', { dueAt: '16 23:59' }),
  step('CLOSE', 'hotline', 'hotline', '17 15:00', { dueAt: '16 23:59' }),
];

test('a hop tells who gave it, why, for how long by the clock and in working time, and whether in time', () => {
  expect(trace(bounced).hops).toMatchObject([
    { agency: 'hotline', kind: 'ACCEPT', from: null, heldForSeconds: 3_600, signedLate: null, overdue: null },
    {
      runId: 'R05-10:00',
      agency: 'housing',
      from: 'hotline',
      kind: 'DISPATCH',
      reason: '按目录派发',
      since: '2026-11-05T10:00:00+08:00',
      until: '2026-11-09T09:00:00+08:00',
      heldForSeconds: 95 * 3_600,
      // Thursday 2 h and 3.5 h, Friday 7 h, Monday half an hour.
      heldForWorkingSeconds: 13 * 3_600,
      signedLate: true,
      overdue: false,
    },
    { agency: 'hotline', kind: 'RETURN', from: 'housing', overdue: false },
    { agency: 'grid', by: '陈思远', until: '2026-11-17T15:00:00+08:00', signedLate: false, overdue: true },
  ]);
});

test('a hop that still lasts has no length, and is overdue by now', () => {
  const open = bounced.slice(0, 6);
  expect(trace(open)).toMatchObject({ heldBy: 'grid' });
  expect(trace(open).hops.at(-1)).toMatchObject({
    until: null,
    heldForSeconds: null,
    heldForWorkingSeconds: null,
    overdue: true,
  });
});

test('an answer in time keeps a hop from being overdue, however late it is closed', () => {
  const answered = [
    ...bounced.slice(0, 6),
    step('FEEDBACK', 'grid', 'hotline', '13 09:00'),
    step('CLOSE', 'hotline', 'hotline', '20 09:00'),
  ];
  expect(trace(answered).hops.at(-1)).toMatchObject({ overdue: false });
});

test('a rework whose time is not known is not overdue by the old one', () => {
  const again = [...bounced, step('REWORK', 'hotline', 'grid', '18 09:00')];
  expect(trace(again).hops.at(-1)).toMatchObject({ agency: 'grid', kind: 'REWORK', overdue: null });
});

test('an extension moves the due time that counts', () => {
  const extended = [
    ...bounced.slice(0, 6),
    step('DECIDE_EXTENSION', 'hotline', 'grid', '13 09:00', { dueAt: '23 23:59' }),
    step('FEEDBACK', 'grid', 'hotline', '20 09:00', { dueAt: '23 23:59' }),
  ];
  expect(trace(extended).hops.at(-1)).toMatchObject({ overdue: false });
});

const moved = (...agencies: string[]): TraceStep[] =>
  agencies.map((to, i) =>
    step('REASSIGN', agencies[i - 1] ?? 'hotline', to, `${String(i + 1).padStart(2, '0')} 09:00`),
  );
const at = (day: number): string => `2026-11-0${day}T09:00:00+08:00`;

test.each([
  ['A to B to A is a circle', ['housing', 'grid', 'housing'], []],
  [
    'A to B to A to B',
    ['housing', 'grid', 'housing', 'grid'],
    [{ first: 'housing', second: 'grid', times: 3, at: [at(2), at(3), at(4)] }],
  ],
  [
    'by way of the hotline',
    ['housing', 'hotline', 'grid', 'hotline', 'housing', 'grid'],
    [{ first: 'housing', second: 'grid', times: 3, at: [at(3), at(5), at(6)] }],
  ],
  ['with the hotline itself', ['housing', 'hotline', 'housing', 'hotline', 'housing'], []],
  [
    'two pairs that share a visit',
    ['housing', 'grid', 'housing', 'grid', 'market', 'grid', 'market'],
    [
      { first: 'housing', second: 'grid', times: 3, at: [at(2), at(3), at(4)] },
      { first: 'grid', second: 'market', times: 3, at: [at(5), at(6), at(7)] },
    ],
  ],
  ['three in a ring', ['housing', 'grid', 'market', 'housing', 'grid', 'market'], []],
])('to and fro: %s', (_what, agencies, pingPongs) => {
  expect(trace(moved(...agencies)).pingPongs).toEqual(pingPongs);
});

test('whoever acts without having been given the ticket gets no hop', () => {
  const gaps = [
    step('SIGN_FOR', 'grid', 'grid', '05 09:00', { signBy: '05 08:00' }),
    step('FEEDBACK', 'grid', 'hotline', '05 10:00'),
    step('CLOSE', 'hotline', 'hotline', '05 11:00'),
    step('FOLLOW_UP', 'hotline', 'hotline', '05 12:00'),
    step('DISPATCH', 'hotline', null, '05 13:00'),
  ];
  expect(trace(gaps)).toMatchObject({ hops: [], circles: [], pingPongs: [], heldBy: null });
});

test('at any instant one agency at most holds it, and each hop rests on a step that gave it', () => {
  fc.assert(
    fc.property(generatedTrail, (steps) => {
      const { hops, heldBy, pingPongs, circles } = trace(steps);
      for (const { at: instant } of steps) expect(heldAt(hops, instant).length).toBeLessThanOrEqual(1);
      for (const hop of hops) {
        const giver = steps.find((s) => s.runId === hop.runId);
        expect([giver?.to, giver?.at, giver?.kind]).toEqual([hop.agency, hop.since, hop.kind]);
        if (hop.until !== null)
          expect(Number(hop.heldForWorkingSeconds)).toBeLessThanOrEqual(Number(hop.heldForSeconds));
      }
      expect(hops.filter((h) => h.until === null).map((h) => h.agency)).toEqual(heldBy === null ? [] : [heldBy]);
      // To and fro is more than round once.
      for (const { first, second, times } of pingPongs) {
        expect(times).toBeGreaterThanOrEqual(3);
        expect(circles.map((c) => c.agency)).toEqual(expect.arrayContaining([first, second]));
      }
    }),
    { numRuns: 500 },
  );
});

test('steps that move nothing change no hop, wherever they are put', () => {
  const still = fc.constantFrom('URGE', 'SUPERVISE', 'CO_SIGN', 'APPRAISE', 'FOLLOW_UP');
  fc.assert(
    fc.property(generatedTrail, still, fc.nat(), (steps, kind, where) => {
      const place = steps.length === 0 ? 0 : where % steps.length;
      const near = steps[place]?.at ?? '2026-11-05T09:00:00+08:00';
      const more = steps.toSpliced(place, 0, { ...step(kind, 'hotline', 'grid', '05 09:00'), at: near });
      expect(trace(more).hops).toEqual(trace(steps).hops);
    }),
  );
});
