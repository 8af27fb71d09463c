import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, inject, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { DemoIssuer } from '../../src/identity/demo-issuer.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { askers } from '../hub/askers.ts';
import { verifiedLedger } from './kit/verified-ledger.ts';

/* A hub whose files may grow no further, as on a disk that is full: nothing more is disclosed, and nothing is broken. */

const dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-full-'));
const exports = mkdtempSync(join(tmpdir(), 'lianqiao-full-out-'));
afterAll(() => {
  for (const folder of [dataDir, exports]) rmSync(folder, { recursive: true, force: true });
});

/** Blocks of 1,024 bytes that a file may have, as bash counts them. */
const mostBlocks = 1_200;

test('no answer leaves once an entry finds no room, the hub lives, and what was written is verified', async () => {
  cpSync(inject('city'), dataDir, { recursive: true });
  const issuer = new DemoIssuer({ dataDir, host: '127.0.0.1', configured: false });
  const token = await issuer.issue(askers.police.claims, 3_600);
  const main = join(projectRoot, 'dist/src/cli/main.js');
  const child = spawn('bash', ['-c', `ulimit -f ${mostBlocks}; exec "${process.execPath}" "${main}" serve`], {
    env: { PATH: process.env['PATH'], PORT: '0', LIANQIAO_DATA_DIR: dataDir, LIANQIAO_LEDGER_HEAD_SECONDS: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const address = /POST (\S+)\/graphql/.exec(line)?.[1];
        if (address !== undefined) resolve(address);
      });
      child.once('exit', () => reject(new Error('the hub ended at its start')));
    });
    const ask = async (): Promise<{
      data?: { ticket: object } | null;
      errors?: { extensions: { code: string } }[];
    }> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'lianqiao-purpose': 'HANDLING',
          'lianqiao-ticket': showcase.ticketNo,
        },
        body: JSON.stringify({ query: `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterName } }` }),
      });
      return (await response.json()) as Awaited<ReturnType<typeof ask>>;
    };
    expect((await ask()).data?.ticket).toBeDefined();
    let refused = 0;
    for (let round = 0; round < 400 && refused < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 8 }, ask));
      for (const { data, errors } of answers) {
        if (errors === undefined) continue;
        expect(errors.map(({ extensions }) => extensions.code)).toEqual(['LEDGER_UNAVAILABLE']);
        expect(data ?? null).toBeNull();
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThanOrEqual(5);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  const [report] = await verifiedLedger(dataDir, exports);
  expect(report).toMatchObject({ verdict: 'VERIFIED', findings: [] });
}, 120_000);
