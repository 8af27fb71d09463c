import type { FilterValue } from './filter.ts';

/** A value that the source holds but that cannot be read as the schema's type: it shows as unavailable, never as null. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** A list in one column's place. Only a mapping that takes lists reads it: a text's column that holds one has changed its type. */
export type SourceList = readonly (string | number | boolean | null)[];
/** A column's value as the source's driver gives it. */
export type SourceValue = string | number | boolean | null | Buffer | Date | SourceList | undefined;
/** A filter's value in the source's own coding. */
export type SourceKey = string | number;

/** How a list field is searched: a side table with one row for each member. */
export interface MemberTable {
  readonly table: string;
  /** Column of the side table that holds the entity's key. */
  readonly key: string;
  /** Column of the side table that holds the member. */
  readonly member: string;
  /** Fixed columns of the side table: `{ role: 'CO' }`. */
  readonly where?: Readonly<Record<string, SourceKey>>;
}

/** A value as a source may hold it and what it must read as; `UNREADABLE` where reading it would be a guess. */
export interface Sample {
  readonly raw: NonNullable<SourceValue>;
  readonly value: unknown;
}

/** The same for a field: one value for each of its columns. */
export interface FieldSample {
  readonly raw: readonly SourceValue[];
  readonly value: unknown;
}

/** A personal number that records may be joined by in its normal form. */
export interface NumberForm {
  readonly kind: 'phone' | 'idNumber';
  /** The ways in which the column may write this number: each is read as the number itself. Asked for together. */
  readonly spellings: (normal: string) => readonly SourceKey[];
}

/** How one field of a record is read from its source's columns. */
export interface FieldMapping {
  /** The columns to select for it, and nothing else. */
  readonly columns: readonly string[];
  /** Columns' values, in the order of `columns`, to the schema's value. Pure; throws on a value that it cannot read. */
  readonly read: (...values: SourceValue[]) => unknown;
  /** The schema's value as the source writes it; order-preserving where ranges are asked. Without it nothing is pushed down. */
  readonly write?: (value: FilterValue) => SourceKey | null;
  /** Every value of the column that can be read, where they are few: what is none of them satisfies no negation. */
  readonly known?: readonly SourceKey[];
  /** The first and the last text that can be read, where order matters: what lies outside satisfies no range, nor its negation. */
  readonly span?: readonly [SourceKey, SourceKey];
  readonly members?: MemberTable;
  /** It holds such numbers, as the source spells them. Keys find records by it, and nothing else is pushed down. */
  readonly number?: NumberForm;
  /** Its columns may hold lists. */
  readonly lists?: true;
  /** What the conformance kit fills the columns with, traps included. Left out: it knows null only, and says so. */
  readonly samples?: readonly FieldSample[];
}

/** Fields of a record type that hold values rather than other records. */
type LeafOf<V> = NonNullable<V> extends string | number | boolean | readonly (string | number | boolean)[] ? V : never;
export type LeafName<R> = { [F in keyof R]-?: [LeafOf<R[F]>] extends [never] ? never : F }[keyof R] & string;

/** A mapping for every leaf field of the record type `R` (generated from the SDL); a field left out does not compile. */
export type Mapping<R> = { readonly [F in Exclude<LeafName<R>, '__typename'>]: FieldMapping };

/** A coding between the source's values and the schema's. */
export interface Coding {
  readonly read: (value: NonNullable<SourceValue>) => unknown;
  readonly write?: (value: FilterValue) => SourceKey | null;
  /** Every value that can be read, where they are few. */
  readonly known?: readonly SourceKey[];
  /** The first and the last text that can be read. */
  readonly span?: readonly [SourceKey, SourceKey];
  readonly number?: NumberForm;
  /** What the conformance kit fills such a column with, traps included. */
  readonly samples?: readonly Sample[];
}

/** One column under a coding; null and empty text stay null. */
export function column(name: string, coding: Coding): FieldMapping {
  const read = (value: SourceValue): unknown =>
    value === null || value === undefined || value === '' ? null : coding.read(value);
  return {
    columns: [name],
    read,
    ...(coding.write === undefined ? {} : { write: coding.write }),
    ...(coding.known === undefined ? {} : { known: coding.known }),
    ...(coding.span === undefined ? {} : { span: coding.span }),
    ...(coding.number === undefined ? {} : { number: coding.number }),
    ...(coding.samples === undefined
      ? {}
      : { samples: coding.samples.map(({ raw, value }) => ({ raw: [raw], value })) }),
  };
}

const jsonListSamples: readonly FieldSample[] = [
  { raw: ['[]'], value: [] },
  { raw: ['["police"]'], value: ['police'] },
  { raw: ['["grid", "market"]'], value: ['grid', 'market'] },
  { raw: [String.raw`["\"引号\"", "a\\b", "\ud842\udfb7"]`], value: ['"引号"', String.raw`a\b`, '𠮷'] },
  { raw: ['grid,market'], value: UNREADABLE },
  { raw: ['{"0":"grid"}'], value: UNREADABLE },
];

/** A list field held as a list, or its JSON text, in one column and searched in a side table. */
export function jsonList(name: string, members?: MemberTable): FieldMapping {
  const read = (value: SourceValue): unknown => {
    if (value === null || value === undefined || value === '') return [];
    const list: unknown = Array.isArray(value) ? value : JSON.parse(String(value));
    if (!Array.isArray(list)) throw new TypeError('not a list');
    return list.map(String);
  };
  return {
    columns: [name],
    read,
    lists: true,
    samples: jsonListSamples,
    ...(members === undefined ? {} : { members }),
  };
}

/** The record with the asked fields, from a source's row. `onUnreadable` is told each field that cannot be read. */
export function readRecord(
  mapping: Readonly<Record<string, FieldMapping>>,
  fields: readonly string[],
  row: Readonly<Record<string, SourceValue>>,
  onUnreadable: (field: string) => void = () => undefined,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const field of fields) {
    const { columns, read, lists } = mapping[field]!;
    // A column that the source left out is not known to be empty; nor is a list any single value.
    if (columns.some((c) => row[c] === undefined || (lists !== true && Array.isArray(row[c])))) {
      record[field] = UNREADABLE;
      onUnreadable(field);
      continue;
    }
    try {
      record[field] = columns.length === 1 ? read(row[columns[0]!]) : read(...columns.map((c) => row[c]));
    } catch {
      // One bad value of one row must not cost the other rows theirs: the gate reports it as unavailable.
      record[field] = UNREADABLE;
      onUnreadable(field);
    }
  }
  return record;
}
