import { compactRange } from '../merkle/compact-range.ts';
import type { NodeId } from '../merkle/node-id.ts';
import { consistencyNodes, foldProof, inclusionNodes, type ProofNodes } from '../merkle/proof-nodes.ts';
import { lowestKeptLevel } from '../writer/log-nodes.ts';
import type { LedgerFile } from './ledger-file.ts';

/**
 * Proofs of one log, as `isIncluded` and `isConsistent` take them. RangeError for what is no entry or no size; Error where
 * the log has not so many entries. A proof reads a few hundred short rows at most, whatever the size.
 */
export interface LogProofs {
  /** That entry `index` is in the tree of `size`. RFC 6962 §2.1.1 */
  inclusion(index: number, size: number): readonly Buffer[];
  /** That the tree of `size` begins with that of `before`. §2.1.2 */
  consistency(before: number, size: number): readonly Buffer[];
}

export function logProofs(file: LedgerFile, logNo: number): LogProofs {
  const prove = (nodes: ProofNodes): readonly Buffer[] =>
    foldProof(nodes.map((part) => part.map((node) => hashOf(file, logNo, node))));
  return {
    inclusion: (index, size) => prove(inclusionNodes(index, size)),
    consistency: (before, size) => prove(consistencyNodes(before, size)),
  };
}

function hashOf(file: LedgerFile, logNo: number, node: NodeId): Buffer {
  const width = 2 ** node.level;
  const first = node.index * width;
  const kept =
    node.level >= lowestKeptLevel ? file.node(logNo, node) : ofLeaves(file.hashes(logNo, first, width), width);
  if (kept === null) throw new Error(`the ledger has not the hashes of entries ${first} to ${first + width - 1}`);
  return kept;
}

function ofLeaves(leaves: readonly Buffer[], width: number): Buffer | null {
  if (leaves.length !== width) return null;
  const range = compactRange();
  for (const leaf of leaves) range.append(leaf);
  return range.root();
}
