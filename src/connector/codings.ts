import { isDate, isDateTime } from '../codes/date-time.ts';
import { readLooseDateTime } from '../codes/loose-date-time.ts';
import { normaliseMoney } from '../codes/money.ts';
import { idNumberSpellings, phoneSpellings } from '../codes/number-spellings.ts';
import { firstPhone, isAreaCode } from '../codes/phone.ts';
import { normaliseResidentId } from '../codes/resident-id.ts';
import {
  codeSamples,
  columnListSamples,
  compactDateSamples,
  dateTimeSamples,
  decimalSamples,
  flagSamples,
  idNumberSamples,
  integerSamples,
  looseDateSamples,
  looseDateTimeSamples,
  moneySamples,
  phoneSamples,
  separatedSamples,
  textSamples,
} from './coding-samples.ts';
import type { FilterValue } from './filter.ts';
import type { Coding, FieldMapping, SourceKey, SourceValue } from './mapping.ts';

const canonicalDateTime = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\+08:00$/;

/** Text as it is. A number becomes its digits: some systems hold codes in number columns. */
export const text: Coding = {
  read: (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    throw new TypeError('not a text');
  },
  write: (value) => (typeof value === 'string' ? value : null),
  samples: textSamples,
};

/** A whole number. */
export const integer: Coding = {
  read: (value) => {
    const number = readNumber(value);
    if (!Number.isSafeInteger(number)) throw new RangeError('not a whole number');
    return number;
  },
  write: (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : null),
  samples: integerSamples,
};

/** A number, from a number column or from decimal text. */
export const decimal: Coding = { read: readNumber, samples: decimalSamples };

/** Yes or no under two values of the source's own; any other value throws. Under 1 and 0 a truth value is one too. */
export function flag(yes: SourceKey, no: SourceKey): Coding {
  const isTruth = yes === 1 && no === 0;
  return {
    read: (value) => {
      if (isTruth && typeof value === 'boolean') return value;
      if (value === yes) return true;
      if (value === no) return false;
      throw new RangeError('not a known flag');
    },
    write: (value) => (typeof value === 'boolean' ? (value ? yes : no) : null),
    known: [yes, no],
    samples: flagSamples(yes, no),
  };
}

/**
 * The source's codes and the schema's values that they stand for. A code that the table lacks throws, since a guess
 * would pass a changed code list off as data. Number columns are compared by their digits.
 */
export function codeTable(codes: Readonly<Record<string, string>>, column: 'text' | 'number' = 'text'): Coding {
  const values = new Map(Object.entries(codes));
  const written = new Map<FilterValue, SourceKey>();
  for (const [code, value] of values) written.set(value, column === 'number' ? Number(code) : code);
  if (written.size !== values.size) throw new TypeError('two codes stand for one value: the table cannot be written');
  return {
    read: (value) => {
      // A truth value is no code, whatever it would be written as.
      const found = typeof value === 'boolean' ? undefined : values.get(String(value));
      if (found === undefined) throw new RangeError('not a known code');
      return found;
    },
    write: (value) => written.get(value) ?? null,
    known: [...written.values()],
    samples: codeSamples(codes, column),
  };
}

/**
 * A telephone number as somebody typed it, normalised; of several in one column the first. Sources keep several spellings
 * of one number: nothing is pushed down but keys, which ask for the usual spellings together.
 */
export const phone: Coding = phoneCoding();

/** The same in a column that writes landlines of its own area, `0591`, without their area code. */
export function localPhone(areaCode: string): Coding {
  if (!isAreaCode(areaCode)) throw new TypeError('an area code is 010, 02 and one digit, or 03 to 09 and two digits');
  return phoneCoding(areaCode);
}

/**
 * The number of an identity document: a 公民身份号码 in the form of its standard, any other document's as it is written. Keys
 * ask for the spellings of a 公民身份号码 together.
 */
export const idNumber: Coding = {
  read: (value) => {
    if (typeof value !== 'string') throw new TypeError('not a text');
    return normaliseResidentId(value) ?? value.trim();
  },
  number: { kind: 'idNumber', spellings: idNumberSpellings },
  samples: idNumberSamples,
};

/** DateTime as `20261105101230`, Beijing time without a zone. Its text order is time order. */
export const compactDateTime = dateTimeAs(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/, '$1$2$3$4$5$6');

