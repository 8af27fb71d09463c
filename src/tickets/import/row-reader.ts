import { isDamaged } from '../../csv/encoding.ts';
import type { TicketContent } from '../ticket-columns.ts';
import type { TicketRow } from '../ticket-store.ts';
import { checkMapping, isIndispensable } from './check-mapping.ts';
import { fieldReader, type FieldValue } from './field-reader.ts';
import { MappingError } from './mapping-error.ts';
import type { MappingFile } from './read-mapping.ts';
import type { Rejection } from './reject.ts';
import { fieldKinds, mappableFields } from './ticket-fields.ts';

/** What a row became. */
export type RowReading =
  | { readonly kind: 'ticket'; readonly ticket: TicketRow }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** The longest `sourceNo`, in characters. */
const MAX_KEY = 128;

/**
 * The reader of one row's cells under a mapping, for a file with this header. Throws `MappingError` when the mapping
 * does not fit the file.
 */
export function rowReader(mapping: MappingFile, header: readonly string[]): (cells: readonly string[]) => RowReading {
  const problems = checkMapping(mapping, header);
  if (problems.length > 0) throw new MappingError(mapping.file, problems);
  const { source, fields } = mapping.value;
  const index = (column: string): number => header.indexOf(column);
  const readers = mappableFields.flatMap((field) => {
    const rule = fields[field];
    if (rule === undefined) return [];
    const context = { kind: fieldKinds[field], zone: source.timeZone, required: isIndispensable(field), index };
    return [{ field, read: fieldReader(rule, context) }];
  });
  const readKey = keyReader(mapping, index);
  return (cells) => {
    const broken = brokenRow(cells, header);
    if (broken !== undefined) return { kind: 'rejected', rejection: broken };
    const key = readKey(cells);
    if (typeof key !== 'string') return { kind: 'rejected', rejection: key };
    const values: Record<string, FieldValue> = {};
    for (const { field, read } of readers) {
      const reading = read(cells);
      if (!reading.ok) return { kind: 'rejected', rejection: reading.rejection };
      if (reading.value !== undefined) values[field] = reading.value;
    }
    return withPoint(ticketOf(source.system, key, values));
  };
}

function brokenRow(cells: readonly string[], header: readonly string[]): Rejection | undefined {
  const at = cells.findIndex(isDamaged);
  if (at !== -1) {
    const message = "bytes that the file's encoding does not have; see source.encoding";
    return { code: 'BAD_ENCODING', column: header[at] ?? '', message };
  }
  if (cells.length === header.length) return undefined;
  const message = `${cells.length} cells under a header of ${header.length}; a cell with the delimiter in it needs quotes`;
  return { code: 'RAGGED_ROW', column: '', message };
}

function keyReader(
  { value: { key } }: MappingFile,
  index: (column: string) => number,
): (cells: readonly string[]) => string | Rejection {
  const columns = key.columns ?? (key.column === undefined ? [] : [key.column]);
  const places = columns.map(index);
  const reject = (message: string): Rejection => ({ code: 'BAD_KEY', column: columns.join(' + '), message });
  return (cells) => {
    const parts = places.map((place) => (cells[place] ?? '').trim());
    if (parts.includes('')) return reject('the key is empty');
    const text = parts.join(key.separator);
    if (text.length > MAX_KEY) return reject(`the key is longer than ${MAX_KEY} characters`);
    return /\p{Cc}/u.test(text) ? reject('the key holds control characters') : text;
  };
}

function ticketOf(sourceSystem: string, sourceNo: string, values: Record<string, FieldValue>): TicketRow {
  const { status, receivedAt, ...content } = values;
  if (typeof status !== 'string' || typeof receivedAt !== 'string') {
    throw new TypeError('A checked mapping gave a ticket without status or time');
  }
  // Each value was read by its field's kind, which the compiler cannot follow through the table of kinds.
  return { ...(content as TicketContent), sourceSystem, sourceNo, status, receivedAt };
}

/** A point is two numbers under one coordinate system; a ticket without a point has no such system either. */
function withPoint(ticket: TicketRow): RowReading {
  const { longitude, latitude } = ticket;
  const hasLongitude = typeof longitude === 'number';
  if (hasLongitude !== (typeof latitude === 'number')) {
    const message = 'only one of longitude and latitude has a value';
    return { kind: 'rejected', rejection: { code: 'BAD_POINT', column: '', message } };
  }
  return { kind: 'ticket', ticket: longitude === null ? { ...ticket, crs: null } : ticket };
}
