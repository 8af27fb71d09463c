const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DATE_TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\+08:00$/;
/** Asia/Shanghai is +08:00 and has no daylight saving, so that plain arithmetic is exact on every machine. */
const OFFSET_MS = 8 * 3_600_000;

/** Whether the text is a real date written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return DATE.test(text) && dayExists(text);
}

/** Whether the text is a real time written `YYYY-MM-DDTHH:mm:ss+08:00`. */
export function isDateTime(text: string): boolean {
  return DATE_TIME.test(text) && dayExists(text);
}

/** Milliseconds since 1970 as `YYYY-MM-DDTHH:mm:ss+08:00`, cut to the second. RangeError outside the years 0 to 9999. */
export function formatDateTime(epochMs: number): string {
  // A year past 9999 is written with a sign and more digits: it fails the check.
  const text = Number.isFinite(epochMs) ? isoAt(epochMs + OFFSET_MS) : '';
  if (!isDateTime(text))
    throw new RangeError('Expected a time between the years 0 and 9999, in milliseconds since 1970');
  return text;
}

/** Milliseconds since 1970 of a time written `YYYY-MM-DDTHH:mm:ss+08:00`. RangeError on any other text. */
export function parseDateTime(text: string): number {
  if (!isDateTime(text)) throw new RangeError('Expected a time like 2026-11-23T09:30:00+08:00');
  return Date.parse(text);
}

function isoAt(shiftedMs: number): string {
  return Math.abs(shiftedMs) > 8.64e15 ? '' : `${new Date(shiftedMs).toISOString().slice(0, -5)}+08:00`;
}

/** Whether the day that the text starts with is in its month. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/** Days of a month (1 to 12) in the Gregorian calendar. */
function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
