import { isDeepStrictEqual } from 'node:util';
import type { SourceRecord } from '../connector.ts';
import { matches, type Filter } from '../filter.ts';
import type { MappedEntity } from '../source.ts';
import { SourceError } from '../source-error.ts';
import type { Row } from './row-wire.ts';

/** What becomes of a row: the filter shows or hides it, or it was there, as on a page that moved. */
export type Met = 'shown' | 'hidden' | 'repeated';

/**
 * Judges the rows of one load. Rows that contradict each other about one record are refused where one of them would be
 * shown, whatever the filter says of the others: else a record would show that another of its rows hides. Of a record that
 * all of its rows hide nobody learns.
 */
export function metRows(
  agency: string,
  { type, key, mapping }: MappedEntity,
  rows: Filter,
): (record: SourceRecord, row: Row) => Met {
  const seen = new Map<string | number, { readonly row: Row; readonly as: Met }>();
  return (record, row) => {
    const as = matches(rows, record) ? 'shown' : 'hidden';
    const name = record[key];
    // One whose key cannot be read goes on, so that whoever asked learns of it.
    if (typeof name !== 'string' && typeof name !== 'number') return as;
    const before = seen.get(name);
    if (before === undefined) {
      seen.set(name, { row, as });
      return as;
    }
    if (isDeepStrictEqual(before.row, row)) return 'repeated';
    if (as === 'hidden' && before.as === 'hidden') return as;
    const columns = mapping[key]?.columns.join(', ') ?? '';
    throw new SourceError(
      agency,
      `the ${agency} source gave ${type} records that repeat a value of ${type}.${key} (column ${columns})`,
      { fault: 'MALFORMED' },
    );
  };
}
