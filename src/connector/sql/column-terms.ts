import type { Knex } from 'knex';
import type { SourceKey } from '../mapping.ts';

export type Where = Knex.QueryBuilder;

/** What a statement sorts or groups by: a column's name, or an expression of it. */
export type Sorted = string | Knex.Raw;

/**
 * How one column is compared, so that a source finds exactly what `matches` would: text by code point, whatever the
 * column's collation, and values that the column cannot hold as values that no record has. Each method adds to a WHERE.
 */
export interface ColumnTerms {
  /** `table.column`. */
  readonly name: string;
  /** It has one of these values; none satisfies an empty list. */
  oneOf(where: Where, values: readonly SourceKey[]): void;
  /** Its text begins so and is not empty. */
  startsWith(where: Where, prefix: string): void;
  compare(where: Where, operator: '>=' | '<', value: SourceKey): void;
  /** It lies between the two, both included. */
  within(where: Where, span: readonly [SourceKey, SourceKey]): void;
  /** It holds no empty text; a column that cannot hold any adds nothing. */
  notEmpty(where: Where): void;
  /** Or it holds empty text. */
  orEmpty(where: Where): void;
  /** What pages are sorted by, each in the key's direction. Every database sorts null first in ascending order. */
  readonly order: readonly Sorted[];
  /** Where it stands in that order. */
  position(where: Where, operator: '=' | '>' | '<' | '>=' | '<=', value: SourceKey): void;
  /** What tells its values apart. */
  readonly groups: readonly Sorted[];
}

/** How the columns of one database are compared. */
export interface SqlTerms {
  /** `spanned`: what can be read of the column is text of one length, such as a time, which every collation sorts alike. */
  column(table: string, column: string, spanned: boolean): ColumnTerms;
  /** Both columns hold the same text. */
  equal(where: Where, side: readonly [table: string, column: string], main: readonly [string, string]): void;
  /** Whether a page's position is told once more by its first column, where the database then reads less of an index. */
  readonly boundFirst: boolean;
}
