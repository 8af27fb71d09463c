import { formatLedgerTime, type LedgerTime } from '../format/ledger-time.ts';
import type { TrustedKey } from '../format/trusted-keys.ts';
import type { StoredKey } from './ledger-file.ts';

/** How long a key stays valid beside the one that follows it. */
const overlapMs = 24 * 3_600_000;

/**
 * The keys of each log as a trusted key file: whoever verifies takes it from a hand that it trusts, and not from beside
 * the ledger. A key ends a day after the next one begins.
 */
export function trustedKeysOf(keys: readonly StoredKey[]): { readonly v: 1; readonly keys: readonly TrustedKey[] } {
  return {
    v: 1,
    keys: keys.map(({ log, id, alg, public: publicKey, from }, i) => {
      const next = keys[i + 1];
      const until = next?.log === log ? later(next.from) : null;
      return { use: 'log', log, id, alg, public: publicKey, from, until };
    }),
  };
}

function later(time: LedgerTime): LedgerTime {
  return formatLedgerTime(Date.parse(time) + overlapMs);
}
