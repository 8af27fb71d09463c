import { formatDateTime, isDateTime } from '../../codes/date-time.ts';

/** A time of the ledger as text: its order is the order of the times. */
export type LedgerTime = string & { readonly __brand: 'LedgerTime' };

/** Characters of a time: `2026-11-23T09:30:00.123+08:00`. */
export const TIME_LENGTH = 29;

/** Milliseconds since 1970 as `YYYY-MM-DDTHH:mm:ss.sss+08:00`. RangeError outside the years 0 to 9999. */
export function formatLedgerTime(epochMs: number): LedgerTime {
  const seconds = formatDateTime(epochMs);
  const ms = ((Math.trunc(epochMs) % 1000) + 1000) % 1000;
  return `${seconds.slice(0, 19)}.${String(ms).padStart(3, '0')}+08:00` as LedgerTime;
}

/** Whether the text is a real time in exactly this form. */
export function isLedgerTime(text: string): text is LedgerTime {
  return /^.{19}\.\d{3}\+08:00$/.test(text) && isDateTime(`${text.slice(0, 19)}+08:00`);
}
