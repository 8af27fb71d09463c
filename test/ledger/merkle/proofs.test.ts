import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compactRange } from '../../../src/ledger/merkle/compact-range.ts';
import { leafHash } from '../../../src/ledger/merkle/hash.ts';
import { nodesOf, type NodeId } from '../../../src/ledger/merkle/node-id.ts';
import {
  consistencyNodes,
  foldProof,
  inclusionNodes,
  type ProofNodes,
} from '../../../src/ledger/merkle/proof-nodes.ts';
import { isConsistent, isIncluded } from '../../../src/ledger/merkle/verify-proof.ts';
import { projectRoot } from '../../../src/schema/project-root.ts';
import { naiveConsistency, naiveInclusion, naiveRoot } from './naive-tree.ts';
import { vectors } from './print-vectors.ts';
import own from './vectors.json' with { type: 'json' };

const entry = (seq: number): Buffer => Buffer.from(`entry ${seq}`);
const entries = (size: number): Buffer[] => Array.from({ length: size }, (_, seq) => entry(seq));
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
const unhex = (text: string): Buffer => Buffer.from(text, 'hex');

/** A tree that keeps its nodes, as a store does. */
function stored(size: number): { root: Buffer; proof: (parts: ProofNodes) => readonly Buffer[] } {
  const kept = new Map<string, Buffer>();
  const key = ({ level, index }: NodeId): string => `${level}/${index}`;
  const range = compactRange(undefined, (node, hash) => kept.set(key(node), hash));
  for (const each of entries(size)) range.append(leafHash(each));
  return {
    root: range.root(),
    proof: (parts) => foldProof(parts.map((nodes) => nodes.map((node) => kept.get(key(node)) as Buffer))),
  };
}

test('roots and proofs of every tree up to 40 entries are those of the naive tree, and hold', () => {
  for (let size = 0; size <= 40; size += 1) {
    const all = entries(size);
    const { root, proof } = stored(size);
    expect(root).toEqual(naiveRoot(all));
    for (let index = 0; index < size; index += 1) {
      const inclusion = proof(inclusionNodes(index, size));
      expect(hex(inclusion)).toEqual(hex(naiveInclusion(index, all)));
      expect(isIncluded({ index, size, leaf: leafHash(entry(index)), root, proof: inclusion })).toBe(true);
      const before = index + 1;
      const consistency = proof(consistencyNodes(before, size));
      expect(hex(consistency)).toEqual(hex(naiveConsistency(before, all)));
      const rootBefore = naiveRoot(all.slice(0, before));
      expect(isConsistent({ before, size, rootBefore, root, proof: consistency })).toBe(true);
    }
  }
});

test('a proof that is changed in any place does not hold', () => {
  const trees = Array.from({ length: 33 }, (_, size) => stored(size));
  const tree = (size: number): ReturnType<typeof stored> => trees[size] as ReturnType<typeof stored>;
  const flipped = (hash: Buffer, bit: number): Buffer => {
    const copy = Buffer.from(hash);
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
    return copy;
  };
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 32 }), fc.nat(), fc.nat(), fc.nat(255), (size, a, b, bit) => {
      const index = a % size;
      const before = 1 + (a % (size - 1));
      const { root, proof } = tree(size);
      const included = { index, size, leaf: leafHash(entry(index)), root, proof: proof(inclusionNodes(index, size)) };
      const consistent = {
        before,
        size,
        rootBefore: tree(before).root,
        root,
        proof: proof(consistencyNodes(before, size)),
      };
      const bent = (hashes: readonly Buffer[]): Buffer[][] => {
        const at = b % Math.max(hashes.length, 1);
        const other = hashes[at] ?? root;
        return [
          ...(hashes.length === 0 ? [] : [hashes.with(at, flipped(other, bit)), hashes.toSpliced(at, 1)]),
          hashes.toSpliced(at, 0, other),
          [...hashes, root],
        ];
      };
      for (const changed of bent(included.proof)) expect(isIncluded({ ...included, proof: changed })).toBe(false);
      for (const changed of bent(consistent.proof)) expect(isConsistent({ ...consistent, proof: changed })).toBe(false);
      expect(isIncluded({ ...included, leaf: flipped(included.leaf, bit) })).toBe(false);
      expect(isIncluded({ ...included, root: flipped(root, bit) })).toBe(false);
      expect(isIncluded({ ...included, index: (index + 1) % size })).toBe(false);
      expect(isConsistent({ ...consistent, rootBefore: flipped(consistent.rootBefore, bit) })).toBe(false);
      expect(isConsistent({ ...consistent, root: flipped(root, bit) })).toBe(false);
    }),
    { seed: 6962, numRuns: 1000 },
  );
});

