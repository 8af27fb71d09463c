import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { auditCommand } from '../../../src/cli/audit.ts';
import { encodeHead } from '../../../src/ledger/format/export-lines.ts';
import { runCommand } from '../../kit/run-command.ts';
import { example } from '../kit/example.ts';
import { fileOf, sampleLog } from '../kit/sample-log.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-verify-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(home, name);
  writeFileSync(path, content);
  return path;
};
const verify = (...args: string[]) => runCommand(auditCommand(), ['verify', ...args]);

const { lines, keys } = example();
const whole = file('export.jsonl', fileOf(lines));
const trusted = file('keys.json', JSON.stringify(keys));

test('a good export is verified: 0', async () => {
  const run = await verify(whole, '--keys', trusted, '--strict');
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toMatch(/\nVERIFIED\n$/);
});

test('without keys nothing is ok: 1', async () => {
  const run = await verify(whole);
  expect(run.status).toBe(1);
  expect(run.stdout).toMatch(/--keys\.\nCONSISTENT_ONLY\n$/);
});

test('what is wrong is told with its place: 1', async () => {
  const bent = file('bent.jsonl', fileOf(lines.toSpliced(3, 1)));
  const run = await verify(bent, '--keys', trusted);
  expect(run.status).toBe(1);
  expect(run.stdout).toMatch(/^SEQ_GAP export line 4, byte \d+, seq 2: expected seq 1; found seq 2\n[^]*\nBROKEN\n$/);
  const json = await verify(bent, '--keys', trusted, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'BROKEN', counts: { SEQ_GAP: 1 } });
});

test('heads of a witness, and a segment', async () => {
  const log = sampleLog(4);
  const later = file('heads.jsonl', fileOf(sampleLog(9, { signer: log.signer }).heads.map(encodeHead)));
  const own = [
    file('log.jsonl', fileOf(log.lines())),
    '--keys',
    file('own.json', JSON.stringify({ v: 1, keys: log.keys })),
  ];
  expect((await verify(...own, '--heads', later)).stdout).toContain('FORK');
  const kept = file('kept.jsonl', fileOf(log.heads.map(encodeHead)));
  expect((await verify(...own, '--heads', kept, '--segment')).stdout).toContain('compared with 1 heads');
});

test.each([
  ['a folder', [home]],
  ['no such file', [join(home, 'none')]],
  ['keys that are none', [whole, '--keys', whole]],
  ['keys that are not there', [whole, '--keys', join(home, 'none')]],
  ['heads that are not there', [whole, '--heads', join(home, 'none')]],
  ['no export', []],
])('%s: 2', async (_, args) => {
  const run = await verify(...args);
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toMatch(/^error: /);
});
