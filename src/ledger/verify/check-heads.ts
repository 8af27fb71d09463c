import { toBase64url } from '../format/base64url.ts';
import type { SignedHead } from '../format/head.ts';
import type { LedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import type { CheckedEntries } from './check-entries.ts';
import type { Findings, Place } from './finding.ts';
import type { Keyring } from './keyring.ts';
import type { KnownHead } from './known-heads.ts';

export interface HeadsOptions {
  readonly log: LogId;
  readonly found: Findings;
  readonly keys: Keyring;
  readonly entries: CheckedEntries;
  readonly latest: LedgerTime;
  readonly known: readonly KnownHead[];
  /** Whether a known head of a larger tree is passed over, and not a finding. */
  readonly isSegment: boolean;
}

export interface CheckedHeads {
  /** A head's line. */
  readonly add: (head: SignedHead, place: Place) => void;
  /** Before the tree grows, and at the end: known heads of this size are compared. */
  readonly compare: () => void;
  /** At the end: known heads of larger trees. */
  readonly finish: () => void;
  readonly last: () => SignedHead | null;
  readonly count: () => number;
  readonly compared: () => number;
}

/** Compares the tree with each head of the export, and with those that witnesses kept. */
export function checkedHeads(options: HeadsOptions): CheckedHeads {
  const { log, found, keys, entries, latest, isSegment } = options;
  // Those before the export's first entry cannot be compared with anything in it.
  const known = options.known.filter(({ signed }) => signed.head.size >= entries.size());
  let [nextKnown, count, compared] = [0, 0, 0];
  let last: SignedHead | null = null;

  const isTrees = (root: string): boolean => toBase64url(entries.tree.root()) === root;

  const checkTimes = ({ head, cosignatures }: SignedHead, place: Place): void => {
    for (const at of [head.at, ...cosignatures.map((cosignature) => cosignature.at)])
      if (at > latest) found.add('FROM_FUTURE', place, `${latest} at the latest`, at);
  };

  const compareOne = ({ signed, place }: KnownHead): void => {
    keys.checkHead(signed, place);
    checkTimes(signed, place);
    if (entries.isBroken()) return;
    compared += 1;
    if (!isTrees(signed.head.root))
      found.add(
        'FORK',
        place,
        `root ${toBase64url(entries.tree.root())} at size ${signed.head.size}`,
        signed.head.root,
      );
  };

  return {
    add(signed, place) {
      const { head } = signed;
      count += 1;
      if (head.log !== log) {
        found.add('WRONG_LOG', place, `log ${log}`, `log ${head.log}`);
        return;
      }
      if (head.size > entries.size()) {
        found.add('SEQ_GAP', place, `entries up to seq ${head.size - 1}`, `entries up to seq ${entries.size() - 1}`);
        entries.missing(head.size);
      } else if (head.size < entries.size() || last?.head.size === head.size)
        found.add(
          'HEAD_MISPLACED',
          place,
          'one head of a size, after the last entry that it covers',
          `size ${head.size}`,
        );
      keys.checkHead(signed, place);
      checkTimes(signed, place);
      const at = entries.at();
      if (at !== null && head.at < at) found.add('CLOCK_BACK', place, `${at} or later`, head.at);
      if (!entries.isBroken() && head.size === entries.size() && !isTrees(head.root)) {
        const since = last === null ? 'the first entry' : `seq ${last.head.size}`;
        found.add('ROOT_MISMATCH', place, `entries from ${since} with root ${head.root}`, 'entries with another root');
        entries.break();
      }
      last = signed;
    },
    compare() {
      for (let next = known[nextKnown]; next !== undefined && next.signed.head.size <= entries.size();) {
        compareOne(next);
        nextKnown += 1;
        next = known[nextKnown];
      }
    },
    finish() {
      for (const { signed, place } of isSegment ? [] : known.slice(nextKnown)) {
        const { head } = signed;
        if (keys.knows(head.key)) keys.checkHead(signed, place);
        found.add('ROLLBACK', place, `a tree of ${head.size} entries`, `one of ${entries.size()}`);
      }
    },
    last: () => last,
    count: () => count,
    compared: () => compared,
  };
}
