import Database from 'better-sqlite3';
import { Command } from 'commander';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { formatDateTime } from '../../src/codes/date-time.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import { askers, storedRows } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

const home = mkdtempSync(join(tmpdir(), 'lianqiao-audit-'));
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
  // Somebody read it before.
  await hub.ask(askers.housing, `{ ticket(ticketNo: "${showcase.ticketNo}") { title reporterPhone } }`);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lianqiao audit bundle …` as this caller, and gives all that a shell would see. */
async function bundle(asker: Asker | null, ...args: string[]): Promise<Ended> {
  vi.stubEnv('LIANQIAO_TOKEN', asker === null ? '' : await hub.token(asker.claims));
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  vi.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Exit(Number(status ?? 0));
  });
  process.exitCode = undefined;
  try {
    await new Command('lianqiao').addCommand(auditCommand()).parseAsync(['audit', 'bundle', ...args], { from: 'user' });
    return { status: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    if (error instanceof Exit) return { status: error.status, ...written };
    throw error;
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  }
}

const take = (asker: Asker | null, ticketNo: string, name: string, ...more: string[]): Promise<Ended> =>
  bundle(asker, ticketNo, '--out', join(home, name), '--hub', hub.url, ...more);
const read = (name: string, file: string): unknown =>
  JSON.parse(readFileSync(join(home, name, file), 'utf8')) as unknown;
const bytesOf = (name: string): Record<string, string> =>
  Object.fromEntries(readdirSync(join(home, name)).map((f) => [f, readFileSync(join(home, name, f), 'utf8')]));

describe('the evidence on a ticket', () => {
  test('is what the auditor may see, and taking it stands in the ledger', async () => {
    const asOf = new Date(Date.now() + 1_000).toISOString();
    await vi.waitUntil(() => Date.now() > Date.parse(asOf), { timeout: 5_000 });
    const { status, stdout, stderr } = await take(askers.audit, showcase.ticketNo, 'whole');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(join(home, 'whole')).toSorted()).toEqual([
      'disclosures.json',
      'documents.json',
      'findings.json',
      'handoffs.json',
      'manifest.json',
      'policies.json',
      'task.json',
      'ticket.json',
      'trace.json',
    ]);
    expect(read('whole', 'ticket.json')).toMatchObject({
      ticketNo: showcase.ticketNo,
      reporterPhone: null,
      access: expect.arrayContaining([
        { field: 'reporterPhone', status: 'DENIED', rule: null, disputed: false },
        { field: 'reporterName', status: 'MASKED', rule: 'hotline/whole-trail-to-auditors', disputed: false },
      ]) as unknown,
    });
    expect(read('whole', 'handoffs.json')).toHaveLength(9);
    expect(read('whole', 'trace.json')).toMatchObject({ heldBy: 'housing', circles: [{ agency: 'housing' }] });
    expect(read('whole', 'findings.json')).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ kind: 'CIRCLE', ticketNo: showcase.ticketNo })]) as unknown[],
    );
    expect(read('whole', 'task.json')).toMatchObject({
      stage: 'IN_PROGRESS',
      deadline: { dueAt: '2026-11-12T10:12:30+08:00' },
    });
    const disclosed = read('whole', 'disclosures.json') as { agency: string; disclosedFields: string[] }[];
    expect(disclosed.map((d) => d.agency)).toEqual(['housing']);
    expect(disclosed[0]?.disclosedFields).toContain('Ticket.reporterPhone');
    const policies = read('whole', 'policies.json') as { version: string; until: string | null }[];
    expect(policies).toEqual([expect.objectContaining({ until: null })]);
    const manifest = read('whole', 'manifest.json') as { policyVersion: string; ledger: unknown };
    expect(manifest).toMatchObject({ policyVersion: policies[0]?.version, ledger: { heads: [], proofs: [] } });
    expect(stdout).toMatch(/manifest SHA-256 [0-9a-f]{64}\n/);
    for (const text of Object.values(bytesOf('whole'))) expect(text).not.toContain('13800590517');

    const entries = storedRows<{ role: string; ticket_nos: string }>(
      hub,
      'ledger',
      "SELECT role, ticket_nos FROM disclosure WHERE role = 'AUDITOR' AND purpose = 'AUDIT'",
    );
    expect(entries.some((e) => e.ticket_nos.includes(showcase.ticketNo))).toBe(true);
  });

  test('has the same bytes for the same state, however often it is taken', async () => {
    const asOf = ['--as-of', formatDateTime(Date.now())];
    const first = await take(askers.audit, showcase.ticketNo, 'first', ...asOf);
    await hub.ask(askers.audit, `{ ticket(ticketNo: "${showcase.ticketNo}") { title } }`);
    const second = await take(askers.audit, showcase.ticketNo, 'second', ...asOf);
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(bytesOf('second')).toEqual(bytesOf('first'));
    expect(second.stdout.replaceAll('second', 'first')).toBe(first.stdout);
  });

  test('is compared with its manifest, file by file', async () => {
    const { stdout } = await take(askers.audit, showcase.ticketNo, 'kept', '--json');
    const { manifest } = JSON.parse(stdout) as { manifest: string };
    const folder = join(home, 'kept');
    const intact = await bundle(null, '--verify', folder, '--digest', manifest);
    expect(intact).toEqual({ status: 0, stdout: `intact; manifest SHA-256 ${manifest}\n`, stderr: '' });
    writeFileSync(
      join(folder, 'trace.json'),
      readFileSync(join(folder, 'trace.json'), 'utf8').replace('housing', 'market'),
    );
    rmSync(join(folder, 'findings.json'));
    writeFileSync(join(folder, 'more.json'), '{}');
    expect(await bundle(null, '--verify', folder)).toEqual({
      status: 1,
      stdout: 'missing    findings.json\nadded      more.json\nchanged    trace.json\n',
      stderr: '',
    });
    const { status, stdout: told } = await bundle(null, '--verify', folder, '--json');
    expect({ status, ...(JSON.parse(told) as object) }).toMatchObject({ status: 1, intact: false, manifest });
  });

  test('of a report holds number, status and times, and not who read it', async () => {
    const { status, stderr } = await take(askers.audit, showcase.reportTicketNo, 'report');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(read('report', 'ticket.json')).toMatchObject({
      ticketNo: showcase.reportTicketNo,
      content: null,
      type: null,
    });
    expect(read('report', 'handoffs.json')).toBeNull();
    expect(read('report', 'trace.json')).toBeNull();
    expect(read('report', 'disclosures.json')).toBeNull();
    expect(read('report', 'findings.json')).toEqual([]);
  });
});

describe('no bundle, and nothing left behind', () => {
  const refused = async (end: Promise<Ended>, status: number, message: string): Promise<void> => {
    const before = readdirSync(home).toSorted();
    const ended = await end;
    expect({ status: ended.status, stdout: ended.stdout }).toEqual({ status, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(readdirSync(home).toSorted()).toEqual(before);
  };

  test('where the folder exists: the hub is not even asked', async () => {
    writeFileSync(join(home, 'taken'), '');
    hub.takeStatements();
    await refused(take(askers.audit, showcase.ticketNo, 'taken'), 1, 'exists already; name a folder that does not');
    expect(hub.takeStatements()).toEqual([]);
  });

  test('of a ticket that is not there, or not for the caller', async () => {
    await refused(
      take(askers.audit, '12345:1', 'no-such'),
      1,
      'NOT_FOUND: ticket: there is no such record, or not for you',
    );
    await refused(take(askers.housing, showcase.ticketNo, 'housing'), 1, 'PURPOSE_NOT_ALLOWED');
    const elsewhere: Asker = { claims: { ...askers.audit.claims, areas: ['350104'] } };
    await refused(take(elsewhere, showcase.ticketNo, 'elsewhere'), 1, 'NOT_FOUND');
  });

  test('where a source is down', async () => {
    const file = join(hub.dataDir, 'hotline.db');
    const db = new Database(file);
    db.exec('ALTER TABLE handoff RENAME TO handoff_away');
    try {
      await refused(take(askers.audit, showcase.ticketNo, 'down'), 1, 'SOURCE_UNAVAILABLE');
    } finally {
      db.exec('ALTER TABLE handoff_away RENAME TO handoff');
      db.close();
    }
  });

  test('where nobody listens, or something else than a hub does', async () => {
    const to = (url: string): Promise<Ended> =>
      bundle(askers.audit, showcase.ticketNo, '--out', join(home, 'none'), '--hub', url);
    await refused(to('http://127.0.0.1:9'), 1, 'http://127.0.0.1:9 cannot be reached');
    await refused(to('http://hub.example.gov.cn'), 1, '--hub is an address with https:');
    await refused(to('ftp://127.0.0.1'), 1, '--hub is an address with https:');
  });

  test('used wrongly', async () => {
    await refused(take(null, showcase.ticketNo, 'none'), 2, 'there is no token');
    await refused(take(askers.audit, showcase.ticketNo, 'none', '--token-file', join(home, 'no')), 2, 'cannot be read');
    await refused(
      take(askers.audit, showcase.ticketNo, 'none', '--as-of', 'yesterday'),
      2,
      '--as-of is a time with its offset',
    );
    await refused(
      take(askers.audit, showcase.ticketNo, 'none', '--as-of', '2999-01-01T00:00:00Z'),
      2,
      'a time to come',
    );
    await refused(
      take(askers.audit, showcase.ticketNo, 'none', '--digest', 'a'),
      2,
      '--digest goes with --verify only',
    );
    await refused(bundle(askers.audit, showcase.ticketNo), 2, 'name the ticket and --out FOLDER');
    await refused(bundle(askers.audit, showcase.ticketNo, '--verify', home), 2, '--verify goes with');
    await refused(bundle(null, '--verify', home, '--digest', 'a'), 2, '--digest is 64 digits of hex');
    await refused(bundle(null, '--verify', join(home, 'nowhere')), 1, 'is no folder that can be read');
    expect(existsSync(join(home, 'none'))).toBe(false);
  });
});
