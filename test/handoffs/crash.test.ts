import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { statusOf, type Stage } from '../../src/handoffs/stages.ts';
import { openTicketFile } from '../../src/handoffs/ticket-file.ts';
import { openTicketStore } from '../../src/tickets/ticket-store.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

/*
 * Processes of the built hub on one ticket store: several at once on one ticket, and some that are killed in the middle of
 * their work. After either, tickets, handoffs and answers say the same.
 */

const built = (file: string): string => JSON.stringify(pathToFileURL(join(projectRoot, 'dist/src', file)).href);

/** Acts as told by each line of its input, `{ ticketNo, action, says, expectedVersion, key }`, and prints what came of it. */
const program = `
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
const { loadConfig } = await import(${built('config/config.js')});
const { deed } = await import(${built('handoffs/deed.js')});
const { act } = await import(${built('handoffs/ticket-desk.js')});
const { openTicketFile } = await import(${built('handoffs/ticket-file.js')});
const settings = loadConfig({});
const file = openTicketFile(process.env.FILE);
const sight = { sees: () => true, isGiven: () => true };
const roles = { DISPATCH: ['hotline', 'OPERATOR', 'DISPATCH'], SUPERVISION: ['hotline', 'SUPERVISOR', 'SUPERVISION'], LEAD: ['housing', 'SYSTEM', 'HANDLING'] };
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { ticketNo, action, as, says, expectedVersion, key } = JSON.parse(line);
  const [agency, role, purpose] = roles[as];
  const principal = { subject: process.env.NAME, issuer: 'urn:test', tokenId: 't', agency, role, unit: null, operator: null, areas: [], grids: [], purposes: [purpose], expiresAt: 0 };
  for (;;) {
    try {
      const { answer } = act(file, { principal, purpose, sight, action, ticketNo, expectedVersion, idempotencyKey: key, deed: deed(says), at: Date.now(), fits: () => undefined }, settings);
      console.log(JSON.stringify({ key, answer }));
    } catch (error) {
      // Somebody else writes: the hub answers SOURCE_UNAVAILABLE then, and a client asks again.
      if (error.code === 'SQLITE_BUSY') { await sleep(1); continue; }
      console.log(JSON.stringify({ key, code: error.extensions?.code ?? String(error) }));
    }
    break;
  }
}
`;

interface Line {
  readonly key: string;
  readonly code?: string;
  readonly answer?: { readonly version: number; readonly runId: string };
}

interface Actor {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** What it printed, whole lines only. */
  readonly lines: Line[];
  tell(what: object): void;
}

const folders: string[] = [];
const children: Actor['child'][] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newStore(tickets: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-crash-'));
  folders.push(folder);
  const path = join(folder, 'hotline.db');
  const store = openTicketStore(path);
  store.upsert(
    Array.from({ length: tickets }, (_, i) => ({
      sourceSystem: '12345',
      sourceNo: String(i),
      type: 'COMPLAINT',
      status: 'ACCEPTED',
      receivedAt: '2026-11-16T08:00:00+08:00',
    })),
  );
  store.close();
  openTicketFile(path)?.close();
  return path;
}

async function startActor(file: string, name: string): Promise<Actor> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, FILE: file, NAME: name },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  // What is written to a process that was killed is lost.
  child.stdin.on('error', () => undefined);
  const lines: Line[] = [];
  let begin: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    begin = resolve;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') begin();
    else if (line.endsWith('}')) lines.push(JSON.parse(line) as Line);
  });
  await ready;
  return { child, lines, tell: (what) => void child.stdin.write(`${JSON.stringify(what)}\n`) };
}

const done = async ({ child }: Actor): Promise<void> => {
  child.stdin.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Everything that must agree, for every ticket of the store. */
function expectWhole(file: string): { version: number; ticket_no: string }[] {
  const db = new Database(file);
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const tickets = db
      .prepare(
        `SELECT t.ticket_no, t.version, t.status,
           (SELECT count(*) FROM handoff h WHERE h.ticket_no = t.ticket_no) AS handoffs,
           (SELECT coalesce(max(seq), 0) FROM handoff h WHERE h.ticket_no = t.ticket_no) AS seq,
           (SELECT count(*) FROM ticket_action a WHERE a.ticket_no = t.ticket_no) AS actions,
           (SELECT coalesce(max(version), 1) FROM ticket_action a WHERE a.ticket_no = t.ticket_no) AS acted,
           (SELECT count(*) FROM ticket_call c JOIN handoff h USING (run_id) WHERE h.ticket_no = t.ticket_no) AS calls,
           (SELECT stage FROM ticket_process p WHERE p.ticket_no = t.ticket_no) AS stage,
           (SELECT version FROM ticket_process p WHERE p.ticket_no = t.ticket_no) AS process_version,
           (SELECT stage FROM ticket_action a WHERE a.ticket_no = t.ticket_no ORDER BY version DESC LIMIT 1) AS last
         FROM ticket t`,
      )
      .all() as Record<string, unknown>[];
    for (const t of tickets) {
      const steps = Number(t['version']) - 1;
      const stage = steps === 0 ? null : (t['stage'] as Stage);
      expect(t).toMatchObject({
        handoffs: steps,
        seq: steps,
        actions: steps,
        calls: steps,
        acted: steps + 1,
        process_version: steps === 0 ? null : steps + 1,
        last: stage,
        status: stage === null ? 'ACCEPTED' : statusOf[stage],
      });
    }
    return tickets as { version: number; ticket_no: string }[];
  } finally {
    db.close();
  }
}

