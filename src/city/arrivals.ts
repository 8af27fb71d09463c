import { isWorkingDay } from '../calendar/working-days.ts';
import { dateOf, DAY, HOUR, wallTime, type WallTime } from './clock.ts';
import { Random } from './random.ts';

/** One ticket to be made: its place in the whole, its number of that day, and when it came in. */
export interface Arrival {
  readonly index: number;
  /** From 1 on each day. */
  readonly serial: number;
  readonly received: WallTime;
}

export const firstDay = '2026-01-01';
/** The city's records end here: what would have happened later has not happened yet. */
export const asOf: WallTime = wallTime('2026-11-15T23:59:59');

/** A day on which `taken` tickets are made by hand, all of them before `from`. */
interface ReservedDay {
  readonly date: string;
  readonly taken: number;
  readonly from: WallTime;
}

/**
 * The arrivals of `count` tickets in the order of time: fewer on days off, most in the morning and the afternoon.
 * Nothing is held but the day at hand.
 */
export function* arrivals(seed: number, count: number, reserved: ReservedDay): Generator<Arrival> {
  const days = Array.from(
    { length: Math.floor((asOf - wallTime(firstDay)) / DAY) + 1 },
    (_, i) => wallTime(firstDay) + i * DAY,
  );
  const weights = days.map((day) => (isWorkingDay(dateOf(day)) ? 1 : 0.55));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let index = 0;
  let passed = 0;
  for (const [i, day] of days.entries()) {
    passed += weights[i] ?? 0;
    const until = i === days.length - 1 ? count : Math.floor((count * passed) / whole);
    const today = until - index;
    const random = new Random(seed, 'arrivals', dateOf(day));
    const isReserved = dateOf(day) === reserved.date;
    for (let k = 0; k < today; k++) {
      const clock = clockAt((k + random.next()) / today);
      const received = isReserved
        ? reserved.from + Math.floor((clock * (day + DAY - 1 - reserved.from)) / DAY)
        : day + clock;
      yield { index, serial: k + 1 + (isReserved ? reserved.taken : 0), received };
      index += 1;
    }
  }
}

/** Calls by hour of the day, in arbitrary units. */
const hourly = [2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 14, 9, 9, 14, 16, 15, 12, 9, 9, 9, 8, 6, 4];
const calls = hourly.reduce((sum, n) => sum + n, 0);

/** The second of the day by which this share of its calls has come in. */
function clockAt(share: number): number {
  let rest = share * calls;
  for (const [hour, n] of hourly.entries()) {
    if (rest < n) return hour * HOUR + Math.floor((rest / n) * HOUR);
    rest -= n;
  }
  return DAY - 1;
}
