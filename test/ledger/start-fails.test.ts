import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { projectRoot } from '../../src/schema/project-root.ts';
import { verifiedLedger } from './kit/verified-ledger.ts';

/* A hub that cannot start ends, though its ledger has a thread; what it wrote until then is whole. */

const dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-start-'));
const exports = mkdtempSync(join(tmpdir(), 'lianqiao-start-out-'));
cpSync(inject('city'), dataDir, { recursive: true });
afterAll(() => {
  for (const folder of [dataDir, exports]) rmSync(folder, { recursive: true, force: true });
});

/** How the built hub ends by itself; a minute is far more than it needs. */
async function ended(env: Readonly<Record<string, string>>): Promise<{ status: number | null; told: string }> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/src/cli/main.js'), 'serve'], {
    env: { PATH: process.env['PATH'], LIANQIAO_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let told = '';
  child.stderr.on('data', (part: Buffer) => (told += part.toString()));
  await once(child, 'exit');
  return { status: child.exitCode, told };
}

test('ends when its configuration, or its port, is not to be used', { timeout: 150_000 }, async () => {
  const sources = JSON.stringify({ nosuch: { kind: 'sql', client: 'sqlite', file: 'x.db' } });
  const wrong = await ended({ PORT: '0', LIANQIAO_SOURCES: sources });
  expect(wrong).toMatchObject({ status: 1, told: expect.stringContaining('no connector has a source nosuch') });
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const late = await ended({ PORT: String(port) });
  taken.close();
  expect(late).toMatchObject({ status: 1, told: expect.stringContaining(`port ${port} is in use`) });
  expect(await verifiedLedger(dataDir, exports)).toMatchObject([{ verdict: 'VERIFIED', findings: [] }]);
});
