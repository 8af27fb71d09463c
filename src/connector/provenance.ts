import type { SourceRecord } from './connector.ts';

/** How fresh records are. Both are milliseconds since 1970. */
export interface Provenance {
  /** When the source was asked for them. */
  readonly fetchedAt: number;
  /** Since when the source could not be asked again, or has brought nothing newer; null for a fresh answer. */
  readonly staleSince: number | null;
}

type RecordList = readonly SourceRecord[];

/** The answer of type `T` with each of its lists of records put in its place again by `each`. */
export type RecordLists<T> = (answer: T, each: (list: RecordList) => RecordList) => T;

/** Of `loadByKeys`: one for each key. */
export const listsByKey: RecordLists<readonly RecordList[]> = (answer, each) => answer.map(each);

/** Of `loadPage`: the page. */
export const pageList: RecordLists<RecordList> = (answer, each) => each(answer);

/** By the list, so that neither records nor the types of a source have to carry it. */
const stamps = new WeakMap<RecordList, Provenance>();

/** Says of each list how fresh it is. */
export function stampLoad(lists: readonly RecordList[], provenance: Provenance): void {
  for (const list of lists) stamps.set(list, provenance);
}

/** Null where nobody has said: the records were read just now. */
export function provenanceOf(list: RecordList): Provenance | null {
  return stamps.get(list) ?? null;
}

/**
 * The same answer in lists of its own, stamped by what was said of the old ones, and frozen, since several callers may
 * hold them. The records in them are read-only by their type alone: to freeze each would cost as much as to read it.
 * Lists without records, which most keys have, are one.
 */
export function stamped<T>(answer: T, lists: RecordLists<T>, stamp: (of: Provenance | null) => Provenance): T {
  const empty = new Map<Provenance | null, RecordList>();
  return lists(answer, (list) => {
    const before = provenanceOf(list);
    const shared = list.length === 0 ? empty.get(before) : undefined;
    if (shared !== undefined) return shared;
    const own = Object.freeze([...list]);
    stampLoad([own], stamp(before));
    if (own.length === 0) empty.set(before, own);
    return own;
  });
}
