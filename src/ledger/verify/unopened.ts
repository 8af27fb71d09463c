import type { Commitment, Opening } from '../format/commitment.ts';
import { commitmentOf } from '../format/commitment.ts';
import type { Erased } from '../format/erasure.ts';
import type { Findings, Place } from './finding.ts';

/** Commitments that may wait for their erasure at one time; each takes about 200 bytes. */
const MOST = 500_000;

export interface Unopened {
  /** An entry with its commitments begins; its openings follow. */
  readonly entry: (commitments: ReadonlySet<Commitment>, place: Place) => void;
  /** What follows opens nothing of the entry any more. */
  readonly close: () => void;
  readonly opening: (opening: Opening, place: Place) => void;
  readonly erased: (erased: Erased, place: Place) => void;
  readonly finish: () => void;
}

/** Sees to it that each commitment from `first` on is opened rightly or erased by a later entry, and not both. */
export function unopened(first: number, found: Findings): Unopened {
  const waiting = new Map<string, Place>();
  let current: { readonly left: Set<Commitment>; readonly place: Place; last: string } | null = null;
  const key = (seq: number, commitment: Commitment): string => `${seq} ${commitment}`;
  const settle = (): void => {
    if (current === null) return;
    const { left, place } = current;
    current = null;
    for (const commitment of left) {
      if (waiting.size < MOST) waiting.set(key(place.seq ?? 0, commitment), place);
      else found.add('TOO_MANY_UNOPENED', place, `at most ${MOST} commitments that wait for their erasure`, 'more');
    }
  };
  return {
    entry(commitments, place) {
      settle();
      if (commitments.size > 0) current = { left: new Set(commitments), place, last: '' };
    },
    close: settle,
    opening({ seq, commitment, salt, value }, place) {
      const at = { ...place, seq };
      if (current?.place.seq !== seq || commitment <= current.last || !current.left.delete(commitment)) {
        const expected = 'an opening of a commitment of the entry before, once, in the order of the commitments';
        found.add('OPENING_UNKNOWN', at, expected, 'another opening');
        return;
      }
      current.last = commitment;
      if (commitmentOf(salt, value) !== commitment)
        found.add('COMMITMENT_MISMATCH', at, 'salt and value of the commitment', 'another salt or value');
    },
    erased(erased, place) {
      settle();
      for (const { seq, commitment } of erased)
        if (seq >= first && !waiting.delete(key(seq, commitment)))
          found.add(
            'ERASURE_UNKNOWN',
            place,
            'a commitment that an earlier entry has and no opening opens',
            `seq ${seq}`,
          );
    },
    finish() {
      settle();
      for (const place of waiting.values())
        found.add('OPENING_MISSING', place, 'an opening after the entry, or an ERASURE entry', 'neither');
    },
  };
}
