import { execFile } from 'node:child_process';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { SECOND_VERIFIER, verifyBoth } from './kit/both-verifiers.ts';
import { example } from './kit/example.ts';
import { fileOf, sampleLog, START } from './kit/sample-log.ts';
import { tamper, tampering } from './kit/tampering.ts';

/* Two programs, written apart from docs/ledger-format.md, find the same; verify-export.test.ts asks both in each of its cases. */

const home = mkdtempSync(join(tmpdir(), 'lianqiao-second-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(home, name);
  writeFileSync(path, content);
  return path;
};
const run = (...args: string[]): Promise<{ status: unknown; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [fileURLToPath(SECOND_VERIFIER), ...args], (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, stdout, stderr });
    });
  });

const { lines, keys } = example();
const whole = file('export.jsonl', fileOf(lines));
const trusted = file('keys.json', JSON.stringify(keys));

test('its exit codes: 0 verified, 1 not, 2 wrong use', async () => {
  expect(await run(whole, '--keys', trusted)).toMatchObject({ status: 0, stderr: '' });
  expect(await run(whole)).toMatchObject({ status: 1 });
  const bent = file('bent.jsonl', fileOf(lines.toSpliced(3, 1)));
  const { status, stdout } = await run(bent, '--keys', trusted, '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'BROKEN', counts: { SEQ_GAP: 1 } });
  for (const args of [[], [home], [join(home, 'none')], [whole, '--keys', whole], [whole, '--what']])
    expect(await run(...args)).toMatchObject({ status: 2, stdout: '' });
});

test('both find the same in segments, strictly too', { timeout: 240_000 }, async () => {
  const log = sampleLog(24);
  const options = fc.record({ first: fc.constantFrom(0, 3, 5), strict: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(options, tampering, async ({ first, strict }, t) => {
      const path = file('tampered.jsonl', tamper(log.lines(first), t));
      await verifyBoth(path, { keys: log.keys, now: START + 3_600_000, strict });
    }),
    { seed: 6, numRuns: 500 },
  );
});
