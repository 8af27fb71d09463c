import type { SourceKey } from '../mapping.ts';

/** What stands for one `?`: PostgreSQL takes a whole list. */
export type Bound = SourceKey | readonly string[];

/**
 * A test of a record as SQL, or a whole statement: names are quoted in it already, and each value is a `?`. Its text is the
 * same for all tests of one shape, so that a statement's text can be kept by it.
 */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Bound[];
}

export const holdsNever: Condition = { sql: '1 = 0', values: [] };

/** Each of them holds; null, as in all that follows, is the test that always does. */
export function every(of: readonly (Condition | null)[]): Condition | null {
  return joined(
    of.filter((c) => c !== null),
    ' and ',
  );
}

/** At least one of them holds. */
export function some(of: readonly (Condition | null)[]): Condition | null {
  const parts = of.filter((c) => c !== null);
  if (parts.length < of.length) return null;
  return joined(parts, ' or ') ?? holdsNever;
}

/** SQL's own negation: unknown stays unknown. */
export function negated(of: Condition | null): Condition {
  return of === null ? holdsNever : { sql: `not (${of.sql})`, values: of.values };
}

function joined(parts: readonly Condition[], by: string): Condition | null {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? null;
  let sql = '';
  const values: Bound[] = [];
  for (const part of parts) {
    sql += sql === '' ? `(${part.sql})` : `${by}(${part.sql})`;
    for (const value of part.values) values.push(value);
  }
  return { sql, values };
}

/**
 * The list, its last value repeated up to a power of two: so that a database prepares few statements, not one for each
 * length.
 */
export function paddedList<T>(values: readonly T[]): readonly T[] {
  const last = values.at(-1);
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)));
  return last === undefined ? values : [...values, ...Array<T>(length - values.length).fill(last)];
}
