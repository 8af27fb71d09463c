import { addWorkingDays, isWorkingDay } from '../calendar/working-days.ts';
import { dateOf, DAY, HOUR, MINUTE, wallTime, type WallTime } from './clock.ts';
import type { Random } from './random.ts';

const OPENS = 8.5 * HOUR;
const CLOSES = 17.5 * HOUR;

/** The moment itself when offices are open, otherwise some time in the first hours of the next working day. */
export function officeMoment(time: WallTime, random: Random): WallTime {
  const day = Math.floor(time / DAY);
  const clock = time - day * DAY;
  if (worked(day) && clock < CLOSES) return clock >= OPENS ? time : day * DAY + OPENS + random.between(1, 100 * MINUTE);
  let next = day + 1;
  while (!worked(next)) next += 1;
  return next * DAY + OPENS + random.between(1, 100 * MINUTE);
}

/** When an answer is due: consultations after 24 hours, all else at the same time of day after five working days. */
export function dueTime(received: WallTime, consultation: boolean): WallTime {
  if (consultation) return received + DAY;
  const day = Math.floor(received / DAY);
  let due = dueDays.get(day);
  if (due === undefined) {
    due = wallTime(addWorkingDays(dateOf(received), 5).due);
    dueDays.set(day, due);
  }
  return due + (received - day * DAY);
}

// Both are asked for every step of every ticket, and there are few days.
const workedDays = new Map<number, boolean>();
const dueDays = new Map<number, WallTime>();

function worked(day: number): boolean {
  let is = workedDays.get(day);
  if (is === undefined) {
    is = isWorkingDay(dateOf(day * DAY));
    workedDays.set(day, is);
  }
  return is;
}
