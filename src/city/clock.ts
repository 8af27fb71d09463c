/** Seconds since 1970-01-01T00:00:00 on a Beijing wall clock. */
export type WallTime = number;

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 86_400;

/** The wall time of `2026-11-05T10:12:30`, or of a date alone. */
export function wallTime(text: string): WallTime {
  return Date.parse(`${text.length === 10 ? `${text}T00:00:00` : text}Z`) / 1000;
}

/** `2026-11-05T10:12:30+08:00` */
export function canonical(time: WallTime): string {
  return `${dateOf(time)}T${clockOf(time)}+08:00`;
}

/** `20261105101230` */
export function compact(time: WallTime): string {
  return dateOf(time).replaceAll('-', '') + clockOf(time).replaceAll(':', '');
}

/** `2026-11-05 10:12:30` */
export function spaced(time: WallTime): string {
  return `${dateOf(time)} ${clockOf(time)}`;
}

/** `2026/4/5 9:32:09`: month, day and hour without a leading zero. */
export function slashed(time: WallTime): string {
  return `${slashedDate(time)} ${clockOf(time).replace(/^0/, '')}`;
}

/** `2026/4/5` */
export function slashedDate(time: WallTime): string {
  return dateOf(time).replaceAll('-0', '-').replaceAll('-', '/');
}

/** `20261105` */
export function compactDate(time: WallTime): string {
  return dateOf(time).replaceAll('-', '');
}

// A city's records lie on a few thousand days: each day's text is made once.
const dates = new Map<number, string>();

/** `2026-11-05` */
export function dateOf(time: WallTime): string {
  const day = Math.floor(time / DAY);
  let date = dates.get(day);
  if (date === undefined) {
    date = new Date(day * DAY * 1000).toISOString().slice(0, 10);
    dates.set(day, date);
  }
  return date;
}

function clockOf(time: WallTime): string {
  const second = ((time % DAY) + DAY) % DAY;
  return `${two(Math.floor(second / HOUR))}:${two(Math.floor(second / MINUTE) % 60)}:${two(second % 60)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
