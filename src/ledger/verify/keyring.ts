import type { SignedHead } from '../format/head.ts';
import { isCosignedBy, isSignedBy } from '../format/head.ts';
import { isIntroducedBy, readIntroduction } from '../format/key-introduction.ts';
import type { LedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import type { KeyId } from '../format/signature.ts';
import { isValidAt, type TrustedKey } from '../format/trusted-keys.ts';
import type { Findings, Place } from './finding.ts';

export interface Keyring {
  /** Whether nothing is wrong with a head's signature and its cosignatures; what is wrong is found. */
  readonly checkHead: (head: SignedHead, place: Place) => boolean;
  /** Whether a key of this log has this id. */
  readonly knows: (key: KeyId) => boolean;
  /** Takes in the key that a KEY entry introduces. */
  readonly introduce: (body: unknown, at: LedgerTime, place: Place) => void;
}

type LogKey = Omit<Extract<TrustedKey, { use: 'log' }>, 'use' | 'log'>;

/**
 * The keys of one log and its witnesses. Without trusted keys (null) no signature is checked. What the file says of a key
 * goes before what an entry says of it: so a key that was stolen can be ended early.
 */
export function keyring(trusted: readonly TrustedKey[] | null, log: LogId, found: Findings): Keyring {
  const ofLog = new Map<KeyId, LogKey>();
  const witnesses = new Map<KeyId, Extract<TrustedKey, { use: 'witness' }>>();
  for (const key of trusted ?? [])
    if (key.use === 'witness') witnesses.set(key.id, key);
    else if (key.log === log) ofLog.set(key.id, key);

  /** The key, when it is known and valid then. */
  const valid = <K extends { from: LedgerTime; until: LedgerTime | null }>(
    key: K | undefined,
    whose: string,
    at: LedgerTime,
    place: Place,
  ): K | null => {
    if (key === undefined) {
      found.add('UNKNOWN_KEY', place, `a trusted or introduced key of ${whose}`, 'another key');
      return null;
    }
    if (isValidAt(key, at)) return key;
    found.add('KEY_NOT_VALID_THEN', place, `a time from ${key.from}, before ${key.until ?? 'no end'}`, at);
    return null;
  };

  return {
    checkHead(signed, place) {
      if (trusted === null) return true;
      const { head, cosignatures } = signed;
      const key = valid(ofLog.get(head.key), `log ${log}`, head.at, place);
      let right = key !== null;
      if (key !== null && !isSignedBy(signed, key)) {
        found.add('HEAD_SIGNATURE', place, `a signature of key ${key.id} over this head`, 'another signature');
        right = false;
      }
      for (const cosignature of cosignatures) {
        const { agency, at } = cosignature;
        const named = witnesses.get(cosignature.key);
        const witness = valid(named?.agency === agency ? named : undefined, `witness ${agency}`, at, place);
        if (witness === null) right = false;
        else if (!isCosignedBy(head, cosignature, witness)) {
          found.add('COSIGNATURE', place, `a signature of witness ${agency} over this head`, 'another signature');
          right = false;
        }
      }
      return right;
    },
    knows: (key) => ofLog.has(key),
    introduce(body, at, place) {
      const introduced = readIntroduction(body);
      if (introduced === null) {
        found.add('KEY_INTRODUCTION', place, 'a body that introduces a key', 'another body');
        return;
      }
      if (trusted === null) return;
      const by = valid(ofLog.get(introduced.by), `log ${log}`, at, place);
      if (by === null) return;
      if (!isIntroducedBy(introduced, log, by))
        found.add('KEY_INTRODUCTION', place, `a signature of key ${by.id}`, 'another signature');
      else if (!ofLog.has(introduced.key)) {
        const { key: id, alg, public: publicKey, from, until } = introduced;
        ofLog.set(id, { id, alg, public: publicKey, from, until });
      }
    },
  };
}
