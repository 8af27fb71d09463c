import { HASH_BYTES, nodeHash } from './hash.ts';

export interface InclusionProof {
  /** Place of the entry, from 0. */
  readonly index: number;
  /** Entries of the tree. */
  readonly size: number;
  readonly leaf: Buffer;
  readonly root: Buffer;
  readonly proof: readonly Buffer[];
}

/** Whether the entry with this leaf hash stands at `index` of the tree. RFC 9162 §2.1.3.2 */
export function isIncluded({ index, size, leaf, root, proof }: InclusionProof): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const other of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(other, hash);
      // Levels at which this subtree has no right neighbour add nothing.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else hash = nodeHash(hash, other);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.equals(root);
}

export interface ConsistencyProof {
  readonly before: number;
  readonly size: number;
  readonly rootBefore: Buffer;
  readonly root: Buffer;
  readonly proof: readonly Buffer[];
}

/**
 * Whether the tree of `size` begins with the tree of `before`. RFC 9162 §2.1.4.2. Of an empty tree nothing can be proved:
 * `before` 0 is false.
 */
export function isConsistent({ before, size, rootBefore, root, proof }: ConsistencyProof): boolean {
  if (!isCount(before) || !isCount(size) || before === 0 || before > size) return false;
  if (before === size) return proof.length === 0 && rootBefore.equals(root);
  if (!areHashes([rootBefore, root, ...proof])) return false;
  // A perfect old tree is its own first node.
  const [first, ...rest] = isPowerOfTwo(before) ? [rootBefore, ...proof] : proof;
  if (first === undefined) return false;
  let [place, last] = [before - 1, size - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [old, now] = [first, first];
  for (const other of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [old, now] = [nodeHash(other, old), nodeHash(other, now)];
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else now = nodeHash(now, other);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && old.equals(rootBefore) && now.equals(root);
}

const half = (count: number): number => Math.floor(count / 2);
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
const areHashes = (hashes: readonly Buffer[]): boolean => hashes.every((hash) => hash.length === HASH_BYTES);

function isPowerOfTwo(count: number): boolean {
  let width = 1;
  while (width < count) width *= 2;
  return width === count;
}
