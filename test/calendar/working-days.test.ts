import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWorkingDays, calendarCoverage, isWorkingDay } from '../../src/calendar/working-days.ts';
import { yearDays } from '../../src/calendar/working-days.data.ts';
import { formatDateTime, isDate } from '../../src/codes/date-time.ts';

const day = () =>
  fc.integer({ min: Date.UTC(2018, 0, 1), max: Date.UTC(2026, 11, 31) }).map((ms) => formatDateTime(ms).slice(0, 10));

describe('working days', () => {
  it.each([
    ['2025-01-24', 5, '2025-02-07'],
    ['2025-09-26', 5, '2025-10-10'],
    ['2025-09-30', 3, '2025-10-11'],
    ['2025-12-31', 5, '2026-01-08'],
    ['2026-02-13', 5, '2026-02-27'],
    ['2026-02-27', 3, '2026-03-03'],
    ['2018-12-28', 2, '2019-01-02'],
    ['2026-11-23', 0, '2026-11-23'],
  ])('%s and %i working days is %s', (start, count, due) => {
    expect(addWorkingDays(start, count)).toEqual({ due, provisional: false });
  });

  it('is provisional past the last known day, and before the first', () => {
    expect(calendarCoverage).toEqual({ from: '2018-01-01', to: '2026-12-31' });
    expect(addWorkingDays('2026-12-30', 1)).toEqual({ due: '2026-12-31', provisional: false });
    expect(addWorkingDays('2026-12-30', 2)).toEqual({ due: '2027-01-01', provisional: true });
    expect(addWorkingDays('2017-12-28', 1)).toEqual({ due: '2017-12-29', provisional: true });
  });

  it('knows holidays and make-up days', () => {
    const days = [
      '2025-10-01',
      '2025-10-08',
      '2025-09-28',
      '2025-10-11',
      '2025-10-12',
      '2025-10-13',
      '2020-02-03',
      '2026-02-14',
      '2018-12-29',
      '2022-12-31',
    ];
    expect(days.filter(isWorkingDay)).toEqual([
      '2025-09-28',
      '2025-10-11',
      '2025-10-13',
      '2020-02-03',
      '2026-02-14',
      '2018-12-29',
    ]);
  });

  it('has real days in its data, each once and in order', () => {
    for (const [year, { off, work }] of Object.entries(yearDays)) {
      for (const words of [off.split(' '), work.split(' ')]) {
        expect(words).toEqual([...new Set(words)].toSorted());
        expect(words.filter((w) => !isDate(`${year}-${w.slice(0, 2)}-${w.slice(2)}`))).toEqual([]);
      }
      expect(off.split(' ').filter((w) => work.split(' ').includes(w))).toEqual([]);
    }
    const count = (kind: 'off' | 'work') =>
      Object.values(yearDays).reduce((sum, days) => sum + days[kind].split(' ').length, 0);
    expect([count('off'), count('work')]).toEqual([255, 60]);
  });

  it('holds the facts of the notices, unchanged', () => {
    const dates = (kind: 'off' | 'work') =>
      Object.entries(yearDays).flatMap(([year, days]) =>
        days[kind].split(' ').map((w) => `${year}-${w.slice(0, 2)}-${w.slice(2)} ${kind}`),
      );
    const facts = [...dates('off'), ...dates('work')].toSorted().join('\n');
    // Taken from the public data set of the notices, not from this table.
    expect(createHash('sha256').update(facts).digest('hex')).toBe(
      '6e266a1d9a0749951745c3805f3d3cad40971446d64e862fbfd84213125af70f',
    );
  });

  it('has the number of working days that the notices leave to each year', () => {
    const worked = (year: string) => {
      const days = Array.from({ length: 366 }, (_, i) => formatDateTime(Date.UTC(Number(year), 0, 1 + i)).slice(0, 10));
      return days.filter((date) => date.startsWith(year) && isWorkingDay(date)).length;
    };
    expect(Object.fromEntries(Object.keys(yearDays).map((year) => [year, worked(year)]))).toEqual({
      2018: 250,
      2019: 250,
      2020: 249,
      2021: 250,
      2022: 249,
      2023: 249,
      2024: 251,
      2025: 248,
      2026: 248,
    });
  });

  it('is due on a working day, and the counts add up', () => {
    fc.assert(
      fc.property(day(), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (start, a, b) => {
        const { due } = addWorkingDays(start, a);
        expect(isWorkingDay(due)).toBe(true);
        expect(addWorkingDays(due, b).due).toBe(addWorkingDays(start, a + b).due);
      }),
    );
  });

  it('refuses what is no date or no count', () => {
    expect(() => isWorkingDay('2026-02-30')).toThrow(RangeError);
    expect(() => addWorkingDays('2026/02/01', 1)).toThrow(RangeError);
    for (const count of [-1, 1.5, Number.NaN, 10_001])
      expect(() => addWorkingDays('2026-02-01', count)).toThrow(RangeError);
  });
});
