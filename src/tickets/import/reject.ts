/**
 * Why a row did not become a ticket:
 * - `RAGGED_ROW`: more or fewer cells than the header
 * - `BAD_ENCODING`: bytes that the file's encoding does not have
 * - `BAD_KEY`: the key is empty, too long or holds control characters
 * - `DUPLICATE_KEY`: another row of the same file has the key and was taken
 * - `REQUIRED`: a value that must be there is empty
 * - `UNKNOWN_CODE`: a code that the mapping's table lacks
 * - `BAD_DATE`: a time that no format of the mapping reads, or that never was
 * - `BAD_VALUE`: a value outside the schema's rules
 * - `BAD_POINT`: a longitude without a latitude, or the reverse
 */
export type RejectCode =
  | 'RAGGED_ROW'
  | 'BAD_ENCODING'
  | 'BAD_KEY'
  | 'DUPLICATE_KEY'
  | 'REQUIRED'
  | 'UNKNOWN_CODE'
  | 'BAD_DATE'
  | 'BAD_VALUE'
  | 'BAD_POINT';

/** Why one row was rejected. The message never holds a value of the row: logs and screens may show it. */
export interface Rejection {
  readonly code: RejectCode;
  /** The columns at fault, joined by ` + `; empty where the whole row is. */
  readonly column: string;
  readonly message: string;
}
