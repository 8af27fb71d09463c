import { createHash, hash } from 'node:crypto';

/** Bytes of every hash: SHA-256. */
export const HASH_BYTES = 32;

/** Root of the tree without entries: SHA-256 of nothing. https://www.rfc-editor.org/rfc/rfc6962#section-2.1 */
export const emptyRoot: Buffer = createHash('sha256').digest();

const leafPrefix = Buffer.of(0);

/** Hash of one entry: SHA-256 of the byte 0 and the entry. */
export function leafHash(entry: Buffer): Buffer {
  return createHash('sha256').update(leafPrefix).update(entry).digest();
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** Hash of two subtrees: SHA-256 of the byte 1, the left hash and the right hash. Both have 32 bytes. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  // One buffer for all: nothing between these lines gives way to another caller.
  left.copy(pair, 1);
  right.copy(pair, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}
