import type { FieldMapping, SourceKey } from '../mapping.ts';

/** How keys are written in one column of a source. */
export interface KeyColumn {
  readonly column: string;
  /** The source spells one key in several ways, so that its own order and limits are those of spellings. */
  readonly isSpelt: boolean;
  /** One text, or all ways in which the source may hold the key; null for a key that it cannot hold. */
  readonly write: (key: string) => SourceKey | readonly SourceKey[] | null;
}

/** Keys as a source is asked for them, and whose each is. */
export interface WrittenKeys {
  /** Distinct. */
  readonly written: readonly SourceKey[];
  /** The places of the keys that are written so. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

/** The column by whose values records are found; undefined where they cannot be found by this field. */
export function keyColumnOf(mapping: FieldMapping | undefined): KeyColumn | undefined {
  const column = mapping?.columns[0];
  const write = mapping?.number?.spellings ?? mapping?.write;
  if (mapping === undefined || column === undefined || write === undefined || mapping.columns.length !== 1)
    return undefined;
  return { column, write, isSpelt: mapping.number !== undefined };
}

export function writeKeys(keys: readonly string[], { write }: KeyColumn): WrittenKeys {
  const positions = new Map<string, number[]>();
  const written: SourceKey[] = [];
  const put = (value: SourceKey, place: number): void => {
    // Empty text is read as null, which is nobody's key.
    if (value === '') return;
    const at = positions.get(String(value));
    if (at === undefined) {
      positions.set(String(value), [place]);
      written.push(value);
    } else at.push(place);
  };
  keys.forEach((key, i) => {
    const value = write(key);
    if (value === null) return;
    if (typeof value === 'object') for (const one of value) put(one, i);
    else put(value, i);
  });
  return { written, positions };
}