/** DateTime as `2026-11-05 10:12:30`, Beijing time without a zone. Its text order is time order. */
export const spacedDateTime = dateTimeAs(/^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/, '$1-$2-$3 $4:$5:$6');

/** DateTime as the schema itself writes it. Its text order is time order. */
export const zonedDateTime = dateTimeAs(
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\+08:00$/,
  '$1-$2-$3T$4:$5:$6+08:00',
);

/** DateTime in any of the loose forms that agencies write, such as `2026/4/5 9:32:09`: no order, so no push-down. */
export const looseDateTime: Coding = { read: readLoose, samples: looseDateTimeSamples };

/** Date as `20261105`. Its text order is time order. */
export const compactDate: Coding = {
  read: (value) => {
    const date = String(value).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
    if (!isDate(date)) throw new RangeError('not a date of 8 digits');
    return date;
  },
  // A time as a bound is written as its day.
  write: (value) => {
    const day = typeof value === 'string' ? value.slice(0, 10) : '';
    return isDate(day) ? day.replaceAll('-', '') : null;
  },
  span: ['00010101', '99991231'],
  samples: compactDateSamples,
};

/** Date from loose text, `2026/4/5` or with a time behind it, which is dropped: no order, so no push-down. */
export const looseDate: Coding = {
  read: (value) => readLoose(value).slice(0, 10),
  samples: looseDateSamples,
};

/** Money whose source counts in this unit. Digits are moved as text, since floats would invent cents. */
export function money(unit: '元' | '万元' | '分'): Coding {
  return {
    read: (value) => {
      const amount = normaliseMoney(inYuan(String(value), unit));
      if (amount === null) throw new RangeError(`not an amount in ${unit}`);
      return amount;
    },
    samples: moneySamples(unit),
  };
}

/** A list written in one column with a separator; empty members are dropped. */
export function separatedList(name: string, separator: string): FieldMapping {
  const read = (value: SourceValue): unknown =>
    value === null || value === undefined
      ? []
      : String(value)
          .split(separator)
          .map((member) => member.trim())
          .filter((member) => member !== '');
  return { columns: [name], read, samples: separatedSamples(separator) };
}

/** A list whose members stand in columns of their own, in this order; empty ones are dropped. */
export function columnList(names: readonly string[]): FieldMapping {
  const read = (...values: SourceValue[]): unknown =>
    values.filter((v) => v !== null && v !== undefined && v !== '').map(String);
  return { columns: names, read, samples: columnListSamples(names.length) };
}

function phoneCoding(areaCode?: string): Coding {
  const options = areaCode === undefined ? {} : { areaCode };
  return {
    read: (value) => {
      const normal = firstPhone(String(value), options);
      if (normal === null) throw new RangeError('not a telephone number');
      return normal;
    },
    number: { kind: 'phone', spellings: (normal) => phoneSpellings(normal, areaCode) },
    samples: phoneSamples,
  };
}

function readNumber(value: NonNullable<SourceValue>): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw new TypeError('not a number');
  return number;
}

function readLoose(value: NonNullable<SourceValue>): string {
  return readLooseDateTime(typeof value === 'number' ? value : String(value));
}

/** A DateTime coding whose text has this form; `written` puts year, month, day, hour, minute and second back into it. */
function dateTimeAs(form: RegExp, written: string): Coding {
  return {
    read: (value) => {
      const time = String(value).replace(form, '$1-$2-$3T$4:$5:$6+08:00');
      if (!form.test(String(value)) || !isDateTime(time)) throw new RangeError('not a time in the form of its column');
      return time;
    },
    write: (value) =>
      typeof value === 'string' && isDateTime(value) ? value.replace(canonicalDateTime, written) : null,
    span: [
      '0001-01-01T00:00:00+08:00'.replace(canonicalDateTime, written),
      '9999-12-31T23:59:59+08:00'.replace(canonicalDateTime, written),
    ],
    samples: dateTimeSamples(
      (time) => time.replace(canonicalDateTime, written),
      ['2026-02-30T10:00:00+08:00'.replace(canonicalDateTime, written), '2026/11/5 9:05', '1793844750'],
    ),
  };
}

function inYuan(amount: string, unit: '元' | '万元' | '分'): string {
  if (unit === '元') return amount;
  if (unit === '万元') return `${amount}万`;
  const fen = /^(-?)(\d+)$/.exec(amount);
  if (fen === null) throw new RangeError('not a whole number of fen');
  const digits = (fen[2] ?? '').padStart(3, '0');
  return `${fen[1]}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
