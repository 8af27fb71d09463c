import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { auditCommand } from '../../../src/cli/audit.ts';
import { openLedgerFile } from '../../../src/ledger/export/ledger-file.ts';
import { makeKeyFile } from '../../../src/ledger/keys/log-keys.ts';
import { ledgerFile, openLedger, type OpenLedger } from '../../../src/ledger/open-ledger.ts';
import { startHubProcess } from '../../kit/hub-process.ts';
import { runCommand, type Run } from '../../kit/run-command.ts';
import { grow, openOwnLog } from '../kit/written-log.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-rotate-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let folder: string;
let exports = 0;
beforeEach(() => {
  folder = mkdtempSync(join(home, 'hub-'));
});
const keyFile = (name: string): string => join(folder, 'keys', name);
const audit = (...args: string[]): Promise<Run> => runCommand(auditCommand(), args);
const rotate = (): Promise<Run> => audit('rotate-key', '--data-dir', folder);
const keysNow = async (): Promise<string> => (await audit('keys', '--data-dir', folder)).stdout;

function written(count: number, logNo = 0): void {
  const log = openOwnLog(folder, logNo);
  grow(log, count, 2, Date.now());
  log.close();
}

/** Every log is VERIFIED with these keys, and its heads are signed by so many keys. */
async function expectVerified(keys: string, signers: readonly number[]): Promise<void> {
  const trusted = join(folder, 'trusted.json');
  writeFileSync(trusted, keys);
  const out = join(folder, `out-${(exports += 1)}`);
  const exported = await audit('export', '--data-dir', folder, '--out', out, '--json');
  const paths = (JSON.parse(exported.stdout) as { path: string }[]).map(({ path }) => path);
  const found = [];
  for (const path of paths) {
    const verified = await audit('verify', path, '--keys', trusted, '--strict');
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    const heads = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"cosignatures"'));
    found.push(new Set(heads.map((line) => (JSON.parse(line) as { head: { key: string } }).head.key)).size);
  }
  expect(found).toEqual(signers);
}

test('an open log introduces the new key before its next head, and goes on with it', async () => {
  const log = openOwnLog(folder);
  grow(log, 3, 3, Date.now());
  const first = await keysNow();
  const old = readFileSync(keyFile('ledger.pem'), 'utf8');
  const run = await rotate();
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(keyFile('ledger-before.pem'), 'utf8')).toBe(old);
  expect(readFileSync(keyFile('ledger.pem'), 'utf8')).not.toBe(old);
  expect(statSync(keyFile('ledger.pem')).mode & 0o777).toBe(0o600);
  log.signHead(Date.now());
  grow(log, 3, 3, Date.now());
  await expectVerified(await keysNow(), [2]);
  // The first key was trusted, and introduced the second.
  await expectVerified(first, [2]);
  expect((await rotate()).status).toBe(0);
  grow(log, 3, 3, Date.now());
  log.close();
  await expectVerified(await keysNow(), [3]);
  await expectVerified(first, [3]);
  const published = JSON.parse(await keysNow()) as { keys: { until: string | null }[] };
  expect(published.keys.map(({ until }) => until === null)).toEqual([false, false, true]);
});

describe('a rotation that comes before the last one is in the logs', () => {
  const open = (): Promise<OpenLedger> =>
    openLedger({
      dataDir: folder,
      milliseconds: 5_000,
      headSeconds: 3_600,
      witnesses: [],
      now: Date.now,
      ownerOf: () => 'hotline',
      onHeadFault: (code) => expect.fail(code),
    });

  test('is refused while a log has a writer that did not introduce the key, and changes no file', async () => {
    const ledger = await open();
    expect((await rotate()).status).toBe(0);
    const before = ['ledger.pem', 'ledger-before.pem'].map((name) => readFileSync(keyFile(name), 'utf8'));
    const refused = await rotate();
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^error: log [\w-]{36} has not introduced the current key yet; try again after/);
    expect(['ledger.pem', 'ledger-before.pem'].map((name) => readFileSync(keyFile(name), 'utf8'))).toEqual(before);
    await ledger.close();
    expect((await rotate()).status).toBe(0);
    await expectVerified(await keysNow(), [1]);
  });

  test('introduces the current key to logs without a writer first', async () => {
    written(3);
    written(3, 1);
    for (let i = 0; i < 3; i++) {
      expect((await rotate()).status).toBe(0);
      written(2);
    }
    await expectVerified(await keysNow(), [4, 3]);
    const { keys } = JSON.parse(await keysNow()) as { keys: object[] };
    expect(keys).toHaveLength(7);
  });
});

