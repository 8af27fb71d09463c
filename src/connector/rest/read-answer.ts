import type { SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import { SourceError } from '../source-error.ts';
import type { RestEntity } from './declaration.ts';

/** The JSON of an answer. Rejects what is none, and numbers that JavaScript would round. */
export function readJson(agency: string, text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => exact(value, context));
  } catch (error) {
    throw malformed(agency, error instanceof RangeError ? 'holds a number that would be rounded' : 'is no JSON');
  }
}

/** The value at the end of these members; undefined where one is missing. */
export function memberAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const member of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, member)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[member];
  }
  return at;
}

/** The rows of an answer, with the columns that were asked for and no other. */
export function readRows(
  agency: string,
  answer: unknown,
  path: readonly string[],
  columns: readonly string[],
  entity: RestEntity,
): Row[] {
  const list = memberAt(answer, path);
  if (!Array.isArray(list)) throw malformed(agency, 'has no list of rows where one should be');
  return list.map((one: unknown) => readRow(agency, one, columns, entity));
}

/** One row. A column that is absent stays undefined; one that is no single value is none that can be read. */
export function readRow(agency: string, one: unknown, columns: readonly string[], entity: RestEntity): Row {
  if (typeof one !== 'object' || one === null || Array.isArray(one))
    throw malformed(agency, 'has a row that is no object');
  return Object.fromEntries(columns.map((c) => [c, columnOf(one, c, entity)]));
}

function columnOf(row: object, column: string, { at = {}, omitsNulls = false }: RestEntity): SourceValue {
  const value = memberAt(row, at[column] ?? [column]);
  if (value === undefined) return omitsNulls ? null : undefined;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  // A list of values is what a mapping's jsonList reads; anything else in a column's place has no meaning there.
  return Array.isArray(value) ? JSON.stringify(value) : undefined;
}

export function malformed(agency: string, what: string): SourceError {
  return new SourceError(agency, `the ${agency} source gave an answer that ${what}`, { fault: 'MALFORMED' });
}

/** Throws RangeError for a whole number beyond 2^53: a code of 18 digits must come as text. */
function exact(value: unknown, context: { readonly source?: string } | undefined): unknown {
  if (typeof value !== 'number') return value;
  const rounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (rounded && (context?.source === undefined || /^-?\d+$/.test(context.source))) throw new RangeError('rounded');
  return value;
}
