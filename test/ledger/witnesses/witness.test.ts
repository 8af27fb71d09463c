import Database from 'better-sqlite3';
import Fastify, { type FastifyInstance } from 'fastify';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { auditCommand } from '../../../src/cli/audit.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { cosign, type Cosignature, type SignedHead } from '../../../src/ledger/format/head.ts';
import { formatLedgerTime } from '../../../src/ledger/format/ledger-time.ts';
import { signerOf, type Signer } from '../../../src/ledger/format/signature.ts';
import { ledgerFile } from '../../../src/ledger/open-ledger.ts';
import { witnessDesk } from '../../../src/ledger/witnesses/witness-desk.ts';
import { witnessKeyOf } from '../../../src/ledger/witnesses/witness-settings.ts';
import type { SqliteLog } from '../../../src/ledger/writer/sqlite-log.ts';
import { ledgerRoutes } from '../../../src/server/ledger-routes.ts';
import { runCommand, type Run } from '../../kit/run-command.ts';
import { startHub } from '../../kit/running-hub.ts';
import { newSigner } from '../kit/sample-log.ts';
import { grow, openOwnLog } from '../kit/written-log.ts';

/* A hub's ledger, the routes of its witnesses on a real socket, and the command that an agency runs. */

const home = mkdtempSync(join(tmpdir(), 'lianqiao-witness-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const audit = (args: readonly string[], env = {}): Promise<Run> => runCommand(auditCommand(), args, env);

let folder: string;
let path: string;
let log: SqliteLog;
let app: FastifyInstance;
let hub: string;
let settings: string;
let signer: Signer;
const at = (name: string): string => join(folder, name);

/** The police's key, as the configuration of the hub has it. */
beforeEach(async () => {
  folder = mkdtempSync(join(home, 'hub-'));
  path = at(ledgerFile);
  const made = await audit(['witness', '--agency', 'police', '--key', at('police.pem'), '--make-key']);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  settings = JSON.stringify((parse(made.stdout) as { ledgerWitnesses: unknown }).ledgerWitnesses);
  signer = signerOf(readFileSync(at('police.pem'), 'utf8'));
  log = openOwnLog(folder);
  grow(log, 5, 5, Date.now());
  await serve(settings);
  await keys();
});
afterEach(async () => {
  await app.close();
  log.close();
});

async function serve(configured: string): Promise<void> {
  app = Fastify();
  const { ledgerWitnesses } = loadConfig({ LIANQIAO_LEDGER_WITNESSES: configured });
  const desk = witnessDesk({
    path,
    witnesses: ledgerWitnesses.map(witnessKeyOf),
    now: Date.now,
    write: async (one) => log.keepCosignature(one),
  });
  ledgerRoutes(app, desk, pino({ level: 'silent' }));
  hub = await app.listen({ port: 0, host: '127.0.0.1' });
}

async function keys(): Promise<void> {
  const listed = await audit(['keys', '--data-dir', folder], { LIANQIAO_LEDGER_WITNESSES: settings });
  expect(JSON.parse(listed.stdout)).toMatchObject({ keys: [{ use: 'log' }, { use: 'witness', agency: 'police' }] });
  writeFileSync(at('keys.json'), listed.stdout);
}

const witness = (...more: string[]): Promise<Run> =>
  audit([
    ...['witness', '--hub', hub, '--agency', 'police', '--key', at('police.pem')],
    ...['--keys', at('keys.json'), '--state', at('seen.jsonl'), ...more],
  ]);

const json = async (url: string, body?: object): Promise<{ status: number; answer: unknown }> => {
  const response = await fetch(
    `${hub}${url}`,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  return { status: response.status, answer: await response.json() };
};
const listed = async (): Promise<SignedHead> =>
  ((await json('/ledger/logs')).answer as { logs: [{ head: SignedHead }] }).logs[0].head;
const state = (): SignedHead[] =>
  readFileSync(at('seen.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SignedHead);

/** Another history, or an older one, takes the place of the hub's: a hub's whole folder is in its hands. */
function replaceBy(file: string): void {
  log.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  copyFileSync(file, path);
  log = openOwnLog(folder);
}
function saved(name: string): string {
  const db = new Database(path);
  db.exec(`VACUUM INTO '${at(name)}'`);
  db.close();
  return at(name);
}

test('each head is cosigned once, if it goes on from the last one', async () => {
  const first = await witness();
  expect(first).toMatchObject({ status: 0, stderr: '' });
  expect(first.stdout).toMatch(/^log [\w-]{36}: size 6 cosigned; seen for the first time/);
  expect((await listed()).cosignatures).toMatchObject([{ agency: 'police', key: signer.id }]);
  expect(state()).toEqual([await listed()]);

  expect((await witness()).stdout).toContain('size 6, as it was seen before');
  expect((await listed()).cosignatures).toHaveLength(1);

  grow(log, 700, 300, Date.now());
  const later = await witness('--json');
  expect(later.status).toBe(0);
  expect(JSON.parse(later.stdout)).toEqual([{ log: log.log, outcome: 'EXTENDED', size: 706 }]);
  expect(state().map(({ head }) => head.size)).toEqual([706]);
});

test('an export carries the heads with their cosignatures, and is verified with what the witness kept', async () => {
  await witness();
  grow(log, 20, 10, Date.now());
  await witness();
  expect((await audit(['export', '--data-dir', folder, '--out', at('out')])).status).toBe(0);
  const file = join(at('out'), `${log.log}.jsonl`);
  expect(readFileSync(file, 'utf8').match(/"agency":"police"/g)).toHaveLength(2);
  const verified = await audit(['verify', file, '--keys', at('keys.json'), '--heads', at('seen.jsonl'), '--json']);
  expect(verified.status).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'VERIFIED', heads: 3, compared: 1 });
});

describe('is found, told, not cosigned, and changes nothing of what the witness holds', () => {
  async function expectBroken(code: string): Promise<void> {
    const before = existsSync(at('seen.jsonl')) ? readFileSync(at('seen.jsonl'), 'utf8') : null;
    const run = await witness();
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(new RegExp(`^${code} log [\\w-]{36}: expected .+; found .+; not cosigned\n`));
    expect(existsSync(at('seen.jsonl')) ? readFileSync(at('seen.jsonl'), 'utf8') : null).toBe(before);
    const { logs } = (await json('/ledger/logs')).answer as { logs: { head: SignedHead | null }[] };
    expect(logs.map(({ head }) => head?.cosignatures ?? []).flat()).toEqual([]);
  }

  test('a rollback', async () => {
    const old = saved('old.db');
    grow(log, 4, 4, Date.now());
    await witness();
    replaceBy(old);
    await expectBroken('ROLLBACK');
  });
  test('a log that is gone', async () => {
    await witness();
    const db = new Database(path);
    db.exec(`UPDATE ledger_log SET log_id = '00000000-8a2b-4d3e-9f10-6f2b7a1c0d4e'`);
    db.exec('DELETE FROM ledger_cosignature; DELETE FROM ledger_head');
    db.close();
    const run = await witness();
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/ROLLBACK log [\w-]{36}: expected a tree of 6 entries or more; found no such log/);
  });
  test.each([
    ['of the same size', 4],
    ['that grew on', 300],
  ])('a fork %s', async (_, count) => {
    const old = saved('old.db');
    grow(log, 4, 4, Date.now());
    await witness();
    replaceBy(old);
    grow(log, count, 2, Date.now() + 1);
    await expectBroken('FORK');
  });
  test('a signature that is not of the key', async () => {
    const db = new Database(path);
    db.exec(`UPDATE ledger_head SET head = replace(head, '"size":6', '"size":5')`);
    db.close();
    await expectBroken('HEAD_SIGNATURE');
  });
  test('a key that only the hub speaks of', async () => {
    writeFileSync(at('keys.json'), '{"v":1,"keys":[]}');
    await expectBroken('UNKNOWN_KEY');
  });
  test('a head of times to come', async () => {
    grow(log, 1, 1, Date.now() + 3_600_000);
    await expectBroken('FROM_FUTURE');
  });
});

test('a cosignature that did not arrive is brought again, the same one', async () => {
  await app.close();
  const silent = await witness();
  expect(silent).toMatchObject({ status: 1, stdout: '' });
  expect(silent.stderr).toMatch(/^error: http:\S+ does not answer \(ECONNREFUSED\)\n$/);
  await serve('[]');
  const refused = await witness();
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain('the hub refuses ledger/cosignatures: COSIGNATURE_REFUSED UNKNOWN_WITNESS');
  const [kept] = state();
  await app.close();
  await serve(settings);
  expect(await witness()).toMatchObject({ status: 0, stderr: '' });
  expect([await listed()]).toEqual([kept]);
  expect(state()).toEqual([kept]);
});

describe('what is used wrongly, and a state that is damaged', () => {
  test('a damaged state is not taken for an empty one: 1', async () => {
    writeFileSync(at('seen.jsonl'), '{}\n');
    expect(await witness()).toMatchObject({ status: 1, stdout: '' });
  });
  test.each([
    ['an agency that is none', ['--agency', '警']],
    ['no key', ['--key', 'none.pem']],
    ['keys that are none', ['--keys', 'none.json']],
    ['an address that is none', ['--hub', 'hub']],
    ['a key that is there already', ['--make-key']],
  ])('%s: 2', async (_, flags) => {
    const run = await witness(...flags);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toMatch(/^error: /);
  });
});

describe('the routes', () => {
  const bring = (head: object, cosignature: Cosignature) => json('/ledger/cosignatures', { head, cosignature });

  test('consistency is proved from each size, and what is no size is refused', async () => {
    const url = `/ledger/logs/${log.log}/consistency`;
    expect(await json(`${url}?from=6`)).toMatchObject({
      status: 200,
      answer: { proof: [], head: { head: { size: 6 } } },
    });
    for (const from of ['?from=0', '?from=7', '?from=x', '?from=1.5', ''])
      expect(await json(`${url}${from}`)).toMatchObject({
        status: 400,
        answer: { errors: [{ extensions: { code: 'BAD_USER_INPUT', size: 6 } }] },
      });
    expect(await json('/ledger/logs/none/consistency?from=1')).toMatchObject({
      status: 404,
      answer: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    });
  });

  test('a cosignature that proves nothing is refused with its reason', async () => {
    const { head } = await listed();
    const now = { agency: 'police', at: formatLedgerTime(Date.now() + 1_000) };
    const refused = (reason: string) => ({
      status: 422,
      answer: { errors: [{ extensions: { code: 'COSIGNATURE_REFUSED', reason } }] },
    });
    const good = cosign(head, now, signer);
    expect(await bring({ ...head, size: 5 }, good)).toMatchObject(refused('UNKNOWN_HEAD'));
    expect(await bring({ ...head, root: head.key }, good)).toMatchObject(refused('UNKNOWN_HEAD'));
    expect(await bring(head, cosign(head, now, newSigner()))).toMatchObject(refused('UNKNOWN_WITNESS'));
    expect(await bring(head, cosign(head, { ...now, agency: 'grid' }, signer))).toMatchObject(
      refused('UNKNOWN_WITNESS'),
    );
    const early = { ...now, at: formatLedgerTime(0) };
    expect(await bring(head, cosign(head, early, signer))).toMatchObject(refused('KEY_NOT_VALID_THEN'));
    const late = { ...now, at: formatLedgerTime(Date.now() + 3_600_000) };
    expect(await bring(head, cosign(head, late, signer))).toMatchObject(refused('FROM_FUTURE'));
    expect(await bring(head, { ...good, at: formatLedgerTime(Date.now() + 2_000) })).toMatchObject(
      refused('WRONG_SIGNATURE'),
    );
    expect(await bring(head, { ...good, agency: 'No agency' })).toMatchObject({
      status: 400,
      answer: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect((await listed()).cosignatures).toEqual([]);
    for (let i = 0; i < 2; i++) expect(await bring(head, good)).toEqual({ status: 200, answer: { status: 'KEPT' } });
    expect((await listed()).cosignatures).toEqual([good]);
  });
});

test('a running hub has the routes, without a token and without a word of an entry', async () => {
  const running = await startHub({ LIANQIAO_LEDGER_WITNESSES: settings, LIANQIAO_LEDGER_HEAD_SECONDS: '1' });
  hub = running.url;
  try {
    await vi.waitFor(async () => expect(await listed()).not.toBeNull(), 10_000);
    const published = await (await fetch(`${hub}/.well-known/ledger-keys.json`)).text();
    expect(JSON.parse(published)).toMatchObject({ keys: [{ use: 'log' }, { use: 'witness', id: signer.id }] });
    writeFileSync(at('keys.json'), published);
    expect(await witness()).toMatchObject({ status: 0, stderr: '' });
    expect((await listed()).cosignatures).toHaveLength(1);
    const other = await fetch(`${hub}/ledger/cosignatures`, {
      method: 'POST',
      body: 'x',
      headers: { 'content-type': 'text/xml' },
    });
    expect([other.status, await other.json()]).toMatchObject([
      415,
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  } finally {
    await running.close();
  }
});
