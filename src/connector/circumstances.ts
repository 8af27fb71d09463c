import { readOfficeHours, usualOfficeHours, type OfficeHours } from '../calendar/office-hours.ts';
import type { Circumstances } from './source.ts';

/** The hours that these texts say. Throws `TypeError` where they say none. */
export function officeHoursOf(periods: readonly string[]): OfficeHours {
  const hours = readOfficeHours(periods);
  if (hours === null) throw new TypeError('office hours are periods HH:MM-HH:MM, in order and apart');
  return hours;
}

export const usualCircumstances: Circumstances = { officeHours: officeHoursOf(usualOfficeHours), now: Date.now };
