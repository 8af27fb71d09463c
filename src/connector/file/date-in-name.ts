import { isDateTime, parseDateTime } from '../../codes/date-time.ts';

const form =
  /(?<!\d)((?:19|20)\d{2})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-_T ]?([01]\d|2[0-3])[-_:]?([0-5]\d)(?:[-_:]?([0-5]\d))?)?(?!\d)/;

/** The day, and the time where there is one, that a file's name tells, in milliseconds since 1970; null where it tells none. */
export function dateInName(name: string): number | null {
  const match = form.exec(name);
  if (match === null) return null;
  const [, year, , month, day, hour = '00', minute = '00', second = '00'] = match;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`;
  return isDateTime(text) ? parseDateTime(text) : null;
}
