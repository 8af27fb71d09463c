import { parseDateTime } from '../codes/date-time.ts';
import { isWorkingDay } from './working-days.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MOST_DAYS = 10_000;
/** Asia/Shanghai, without daylight saving. */
const OFFSET_MS = 8 * 3_600_000;

/** When offices are open on a working day, in minutes since midnight: in order, apart, each with an end after its start. */
export type OfficeHours = readonly (readonly [from: number, to: number])[];

/** Those of a city that says nothing else. */
export const usualOfficeHours = ['08:30-12:00', '14:00-17:30'];

/**
 * Periods written `HH:MM-HH:MM`, such as `08:30-12:00`, as office hours. Null where a text is no such period, or where
 * they are not in order and apart.
 */
export function readOfficeHours(periods: readonly string[]): OfficeHours | null {
  const hours = periods.map((text): [number, number] => {
    const [, h1, m1, h2, m2] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
    return [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)];
  });
  let last = -1;
  for (const [from, to] of hours) {
    // What is no number is not greater either.
    if (!(from > last && to > from && to <= 1_440)) return null;
    last = to;
  }
  return hours.length === 0 ? null : hours;
}

/**
 * The seconds between two times (RFC 3339 in +08:00) in which offices were open: on working days of the State Council's
 * calendar, within the hours. 0 where `until` is not after `since`; null for more than 10,000 days, which only a wrong date gives.
 */
export function workingSeconds(since: string, until: string, hours: OfficeHours): number | null {
  const from = parseDateTime(since) + OFFSET_MS;
  const to = parseDateTime(until) + OFFSET_MS;
  // Each day between them is looked at: a mistyped year must not hold the process.
  if (to - from > MOST_DAYS * DAY_MS) return null;
  let sum = 0;
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
    if (!isWorkingDay(new Date(day).toISOString().slice(0, 10))) continue;
    for (const [opens, closes] of hours) {
      const open = Math.max(from, day + opens * MINUTE_MS);
      const close = Math.min(to, day + closes * MINUTE_MS);
      if (close > open) sum += close - open;
    }
  }
  return sum / 1_000;
}
