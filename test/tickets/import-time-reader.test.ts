import { expect, test } from 'vitest';
import { formatProblem, timeReader } from '../../src/tickets/import/time-reader.ts';

const read = (text: string, format: string | readonly string[], zone = 'Asia/Shanghai'): string => {
  const reading = timeReader([format].flat(), zone)(text);
  return reading.kind === 'time' ? reading.value : reading.kind;
};
const newYork = (text: string): string => read(text, 'MM/dd/yyyy hh:mm:ss a', 'America/New_York');

test.each([
  ['01/15/2025 12:00:00 AM', '2025-01-15T13:00:00+08:00'],
  ['03/24/2025 11:33:07 PM', '2025-03-25T11:33:07+08:00'],
  ['07/04/2025 12:00:00 PM', '2025-07-05T00:00:00+08:00'],
  // The last second before the clocks go forward, and the first one after.
  ['03/09/2025 01:59:59 AM', '2025-03-09T14:59:59+08:00'],
  ['03/09/2025 03:00:00 AM', '2025-03-09T15:00:00+08:00'],
  ['03/09/2025 02:30:00 AM', 'skipped'],
  // Shown twice: the earlier one, still in summer time.
  ['11/02/2025 01:30:00 AM', '2025-11-02T13:30:00+08:00'],
  ['11/02/2025 02:00:00 AM', '2025-11-02T15:00:00+08:00'],
  ['13/01/2025 01:00:00 AM', 'unreadable'],
  ['2025-03-24', 'unreadable'],
])('New York %s is %s', (text, expected) => expect(newYork(text)).toBe(expected));

test.each([
  ['2019/4/25 9:32:09', 'yyyy/M/d H:mm:ss', '2019-04-25T09:32:09+08:00'],
  ['2019/4/25', ['yyyy/M/d H:mm:ss', 'yyyy/M/d'], '2019-04-25T00:00:00+08:00'],
  ['2019/2/29 9:32:09', 'yyyy/M/d H:mm:ss', 'unreadable'],
  // Summer time of 1988 is not applied: +08:00 the whole year.
  ['1988-07-01 08:00:00', 'yyyy-MM-dd HH:mm:ss', '1988-07-01T08:00:00+08:00'],
  ['1988-07-01 08:00:00', 'loose', '1988-07-01T08:00:00+08:00'],
  ['2025-07-01T08:00:00+0000', "yyyy-MM-dd'T'HH:mm:ssZZZ", '2025-07-01T16:00:00+08:00'],
  ['45658', 'excel-serial', '2025-01-01T00:00:00+08:00'],
  ['45658.999988426', 'excel-serial', '2025-01-01T23:59:59+08:00'],
  ['61', 'excel-serial', '1900-03-01T00:00:00+08:00'],
  ['60', 'excel-serial', 'unreadable'],
  ['-1', 'excel-serial', 'unreadable'],
  ['2958466', 'excel-serial', 'unreadable'],
  ['20190425093209', 'loose', '2019-04-25T09:32:09+08:00'],
  ['yesterday', 'loose', 'unreadable'],
] as const)('%s as %s is %s', (text, format, expected) => expect(read(text, format)).toBe(expected));

test('loose and serial times are wall-clock times of the zone, unless they name an offset', () => {
  const zone = 'America/New_York';
  expect([
    read('2025-07-01 08:00:00', 'loose', zone),
    read('2025-07-01T08:00:00Z', 'loose', zone),
    read('45839.5', 'excel-serial', zone),
  ]).toEqual(['2025-07-01T20:00:00+08:00', '2025-07-01T16:00:00+08:00', '2025-07-02T00:00:00+08:00']);
});

test('a format must read back what it writes', () => {
  const good = ['yyyy/M/d H:mm:ss', 'yyyy-MM-dd', 'yyyyMMddHHmm', 'MM/dd/yyyy hh:mm:ss a', 'loose', 'excel-serial'];
  expect(good.map((format) => formatProblem(format))).toEqual(good.map(() => undefined));
  const better = (format: string): string | undefined => /Did you mean (.+?)[?]/.exec(formatProblem(format) ?? '')?.[1];
  expect(
    ['YYYY-MM-DD', 'yyyy-mm-dd', 'yyyy-MM-dd hh:mm:ss', 'YYYY/MM/DD hh:MM:ss', 'excel-serail', 'q'].map(better),
  ).toEqual(['yyyy-MM-dd', 'yyyy-MM-dd', 'yyyy-MM-dd HH:mm:ss', 'yyyy/MM/dd HH:mm:ss', 'excel-serial', undefined]);
  expect(better('yyyy-MM-ddTHH:mm:ss')).toBe("yyyy-MM-dd'T'HH:mm:ss");
  expect(formatProblem('MM-dd')).toMatch(/cannot read a whole date/);
});