test(
  'of several processes that act on one ticket at once exactly one holds, for each version',
  { timeout: 90_000 },
  async () => {
    const rounds = 150;
    const file = newStore(rounds);
    const actors = await Promise.all(['a', 'b', 'c'].map((name) => startActor(file, name)));
    for (let i = 0; i < rounds; i++)
      for (const [n, actor] of actors.entries())
        actor.tell({
          ticketNo: `12345:${i}`,
          action: 'DISPATCH',
          as: 'DISPATCH',
          says: { agency: ['housing', 'market', 'grid'][n] },
          expectedVersion: 1,
          key: `dispatch-${i}`,
        });
    await Promise.all(actors.map(done));
    const won = actors.map(({ lines }) => lines.filter((l) => l.answer !== undefined).length);
    for (let i = 0; i < rounds; i++) {
      const answers = actors.map(({ lines }) => lines.find((l) => l.key === `dispatch-${i}`));
      expect(answers.map((a) => a?.code ?? 'won').toSorted()).toEqual(['STALE_VERSION', 'STALE_VERSION', 'won']);
    }
    expect(won.reduce((a, b) => a + b)).toBe(rounds);
    expect(expectWhole(file).map((t) => t.version)).toEqual(Array.from({ length: rounds }, () => 2));
  },
);

const cycle = [
  ['SIGN_FOR', 'LEAD', {}],
  ['START', 'LEAD', {}],
  ['REQUEST_EXTENSION', 'LEAD', { days: 2, opinion: '需要时间' }],
  ['REFUSE_EXTENSION', 'DISPATCH', { opinion: '不同意' }],
  ['SUBMIT_FEEDBACK', 'LEAD', { result: '已办', replyText: '已办', siteVisit: true, evidence: ['照片'] }],
  ['CLOSE', 'DISPATCH', {}],
  ['REWORK', 'SUPERVISION', { opinion: '未解决' }],
] as const;

test(
  'a process that is killed in the middle of its work leaves nothing half-done, and loses nothing that it answered',
  { timeout: 120_000 },
  async () => {
    const tickets = 4;
    const file = newStore(tickets);
    const kept = new Map<string, Line>();
    const told = new Map<string, object>();
    for (let round = 0; round < 12; round++) {
      const versions = new Map(expectWhole(file).map((t) => [t.ticket_no, t.version]));
      const actor = await startActor(file, 'clerk');
      for (let step = 0; step < 400; step++)
        for (const [ticketNo, from] of versions) {
          const version = from + step;
          const next = cycle[(version - 2) % cycle.length];
          const [action, as, says] =
            version === 1 ? (['DISPATCH', 'DISPATCH', { agency: 'housing' }] as const) : (next ?? cycle[0]);
          const key = `${ticketNo}-${version}`;
          const call = { ticketNo, action, as, says, expectedVersion: version, key };
          told.set(key, call);
          actor.tell(call);
        }
      // Not before it works, and then at any moment.
      await expect.poll(() => actor.lines.length, { interval: 1 }).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 7 * round + Math.random() * 60));
      actor.child.kill('SIGKILL');
      await once(actor.child, 'close');
      for (const line of actor.lines) {
        expect(line.code).toBeUndefined();
        kept.set(line.key, line);
      }
      expectWhole(file);
    }
    expect(kept.size).toBeGreaterThan(50);
    // Whoever lost an answer asks again: what was answered is answered the same, and nothing is done twice.
    const before = expectWhole(file);
    const actor = await startActor(file, 'clerk');
    for (const key of kept.keys()) actor.tell(told.get(key) ?? {});
    await done(actor);
    expect(actor.lines).toEqual([...kept.values()]);
    expect(expectWhole(file)).toEqual(before);
  },
);

test('what was handed on cannot be changed or taken out', async () => {
  const file = newStore(1);
  const actor = await startActor(file, 'clerk');
  actor.tell({
    ticketNo: '12345:0',
    action: 'DISPATCH',
    as: 'DISPATCH',
    says: { agency: 'housing' },
    expectedVersion: 1,
    key: 'k',
  });
  await done(actor);
  const db = new Database(file);
  for (const table of ['handoff', 'ticket_action', 'ticket_call'])
    for (const sql of [
      `UPDATE ${table} SET run_id = 'x'`,
      `DELETE FROM ${table}`,
      `INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`,
    ])
      expect(() => db.exec(sql)).toThrow(/never/);
  db.close();
  expectWhole(file);
});
