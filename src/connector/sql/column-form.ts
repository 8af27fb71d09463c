import type { SourceKey } from '../mapping.ts';
import type { ColumnTerms } from './column-terms.ts';
import { every, holdsNever, some, type Condition } from './condition.ts';

/** What a column holds, as far as comparisons differ. */
export type ColumnKind =
  | 'text'
  | 'integer'
  /** With a fraction, or of any length: its digits are told as text. */
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'timestamp'
  /** Compared as text. */
  | 'other';

/** A column as the database's catalogue describes it. */
export interface ColumnForm {
  /** `table.column`, quoted. */
  readonly quoted: string;
  readonly kind: ColumnKind;
  /** SQL of its text that compares by code point. */
  readonly exact: string;
  /** Whether `=` tells each two texts apart. */
  readonly exactEquality: boolean;
  /** Whether plain comparisons of the column's texts go by code point. */
  readonly exactOrder: boolean;
  /** Whether the plain column sorts its values in an order in which no two are equal, or that makes no difference. */
  readonly plainSort: boolean;
  /** Whether null must be sorted first by an expression of its own. */
  readonly sortNulls: boolean;
  /** Timestamps show a fraction only where there is one. */
  readonly bareTimes: boolean;
}

/** How a database writes what the terms need. */
export interface SqlSpelling {
  /** The expression has one of these values of the kind; `exact` stands for text by code point. Never called with none. */
  list(expression: string, kind: ColumnKind | 'exact', values: readonly SourceKey[]): Condition;
  /** Whether a text of the database can be this one; left out: any. No record has one that cannot. */
  canHold?(text: string): boolean;
  /** A placeholder for one value of the kind. */
  value(kind: ColumnKind): string;
  /** A wider test that an index serves, where the exact one cannot use it. */
  hintList(form: ColumnForm, values: readonly SourceKey[]): Condition | null;
  hintPrefix(form: ColumnForm, prefix: string): Condition | null;
}

/** The terms of a column of this form. `spanned` as in `SqlTerms.column`. */
export function termsOf(spelling: SqlSpelling, form: ColumnForm, spanned: boolean): ColumnTerms {
  const { quoted, kind, exact } = form;
  const isText = kind === 'text' || kind === 'other';
  const plainSort = !isText || form.plainSort || (kind === 'text' && spanned);
  const test = (expression: string, operator: string, value: SourceKey, mark = '?'): Condition => ({
    sql: `${expression} ${operator} ${mark}`,
    values: [value],
  });
  const textList = (values: readonly SourceKey[]): Condition => {
    const texts = values.map(String);
    if (form.exactEquality) return spelling.list(quoted, 'text', texts);
    const found = spelling.list(exact, 'exact', texts);
    return every([spelling.hintList(form, texts), found]) ?? found;
  };
  /** By the column itself where its kind orders the value, by its text otherwise. */
  const compare = (operator: string, value: SourceKey, plain: boolean): Condition => {
    if (isText) return test(plain ? quoted : exact, operator, String(value));
    const own = ownValue(form, value);
    if (own !== null && (kind !== 'integer' || plain)) return test(quoted, operator, own, spelling.value(kind));
    return test(exact, operator, String(value));
  };
  const sorted = plainSort ? quoted : exact;
  const comparable = form.exactEquality ? quoted : exact;
  return {
    quoted,
    oneOf(asked) {
      const values = asked.filter((v) => typeof v !== 'string' || spelling.canHold?.(v) !== false);
      if (isText) return values.length === 0 ? holdsNever : textList(values);
      const own = values.flatMap((v) => equalValue(form, v) ?? []);
      // Digits of a decimal are spelled in one way only, which text alone can tell.
      const texts = kind === 'decimal' ? values.filter((v) => typeof v === 'string') : [];
      const found = some([
        ...(own.length > 0 ? [spelling.list(quoted, kind, own)] : []),
        ...(texts.length > 0 ? [spelling.list(exact, 'exact', texts)] : []),
      ]);
      return found ?? holdsNever;
    },
    startsWith(prefix) {
      const plain = kind === 'text' && form.exactOrder;
      const expression = plain ? quoted : exact;
      const found: Condition = {
        sql: `${expression} >= ? and ${expression} < ? and ${expression} <> ?`,
        values: [prefix, prefixEnd(prefix), ''],
      };
      return every([!plain && kind === 'text' ? spelling.hintPrefix(form, prefix) : null, found]) ?? found;
    },
    compare: (operator, value) =>
      compare(operator, value, isText ? form.exactOrder || (kind === 'text' && spanned) : spanned),
    within: ([first, last]) =>
      every([
        compare('>=', first, isText ? form.exactOrder : spanned),
        compare('<=', last, isText ? form.exactOrder : spanned),
      ]),
    empty: isText ? test(comparable, '=', '') : null,
    notEmpty: isText ? test(comparable, '<>', '') : null,
    order: form.sortNulls ? [`(${quoted} is not null)`, sorted] : [sorted],
    position(operator, value) {
      if (!isText && ownValue(form, value) === null) throw new RangeError('the position is none of its column');
      return compare(operator, value, plainSort);
    },
    groups: isText && !form.exactEquality ? [exact, quoted] : [quoted],
  };
}

/** The value as a column of this kind takes it for `<` and `>`; null where it is none of the kind. */
function ownValue({ kind }: ColumnForm, value: SourceKey): SourceKey | null {
  switch (kind) {
    case 'integer':
      return typeof value === 'number' ? value : /^-?\d{1,19}$/.test(value) ? wholeNumber(value) : null;
    case 'decimal':
      return typeof value === 'number' || /^-?\d{1,30}(\.\d{1,20})?$/.test(value) ? value : null;
    case 'boolean':
      return String(value) === '1' || String(value) === '0' ? Number(value) : null;
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : null;
    case 'timestamp':
      return typeof value === 'string' && timestamp.test(value) && isDay(value.slice(0, 10)) ? value : null;
    case 'text':
    case 'other':
      return value;
  }
}

/** The same for `=`: null as well where the column would show an equal value in another spelling. */
function equalValue(form: ColumnForm, value: SourceKey): SourceKey | null {
  const own = ownValue(form, value);
  switch (form.kind) {
    case 'integer':
      return typeof value === 'string' && (value === '-0' || /^-?0\d/.test(value)) ? null : own;
    case 'decimal':
      return typeof value === 'number' ? own : null;
    case 'timestamp':
      return form.bareTimes && !/\.\d*0$/.test(String(value)) ? own : null;
    case 'boolean':
    case 'date':
    case 'text':
    case 'other':
      return own;
  }
}

/** Text where a number would be rounded; null beyond 64 bits. */
function wholeNumber(digits: string): SourceKey | null {
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return number;
  const exact = BigInt(digits);
  return BigInt.asIntN(64, exact) === exact ? digits : null;
}

const timestamp = /^\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/;

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(time) &&
    new Date(time).toISOString().slice(0, 10) === text
  );
}

/** The first text after all those that begin with the prefix, in code point order. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
