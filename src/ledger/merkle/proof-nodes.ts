import { foldNodes } from './compact-range.ts';
import { nodesOf, type NodeId } from './node-id.ts';

/**
 * What a proof is made of: each of its hashes is that of neighbouring perfect subtrees, from left to right. Whoever has the
 * tree fetches the nodes, in whatever way, and hands them to `foldProof`.
 */
export type ProofNodes = readonly (readonly NodeId[])[];

/** For the proof that entry `index` is in the tree of `size`. RangeError unless 0 ≤ index < size. RFC 6962 §2.1.1 */
export function inclusionNodes(index: number, size: number): ProofNodes {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new RangeError('Expected 0 ≤ index < size');
  const parts: (readonly NodeId[])[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + widthBelow(end - begin);
    if (index < middle) {
      parts.push(nodesOf(middle, end));
      end = middle;
    } else {
      parts.push(nodesOf(begin, middle));
      begin = middle;
    }
  }
  return parts.toReversed();
}

/** For the proof that the tree of `size` begins with the tree of `before`. RangeError unless 0 < before ≤ size. §2.1.2 */
export function consistencyNodes(before: number, size: number): ProofNodes {
  if (!Number.isSafeInteger(before) || !Number.isSafeInteger(size) || before < 1 || before > size)
    throw new RangeError('Expected 0 < before ≤ size');
  const parts: (readonly NodeId[])[] = [];
  let [begin, end] = [0, size];
  while (end !== before) {
    const middle = begin + widthBelow(end - begin);
    if (before <= middle) {
      parts.push(nodesOf(middle, end));
      end = middle;
    } else {
      parts.push(nodesOf(begin, middle));
      begin = middle;
    }
  }
  // The old tree's own root is known to whoever checks.
  if (begin > 0) parts.push(nodesOf(begin, end));
  return parts.toReversed();
}

/** The proof, of the hashes of its nodes in the same order and shape. */
export function foldProof(hashes: readonly (readonly Buffer[])[]): readonly Buffer[] {
  return hashes.map(foldNodes);
}

/** The largest power of two that is less than `count` (at least 2). */
function widthBelow(count: number): number {
  let width = 1;
  while (width * 2 < count) width *= 2;
  return width;
}
