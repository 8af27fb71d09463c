import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWorkingDay } from '../../src/calendar/working-days.ts';
import { readOfficeHours, workingSeconds, type OfficeHours } from '../../src/calendar/office-hours.ts';
import { formatDateTime, parseDateTime } from '../../src/codes/date-time.ts';

const hours = readOfficeHours(['08:30-12:00', '14:00-17:30']) as OfficeHours;
const HOUR = 3_600;

test.each([
  ['within a morning', '2026-11-05T09:00:00+08:00', '2026-11-05T11:00:00+08:00', 2 * HOUR],
  ['over noon', '2026-11-05T11:30:00+08:00', '2026-11-05T14:30:00+08:00', HOUR],
  ['at night', '2026-11-05T18:00:00+08:00', '2026-11-06T08:30:00+08:00', 0],
  ['over a weekend', '2026-11-06T17:00:00+08:00', '2026-11-09T09:00:00+08:00', HOUR],
  ['over a make-up Saturday (调休)', '2026-10-10T00:00:00+08:00', '2026-10-11T00:00:00+08:00', 7 * HOUR],
  ['over a holiday', '2026-10-01T00:00:00+08:00', '2026-10-08T00:00:00+08:00', 0],
  ['backwards', '2026-11-05T11:00:00+08:00', '2026-11-05T09:00:00+08:00', 0],
])('%s', (_what, since, until, seconds) => {
  expect(workingSeconds(since, until, hours)).toBe(seconds);
});

test('it is what is counted minute by minute, and adds up', () => {
  const start = parseDateTime('2026-09-18T00:00:00+08:00') / 60_000;
  const minute = fc.integer({ min: start, max: start + 30 * 1_440 });
  fc.assert(
    fc.property(fc.tuple(minute, minute, minute), (some) => {
      const [a = 0, b = 0, c = 0] = some.toSorted((x, y) => x - y);
      const at = (m: number): string => formatDateTime(m * 60_000);
      let counted = 0;
      for (let m = a; m < c; m++) {
        const text = at(m);
        const clock = text.slice(11, 16);
        const open = (clock >= '08:30' && clock < '12:00') || (clock >= '14:00' && clock < '17:30');
        if (open && isWorkingDay(text.slice(0, 10))) counted += 60;
      }
      expect(workingSeconds(at(a), at(c), hours)).toBe(counted);
      expect(Number(workingSeconds(at(a), at(b), hours)) + Number(workingSeconds(at(b), at(c), hours))).toBe(counted);
    }),
    { numRuns: 20 },
  );
});

test('a mistyped year is not counted through', () => {
  expect(workingSeconds('2026-11-05T09:00:00+08:00', '9026-11-05T09:00:00+08:00', hours)).toBeNull();
});

test.each([[[]], [['8:30-12:00']], [['12:00-08:30']], [['08:30-12:00', '11:00-17:30']], [['08:30-24:30']], [['']]])(
  '%j are no office hours',
  (periods) => {
    expect(readOfficeHours(periods)).toBeNull();
  },
);
