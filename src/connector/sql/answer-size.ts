import { malformed } from '../rows/malformed.ts';
import type { SourceError } from '../source-error.ts';
import type { SqlRow } from './database.ts';

/** The answer to a statement has more bytes than the settings allow. */
export function tooLarge(agency: string): SourceError {
  return malformed(agency, 'is too large');
}

/** A driver's word for it, when it has stopped to read. */
export class TooLargeError extends Error {
  constructor() {
    super('the answer is too large');
    this.name = 'TooLargeError';
  }
}

/** The length of the rows' texts and blobs, which is what can make an answer large. */
export function textsIn(rows: readonly SqlRow[]): number {
  let length = 0;
  for (const row of rows)
    for (const value of row)
      if (typeof value === 'string' || (typeof value === 'object' && value !== null && 'length' in value))
        length += value.length;
  return length;
}
