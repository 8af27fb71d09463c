import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { statusOf, type Stage } from '../../src/handoffs/stages.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import type { TicketPlace } from '../../src/store/ticket-database.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';

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
const { usualPairDays } = await import(${built('store/pair-findings.js')});
const settings = loadConfig({});
const file = await openTicketFile(JSON.parse(process.env.PLACE), usualPairDays);
const sight = { sees: () => true, isGiven: () => true };
const roles = { DISPATCH: ['hotline', 'OPERATOR', 'DISPATCH'], SUPERVISION: ['hotline', 'SUPERVISOR', 'SUPERVISION'], LEAD: ['housing', 'SYSTEM', 'HANDLING'] };
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { ticketNo, action, as, says, expectedVersion, key } = JSON.parse(line);
  const [agency, role, purpose] = roles[as];
  const principal = { subject: process.env.NAME, issuer: 'urn:test', tokenId: 't', agency, role, unit: null, operator: null, areas: [], grids: [], purposes: [purpose], expiresAt: 0 };
  for (;;) {
    try {
      const { answer } = await act(file, { principal, purpose, sight, action, ticketNo, expectedVersion, idempotencyKey: key, deed: deed(says), at: Date.now(), fits: () => undefined }, settings);
      console.log(JSON.stringify({ key, answer }));
    } catch (error) {
      // Somebody else writes: the hub answers SOURCE_UNAVAILABLE then, and a client asks again.
      if (error.code === 'SQLITE_BUSY') { await sleep(1); continue; }
      console.log(JSON.stringify({ key, code: error.extensions?.code ?? String(error) }));
    }
    break;
  }
}
await file.close();
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

const places: TestPlace[] = [];
const children: Actor['child'][] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const place of places.splice(0)) await place.drop();
});

async function newStore(store: (typeof stores)[number], tickets: number): Promise<TestPlace> {
  const own = await testPlace(store);
  places.push(own);
  await putTickets(
    own.place,
    Array.from({ length: tickets }, (_, i) => ({
      sourceSystem: '12345',
      sourceNo: String(i),
      type: 'COMPLAINT',
      status: 'ACCEPTED',
      receivedAt: '2026-11-16T08:00:00+08:00',
    })),
  );
  return own;
}

async function startActor(place: TicketPlace, name: string): Promise<Actor> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, PLACE: JSON.stringify(place), NAME: name },
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
async function expectWhole({ place, exec }: TestPlace): Promise<{ version: number; ticket_no: string }[]> {
  if (place.kind === 'sqlite') expect(await exec('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const tickets = await exec(
    `SELECT t.ticket_no, t.version, t.status,
           (SELECT count(*) FROM handoff h WHERE h.ticket_no = t.ticket_no) AS handoffs,
           (SELECT coalesce(max(seq), 0) FROM handoff h WHERE h.ticket_no = t.ticket_no) AS seq,
           (SELECT count(*) FROM ticket_action a WHERE a.ticket_no = t.ticket_no) AS actions,
           (SELECT coalesce(max(version), 1) FROM ticket_action a WHERE a.ticket_no = t.ticket_no) AS acted,
           (SELECT count(*) FROM ticket_call c JOIN handoff h USING (run_id) WHERE h.ticket_no = t.ticket_no) AS calls,
           (SELECT stage FROM ticket_process p WHERE p.ticket_no = t.ticket_no) AS stage,
           (SELECT version FROM ticket_process p WHERE p.ticket_no = t.ticket_no) AS process_version,
           (SELECT stage FROM ticket_action a WHERE a.ticket_no = t.ticket_no ORDER BY version DESC LIMIT 1) AS last
         FROM ticket t ORDER BY ticket_no`,
  );
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
  return tickets as unknown as { version: number; ticket_no: string }[];
}

test.each(stores)(
  'of several processes that act on one ticket at once exactly one holds, for each version (%s)',
  { timeout: 90_000 },
  async (store) => {
    const rounds = store === 'sqlite' ? 150 : 60;
    const own = await newStore(store, rounds);
    const actors = await Promise.all(['a', 'b', 'c'].map((name) => startActor(own.place, name)));
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
    expect((await expectWhole(own)).map((t) => t.version)).toEqual(Array.from({ length: rounds }, () => 2));
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

test.each(stores)(
  'a process that is killed in the middle of its work leaves nothing half-done, and loses nothing that it answered (%s)',
  { timeout: 120_000 },
  async (store) => {
    const tickets = 4;
    const own = await newStore(store, tickets);
    const kept = new Map<string, Line>();
    const told = new Map<string, object>();
    for (let round = 0; round < 12; round++) {
      const versions = new Map((await expectWhole(own)).map((t) => [t.ticket_no, t.version]));
      const actor = await startActor(own.place, 'clerk');
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
      await new Promise((resolve) => setTimeout(resolve, 10 * round + Math.random() * 80));
      actor.child.kill('SIGKILL');
      await once(actor.child, 'close');
      for (const line of actor.lines) {
        expect(line.code).toBeUndefined();
        kept.set(line.key, line);
      }
      await expectWhole(own);
    }
    expect(kept.size).toBeGreaterThan(10);
    // Whoever lost an answer asks again: what was answered is answered the same, and nothing is done twice.
    const before = await expectWhole(own);
    const actor = await startActor(own.place, 'clerk');
    for (const key of kept.keys()) actor.tell(told.get(key) ?? {});
    await done(actor);
    expect(actor.lines).toEqual([...kept.values()]);
    expect(await expectWhole(own)).toEqual(before);
  },
);

test.each(stores)('what was handed on cannot be changed or taken out (%s)', async (store) => {
  const own = await newStore(store, 1);
  const actor = await startActor(own.place, 'clerk');
  actor.tell({
    ticketNo: '12345:0',
    action: 'DISPATCH',
    as: 'DISPATCH',
    says: { agency: 'housing' },
    expectedVersion: 1,
    key: 'k',
  });
  await done(actor);
  const replace = store === 'sqlite' ? 'INSERT OR REPLACE' : 'REPLACE';
  for (const table of ['handoff', 'ticket_action', 'ticket_call'])
    for (const sql of [
      `UPDATE ${table} SET run_id = 'x'`,
      `DELETE FROM ${table}`,
      `${replace} INTO ${table} SELECT * FROM ${table}`,
    ])
      await expect(own.exec(sql)).rejects.toThrow(/never|foreign key/);
  await expectWhole(own);
});
