import { formatLedgerTime, type LedgerTime } from '../format/ledger-time.ts';
import type { TrustedKey } from '../format/trusted-keys.ts';
import type { WitnessKey } from '../witnesses/witness-settings.ts';
import type { StoredKey } from './ledger-file.ts';

/** How long a key stays valid beside the one that follows it. */
const overlapMs = 24 * 3_600_000;

/**
 * The keys of each log, and its witnesses', as a trusted key file: whoever verifies takes it from a hand that it trusts, and not from beside
 * the ledger. A key ends a day after the next one begins.
 */
export function trustedKeysOf(
  keys: readonly StoredKey[],
  witnesses: readonly WitnessKey[],
): { readonly v: 1; readonly keys: readonly TrustedKey[] } {
  return {
    v: 1,
    keys: [...keys.map((key, i) => trusted(key, keys[i + 1])), ...witnesses],
  };
}

function trusted({ log, id, alg, public: publicKey, from }: StoredKey, next: StoredKey | undefined): TrustedKey {
  const until = next?.log === log ? later(next.from) : null;
  return { use: 'log', log, id, alg, public: publicKey, from, until };
}

function later(time: LedgerTime): LedgerTime {
  return formatLedgerTime(Date.parse(time) + overlapMs);
}
