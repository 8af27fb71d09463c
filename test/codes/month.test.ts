import { describe, expect, test } from 'vitest';
import { isMonth, monthEnd, monthSpan } from '../../src/codes/month.ts';

describe('a month', () => {
  test.each(['2026-01', '2026-12', '0001-10', '9999-11'])('is written %s', (text) => expect(isMonth(text)).toBe(true));
  test.each(['2026-00', '2026-13', '2026-1', '202601', '2026-01-01', '+02026-01', '9999-12', ''])(
    'is not "%s"',
    (text) => {
      expect(isMonth(text)).toBe(false);
      expect(() => monthSpan(text)).toThrow(RangeError);
    },
  );

  test.each([
    ['2026-02', '2026-02-01T00:00:00+08:00', '2026-03-01T00:00:00+08:00'],
    ['2026-12', '2026-12-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'],
  ])('%s lasts from %s until before %s', (month, from, before) => {
    expect(monthSpan(month)).toEqual({ from, before });
    expect(monthEnd(month)).toBe(Date.parse(before));
  });
});
