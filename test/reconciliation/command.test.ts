import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { seedCity } from '../../src/city/city.ts';
import { reconcileCommand } from '../../src/cli/reconcile.ts';
import { secretFile } from '../../src/config/secret-file.ts';
import type { ReconcileReport } from '../../src/reconciliation/reconcile.ts';

/* `lianqiao reconcile`, on a city of its own. */

let city: string;
beforeAll(async () => {
  city = mkdtempSync(join(tmpdir(), 'lianqiao-reconcile-'));
  await seedCity({ dataDir: city, tickets: 50, joinSecret: secretFile(city, 'join') });
});
afterAll(() => rmSync(city, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function reconcile(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((ran.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((ran.err += String(text)), true));
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  for (const [name, value] of Object.entries({ LIANQIAO_DATA_DIR: city, ...env })) vi.stubEnv(name, value);
  process.exitCode = undefined;
  try {
    await reconcileCommand().parseAsync(args, { from: 'user' });
    return { code: Number(process.exitCode ?? 0), ...ran };
  } catch (error) {
    return { code: Number(/exit (\d)/.exec(String(error))?.[1]), ...ran };
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

function without(tickets: string): void {
  const db = new Database(join(city, 'market.db'));
  db.prepare('DELETE FROM C_RECEIPT WHERE GDBH = ?').run(tickets);
  db.close();
}

test('finds, tells what of each agency was compared, and ends with 1', async () => {
  without('12345:2026110500000001');
  const { code, out, err } = await reconcile(['--json']);
  expect(err).toBe('');
  const report = JSON.parse(out) as ReconcileReport;
  expect(report).toMatchObject({ purpose: 'SUPERVISION', since: null, resumed: false, ended: true, settled: 0 });
  expect(report.found).toBeGreaterThan(0);
  expect(Object.keys(report.agencies)).toEqual(['police', 'grid', 'market', 'housing']);
  expect(code).toBe(1);
});

test('says the same to people, and ends with 0 where nothing is new', async () => {
  const { code, out, err } = await reconcile(['--since', '2026-11-01']);
  expect(out).toMatch(
    /^\d+ tickets looked at: 0 lost handoffs found, 0 settled, 0 withdrawn\n( {2}\w+ +\d+ compared\n){4}$/,
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('says which agency was not compared, and why', async () => {
  const sources = JSON.stringify({ police: { kind: 'rest', url: 'http://127.0.0.1:1' } });
  const { code, out } = await reconcile(['--since', '2026-11-10'], { LIANQIAO_SOURCES: sources });
  expect(out).toMatch(/ {2}police {3}0 compared; not compared: \d+ unavailable\n/);
  expect(code).toBe(0);
});

test('a wrong day, an unknown option and a wrong setting end with 2, and say what to write', async () => {
  expect(await reconcile(['--since', '2026-02-30'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('YYYY-MM-DD') as string,
  });
  expect(await reconcile(['--all'])).toMatchObject({ code: 2 });
  const wrong = await reconcile([], { LIANQIAO_RECEIPT_GRACE_HOURS: 'long' });
  expect(wrong).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('LIANQIAO_RECEIPT_GRACE_HOURS') as string,
  });
});

test('a hub that keeps no tickets says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-empty-'));
  expect(await reconcile([], { LIANQIAO_DATA_DIR: folder })).toMatchObject({
    code: 2,
    err: expect.stringContaining('OPERATION_NOT_SUPPORTED') as string,
  });
  rmSync(folder, { recursive: true });
});
