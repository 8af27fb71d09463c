import type { Opening } from '../format/commitment.ts';
import type { EntryKind } from '../format/entry.ts';

/** What tells the value of a commitment in the entry beside which it is kept: erased, it leaves the proofs as they are. */
export type KeptOpening = Omit<Opening, 'seq'>;

/**
 * What readers search answers by, in the order of `disclosureColumns`. It is made from what the entry is made of, and
 * proves nothing.
 */
export type IndexRow = readonly (string | number | null)[];

/** Texts, since a thread is told texts several times as fast as lists of objects. */
export const openingsText = (openings: readonly KeptOpening[]): string | null =>
  openings.length === 0 ? null : JSON.stringify(openings);
export const indexText = (row: IndexRow): string => JSON.stringify(row);
export const readIndexText = (text: string): IndexRow => JSON.parse(text) as IndexRow;

/** An entry that has no place in the log yet. */
export interface PendingEntry {
  readonly kind: EntryKind;
  /** Canonical JSON (RFC 8785). */
  readonly body: string;
  /** `openingsText` */
  readonly openings: string | null;
  /** The policy that it was decided with: the log announces each version before the first entry that rests on it. */
  readonly policyVersion: string | null;
  /** Of an outcome: the number of its intent in the same log. */
  readonly intent: number | null;
  /** `indexText` */
  readonly index: string | null;
}