test('sizes past 32 bits have their nodes', () => {
  const size = 2 ** 40 + 5;
  expect(nodesOf(0, size)).toEqual([
    { level: 40, index: 0 },
    { level: 2, index: 2 ** 38 },
    { level: 0, index: 2 ** 40 + 4 },
  ]);
  expect(inclusionNodes(2 ** 40 + 4, size)).toEqual([[{ level: 2, index: 2 ** 38 }], [{ level: 40, index: 0 }]]);
  expect(consistencyNodes(2 ** 40, size)).toEqual([
    [
      { level: 2, index: 2 ** 38 },
      { level: 0, index: 2 ** 40 + 4 },
    ],
  ]);
});

test('a tree goes on from its compact range, and takes no other', () => {
  const range = compactRange();
  for (const each of entries(21)) range.append(leafHash(each));
  const further = compactRange({ size: 21, nodes: range.nodes() });
  for (let seq = 21; seq < 50; seq += 1) further.append(leafHash(entry(seq)));
  expect(further.root()).toEqual(naiveRoot(entries(50)));
  expect(() => compactRange({ size: 22, nodes: range.nodes().slice(1) })).toThrow(RangeError);
  expect(() => compactRange({ size: 1, nodes: [Buffer.alloc(31)] })).toThrow(RangeError);
});

test.each([
  ['inclusion of what is not there', () => inclusionNodes(3, 3)],
  ['inclusion before the first', () => inclusionNodes(-1, 3)],
  ['inclusion of half an entry', () => inclusionNodes(0.5, 3)],
  ['consistency with nothing', () => consistencyNodes(0, 3)],
  ['consistency with more', () => consistencyNodes(4, 3)],
  ['a range that ends before it begins', () => nodesOf(2, 1)],
])('%s is refused', (_, ask) => {
  expect(ask).toThrow(RangeError);
});

test('our own vectors hold', () => {
  for (const { size, root, inclusion, consistency } of own.trees) {
    const at = { size, root: unhex(root) };
    for (const { index, leaf, proof } of inclusion)
      expect(isIncluded({ ...at, index, leaf: unhex(leaf), proof: proof.map(unhex) })).toBe(true);
    for (const { before, rootBefore, proof } of consistency)
      expect(isConsistent({ ...at, before, rootBefore: unhex(rootBefore), proof: proof.map(unhex) })).toBe(true);
  }
  expect(own).toEqual(JSON.parse(vectors()));
});

interface PublicVector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly size1: number;
  readonly size2: number;
  readonly root: string;
  readonly root1: string;
  readonly root2: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const folder = join(projectRoot, '../shared/data/merkle-vectors');
const present = existsSync(folder);
if (!present) console.warn(`${folder} is not there: the 196 public Merkle vectors are NOT tested in this run`);

describe.runIf(present)('public vectors', () => {
  const b64 = (text: string): Buffer => Buffer.from(text, 'base64');
  const under = (kind: string): [string, PublicVector][] =>
    readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, JSON.parse(readFileSync(join(folder, kind, name), 'utf8')) as PublicVector]);
  const inclusion = present ? under('inclusion') : [];
  const consistency = present ? under('consistency') : [];

  test('are 196', () => expect(inclusion.length + consistency.length).toBe(196));

  test.each(inclusion)('inclusion %s', (_, { leafIdx, treeSize, root, leafHash: leaf, proof, wantErr }) => {
    const hashes = (proof ?? []).map(b64);
    expect(isIncluded({ index: leafIdx, size: treeSize, leaf: b64(leaf), root: b64(root), proof: hashes })).toBe(
      !wantErr,
    );
  });

  test.each(consistency)('consistency %s', (_, { size1, size2, root1, root2, proof, wantErr }) => {
    const hashes = (proof ?? []).map(b64);
    expect(isConsistent({ before: size1, size: size2, rootBefore: b64(root1), root: b64(root2), proof: hashes })).toBe(
      !wantErr,
    );
  });
});
