import type { SourceKey } from '../mapping.ts';
import type { ColumnKind } from './column-form.ts';
import type { Condition } from './condition.ts';

/**
 * How one column is compared, so that a source finds exactly what `matches` would: text by code point, whatever the
 * column's collation, and values that the column cannot hold as values that no record has.
 */
export interface ColumnTerms {
  /** `table.column`, quoted. */
  readonly quoted: string;
  /** It has one of these values; none satisfies an empty list. */
  oneOf(values: readonly SourceKey[]): Condition;
  /** Its text begins so and is not empty. */
  startsWith(prefix: string): Condition;
  compare(operator: '>=' | '<', value: SourceKey): Condition;
  /** It lies between the two, both included. */
  within(span: readonly [SourceKey, SourceKey]): Condition | null;
  /** It holds empty text; null for a column that cannot hold any. */
  readonly empty: Condition | null;
  readonly notEmpty: Condition | null;
  /** SQL that pages are sorted by, each in the key's direction. Every database sorts null first in ascending order. */
  readonly order: readonly string[];
  /** Where it stands in that order. */
  position(operator: '=' | '>' | '<' | '>=' | '<=', value: SourceKey): Condition;
  /** SQL that tells its values apart. */
  readonly groups: readonly string[];
}

/** `affine` holds numbers, and as text what looks like none: a number's column of SQLite. */
export type StoredKind = ColumnKind | 'affine';

/** How the columns of one database are compared. */
export interface SqlTerms {
  /** `spanned`: what can be read of the column is text of one length, such as a time, which every collation sorts alike. */
  column(table: string, column: string, spanned: boolean): ColumnTerms;
  /** What the column holds; null where that is not known. */
  kind(table: string, column: string): StoredKind | null;
  /** A table's name, quoted. */
  quoted(table: string): string;
  /** Both columns hold the same text. */
  equal(side: readonly [table: string, column: string], main: readonly [string, string]): Condition;
  /** Whether a page's position is told once more by its first column, where the database then reads less of an index. */
  readonly boundFirst: boolean;
}

/** The same terms, each column's made once. */
export function keptTerms(terms: SqlTerms): SqlTerms {
  const kept = new Map<string, ColumnTerms>();
  return {
    ...terms,
    column(table, column, spanned) {
      const name = `${spanned ? 1 : 0}${table}\0${column}`;
      const before = kept.get(name);
      if (before !== undefined) return before;
      const made = terms.column(table, column, spanned);
      kept.set(name, made);
      return made;
    },
  };
}
