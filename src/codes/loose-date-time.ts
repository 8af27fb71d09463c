import { formatDateTime, isDateTime, parseDateTime } from './date-time.ts';

/** `2019-04-25 09:32:09`, `2019/4/25 9:32`, `2019.4.25`, with or without a zone or a fraction. */
const SEPARATED =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:\s+|T)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,9})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/;
const SHORT_YEAR = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;
const SERIAL = /^\d{1,7}(\.\d+)?$/;

const DAY_MS = 86_400_000;
/** +08:00 */
const OFFSET_MINUTES = 480;
/** 9999-12-31, the last day that Excel counts. */
const LAST_SERIAL = 2_958_465;

/**
 * The strict form (`YYYY-MM-DDTHH:mm:ss+08:00`) of a time as agencies' systems write it. A time without a zone is
 * +08:00. Understood: `yyyy-MM-dd HH:mm:ss`, unpadded `2019/4/25 9:32:09`, a date alone (midnight), RFC 3339 with any
 * offset, `yyyyMMdd`, `yyyyMMddHHmmss`, `YYMMDDhhmmss` (70 to 99 are 19xx, as in POSIX) and Excel serial numbers of the
 * 1900 system, as number or text. Throws RangeError on anything else and on times that do not exist.
 */
export function readLooseDateTime(value: string | number): string {
  const text = String(value).trim();
  if (text.length <= 40) {
    const read =
      readSeparated(text) ?? readDigits(typeof value === 'number' ? restoreZero(text) : text) ?? readSerial(text);
    if (read !== null) return read;
  }
  throw new RangeError('Expected a time, for example 2019-04-25 09:32:09, 20190425093209 or an Excel serial number');
}

function readSeparated(text: string): string | null {
  const match = SEPARATED.exec(text);
  if (match === null) return null;
  const [, year = '', , month = '', day = '', hour = '0', minute = '0', second = '0', zone] = match;
  const local = strict(year, month, day, hour, minute, second);
  return local === null || zone === undefined ? local : atOffset(local, zone);
}

function readDigits(text: string): string | null {
  const whole = COMPACT.exec(text);
  if (whole !== null) {
    const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] = whole;
    return strict(year, month, day, hour, minute, second);
  }
  const short = SHORT_YEAR.exec(text);
  if (short === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = short;
  return strict(`${Number(year) < 70 ? '20' : '19'}${year}`, month, day, hour, minute, second);
}

function readSerial(text: string): string | null {
  const serial = Number(text);
  if (!SERIAL.test(text) || serial < 1 || serial >= LAST_SERIAL + 1) return null;
  const day = Math.floor(serial);
  // Excel counts a 1900-02-29 that never was: day 60 is no day, and the days before it lie one day later.
  if (day === 60) return null;
  const epochDay = day - 25_569 + (day < 60 ? 1 : 0);
  const seconds = Math.round((serial - day) * 86_400);
  return formatDateTime(epochDay * DAY_MS + seconds * 1000 - OFFSET_MINUTES * 60_000);
}

/** `YYMMDDhhmmss` of the years 2000 to 2009, kept as a number, has lost its first zero. */
function restoreZero(text: string): string {
  return /^\d{11}$/.test(text) ? `0${text}` : text;
}

function strict(year: string, month: string, day: string, hour: string, minute: string, second: string): string | null {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}:${second.padStart(2, '0')}`;
  const text = `${date}T${time}+08:00`;
  return isDateTime(text) ? text : null;
}

/** The same wall-clock time, but of another zone. */
function atOffset(local: string, zone: string): string | null {
  const minutes = /^z$/i.test(zone) ? 0 : offsetMinutes(zone);
  return minutes === null ? null : formatDateTime(parseDateTime(local) + (OFFSET_MINUTES - minutes) * 60_000);
}

function offsetMinutes(zone: string): number | null {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
