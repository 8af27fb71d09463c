import type { SourceRecord } from '../connector.ts';
import { UNREADABLE, type FieldMapping, type FieldSample, type SourceValue } from '../mapping.ts';
import type { Row } from '../rows/row-wire.ts';
import type { MappedEntity } from '../source.ts';

/** A row as the source holds it, and the whole record that it must be read as. */
export interface SampleRow {
  readonly raw: Row;
  readonly record: SourceRecord;
}

export interface SampleOptions {
  /** Rows, at most; fewer where the record's key has not so many values. */
  readonly count: number;
  /** Fields that records are found by; the record's own key is among them. */
  readonly keys: readonly string[];
  /** Keys with what must be encoded on the way: quotes, blanks, slashes, signs of a URL, Chinese, and two that differ in case only. */
  readonly hostileKeys?: boolean;
  /** Values of each key that is not the record's own; default: one for five records. */
  readonly groups?: number;
  /** Only keys and what records are sorted by are filled; all else is null. */
  readonly sparse?: boolean;
}

const hostileKeys = [`K'1"\\`, 'K 2/%41', '键三', 'K&4=#?', 'k-5', 'K-5', '<K>6;', 'K+7', '𠮷8'];
/** Rows that share one value of a key that is not the record's own. */
const groupSize = 5;

/** Rows of a record type, made from its mapping's samples alone: each sample of each field stands in at least one of enough rows. */
export function sampleRows(entity: MappedEntity, options: SampleOptions): SampleRow[] {
  const { keys, hostileKeys: hostile = false, sparse = false } = options;
  const names = keyValues(entity.mapping[entity.key], options.count, hostile);
  const count = names.length;
  const groups = new Map<string, readonly FieldSample[]>();
  for (const key of keys)
    if (key !== entity.key)
      groups.set(
        key,
        keyValues(entity.mapping[key], options.groups ?? Math.max(1, Math.ceil(count / groupSize)), hostile),
      );
  const sorted = new Set(entity.order.map((o) => o.field));
  return Array.from({ length: count }, (_, i) => {
    const raw: Record<string, SourceValue> = {};
    const record: Record<string, unknown> = {};
    Object.entries(entity.mapping).forEach(([field, mapping], j) => {
      const group = groups.get(field);
      const sample =
        field === entity.key
          ? names[i]!
          : group !== undefined && group.length > 0
            ? // Some records have no such key, unless the order needs one.
              i % 11 === 7 && !sorted.has(field)
              ? empty(mapping)
              : group[i % group.length]!
            : sorted.has(field)
              ? pick(readableSamples(mapping), i + j, mapping)
              : sparse
                ? empty(mapping)
                : pick([...readableSamples(mapping), empty(mapping)], i + j, mapping);
      put(raw, record, field, mapping, sample);
    });
    return { raw, record };
  });
}

/** The row with this sample in place of what the field was. */
export function withSample(row: SampleRow, field: string, mapping: FieldMapping, sample: FieldSample): SampleRow {
  const raw = { ...row.raw };
  for (const column of mapping.columns) delete raw[column];
  const record = { ...row.record };
  put(raw, record, field, mapping, sample);
  return { raw, record };
}

/** A sample whose columns are all null. What it reads as is the mapping's own say: null, or an empty list. */
export function empty(mapping: FieldMapping, value: null | '' = null): FieldSample {
  const raw = mapping.columns.map(() => value);
  return { raw, value: readBy(mapping, raw) };
}

/** The field's samples that can be read. A column that is compared has one type, the one that is written. */
export function readableSamples(mapping: FieldMapping): readonly FieldSample[] {
  const readable = (mapping.samples ?? []).filter((s) => s.value !== UNREADABLE);
  const { write } = mapping;
  if (write === undefined) return readable;
  return readable.filter(
    ({ raw, value }) => write(value as string) === raw[0] || typeof write(value as string) === typeof raw[0],
  );
}

/** The field's samples that must not be read. */
export function unreadableSamples(mapping: FieldMapping): readonly FieldSample[] {
  return (mapping.samples ?? []).filter((s) => s.value === UNREADABLE);
}

/** Every column that the record type is read from. */
export function columnsOf(entity: MappedEntity): string[] {
  return [...new Set(Object.values(entity.mapping).flatMap((m) => m.columns))];
}

/** The same without those that these fields are read from. */
export function otherColumns(entity: MappedEntity, fields: readonly string[]): ReadonlySet<string> {
  const kept = new Set(fields.flatMap((field) => entity.mapping[field]?.columns ?? []));
  return new Set(columnsOf(entity).filter((column) => !kept.has(column)));
}

/** The `n`th key of those that the kit gives out. */
export function keyText(n: number): string {
  return `KIT-${String(n).padStart(7, '0')}`;
}

/** Distinct values of a key's column: texts of ours where its coding takes them, else those among its samples that it writes back. */
function keyValues(mapping: FieldMapping | undefined, count: number, hostile: boolean): FieldSample[] {
  if (mapping === undefined) return [];
  const isKey = ({ raw, value }: FieldSample): boolean =>
    typeof value === 'string' && raw.length === 1 && mapping.write?.(value) === raw[0];
  const ours = (text: string): FieldSample => ({ raw: [text], value: readBy(mapping, [text]) });
  const first = ours(keyText(0));
  if (!isKey(first) || first.value !== keyText(0)) return readableSamples(mapping).filter(isKey).slice(0, count);
  const texts = hostile ? hostileKeys : [];
  return Array.from({ length: count }, (_, i) => ours(texts[i] ?? keyText(i)));
}

function pick(samples: readonly FieldSample[], at: number, mapping: FieldMapping): FieldSample {
  return samples[at % samples.length] ?? empty(mapping);
}

/** Fields that share a column with one before them are read from what stands there. */
function put(
  raw: Record<string, SourceValue>,
  record: Record<string, unknown>,
  field: string,
  mapping: FieldMapping,
  sample: FieldSample,
): void {
  const own = mapping.columns.every((column) => raw[column] === undefined);
  mapping.columns.forEach((column, i) => {
    if (raw[column] === undefined) raw[column] = sample.raw[i] ?? null;
  });
  record[field] = own
    ? sample.value
    : readBy(
        mapping,
        mapping.columns.map((c) => raw[c]),
      );
}

function readBy(mapping: FieldMapping, raw: readonly SourceValue[]): unknown {
  try {
    return mapping.read(...raw);
  } catch {
    return UNREADABLE;
  }
}
