/** One cell as the file holds it: null for none. `unreadable`: an error, or a formula that was saved without its value. */
export type Cell = string | number | boolean | null | Date | typeof unreadable;

export const unreadable: unique symbol = Symbol('unreadable cell');

/** One row of a file, the header too. */
export interface RawRow {
  /** The line of the text, or the row of the sheet, from 1. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** A file's rows, in one pass. */
export interface RawRows {
  /** To be read to the end or with `return`. Throws `Refusal`. */
  readonly rows: AsyncGenerator<RawRow, void>;
  /** Whether a row of so many cells has the wrong number under a header of `width`. */
  readonly isRagged: (cells: number, width: number) => boolean;
  /** Days are counted from 1904 rather than 1900; told once the first row is there. */
  readonly from1904: () => boolean;
  /** Whether the last row may have been cut off: no line break ends it. */
  readonly openEnded: boolean;
  /** Of a sheet, once its last row is there: the last line at which cells of this column, from 0, begin to be one; 0 for none. */
  readonly mergedIn?: (column: number) => number;
}
