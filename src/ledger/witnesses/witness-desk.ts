import { toBase64url } from '../format/base64url.ts';
import { canonicalJson } from '../format/canonical-json.ts';
import { isCosignedBy, type Cosignature, type Head, type SignedHead } from '../format/head.ts';
import { formatLedgerTime } from '../format/ledger-time.ts';
import type { LogId } from '../format/log-id.ts';
import { isValidAt } from '../format/trusted-keys.ts';
import { openLedgerFile, type LedgerFile, type StoredLog } from '../export/ledger-file.ts';
import { logProofs } from '../export/log-proofs.ts';
import type { KeptCosignature } from '../writer/kept-cosignature.ts';
import type { WitnessKey } from './witness-settings.ts';

/** Why a cosignature is not kept. */
export type CosignatureRefusal =
  'UNKNOWN_HEAD' | 'UNKNOWN_WITNESS' | 'KEY_NOT_VALID_THEN' | 'FROM_FUTURE' | 'WRONG_SIGNATURE';

export interface LogHead {
  readonly log: LogId;
  /** The newest one, with its cosignatures; null while there is none. */
  readonly head: SignedHead | null;
}

export type Consistency =
  | { readonly kind: 'PROVED'; readonly head: SignedHead; readonly proof: readonly string[] }
  | { readonly kind: 'NO_LOG' }
  /** The log has signed no tree of so many entries; `size` is its newest head's. */
  | { readonly kind: 'NO_SIZE'; readonly size: number };

/** What witnesses are told of the logs, and what they bring: hashes, sizes, times and signatures, no word of an entry. */
export interface WitnessDesk {
  logs(): readonly LogHead[];
  /** The newest head, and that its tree begins with that of `from` entries (RFC 6962 §2.1.2). */
  consistency(log: string, from: number): Consistency;
  /** Keeps a cosignature with its head, once; null when it is kept. Rejects with `LedgerUnavailableError`. */
  keep(head: Head, cosignature: Cosignature): Promise<CosignatureRefusal | null>;
}

export interface DeskParts {
  /** The file with the logs. */
  readonly path: string;
  readonly witnesses: readonly WitnessKey[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly write: (cosignature: KeptCosignature) => Promise<void>;
}

/** By which a witness's clock may be ahead, as verifiers allow it. */
const clockMs = 300_000;

export function witnessDesk({ path, witnesses, now, write }: DeskParts): WitnessDesk {
  const reading = <T>(work: (file: LedgerFile) => T): T => {
    const file = openLedgerFile(path);
    try {
      return work(file);
    } finally {
      file.close();
    }
  };
  const named = (file: LedgerFile, log: string): StoredLog | undefined => file.logs().find((one) => one.log === log);

  return {
    logs: () => reading((file) => file.logs().map(({ logNo, log }) => ({ log, head: file.newestHead(logNo) }))),
    consistency: (log, from) =>
      reading((file) => {
        const stored = named(file, log);
        const head = stored === undefined ? null : file.newestHead(stored.logNo);
        if (stored === undefined || head === null) return { kind: 'NO_LOG' };
        const { size } = head.head;
        if (!Number.isSafeInteger(from) || from < 1 || from > size) return { kind: 'NO_SIZE', size };
        const proof = logProofs(file, stored.logNo).consistency(from, size);
        return { kind: 'PROVED', head, proof: proof.map(toBase64url) };
      }),
    async keep(head, cosignature) {
      const found = reading((file) => {
        const stored = named(file, head.log);
        const signed = stored === undefined ? null : file.head(stored.logNo, head.size);
        return stored === undefined || signed === null ? null : { logNo: stored.logNo, signed };
      });
      if (found === null || !canonicalJson(found.signed.head).equals(canonicalJson(head))) return 'UNKNOWN_HEAD';
      const { key: id, agency, at } = cosignature;
      const witness = witnesses.find((one) => one.id === id && one.agency === agency);
      if (witness === undefined) return 'UNKNOWN_WITNESS';
      if (!isValidAt(witness, at)) return 'KEY_NOT_VALID_THEN';
      if (at > formatLedgerTime(now() + clockMs)) return 'FROM_FUTURE';
      if (!isCosignedBy(head, cosignature, witness)) return 'WRONG_SIGNATURE';
      const isKept = found.signed.cosignatures.some((one) => one.key === id);
      if (!isKept) await write({ logNo: found.logNo, size: head.size, ...cosignature });
      return null;
    },
  };
}
