import type { SourceRecord } from '../connector.ts';
import { UNREADABLE, type FieldMapping, type SourceValue } from '../mapping.ts';
import type { SqlRow } from './database.ts';

type FieldReader = (row: SqlRow) => unknown;

/** Reads rows of these columns as `readRecord` does; where each field's columns stand is worked out once. */
export function recordReader(
  mapping: Readonly<Record<string, FieldMapping>>,
  fields: readonly string[],
  columns: readonly string[],
  onUnreadable: (field: string) => void,
): (row: SqlRow) => SourceRecord {
  const readers = fields.map((field) => fieldReader(mapping[field]!, columns, () => onUnreadable(field)));
  return (row) => {
    const record: Record<string, unknown> = {};
    for (let i = 0; i < readers.length; i++) record[fields[i]!] = readers[i]!(row);
    return record;
  };
}

function fieldReader(
  { columns, read, lists }: FieldMapping,
  selected: readonly string[],
  onUnreadable: () => void,
): FieldReader {
  const places = columns.map((column) => selected.indexOf(column));
  // A column that the source left out is not known to be empty; nor is a list any single value.
  const unreadable = (): typeof UNREADABLE => {
    onUnreadable();
    return UNREADABLE;
  };
  const isUsable = (value: SourceValue): boolean => value !== undefined && (lists === true || !Array.isArray(value));
  const [place = -1] = places;
  const readRow: FieldReader =
    places.length === 1
      ? (row) => (isUsable(row[place]) ? read(row[place]) : unreadable())
      : (row) => {
          const values = places.map((at) => row[at]);
          return values.every(isUsable) ? read(...values) : unreadable();
        };
  return (row) => {
    try {
      return readRow(row);
    } catch {
      // One bad value of one row must not cost the other rows theirs: the gate reports it as unavailable.
      return unreadable();
    }
  };
}
