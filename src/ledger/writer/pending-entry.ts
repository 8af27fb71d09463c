import type { Opening } from '../format/commitment.ts';
import type { EntryKind } from '../format/entry.ts';

/** What tells the value of a commitment in the entry beside which it is kept: erased, it leaves the proofs as they are. */
export type KeptOpening = Omit<Opening, 'seq'>;

/**
 * What readers search answers by, in the order of `disclosureColumns`. It is made from what the entry is made of, and
 * proves nothing.
 */
export type IndexRow = readonly (string | number | null)[];

/** An entry that has no place in the log yet. */
export interface PendingEntry {
  readonly kind: EntryKind;
  /** Canonical JSON (RFC 8785). */
  readonly body: string;
  readonly openings: readonly KeptOpening[];
  /** The policy that it was decided with: the log announces each version before the first entry that rests on it. */
  readonly policyVersion: string | null;
  /** Of an outcome: the number of its intent in the same log. */
  readonly intent: number | null;
  readonly index: IndexRow | null;
}
