import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { entryKinds } from '../../src/ledger/format/entry.ts';
import { readTrustedKeys } from '../../src/ledger/format/trusted-keys.ts';
import { findingCodes } from '../../src/ledger/verify/finding.ts';
import { verifyExport } from '../../src/ledger/verify/verify-export.ts';
import { verifyReceipt } from '../../src/ledger/verify/verify-receipt.ts';
import { example } from '../ledger/kit/example.ts';
import { fileOf } from '../ledger/kit/sample-log.ts';
import { block, blocks, code, languages, page, table } from './markdown.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-ledger-doc-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const doc = page('ledger-format');

describe.each(languages)('docs/ledger-format%s.md', (language) => {
  const text = page(`ledger-format${language}`);

  test('has the examples', () => expect(blocks(text)).toEqual(blocks(doc)));

  test('lists the kinds and the findings, in their order', () => {
    expect(table(text, 'kinds').map(([kind]) => code(kind))).toEqual([...entryKinds]);
    expect(table(text, 'findings').map(([finding]) => code(finding))).toEqual([...findingCodes]);
  });

  test('gives the hashes of the example', () => {
    expect(table(text, 'hashes').map(([, hash]) => code(hash))).toEqual(example().hashes);
  });
});

test('the example is what the code writes, and is verified', async () => {
  const { lines, keys, receipt } = example();
  expect(block(doc, 'export')).toBe(String(fileOf(lines)));
  expect(JSON.parse(block(doc, 'keys'))).toEqual(keys);
  expect(block(doc, 'receipt')).toBe(`${String(receipt)}\n`);
  const path = join(home, 'export.jsonl');
  writeFileSync(path, block(doc, 'export'));
  const trusted = readTrustedKeys(block(doc, 'keys'));
  expect(await verifyExport(path, { keys: trusted, strict: true })).toMatchObject({ verdict: 'VERIFIED' });
  expect(verifyReceipt(receipt, { keys: trusted })).toMatchObject({ verdict: 'VERIFIED', seq: 2, findings: [] });
});
