import { readOfficeHours, usualOfficeHours, type OfficeHours } from '../calendar/office-hours.ts';
import type { Circumstances, ReceiptLimits } from './source.ts';

/** The hours that these texts say. Throws `TypeError` where they say none. */
export function officeHoursOf(periods: readonly string[]): OfficeHours {
  const hours = readOfficeHours(periods);
  if (hours === null) throw new TypeError('office hours are periods HH:MM-HH:MM, in order and apart');
  return hours;
}

/** The limits that these hours and minutes say. */
export function receiptLimits(
  hours: number,
  hoursOf: Readonly<Record<string, number>>,
  clockMinutes: number,
): ReceiptLimits {
  return {
    graceSeconds: (agency) => (Object.hasOwn(hoursOf, agency) ? (hoursOf[agency] ?? hours) : hours) * 3_600,
    skewMs: clockMinutes * 60_000,
  };
}

export const usualCircumstances: Circumstances = {
  officeHours: officeHoursOf(usualOfficeHours),
  receipts: receiptLimits(14, {}, 10),
  now: Date.now,
};
