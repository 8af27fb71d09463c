import type Database from 'better-sqlite3';
import { compactRange, type CompactRange } from '../merkle/compact-range.ts';
import { nodesOf, type NodeId } from '../merkle/node-id.ts';

/** Perfect subtrees of this level and above are kept; those below are made of at most 128 entries' hashes. */
export const lowestKeptLevel = 8;

const block = 2 ** lowestKeptLevel;

/** Blocks that are made up for in one transaction: other writers wait for it. */
const blocksAtOnce = 256;

/** The perfect subtrees of the logs, from `lowestKeptLevel` on: proofs need few rows of them, however large the log is. */
export const nodeTable = `
CREATE TABLE IF NOT EXISTS ledger_node (
  log_no INTEGER NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (log_no, level, idx)
) STRICT, WITHOUT ROWID;
`;

/** Keeps each subtree of a log that is complete; for the node sink of a compact range. */
export function nodeKeeper(db: Database.Database): (logNo: number, node: NodeId, hash: Buffer) => void {
  const insert = db.prepare('INSERT OR IGNORE INTO ledger_node (log_no, level, idx, hash) VALUES (?, ?, ?, ?)');
  return (logNo, { level, index }, hash) => {
    if (level >= lowestKeptLevel) insert.run(logNo, level, index, hash);
  };
}

/**
 * Makes up for the subtrees of logs that were written before there were any, or by a hub of that time. Another process may
 * do the same: each step begins where the last one of anybody ended.
 */
export function addMissingNodes(db: Database.Database): void {
  const keep = nodeKeeper(db);
  const kept = db.prepare('SELECT coalesce(max(idx) + 1, 0) FROM ledger_node WHERE log_no = ? AND level = ?').pluck();
  const nodeHash = db
    .prepare<[number, number, number], Buffer>(
      'SELECT hash FROM ledger_node WHERE log_no = ? AND level = ? AND idx = ?',
    )
    .pluck();
  const leaves = db
    .prepare<[number, number, number], Buffer>(
      'SELECT hash FROM ledger_entry WHERE log_no = ? AND seq >= ? AND seq < ? ORDER BY seq',
    )
    .pluck();
  const rangeOf = (logNo: number, size: number): CompactRange => {
    const nodes = nodesOf(0, size).map(({ level, index }) => nodeHash.get(logNo, level, index) ?? Buffer.alloc(0));
    return compactRange({ size, nodes }, (node, hash) => keep(logNo, node, hash));
  };
  const step = db.transaction((logNo: number, blocks: number): boolean => {
    const done = Number(kept.get(logNo, lowestKeptLevel));
    const end = Math.min(blocks, done + blocksAtOnce);
    if (done >= end) return false;
    const found = leaves.all(logNo, done * block, end * block);
    // Entries that are gone are for the verifier to tell of.
    if (found.length !== (end - done) * block) return false;
    const range = rangeOf(logNo, done * block);
    for (const leaf of found) range.append(leaf);
    return end < blocks;
  });
  const logs = db.prepare<[], { log_no: number; size: number }>('SELECT log_no, size FROM ledger_log').all();
  for (const { log_no: logNo, size } of logs) {
    const blocks = Math.floor(size / block);
    if (Number(kept.get(logNo, lowestKeptLevel)) < blocks) while (step.immediate(logNo, blocks));
  }
}
