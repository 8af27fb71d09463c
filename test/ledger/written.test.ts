import Database from 'better-sqlite3';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { openLedgerFile } from '../../src/ledger/export/ledger-file.ts';
import { writeExport } from '../../src/ledger/export/write-export.ts';
import { encodeEntry, type Entry } from '../../src/ledger/format/entry.ts';
import { readTrustedKeys, type TrustedKey } from '../../src/ledger/format/trusted-keys.ts';
import type { ExportReport } from '../../src/ledger/verify/verify-export.ts';
import { askers } from '../hub/askers.ts';
import { startHub, type Asker } from '../kit/running-hub.ts';
import { verifyBoth } from './kit/both-verifiers.ts';

/* What a hub writes is what its auditors verify: every kind of request, then the export under the hub's published key. */

const ticket = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterName reporterPhone longitude
  policeIncidents { incident { incidentNo callerPhone } } houses { house { houseCode ownerName } } } }`;
const reason = '邻居报称室内有浓烟';
const inEmergency: Asker = {
  claims: { agency: 'market', role: 'HANDLER', unit: 'market-price', purposes: ['EMERGENCY'] },
  purpose: 'EMERGENCY',
};

const folder = mkdtempSync(join(tmpdir(), 'lianqiao-written-'));
let database: string;
let keys: readonly TrustedKey[];
let secrets: readonly string[];

beforeAll(async () => {
  const hub = await startHub();
  await hub.ask({ ...askers.police, ticket: showcase.ticketNo }, ticket);
  await hub.ask({ ...inEmergency, reason, ticket: showcase.ticketNo }, ticket);
  await hub.ask(askers.grid, '{ myCases(first: 2) { nodes { ... on Ticket { ticketNo } } } }');
  await hub.ask(askers.audit, `{ disclosures(ticketNo: "${showcase.ticketNo}") { totalCount } }`);
  await hub.ask(askers.housing, '{ ticket(ticketNo: "x:1") { ticketNo } }');
  const refused = await hub.hub.parts.ledger.intend({
    principal: {
      subject: 'demo:police:SYSTEM',
      issuer: 'https://demo.lianqiao.invalid',
      tokenId: 'token',
      agency: 'police',
      role: 'SYSTEM',
      unit: null,
      operator: 'half a pair: \ud83d',
      areas: ['half a pair: \udc00'],
      grids: [],
      purposes: ['HANDLING'],
      expiresAt: 0,
    },
    purpose: 'HANDLING',
    reason: null,
    documentHash: '',
    policyVersion: hub.hub.sources.policy.version,
    operation: 'query',
    roots: ['tickets'],
    ticketNo: null,
  });
  await refused.refused('DEADLINE_EXCEEDED');
  const published = await fetch(new URL('/.well-known/ledger-keys.json', hub.url));
  keys = readTrustedKeys(await published.text());
  secrets = [showcase.reporterName, showcase.reporterPhone, reason, 'demo:police:SYSTEM', 'demo-cad'];
  database = join(folder, 'ledger.db');
  await hub.close(() => copyFileSync(join(hub.dataDir, 'ledger.db'), database));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

let exports = 0;
async function exported(file: string, openings = true): Promise<string> {
  const path = join(folder, `${(exports += 1)}.jsonl`);
  const ledger = openLedgerFile(file);
  const [log, ...more] = ledger.logs();
  if (log === undefined) throw new Error('the ledger has no log');
  expect(more).toEqual([]);
  await writeExport(ledger, { path, log, openings });
  ledger.close();
  return path;
}

const verified = (path: string): Promise<ExportReport> => verifyBoth(path, { keys, strict: true });

const entriesOf = (path: string): (Omit<Entry, 'body'> & { readonly body: Record<string, unknown> })[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"at"'))
    .map((line) => JSON.parse(line) as Entry);

test('all of it is verified under the published key, with what the commitments stand for and without', async () => {
  for (const openings of [true, false]) {
    const report = await verified(await exported(database, openings));
    expect(report).toMatchObject({ verdict: 'VERIFIED', findings: [], unfinished: { count: 0 } });
    expect(report.entries).toBeGreaterThan(12);
  }
});

test('each entry is its canonical encoding', async () => {
  const path = await exported(database);
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const entry of entriesOf(path)) expect(lines).toContain(encodeEntry(entry).toString());
});

test('an intent comes before each outcome, and says who asks what for', async () => {
  const entries = entriesOf(await exported(database));
  expect(entries.slice(0, 2).map(({ kind }) => kind)).toEqual(['KEY', 'ADMIN']);
  expect(entries.at(-1)).toMatchObject({ kind: 'ADMIN', body: { event: 'STOP' } });
  const outcomes = entries.filter(({ kind }) => kind === 'OUTCOME');
  expect(outcomes.length).toBeGreaterThanOrEqual(5);
  for (const { body, seq } of outcomes) {
    const intent = entries[Number(body['intent'])];
    expect(intent).toMatchObject({ kind: 'INTENT' });
    expect(Number(body['intent'])).toBeLessThan(seq);
    if (body['status'] === 'ANSWERED') expect(intent?.body).toMatchObject({ by: body['by'], purpose: body['purpose'] });
  }
  expect(outcomes.filter(({ body }) => body['status'] === 'REFUSED')).toHaveLength(1);
  // The policy is announced before the first entry that rests on it, once.
  const kinds = entries.map(({ kind }) => kind);
  expect(kinds.indexOf('POLICY')).toBeLessThan(kinds.indexOf('INTENT'));
  expect(kinds.filter((kind) => kind === 'POLICY')).toHaveLength(1);
});

test('persons, reasons, tickets and what agencies gave stand as commitments, and nowhere a value', async () => {
  const without = readFileSync(await exported(database, false), 'utf8');
  for (const secret of [...secrets, showcase.ticketNo, showcase.houseCode, 'House.ownerName'])
    expect(without).not.toContain(secret);
  const opened = readFileSync(await exported(database), 'utf8');
  expect(opened).toContain('demo-cad');
  expect(opened).toContain(reason);
  expect(opened).toContain('House.ownerName');
  for (const value of [showcase.reporterName, showcase.reporterPhone]) expect(opened).not.toContain(value);
});

test('an agency is shown what was taken of it, and no other', async () => {
  const path = await exported(database);
  const outcome = entriesOf(path).find(({ kind, body }) => kind === 'OUTCOME' && 'housing' in Object(body['owners']));
  const owners = outcome?.body['owners'] as Record<string, string>;
  expect(Object.keys(owners)).toEqual(['hotline', 'housing', 'police']);
  const openings = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"opening"'))
    .map((line) => (JSON.parse(line) as { opening: { commitment: string; value: string } }).opening);
  const housing = openings.find(({ commitment }) => commitment === owners['housing'])?.value ?? '';
  expect(JSON.parse(housing)).toMatchObject({
    records: [{ type: 'House', ids: [showcase.houseCode], fields: ['houseCode', 'ownerName'] }],
  });
  expect(housing).not.toContain('PoliceIncident');
  expect(housing).not.toContain('hotline');
});

describe('tampering with the database file', () => {
  const tampered = async (change: (db: Database.Database) => void): Promise<ExportReport> => {
    const file = join(folder, `tampered-${(exports += 1)}.db`);
    const source = new Database(database);
    source.exec(`VACUUM INTO '${file}'`);
    source.close();
    const db = new Database(file);
    db.exec('DROP TRIGGER ledger_entry_stays; DROP TRIGGER ledger_entry_is_kept');
    change(db);
    db.close();
    return verified(await exported(file));
  };

  test.each([
    ['a purpose is changed', `UPDATE ledger_entry SET bytes = replace(bytes, 'EMERGENCY', 'HANDLING')`],
    ['an entry is taken out', 'DELETE FROM ledger_entry WHERE seq = 5'],
    [
      'two entries change places',
      'UPDATE ledger_entry SET seq = CASE seq WHEN 4 THEN -5 WHEN 5 THEN -4 END WHERE seq IN (4, 5); UPDATE ledger_entry SET seq = -seq WHERE seq < 0',
    ],
    [
      'a value behind a commitment is changed',
      `UPDATE ledger_entry SET openings = replace(openings, 'demo-cad', 'demo-cam')`,
    ],
    [
      'an opening is gone without a word',
      'UPDATE ledger_entry SET openings = NULL WHERE seq = (SELECT min(seq) FROM ledger_entry WHERE openings IS NOT NULL)',
    ],
    ['a head is of another tree', `UPDATE ledger_head SET head = replace(head, '"root":"', '"root":"A')`],
  ])('is found: %s', async (_, sql) => {
    const report = await tampered((db) => db.exec(sql));
    expect(report.verdict).toBe('BROKEN');
    expect(report.findings.length).toBeGreaterThan(0);
  });

  test('its triggers refuse what is not done on purpose', () => {
    const db = new Database(database);
    expect(() => db.exec("UPDATE ledger_entry SET bytes = ''")).toThrow(/never changed/);
    expect(() => db.exec('DELETE FROM ledger_entry')).toThrow(/never deleted/);
    db.close();
  });
});
