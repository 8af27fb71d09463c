import type { SortKey } from '../connector.ts';
import type { Filter } from '../filter.ts';
import type { SourceKey, SourceValue } from '../mapping.ts';

/** One record as a source's protocol gives it: columns to values, under the names that the mapping reads. */
export type Row = Readonly<Record<string, SourceValue>>;

/**
 * What is particular to a protocol and a service: how rows are asked for. It may give more than was asked and in any
 * order; `rowSource` makes exact answers of it. It must not give less: a row that could satisfy the ask and is left out
 * is lost. Every method rejects with `SourceError` and stops when the signal is aborted.
 */
export interface RowWire {
  /** Keys in one call by this column, at most; 0 where rows cannot be found by it, so that all are looked through. */
  keysByCall(column: string): number;
  /** All rows that have one of these keys in this column, in as many pages as the source gives. */
  byKeys(ask: KeyAsk): AsyncIterable<readonly Row[]>;
  /** All rows that can satisfy the filter, page by page; in the order of `order` where `inOrder(order)`. */
  scan(ask: ScanAsk): AsyncIterable<readonly Row[]>;
  /** Whether `scan` gives rows in this order and begins behind `after`, so that a page need not look through all of them. */
  inOrder(order: readonly SortKey[]): boolean;
}

export interface KeyAsk {
  readonly column: string;
  /** Distinct, in the source's own coding; at most `keysByCall(column)`. */
  readonly keys: readonly SourceKey[];
  /** The columns to ask for, and nothing else. */
  readonly columns: readonly string[];
  /** What else must hold, in the schema's terms: a wire pushes what it can and leaves the rest. */
  readonly rows: Filter;
  readonly signal: AbortSignal;
}

export interface ScanAsk {
  readonly columns: readonly string[];
  readonly rows: Filter;
  readonly order: readonly SortKey[];
  /** Only rows behind these values of `order`; told only where `inOrder(order)`. */
  readonly after?: readonly string[];
  /** How many rows are wanted, where that is known: a size for the source's pages. */
  readonly wanted: number;
  readonly signal: AbortSignal;
}
