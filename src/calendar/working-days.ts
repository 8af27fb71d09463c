import { isDate } from '../codes/date-time.ts';
import { yearDays } from './working-days.data.ts';

const DAY_MS = 86_400_000;
/** Far beyond every deadline; a bound, so that a mistyped number cannot hold the process. */
const MOST_DAYS = 10_000;

const years = Object.keys(yearDays).toSorted();
const daysOff = daySet('off');
const daysWorked = daySet('work');

/** The first and last day whose holidays are known. */
export const calendarCoverage: { readonly from: string; readonly to: string } = {
  from: `${years[0]}-01-01`,
  to: `${years.at(-1)}-12-31`,
};

export interface DueDay {
  /** `YYYY-MM-DD`. */
  readonly due: string;
  /** The count touched a day outside the calendar, where only weekends are known: it may move when the year's notice comes. */
  readonly provisional: boolean;
}

/**
 * Whether a day (`YYYY-MM-DD`) is worked under the State Council's calendar, make-up days (调休) included. Outside
 * `calendarCoverage` Monday to Friday. Throws RangeError on a text that is no date.
 */
export function isWorkingDay(date: string): boolean {
  return isWorked(epochDayOf(date));
}

/**
 * The day that is `count` working days after `date` (`YYYY-MM-DD`), counted from the next day; 0 gives `date` itself.
 * Throws RangeError on a text that is no date and on a count that is no whole number from 0 to 10,000.
 */
export function addWorkingDays(date: string, count: number): DueDay {
  if (!Number.isInteger(count) || count < 0 || count > MOST_DAYS) {
    throw new RangeError(`Expected a whole number of working days from 0 to ${MOST_DAYS}`);
  }
  let day = epochDayOf(date);
  let provisional = false;
  for (let left = count; left > 0;) {
    day += 1;
    const text = dateOf(day);
    if (text < calendarCoverage.from || text > calendarCoverage.to) provisional = true;
    if (isWorked(day)) left -= 1;
  }
  return { due: dateOf(day), provisional };
}

function isWorked(epochDay: number): boolean {
  const date = dateOf(epochDay);
  if (daysOff.has(date)) return false;
  if (daysWorked.has(date)) return true;
  // 1970-01-01 was a Thursday.
  const weekday = (((epochDay + 4) % 7) + 7) % 7;
  return weekday !== 0 && weekday !== 6;
}

/** Days are counted in UTC throughout, so that the machine's time zone cannot move one. */
function epochDayOf(date: string): number {
  if (!isDate(date)) throw new RangeError('Expected a date like 2026-11-23');
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function dateOf(epochDay: number): string {
  return new Date(epochDay * DAY_MS).toISOString().slice(0, 10);
}

function daySet(kind: 'off' | 'work'): ReadonlySet<string> {
  return new Set(
    Object.entries(yearDays).flatMap(([year, days]) =>
      days[kind].split(' ').map((day) => `${year}-${day.slice(0, 2)}-${day.slice(2)}`),
    ),
  );
}
