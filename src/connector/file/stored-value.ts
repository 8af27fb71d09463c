import type { DateForm } from './declaration.ts';
import type { PlannedColumn } from './drop-plan.ts';
import type { Cell, unreadable } from './raw-row.ts';

/** The value as the table holds it: null for none. White space around a text is no part of it. */
export function storedValue(
  cell: Exclude<Cell, typeof unreadable>,
  { stored, date }: PlannedColumn,
  from1904: boolean,
): string | number | null {
  const value = typeof cell === 'number' && date !== null ? dayOf(cell, from1904) : cell;
  if (value === null) return null;
  if (value instanceof Date) return written(value, date ?? 'yyyy-MM-dd HH:mm:ss');
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (stored === 'number') return Number(value);
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : String(value);
}

/** Days are counted from the last of 1899, or from the first of 1904; the hours are a day's fraction. */
function dayOf(serial: number, from1904: boolean): Date {
  return new Date(Math.round((serial - 25_569 + (from1904 ? 1_462 : 0)) * 86_400) * 1_000);
}

/** The workbook's own day and time, which have no zone: they are held in UTC's fields. */
function written(time: Date, form: DateForm): string {
  // ExcelJS rounds to milliseconds, so that a second may lie one of them below itself.
  const iso = new Date(Math.round(time.getTime() / 1_000) * 1_000).toISOString();
  const [day, hour] = [iso.slice(0, 10), iso.slice(11, 19)];
  switch (form) {
    case 'yyyy-MM-dd HH:mm:ss':
      return `${day} ${hour}`;
    case 'yyyy-MM-dd':
      return day;
    case 'yyyyMMddHHmmss':
      return `${day}${hour}`.replace(/[-:]/g, '');
    case 'yyyyMMdd':
      return day.replaceAll('-', '');
  }
}
