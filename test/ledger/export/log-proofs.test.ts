import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openLedgerFile } from '../../../src/ledger/export/ledger-file.ts';
import { logProofs, type LogProofs } from '../../../src/ledger/export/log-proofs.ts';
import { compactRange } from '../../../src/ledger/merkle/compact-range.ts';
import { isConsistent, isIncluded } from '../../../src/ledger/merkle/verify-proof.ts';
import { ledgerFile } from '../../../src/ledger/open-ledger.ts';
import { grow, openOwnLog } from '../kit/written-log.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-proofs-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const SIZE = 2_900;

/** A log of the folder with so many entries. */
function written(folder: string, logNo = 0, size = SIZE): void {
  const log = openOwnLog(folder, logNo);
  // The key's entry is the first.
  grow(log, size - 1, 700);
  log.close();
}

const sqlite = (folder: string): Database.Database => new Database(join(folder, ledgerFile));
const without = (folder: string, ...statements: string[]): void => {
  const db = sqlite(folder);
  for (const statement of statements) db.exec(statement);
  db.close();
};

/** The hashes of all entries, and the root at each size. */
function treeOf(folder: string, logNo = 0): { leaves: Buffer[]; roots: Buffer[] } {
  const db = sqlite(folder);
  const leaves = db.prepare('SELECT hash FROM ledger_entry WHERE log_no = ? ORDER BY seq').pluck().all(logNo);
  db.close();
  const range = compactRange();
  const roots = [range.root()];
  for (const leaf of leaves as Buffer[]) {
    range.append(leaf);
    roots.push(range.root());
  }
  return { leaves: leaves as Buffer[], roots };
}

function withProofs<T>(folder: string, work: (proofs: LogProofs) => T, logNo = 0): T {
  const file = openLedgerFile(join(folder, ledgerFile));
  try {
    return work(logProofs(file, logNo));
  } finally {
    file.close();
  }
}

const pairs = [
  [1, 1],
  [1, 2],
  [255, 256],
  [256, 257],
  [256, 2_900],
  [257, 2_900],
  [511, 513],
  [1_023, 2_048],
  [1_024, 2_899],
  [2_047, 2_049],
  [2_560, 2_561],
  [2_899, 2_900],
  [2_900, 2_900],
] as const;

function expectProofs(folder: string, logNo = 0): void {
  const { leaves, roots } = treeOf(folder, logNo);
  expect(leaves).toHaveLength(SIZE);
  const at = (size: number): Buffer => roots[size] as Buffer;
  withProofs(
    folder,
    (proofs) => {
      for (const [before, size] of pairs) {
        const proof = proofs.consistency(before, size);
        expect(isConsistent({ before, size, rootBefore: at(before), root: at(size), proof })).toBe(true);
        const index = before - 1;
        const included = proofs.inclusion(index, size);
        expect(isIncluded({ index, size, leaf: leaves[index] as Buffer, root: at(size), proof: included })).toBe(true);
      }
    },
    logNo,
  );
}

test('a log proves its entries and what it was before, at each size', () => {
  const folder = mkdtempSync(join(home, 'log-'));
  written(folder);
  expectProofs(folder);
});

test('a proof reads the entries of the unfinished part alone, whatever the size', () => {
  const folder = mkdtempSync(join(home, 'bounded-'));
  written(folder);
  const { leaves, roots } = treeOf(folder);
  without(
    folder,
    'DROP TRIGGER ledger_entry_is_kept',
    'DELETE FROM ledger_entry WHERE seq NOT BETWEEN 512 AND 767 AND seq < 2816',
  );
  withProofs(folder, (proofs) => {
    const proof = proofs.consistency(700, SIZE);
    const [rootBefore, root] = [roots[700] as Buffer, roots[SIZE] as Buffer];
    expect(isConsistent({ before: 700, size: SIZE, rootBefore, root, proof })).toBe(true);
    const included = proofs.inclusion(600, SIZE);
    expect(isIncluded({ index: 600, size: SIZE, leaf: leaves[600] as Buffer, root, proof: included })).toBe(true);
  });
});

describe('a log that was made before there were nodes', () => {
  test.each([
    ['none are there', 'DROP TABLE ledger_node'],
    ['the last ones are missing', 'DELETE FROM ledger_node WHERE (idx + 1) * (1 << level) > 1100'],
  ])('has them once a hub opened the ledger, logs without a writer included: %s', (_, statement) => {
    const folder = mkdtempSync(join(home, 'before-'));
    written(folder);
    written(folder, 1);
    without(folder, statement);
    openOwnLog(folder).close();
    expectProofs(folder);
    expectProofs(folder, 1);
    const again = openOwnLog(folder);
    grow(again, 300);
    again.close();
    const { roots } = treeOf(folder);
    const size = SIZE + 300;
    const proof = withProofs(folder, (proofs) => proofs.consistency(2_048, size));
    const [rootBefore, root] = [roots[2_048] as Buffer, roots[size] as Buffer];
    expect(isConsistent({ before: 2_048, size, rootBefore, root, proof })).toBe(true);
  });
});

test('a ledger whose entries are gone opens, and proves nothing of them', () => {
  const folder = mkdtempSync(join(home, 'gone-'));
  written(folder);
  without(
    folder,
    'DROP TABLE ledger_node',
    'DROP TRIGGER ledger_entry_is_kept',
    'DELETE FROM ledger_entry WHERE seq = 300',
  );
  openOwnLog(folder).close();
  withProofs(folder, (proofs) => expect(() => proofs.consistency(512, SIZE)).toThrow('entries 512 to 1023'));
});

test('what the log does not have is refused, and nothing is made up for what is missing', () => {
  const folder = mkdtempSync(join(home, 'refused-'));
  written(folder);
  withProofs(folder, (proofs) => {
    expect(() => proofs.consistency(0, SIZE)).toThrow(RangeError);
    expect(() => proofs.consistency(3, 2)).toThrow(RangeError);
    expect(() => proofs.inclusion(SIZE, SIZE)).toThrow(RangeError);
    expect(() => proofs.consistency(SIZE, SIZE + 1)).toThrow('the ledger has not the hashes of entries 2900 to 2900');
  });
  without(folder, 'DELETE FROM ledger_node WHERE level = 8');
  withProofs(folder, (proofs) => {
    expect(() => proofs.consistency(256, SIZE)).toThrow('the ledger has not the hashes of entries 256 to 511');
  });
});
