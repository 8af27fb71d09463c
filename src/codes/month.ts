import { parseDateTime } from './date-time.ts';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** A whole calendar month in +08:00, as times of the schema: from `from` on and before `before`. */
export interface MonthSpan {
  readonly from: string;
  readonly before: string;
}

/** Whether the text is a calendar month written `YYYY-MM`. The last one of the year 9999 has no end that can be written. */
export function isMonth(text: string): boolean {
  return MONTH.test(text) && text !== '9999-12';
}

/** Beginning and end of a month. RangeError on any other text. */
export function monthSpan(month: string): MonthSpan {
  if (!isMonth(month)) throw new RangeError('Expected a month like 2026-10');
  const [year = 0, number = 0] = month.split('-').map(Number);
  return { from: firstOf(year, number), before: number === 12 ? firstOf(year + 1, 1) : firstOf(year, number + 1) };
}

/** The end of the month, epoch milliseconds. */
export function monthEnd(month: string): number {
  return parseDateTime(monthSpan(month).before);
}

function firstOf(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01T00:00:00+08:00`;
}
