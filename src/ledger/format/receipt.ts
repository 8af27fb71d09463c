import { z } from 'zod';
import { toBase64url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import { signedHeadShape, type SignedHead } from './head.ts';
import { count, hash } from './shapes.ts';

export const RECEIPT_FORMAT = 'lianqiao-ledger-receipt';

export const receiptShape = z
  .strictObject({
    /** The entry's text where the holder may read it. */
    entry: z.string().nullable(),
    format: z.literal(RECEIPT_FORMAT),
    head: signedHeadShape,
    leaf: hash,
    proof: z.array(hash).max(64).readonly(),
    seq: count,
    v: z.literal(1),
  })
  .readonly();

/** Proof for one entry, by which anyone can check years later that it is in the log; its log is the head's. */
export type Receipt = z.output<typeof receiptShape>;

export interface ReceiptFacts {
  readonly seq: number;
  readonly leaf: Buffer;
  /** The entry's bytes, or null for a holder who may not read it. */
  readonly entry: Buffer | null;
  readonly proof: readonly Buffer[];
  readonly head: SignedHead;
}

export function encodeReceipt({ seq, leaf, entry, proof, head }: ReceiptFacts): Buffer {
  const receipt: Receipt = {
    entry: entry === null ? null : entry.toString('utf8'),
    format: RECEIPT_FORMAT,
    head,
    leaf: toBase64url(leaf),
    proof: proof.map(toBase64url),
    seq,
    v: 1,
  };
  return canonicalJson(receipt);
}
