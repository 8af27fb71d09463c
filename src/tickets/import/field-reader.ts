import type { FieldRule } from './mapping-schema.ts';
import { normalisers } from './normalise.ts';
import type { Rejection } from './reject.ts';
import type { FieldKind } from './ticket-fields.ts';
import { timeReader } from './time-reader.ts';

export type FieldValue = string | number | boolean | readonly string[] | null;

/** What one row says about one field. `undefined` leaves the stored value alone, null empties it. */
export type FieldReading =
  { readonly ok: true; readonly value: FieldValue | undefined } | { readonly ok: false; readonly rejection: Rejection };

/** The place of a column in a row. */
export type ColumnIndex = (column: string) => number;

interface FieldContext {
  readonly kind: FieldKind;
  readonly zone: string;
  /** True for fields that the store cannot do without, whatever the mapping says. */
  readonly required: boolean;
  readonly index: ColumnIndex;
}

/** The reader of a field from a row's cells, for a rule that was checked against the field and the header. */
export function fieldReader(rule: FieldRule, context: FieldContext): (cells: readonly string[]) => FieldReading {
  const { kind, required } = context;
  if (rule.constant !== undefined) {
    const reading = given(kind, rule.constant);
    return () => reading;
  }
  const texts = textReader(rule, kind, context.index);
  const item = itemReader(rule, context);
  const column = columnsOf(rule).join(' + ');
  const empty = emptyReading(rule, kind, required, column);
  const reject = ({ code, message }: ItemRejection): FieldReading => ({
    ok: false,
    rejection: { code, column, message },
  });
  return (cells) => {
    const values: (string | number | boolean)[] = [];
    for (const text of texts(cells)) {
      const read = item(text);
      if ('code' in read) return rule.onBad === null ? empty : reject(read);
      if (read.value !== null) values.push(read.value);
    }
    const [first] = values;
    if (first === undefined) return empty;
    return { ok: true, value: kind.list ? values.map(String) : first };
  };
}

/** The columns that a rule reads, each once, in the order in which they are written. */
export function columnsOf(rule: FieldRule): readonly string[] {
  if (rule.column !== undefined) return [rule.column];
  if (rule.join !== undefined) return rule.join.columns;
  if (rule.template === undefined) return [];
  return [...new Set(templateParts(rule.template).flatMap((part) => ('column' in part ? [part.column] : [])))];
}

/** A mapping's fixed value as the field's value, or undefined when the field cannot hold it. */
export function fixedValue(kind: FieldKind, value: string | number | boolean): FieldValue | undefined {
  const read = kind.read(String(value));
  if (read === undefined) return undefined;
  return kind.list ? [String(read)] : read;
}

/** The formats of a rule, in the order in which they are tried. */
export function formatsOf(rule: FieldRule): readonly string[] {
  return rule.format === undefined ? [] : [rule.format].flat();
}

function given(kind: FieldKind, value: string | number | boolean): FieldReading {
  return { ok: true, value: fixedValue(kind, value) };
}

function emptyReading(rule: FieldRule, kind: FieldKind, required: boolean, column: string): FieldReading {
  if (rule.default !== undefined) return given(kind, rule.default);
  if (required || rule.required) {
    return { ok: false, rejection: { code: 'REQUIRED', column, message: 'the value is empty, but required' } };
  }
  return { ok: true, value: rule.whenEmpty === 'keep' ? undefined : null };
}

/** The texts that a row has for the field; none where it is empty. */
function textReader(rule: FieldRule, kind: FieldKind, index: ColumnIndex): (cells: readonly string[]) => string[] {
  const emptyValues = new Set(rule.emptyValues);
  const clean = (text: string): string => {
    const bare = rule.trim ? text.trim() : text;
    return emptyValues.has(bare) ? '' : bare;
  };
  const cellOf = (column: string): ((cells: readonly string[]) => string) => {
    const at = index(column);
    return (cells) => clean(cells[at] ?? '');
  };
  const whole = wholeTexts(rule, kind, cellOf);
  const { split } = rule;
  if (split === undefined) return (cells) => whole(cells).filter((text) => text !== '');
  return (cells) =>
    whole(cells)
      .flatMap((text) => text.split(split).map(clean))
      .filter((text) => text !== '');
}

function wholeTexts(
  rule: FieldRule,
  kind: FieldKind,
  cellOf: (column: string) => (cells: readonly string[]) => string,
): (cells: readonly string[]) => string[] {
  if (rule.join !== undefined) {
    const { separator } = rule.join;
    const columns = rule.join.columns.map(cellOf);
    if (kind.list) return (cells) => columns.map((cell) => cell(cells));
    return (cells) => [
      columns
        .map((cell) => cell(cells))
        .filter((text) => text !== '')
        .join(separator),
    ];
  }
  if (rule.template !== undefined) {
    const parts = templateParts(rule.template).map((part) => ('column' in part ? cellOf(part.column) : part.text));
    return (cells) => {
      const texts = parts.map((part) => (typeof part === 'string' ? part : part(cells)));
      const filled = parts.some((part, i) => typeof part !== 'string' && texts[i] !== '');
      return filled ? [texts.join('')] : [];
    };
  }
  const cell = cellOf(rule.column ?? '');
  return (cells) => [cell(cells)];
}

type TemplatePart = { readonly text: string } | { readonly column: string };

function templateParts(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  for (const [, text = '', column] of template.matchAll(/((?:\{\{|[^{])+)|\{([^{}]+)\}|\{/g)) {
    parts.push(column === undefined ? { text: text.replaceAll('{{', '{') } : { column: column.trim() });
  }
  return parts;
}

type ItemRejection = Pick<Rejection, 'code' | 'message'>;
type ItemReading = { readonly value: string | number | boolean | null } | ItemRejection;

function itemReader(rule: FieldRule, { kind, zone }: FieldContext): (text: string) => ItemReading {
  const { table, otherwise } = rule;
  if (table !== undefined) {
    // Own entries only: a code may be called `constructor`.
    const values = new Map(Object.entries(table));
    return (code) => {
      const value = values.has(code) ? values.get(code) : otherwise;
      if (value === undefined) return { code: 'UNKNOWN_CODE', message: "a code that the mapping's table lacks" };
      return value === null ? { value } : checked(kind, String(value));
    };
  }
  if (kind.time) {
    const read = timeReader(formatsOf(rule), zone);
    const formats = formatsOf(rule).join(' or ');
    return (text) => {
      const reading = read(text);
      switch (reading.kind) {
        case 'time':
          return { value: reading.value };
        case 'skipped':
          return { code: 'BAD_DATE', message: `a time that never was in ${zone}: the clocks were put forward past it` };
        case 'unreadable':
          return { code: 'BAD_DATE', message: `expected a time written as ${formats}` };
      }
    };
  }
  const normalise = rule.normalise === undefined ? undefined : normalisers[rule.normalise].normalise;
  return normalise === undefined ? (text) => checked(kind, text) : (text) => checked(kind, normalise(text));
}

function checked(kind: FieldKind, text: string): ItemReading {
  const value = kind.read(text);
  return value === undefined ? { code: 'BAD_VALUE', message: `expected ${kind.expected}` } : { value };
}
