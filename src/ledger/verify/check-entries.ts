import { hash } from 'node:crypto';
import { readCanonicalJson } from '../format/canonical-json.ts';
import { commitmentsIn, type Commitment } from '../format/commitment.ts';
import { intentOf, readEnvelope, type Entry, type EntryKind, type Envelope } from '../format/entry.ts';
import { readErased } from '../format/erasure.ts';
import type { ExportHeader } from '../format/export-lines.ts';
import type { LedgerTime } from '../format/ledger-time.ts';
import { fromBase64url } from '../format/base64url.ts';
import { compactRange, type CompactRange } from '../merkle/compact-range.ts';
import type { Findings, Place } from './finding.ts';
import type { Keyring } from './keyring.ts';
import { openIntents, type OpenIntents } from './open-intents.ts';
import type { Line } from './read-lines.ts';
import type { Unopened } from './unopened.ts';

export interface EntriesOptions {
  readonly header: ExportHeader;
  readonly found: Findings;
  readonly keys: Keyring;
  /** Null where the export carries no openings. */
  readonly book: Unopened | null;
  /** The latest time that is not in the future. */
  readonly latest: LedgerTime;
  readonly strict: boolean;
}

/** The entries so far: their tree, and what they are told by. */
export interface CheckedEntries {
  readonly add: (line: Line) => void;
  /** Some line was no line: it may have been an entry. */
  readonly lost: () => void;
  /** Entries up to this size are missing. */
  readonly missing: (size: number) => void;
  /** Size of the tree, if nothing is missing. */
  readonly size: () => number;
  readonly at: () => LedgerTime | null;
  readonly tree: CompactRange;
  /** Something is wrong already with what the tree is made of: its root says nothing new. */
  readonly isBroken: () => boolean;
  readonly break: () => void;
  readonly intents: OpenIntents;
}

/** Checks each entry, and puts it into the tree. A body is parsed only where it is read, or everything is (`strict`). */
export function checkedEntries({ header, found, keys, book, latest, strict }: EntriesOptions): CheckedEntries {
  const { first, log } = header;
  const tree = compactRange({ size: first, nodes: header.range.map(fromBase64url) });
  const intents = openIntents(first);
  let next = first;
  let last: LedgerTime | null = null;
  let broken = false;
  // After a line that could not be read one seq may be missing, for which there is a finding already.
  let mayMissOne = false;

  const place = ({ number, offset }: Line, seq: number | null): Place => ({
    file: 'export',
    line: number,
    offset,
    seq,
  });

  const checkSeq = (seq: number, line: Line): void => {
    if (seq === next || (mayMissOne && seq === next + 1)) next = seq + 1;
    else {
      broken = true;
      const code = seq > next ? 'SEQ_GAP' : 'SEQ_DUPLICATE';
      found.add(code, place(line, seq), `seq ${next}`, `seq ${seq}`);
      next = Math.max(next, seq + 1);
    }
    mayMissOne = false;
  };

  const checkTime = (at: LedgerTime, line: Line, seq: number): void => {
    if (last !== null && at < last) found.add('CLOCK_BACK', place(line, seq), `${last} or later`, at);
    else last = at;
    if (at > latest) found.add('FROM_FUTURE', place(line, seq), `${latest} at the latest`, at);
  };

  /** What the kinds that verifiers read have in their bodies. */
  const checkBody = ({ kind, at, seq }: Envelope, { bytes }: Line, where: Place): void => {
    switch (kind) {
      case 'INTENT':
        if (seq >= first) intents.open(seq);
        return;
      case 'OUTCOME': {
        const intent = intentOf(bytes);
        if (intent === null || intent >= seq || !intents.close(intent))
          found.add('OUTCOME_WITHOUT_INTENT', where, 'the seq of an earlier INTENT, once', String(intent ?? 'none'));
        return;
      }
      case 'KEY':
      case 'ERASURE': {
        const json = readCanonicalJson(bytes);
        const body = (json?.value as Entry | undefined)?.body;
        const erased = kind === 'ERASURE' ? readErased(body) : null;
        if (json === null) {
          if (!strict) found.add('NOT_CANONICAL', where, 'canonical JSON (RFC 8785) in UTF-8', 'other bytes');
        } else if (kind === 'KEY') keys.introduce(body, at, where);
        else if (erased === null) found.add('MALFORMED', where, 'a body that lists what was erased', 'another body');
        else book?.erased(erased, where);
        return;
      }
      case 'POLICY':
      case 'ADMIN':
      case 'REVIEW':
      case 'ARCHIVE':
    }
  };

  const checkCommitments = (kind: EntryKind, { bytes }: Line, where: Place): void => {
    // What an erasure lists are the commitments of other entries.
    const commitments = kind === 'ERASURE' ? new Set<Commitment>() : commitmentsIn(bytes);
    if (commitments === null) found.add('MALFORMED', where, 'commitments of 43 characters', 'another string');
    book?.entry(commitments ?? new Set(), where);
  };

  const lost = (): void => {
    broken = true;
    mayMissOne = true;
  };

  return {
    add(line) {
      const envelope = readEnvelope(line.bytes);
      if (envelope === null) {
        found.add('MALFORMED', place(line, next), 'an entry with its envelope, version 1', 'another line');
        lost();
        return;
      }
      const { seq, at } = envelope;
      if (next >= header.size && seq >= header.size) {
        found.add('BEYOND_SIZE', place(line, seq), `entries up to seq ${header.size - 1}`, `seq ${seq}`);
        broken = true;
        return;
      }
      const where = place(line, seq);
      if (envelope.log !== log) found.add('WRONG_LOG', where, `log ${log}`, `log ${envelope.log}`);
      checkSeq(seq, line);
      checkTime(at, line, seq);
      if (strict && readCanonicalJson(line.bytes) === null)
        found.add('NOT_CANONICAL', where, 'canonical JSON (RFC 8785) in UTF-8', 'other bytes');
      if (book !== null) checkCommitments(envelope.kind, line, where);
      checkBody(envelope, line, where);
      tree.append(hash('sha256', line.leaf, 'buffer'));
    },
    lost,
    missing(size) {
      broken = true;
      next = Math.max(next, size);
    },
    size: () => next,
    at: () => last,
    tree,
    isBroken: () => broken || tree.size !== next,
    break() {
      broken = true;
    },
    intents,
  };
}
