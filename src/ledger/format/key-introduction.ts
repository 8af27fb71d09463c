import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { LogId } from './log-id.ts';
import { algorithm, keyId, time } from './shapes.ts';
import { isGenuine, isPublicKey, keyIdOf, type PublicKey, type Signer } from './signature.ts';
import type { LedgerTime } from './ledger-time.ts';

const introduction = z
  .strictObject({
    alg: algorithm,
    by: keyId,
    from: time,
    key: keyId,
    public: z.string(),
    signature: z.string().max(512),
    until: time.nullable(),
  })
  .readonly();

/** Body of a KEY entry: the next key of this log, signed by one that is valid at the entry's time. */
export type KeyIntroduction = z.output<typeof introduction>;

export interface KeyFacts {
  readonly log: LogId;
  readonly key: PublicKey;
  readonly from: LedgerTime;
  readonly until: LedgerTime | null;
}

/** Introduces a key with the one that is in use; with the key itself where the log begins. */
export function introduceKey({ log, key, from, until }: KeyFacts, signer: Signer): KeyIntroduction {
  const facts = { alg: key.alg, by: signer.id, from, key: key.id, public: key.public, until };
  return { ...facts, signature: signer.sign('key', canonicalJson({ ...facts, log })) };
}

/** Null when the body is no introduction: an id that is not the key's, a time that is none, a name too many. */
export function readIntroduction(body: unknown): KeyIntroduction | null {
  const { success, data } = introduction.safeParse(body);
  if (!success || !isPublicKey(data.alg, data.public) || keyIdOf(data.alg, data.public) !== data.key) return null;
  return data.until === null || data.from < data.until ? data : null;
}

export function isIntroducedBy({ signature, ...facts }: KeyIntroduction, log: LogId, by: PublicKey): boolean {
  return facts.by === by.id && isGenuine(by, 'key', canonicalJson({ ...facts, log }), signature);
}
