import { emptyRoot, HASH_BYTES, nodeHash } from './hash.ts';
import { nodesOf, type NodeId } from './node-id.ts';

/** Receives each perfect subtree when it is complete, leaves (level 0) included. */
export type NodeSink = (node: NodeId, hash: Buffer) => void;

/** What is enough of a tree to append to it and to know its root: at most one perfect subtree a level. */
export interface CompactRange {
  readonly size: number;
  /** Hashes of `nodesOf(0, size)`, from left to right. */
  nodes(): readonly Buffer[];
  append(leaf: Buffer): void;
  root(): Buffer;
}

/**
 * A tree of `size` entries whose `nodesOf(0, size)` have these hashes; an empty one unless told. RangeError when there are
 * too many hashes or too few, or one has not 32 bytes.
 */
export function compactRange(
  start: { readonly size: number; readonly nodes: readonly Buffer[] } = { size: 0, nodes: [] },
  onNode?: NodeSink,
): CompactRange {
  const expected = nodesOf(0, start.size).length;
  if (start.nodes.length !== expected || start.nodes.some((node) => node.length !== HASH_BYTES))
    throw new RangeError(`Expected ${expected} hashes of ${HASH_BYTES} bytes for a tree of ${start.size}`);
  const nodes = [...start.nodes];
  let { size } = start;
  return {
    get size() {
      return size;
    },
    nodes: () => [...nodes],
    append(leaf) {
      let [level, index, hash] = [0, size, leaf];
      onNode?.({ level, index }, hash);
      for (; index % 2 === 1; index = (index - 1) / 2) {
        hash = nodeHash(nodes.pop() as Buffer, hash);
        level += 1;
        onNode?.({ level, index: (index - 1) / 2 }, hash);
      }
      nodes.push(hash);
      size += 1;
    },
    root: () => foldNodes(nodes),
  };
}

/** Hash of neighbouring subtrees that lie from left to right, each wider than the next: that of the whole they make. */
export function foldNodes(hashes: readonly Buffer[]): Buffer {
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot;
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}
