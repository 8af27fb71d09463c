import type { Knex } from 'knex';
import type { SourceKey } from '../mapping.ts';
import type { ColumnTerms, Sorted, Where } from './column-terms.ts';

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
  /** `table.column`. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** SQL of its text that compares by code point; `??` stands for the column. */
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

/** SQL with its bindings. */
export type Fragment = readonly [sql: string, bindings: readonly Knex.Value[]];

/** How a database writes what the terms need. `expression` holds `??` for the column, whose name is not among the bindings. */
export interface SqlSpelling {
  /** The expression has one of these values of the kind; `exact` stands for text by code point. Never called with none. */
  list(expression: string, kind: ColumnKind | 'exact', values: readonly SourceKey[]): Fragment;
  /** Whether a text of the database can be this one; left out: any. No record has one that cannot. */
  canHold?(text: string): boolean;
  /** A placeholder for one value of the kind. */
  value(kind: ColumnKind): string;
  /** A wider test that an index serves, where the exact one cannot use it. */
  hintList(form: ColumnForm, values: readonly SourceKey[]): Fragment | null;
  hintPrefix(form: ColumnForm, prefix: string): Fragment | null;
}

/** The terms of a column of this form. `spanned` as in `SqlTerms.column`. */
export function termsOf(db: Knex, spelling: SqlSpelling, form: ColumnForm, spanned: boolean): ColumnTerms {
  const { name, kind, exact } = form;
  const isText = kind === 'text' || kind === 'other';
  const plainSort = !isText || form.plainSort || (kind === 'text' && spanned);
  const add = (where: Where, [sql, bindings]: Fragment): void => void where.whereRaw(sql, [name, ...bindings]);
  const textList = (where: Where, values: readonly SourceKey[]): void => {
    const texts = values.map(String);
    if (form.exactEquality) return add(where, spelling.list('??', 'text', texts));
    const hint = spelling.hintList(form, texts);
    if (hint !== null) add(where, hint);
    add(where, spelling.list(exact, 'exact', texts));
  };
  /** By the column itself where its kind orders the value, by its text otherwise. */
  const compare = (where: Where, operator: string, value: SourceKey, plain: boolean): void => {
    if (isText) return add(where, [`${plain ? '??' : exact} ${operator} ?`, [String(value)]]);
    const own = ownValue(form, value);
    if (own !== null && (kind !== 'integer' || plain)) add(where, [`?? ${operator} ${spelling.value(kind)}`, [own]]);
    else add(where, [`${exact} ${operator} ?`, [String(value)]]);
  };
  const sortedBy: Sorted = plainSort ? name : db.raw(exact, [name]);
  return {
    name,
    oneOf(where, asked) {
      const values = asked.filter((v) => typeof v !== 'string' || spelling.canHold?.(v) !== false);
      if (isText) {
        if (values.length === 0) void where.whereRaw('1 = 0');
        else void where.where((w) => textList(w, values));
        return;
      }
      const own = values.flatMap((v) => equalValue(form, v) ?? []);
      // Digits of a decimal are spelled in one way only, which text alone can tell.
      const texts = kind === 'decimal' ? values.filter((v) => typeof v === 'string') : [];
      void where.where((w) => {
        if (own.length === 0 && texts.length === 0) void w.whereRaw('1 = 0');
        if (own.length > 0) void w.orWhere((o) => add(o, spelling.list('??', kind, own)));
        if (texts.length > 0) void w.orWhere((o) => add(o, spelling.list(exact, 'exact', texts)));
      });
    },
    startsWith(where, prefix) {
      const plain = kind === 'text' && form.exactOrder;
      if (!plain && kind === 'text') {
        const hint = spelling.hintPrefix(form, prefix);
        if (hint !== null) add(where, hint);
      }
      const expression = plain ? '??' : exact;
      add(where, [`${expression} >= ?`, [prefix]]);
      add(where, [`${expression} < ?`, [prefixEnd(prefix)]]);
      add(where, [`${expression} <> ?`, ['']]);
    },
    compare: (where, operator, value) =>
      compare(where, operator, value, isText ? form.exactOrder || (kind === 'text' && spanned) : spanned),
    within(where, [first, last]) {
      compare(where, '>=', first, isText ? form.exactOrder : spanned);
      compare(where, '<=', last, isText ? form.exactOrder : spanned);
    },
    notEmpty(where) {
      if (isText) add(where, [`${form.exactEquality ? '??' : exact} <> ?`, ['']]);
    },
    orEmpty(where) {
      if (isText) void where.orWhereRaw(`${form.exactEquality ? '??' : exact} = ?`, [name, '']);
    },
    order: form.sortNulls ? [db.raw('(?? is not null)', [name]), sortedBy] : [sortedBy],
    position(where, operator, value) {
      if (!isText && ownValue(form, value) === null) throw new RangeError('the position is none of its column');
      compare(where, operator, value, plainSort);
    },
    groups: isText && !form.exactEquality ? [db.raw(exact, [name]), name] : [name],
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
