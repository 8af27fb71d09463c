import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeReceipt } from '../../../src/ledger/format/receipt.ts';
import { leafHash } from '../../../src/ledger/merkle/hash.ts';
import { verifyReceipt, type ReceiptOptions } from '../../../src/ledger/verify/verify-receipt.ts';
import { LOG, newSigner, OTHER_LOG, sampleLog, START, trust } from '../kit/sample-log.ts';
import { naiveInclusion } from '../merkle/naive-tree.ts';

const log = sampleLog(5);
const head = log.heads.at(-1) as (typeof log.heads)[number];
const facts = (seq: number) => ({
  seq,
  leaf: leafHash(log.entries[seq] as Buffer),
  entry: log.entries[seq] as Buffer,
  proof: naiveInclusion(seq, log.entries),
  head,
});
const options: ReceiptOptions = { keys: log.keys, now: START + 60_000 };
const found = (bytes: Buffer, more: Partial<ReceiptOptions> = {}): string[] => {
  const { verdict, findings } = verifyReceipt(bytes, { ...options, ...more });
  expect(verdict).toBe('BROKEN');
  return findings.map(({ code }) => code);
};

test('each entry has its receipt, with its text or without', () => {
  for (let seq = 0; seq < 5; seq += 1)
    for (const entry of [facts(seq).entry, null]) {
      const bytes = encodeReceipt({ ...facts(seq), entry });
      expect(verifyReceipt(bytes, options)).toEqual({ verdict: 'VERIFIED', log: LOG, seq, findings: [] });
      expect(verifyReceipt(bytes, { ...options, keys: null }).verdict).toBe('CONSISTENT_ONLY');
    }
});

test('a receipt that was tampered with in any bit is found broken', () => {
  const bytes = encodeReceipt(facts(3));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ (1 << bit);
      expect(verifyReceipt(copy, options).verdict).toBe('BROKEN');
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test('one clear finding each', () => {
  const good = facts(3);
  expect(found(Buffer.from('热线'))).toEqual(['MALFORMED']);
  expect(found(encodeReceipt({ ...good, proof: [] }))).toEqual(['PROOF_INVALID']);
  expect(found(encodeReceipt({ ...good, entry: facts(2).entry }))).toContain('PROOF_INVALID');
  expect(found(encodeReceipt(good), { log: OTHER_LOG })).toEqual(['WRONG_LOG']);
  const foreign = sampleLog(5, { log: OTHER_LOG, signer: log.signer, witness: log.witness });
  expect(found(encodeReceipt({ ...good, head: foreign.heads.at(-1) as typeof head }))).toContain('UNKNOWN_KEY');
  expect(found(encodeReceipt(good), { keys: trust(LOG, newSigner(), log.witness, null) })).toEqual(['UNKNOWN_KEY']);
  expect(found(encodeReceipt(good), { now: START - 400_000 })).toContain('FROM_FUTURE');
});
