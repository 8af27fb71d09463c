import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDateTime, isDate, isDateTime, parseDateTime } from '../../src/codes/date-time.ts';

describe('strict times', () => {
  it('knows real dates', () => {
    const dates = [
      '2026-11-23',
      '2024-02-29',
      '2000-02-29',
      '2023-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-1-1',
      '2026-11-23 ',
      '',
    ];
    expect(dates.filter(isDate)).toEqual(['2026-11-23', '2024-02-29', '2000-02-29']);
  });

  it('knows times to the second at +08:00', () => {
    const times = [
      '2026-11-23T09:30:00+08:00',
      '2026-02-29T09:30:00+08:00',
      '2026-11-23T24:00:00+08:00',
      '2026-11-23T09:60:00+08:00',
      '2026-11-23T09:30:00Z',
      '2026-11-23T09:30:00.000+08:00',
      '2026-11-23 09:30:00',
      '2026-11-23T09:30:00+08:00\n',
    ];
    expect(times.filter(isDateTime)).toEqual(['2026-11-23T09:30:00+08:00']);
  });

  it('counts from 1970', () => {
    expect(parseDateTime('1970-01-01T08:00:00+08:00')).toBe(0);
    expect(formatDateTime(1_000_999)).toBe('1970-01-01T08:16:40+08:00');
    expect(formatDateTime(-1)).toBe('1970-01-01T07:59:59+08:00');
    expect(() => parseDateTime('2026-11-23')).toThrow(RangeError);
    for (const ms of [Number.NaN, Infinity, 8.64e15, -8.64e15, 1e300])
      expect(() => formatDateTime(ms)).toThrow(RangeError);
  });

  it('reads back every time that it writes', () => {
    const seconds = fc.integer({ min: Date.UTC(1, 0, 1) / 1000, max: Date.UTC(9999, 0, 1) / 1000 });
    fc.assert(fc.property(seconds, (s) => parseDateTime(formatDateTime(s * 1000)) === s * 1000));
  });
});
