import { z } from 'zod';
import { agency, time } from '../format/shapes.ts';
import { algorithmIds, isPublicKey, keyIdOf } from '../format/signature.ts';
import type { TrustedKey } from '../format/trusted-keys.ts';

/** One key of an agency that cosigns the heads of the ledger's logs, as the configuration names it. */
export const witnessSettings = z
  .strictObject({
    agency,
    alg: z.enum(algorithmIds).default('Ed25519'),
    /** Base64url of the raw public key; 32 bytes for Ed25519. */
    public: z.string(),
    from: time,
    /** Not included; null: no end. */
    until: time.nullable().default(null),
  })
  .refine((key) => isPublicKey(key.alg, key.public), { message: 'must be a public key', path: ['public'] })
  .refine((key) => key.until === null || key.from < key.until, { message: 'must be after `from`', path: ['until'] });

export type WitnessKey = Extract<TrustedKey, { use: 'witness' }>;

/** The key as a trusted key file has it. */
export function witnessKeyOf({
  agency: name,
  alg,
  public: key,
  from,
  until,
}: z.output<typeof witnessSettings>): WitnessKey {
  return { use: 'witness', agency: name, id: keyIdOf(alg, key), alg, public: key, from, until };
}
