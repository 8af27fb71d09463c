import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Intent } from '../../src/ledger/entries/intent.ts';
import { openLedger, type OpenLedger } from '../../src/ledger/open-ledger.ts';
import { GroupCommit, LedgerUnavailableError, type LogFile } from '../../src/ledger/writer/group-commit.ts';
import { makeLedgerKey } from '../../src/ledger/keys/log-keys.ts';
import { openLog } from '../../src/ledger/writer/open-log.ts';
import type { PendingEntry } from '../../src/ledger/writer/pending-entry.ts';
import { verifiedLedger } from './kit/verified-ledger.ts';

let dataDir: string;
let exports: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-writers-'));
  exports = mkdtempSync(join(tmpdir(), 'lianqiao-writers-out-'));
});
afterEach(() => {
  for (const folder of [dataDir, exports]) rmSync(folder, { recursive: true, force: true });
});

const open = (now: () => number = Date.now): Promise<OpenLedger> =>
  openLedger({
    dataDir,
    milliseconds: 5_000,
    headSeconds: 60,
    witnesses: [],
    now,
    ownerOf: () => 'hotline',
    onHeadFault: (code) => expect.fail(code),
  });

const intent: Intent = {
  principal: {
    subject: 's',
    issuer: 'i',
    tokenId: 't',
    agency: 'police',
    role: 'SYSTEM',
    unit: null,
    operator: null,
    areas: [],
    grids: [],
    purposes: ['HANDLING'],
    expiresAt: 0,
  },
  purpose: 'HANDLING',
  reason: null,
  documentHash: 'h',
  policyVersion: 'v1',
  operation: 'query',
  roots: ['ticket'],
  ticketNo: '12345:1',
};
const once = async (ledger: OpenLedger): Promise<void> => (await ledger.intend(intent)).refused('DEADLINE_EXCEEDED');

describe('writers', () => {
  test('of one folder have a log each at a time, and the next goes on with the first that is free', async () => {
    const first = await open();
    const second = await open();
    await Promise.all([once(first), once(second), once(first), once(second)]);
    await first.close();
    const third = await open();
    await once(third);
    await third.close();
    await second.close();
    const reports = await verifiedLedger(dataDir, exports);
    expect(reports.map(({ verdict, findings, entries }) => ({ verdict, findings, entries }))).toEqual([
      // KEY, START, POLICY, two requests, STOP; START, a request, STOP.
      { verdict: 'VERIFIED', findings: [], entries: 12 },
      { verdict: 'VERIFIED', findings: [], entries: 8 },
    ]);
    expect(new Set(reports.map(({ log }) => log)).size).toBe(2);
  });

  test('keep the order of time when the clock is set back', async () => {
    let now = Date.parse('2026-11-16T09:00:00+08:00');
    const ledger = await open(() => now);
    await once(ledger);
    now -= 3_600_000;
    await once(ledger);
    await ledger.close();
    expect(await verifiedLedger(dataDir, exports)).toMatchObject([{ verdict: 'VERIFIED', findings: [] }]);
  });

  test('take no token that says what a verifier would read as a commitment', async () => {
    const ledger = await open();
    const principal = { ...intent.principal, tokenId: 'hmac-sha256:no' };
    await expect(ledger.intend({ ...intent, principal })).rejects.toThrow(RangeError);
    await ledger.close();
    expect(await verifiedLedger(dataDir, exports)).toMatchObject([{ verdict: 'VERIFIED', entries: 3 }]);
  });

  test('announce each version of the policy before what rests on it', async () => {
    const ledger = await open();
    for (const policyVersion of ['v1', 'v1', 'v2', 'v1']) await ledger.intend({ ...intent, policyVersion });
    await ledger.close();
    const db = new Database(join(dataDir, 'ledger.db'));
    const bodies = db
      .prepare('SELECT bytes FROM ledger_entry ORDER BY seq')
      .pluck()
      .all()
      .map(
        (bytes) =>
          JSON.parse(String(bytes)) as {
            kind: string;
            body: { version?: string; previous?: string; policyVersion?: string };
          },
      );
    db.close();
    expect(
      bodies.flatMap(({ kind, body }) =>
        kind === 'POLICY' ? [`>${body.version}`] : kind === 'INTENT' ? [body.policyVersion] : [],
      ),
    ).toEqual(['>v1', 'v1', 'v1', '>v2', 'v2', '>v1', 'v1']);
  });
});

describe('a group', () => {
  const entry: PendingEntry = {
    kind: 'ADMIN',
    body: '{"event":"TEST"}',
    openings: null,
    policyVersion: null,
    intent: null,
    index: null,
  };
  const limits = { mostOfGroup: 100, mostWaiting: 50, milliseconds: 5_000 };
  const faultOf = (written: Promise<number>): Promise<string> =>
    written.then(
      () => 'written',
      (error: unknown) =>
        error instanceof LedgerUnavailableError ? `${error.fault} ${error.code ?? ''}`.trim() : 'unknown',
    );

  let file: LogFile;
  let groups: number[];
  /** The real log behind a door: while it is shut, the disk answers nobody. */
  let door: Promise<void>;
  let watched: LogFile;
  beforeEach(async () => {
    makeLedgerKey(dataDir);
    file = await openLog({ file: join(dataDir, 'ledger.db'), logNo: 0, keys: dataDir });
    groups = [];
    door = Promise.resolve();
    watched = {
      ...file,
      async append(group, at) {
        groups.push(group.length);
        await door;
        return file.append(group, at);
      },
    };
  });
  afterEach(() => file.close());

  test('is what waits while another is written: one commit for all of them', async () => {
    const commits = new GroupCommit(watched, limits, Date.now);
    let show: () => void = () => undefined;
    door = new Promise((resolve) => (show = resolve));
    const first = commits.append(entry);
    await expect.poll(() => groups).toEqual([1]);
    const rest = Array.from({ length: 20 }, () => commits.append(entry));
    show();
    expect([await first, ...(await Promise.all(rest))]).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(groups).toEqual([1, 20]);
  });

  test('costs answers and not memory while the disk is slow', async () => {
    const commits = new GroupCommit(watched, { ...limits, milliseconds: 100 }, Date.now);
    let show: () => void = () => undefined;
    door = new Promise((resolve) => (show = resolve));
    const faults = Promise.all(Array.from({ length: 200 }, () => faultOf(commits.append(entry))));
    const found = await faults;
    expect(found.filter((fault) => fault === 'TOO_SLOW')).toHaveLength(50);
    expect(found.filter((fault) => fault === 'TOO_MUCH_WAITING')).toHaveLength(150);
    expect(commits.waiting).toBeLessThanOrEqual(50);
    show();
    expect(await faultOf(commits.append(entry))).toBe('written');
  });

  test('that cannot be written fails whole, and the next is written once the file can be', async () => {
    const commits = new GroupCommit(file, limits, Date.now);
    expect(await faultOf(commits.append(entry))).toBe('written');
    const other = new Database(join(dataDir, 'ledger.db'));
    other.exec('BEGIN EXCLUSIVE');
    expect(await Promise.all([1, 2, 3].map(() => faultOf(commits.append(entry))))).toEqual(
      Array.from({ length: 3 }, () => 'WRITE_FAILED SQLITE_BUSY'),
    );
    other.exec('ROLLBACK');
    other.close();
    expect(await commits.append(entry)).toBe(2);
    await commits.drain();
    expect(await faultOf(commits.append(entry))).toBe('CLOSED');
  });
});
