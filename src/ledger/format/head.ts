import { z } from 'zod';
import { toBase64url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import type { LedgerTime } from './ledger-time.ts';
import type { LogId } from './log-id.ts';
import { agency, algorithm, count, hash, keyId, logId, time } from './shapes.ts';
import { isGenuine, type PublicKey, type Signer } from './signature.ts';

export const headShape = z
  .strictObject({ alg: algorithm, at: time, key: keyId, log: logId, root: hash, size: count, v: z.literal(1) })
  .readonly();

/** What a writer says of its log at one time: so many entries, with this root (base64url). */
export type Head = z.output<typeof headShape>;

export const cosignatureShape = z
  .strictObject({ agency, at: time, key: keyId, signature: z.string().max(512) })
  .readonly();

/** What a witness says: that it saw this head, and that it goes on from the last one it saw. */
export type Cosignature = z.output<typeof cosignatureShape>;

export const signedHeadShape = z
  .strictObject({
    cosignatures: z.array(cosignatureShape).max(1000).readonly(),
    head: headShape,
    signature: z.string().max(512),
  })
  .readonly();

/** A line of an export, and of a file of heads. */
export type SignedHead = z.output<typeof signedHeadShape>;

export interface HeadFacts {
  readonly log: LogId;
  readonly size: number;
  readonly root: Buffer;
  readonly at: LedgerTime;
}

export function signHead({ log, size, root, at }: HeadFacts, signer: Signer): SignedHead {
  const head: Head = { alg: signer.alg, at, key: signer.id, log, root: toBase64url(root), size, v: 1 };
  return { cosignatures: [], head, signature: signer.sign('head', canonicalJson(head)) };
}

export function isSignedBy({ head, signature }: SignedHead, key: PublicKey): boolean {
  return head.key === key.id && head.alg === key.alg && isGenuine(key, 'head', canonicalJson(head), signature);
}

/** A witness's signature over a head. That the head goes on from the last one is the caller's to check before. */
export function cosign(head: Head, witness: { agency: string; at: LedgerTime }, signer: Signer): Cosignature {
  const facts = { agency: witness.agency, at: witness.at, key: signer.id };
  return { ...facts, signature: signer.sign('cosignature', canonicalJson({ ...facts, head })) };
}

export function isCosignedBy(head: Head, { signature, ...facts }: Cosignature, key: PublicKey): boolean {
  return facts.key === key.id && isGenuine(key, 'cosignature', canonicalJson({ ...facts, head }), signature);
}
