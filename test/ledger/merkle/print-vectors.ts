import { createHash } from 'node:crypto';
import { naiveConsistency, naiveInclusion, naiveRoot } from './naive-tree.ts';

/** The text of `vectors.json`: trees of `entry 0`, `entry 1`, … with all their proofs, hashes in hex. */
export function vectors(): string {
  const hex = (hash: Buffer): string => hash.toString('hex');
  const trees = [1, 2, 3, 4, 5, 7, 8, 11].map((size) => {
    const all = Array.from({ length: size }, (_, seq) => Buffer.from(`entry ${seq}`));
    return {
      size,
      root: hex(naiveRoot(all)),
      inclusion: all.map((entry, index) => ({
        index,
        leaf: createHash('sha256').update(Buffer.of(0)).update(entry).digest('hex'),
        proof: naiveInclusion(index, all).map(hex),
      })),
      consistency: all.map((_, index) => ({
        before: index + 1,
        rootBefore: hex(naiveRoot(all.slice(0, index + 1))),
        proof: naiveConsistency(index + 1, all).map(hex),
      })),
    };
  });
  return JSON.stringify({ trees });
}
