import { DateTime, IANAZone } from 'luxon';
import { suggestion } from '../../access/suggestion.ts';
import { formatDateTime, parseDateTime } from '../../codes/date-time.ts';
import { readLooseDateTime } from '../../codes/loose-date-time.ts';

/** A time in RFC 3339 with +08:00, or why the text gave none. */
export type TimeReading =
  | { readonly kind: 'time'; readonly value: string }
  | { readonly kind: 'unreadable' }
  /** A wall-clock time that the zone's clocks jumped over. */
  | { readonly kind: 'skipped' };

const unreadable: TimeReading = { kind: 'unreadable' };
const namedFormats = ['loose', 'excel-serial'];
const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;

/**
 * Reads texts in the first of these formats that fits: Luxon tokens (https://moment.github.io/luxon/#/parsing),
 * `excel-serial` or `loose`. A text without an offset is wall-clock time of `zone`. Of a time that the clocks showed
 * twice the earlier one is taken; one that they jumped over is `skipped`. Asia/Shanghai is +08:00 the whole year, as
 * everywhere in the hub: the summer times of 1986 to 1991 are not applied.
 */
export function timeReader(formats: readonly string[], zone: string): (text: string) => TimeReading {
  const readers = formats.map((format) => formatReader(format, zone));
  return (text) => {
    for (const read of readers) {
      const reading = read(text);
      if (reading.kind !== 'unreadable') return reading;
    }
    return unreadable;
  };
}

/** What is wrong with a format, and the way out; undefined when it can read what it writes. */
export function formatProblem(format: string): string | undefined {
  if (namedFormats.includes(format) || readsItself(format)) return undefined;
  const better = repairs.map((repair) => repair(format)).find((candidate) => readsItself(candidate));
  const hint = better === undefined ? suggestion(format, namedFormats) : ` Did you mean ${better}?`;
  return `the format ${format} cannot read a whole date and time back.${hint} Luxon tokens: yyyy MM dd HH mm ss, or hh with a`;
}

export function isTimeZone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

type Reader = (text: string) => TimeReading;

function formatReader(format: string, zone: string): Reader {
  if (format === 'loose') return looseReader(zone);
  if (format === 'excel-serial') return (text) => readSerial(text, zone);
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  if (holdsOffset(format)) {
    return (text) => {
      const instant = DateTime.fromFormatParser(text, parser, { zone, locale: 'en-US' });
      return instant.isValid ? timeAt(instant.toMillis()) : unreadable;
    };
  }
  return (text) => {
    const wall = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en-US' });
    return wall.isValid ? timeOfWall(wall.toMillis(), zone) : unreadable;
  };
}

function looseReader(zone: string): Reader {
  return (text) => {
    try {
      const value = readLooseDateTime(text);
      const zoned = zone === 'Asia/Shanghai' || /(Z|[+-]\d{2}:?\d{2})$/i.test(text);
      return zoned ? { kind: 'time', value } : timeOfWall(parseDateTime(value) + SHANGHAI_MS, zone);
    } catch (error) {
      if (error instanceof RangeError) return unreadable;
      throw error;
    }
  };
}

/** Days since 1899-12-30 with a fraction. Serials before 1900-03-01 are refused: Excel counts a 1900-02-29 that never was. */
function readSerial(text: string, zone: string): TimeReading {
  const serial = /^\d{1,7}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(serial >= 61 && serial < 2_958_466)) return unreadable;
  const seconds = Math.round((serial - 25_569) * 86_400);
  return timeOfWall(seconds * 1000, zone);
}

/** The instant at which clocks of the zone show what a UTC clock shows at `wallMs`. */
function timeOfWall(wallMs: number, zone: string): TimeReading {
  if (zone === 'Asia/Shanghai') return timeAt(wallMs - SHANGHAI_MS);
  const local = DateTime.fromMillis(wallMs, { zone: 'utc' }).setZone(zone, { keepLocalTime: true });
  if (!local.isValid) return unreadable;
  if (local.toMillis() + local.offset * 60_000 !== wallMs) return { kind: 'skipped' };
  return timeAt(Math.min(...local.getPossibleOffsets().map((possible) => possible.toMillis())));
}

function timeAt(epochMs: number): TimeReading {
  try {
    return { kind: 'time', value: formatDateTime(epochMs) };
  } catch (error) {
    if (error instanceof RangeError) return unreadable;
    throw error;
  }
}

const sample = DateTime.fromMillis(Date.UTC(2021, 10, 23) + 0.6 * DAY_MS + 1536_000, { zone: 'utc' });

/** `yyyy-mm-dd`, `hh` without `a` and the like lose part of what they write. */
function readsItself(format: string): boolean {
  // Other letters are Luxon's names for a locale's whole dates (`DD`, `T`), or no tokens at all (`YYYY`).
  if (/[A-Za-z]/.test(bare(format).replace(/[yMLdHhmsSuaEZz]/g, ''))) return false;
  const written = sample.toFormat(format, { locale: 'en-US' });
  const read = DateTime.fromFormat(written, format, { zone: 'utc', locale: 'en-US' });
  return (['second', 'minute', 'hour', 'day'] as const).some((unit) => +sample.startOf(unit) === +read);
}

const lowerCase = (format: string): string => format.replaceAll('Y', 'y').replaceAll('D', 'd').replace(/T/, "'T'");

const repairs: readonly ((format: string) => string)[] = [
  lowerCase,
  (format) => lowerCase(format).replace('mm', 'MM'),
  (format) => lowerCase(format).replaceAll('h', 'H'),
  (format) => lowerCase(format).replace('mm', 'MM').replaceAll('h', 'H'),
  (format) =>
    lowerCase(format)
      .replaceAll('h', 'H')
      .replace(/(H+\W+)MM/, '$1mm'),
];

/** Whether the format reads an offset or a zone. */
function holdsOffset(format: string): boolean {
  return /[Zz]/.test(bare(format));
}

/** A format without its quoted text. */
const bare = (format: string): string => format.replace(/'[^']*'/g, '');