describe('a crash in the middle of a rotation leaves what goes on', () => {
  const half = '-----BEGIN PRIVATE KEY-----\nMC4';
  test.each<[string, () => void]>([
    ['the copy of the current key is half written', () => writeFileSync(keyFile('ledger-before.pem.next'), half)],
    [
      'the current key stands as the one before too',
      () => copyFileSync(keyFile('ledger.pem'), keyFile('ledger-before.pem')),
    ],
    [
      'and the new key is half written',
      () => {
        copyFileSync(keyFile('ledger.pem'), keyFile('ledger-before.pem'));
        writeFileSync(keyFile('ledger.pem.next'), half);
      },
    ],
    [
      'the new key stands, and nobody was told of it',
      () => {
        copyFileSync(keyFile('ledger.pem'), keyFile('ledger-before.pem'));
        rmSync(keyFile('ledger.pem'));
        makeKeyFile(keyFile('ledger.pem'));
      },
    ],
  ])('%s', async (_, crash) => {
    written(3);
    expect((await rotate()).status).toBe(0);
    written(3);
    const first = await keysNow();
    crash();
    written(3);
    expect((await rotate()).status).toBe(0);
    written(3);
    const file = openLedgerFile(join(folder, ledgerFile));
    const signers = file.keys().length;
    file.close();
    await expectVerified(await keysNow(), [signers]);
    await expectVerified(first, [signers]);
  });
});

test('a key that nothing introduces signs nothing; entries go on', async () => {
  const log = openOwnLog(folder);
  grow(log, 3, 3, Date.now());
  const keys = await keysNow();
  const own = readFileSync(keyFile('ledger.pem'));
  rmSync(keyFile('ledger.pem'));
  makeKeyFile(keyFile('ledger.pem'));
  expect(() => grow(log, 2, 2, Date.now())).toThrow(expect.objectContaining({ code: 'KEY_NOT_INTRODUCED' }));
  expect(log.append([], Date.now())).toEqual([]);
  writeFileSync(keyFile('ledger.pem'), own);
  grow(log, 2, 2, Date.now());
  log.close();
  await expectVerified(keys, [1]);
});

test('a folder that is none is told: 1', async () => {
  const run = await audit('rotate-key', '--data-dir', join(home, 'none'));
  expect(run).toMatchObject({ status: 1, stdout: '' });
  expect(run.stderr).toMatch(/^error: .+; name one with --data-dir\n$/);
});

test('a hub in a process of its own takes the new key, and keeps cosignatures under it', async () => {
  cpSync(inject('city'), folder, { recursive: true });
  const made = await audit('witness', '--agency', 'police', '--key', keyFile('police.pem'), '--make-key');
  const [, key = ''] = /public: ([\w-]+)/.exec(made.stdout) ?? [];
  const [, from = ''] = /from: '([^']+)'/.exec(made.stdout) ?? [];
  const hub = await startHubProcess(folder, {
    LIANQIAO_LEDGER_HEAD_SECONDS: '1',
    LIANQIAO_LEDGER_WITNESSES: JSON.stringify([{ agency: 'police', public: key, from }]),
  });
  try {
    const published = async (): Promise<string> => (await fetch(`${hub.url}/.well-known/ledger-keys.json`)).text();
    await vi.waitFor(
      async () => expect(await (await fetch(`${hub.url}/ledger/logs`)).text()).toContain('"root"'),
      20_000,
    );
    expect((await rotate()).status).toBe(0);
    await vi.waitFor(async () => expect((await published()).match(/"use":"log"/g)).toHaveLength(2), 20_000);
    const keys = join(folder, 'trusted.json');
    writeFileSync(keys, await published());
    const state = join(folder, 'seen.jsonl');
    const run = await audit(
      ...['witness', '--hub', hub.url, '--agency', 'police', '--key', keyFile('police.pem')],
      ...['--keys', keys, '--state', state],
    );
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(await (await fetch(`${hub.url}/ledger/logs`)).text()).toContain('"agency":"police"');
    await expectVerified(await published(), [2]);
  } finally {
    await hub.kill();
  }
}, 90_000);
