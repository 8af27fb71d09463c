import Database from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { usualPairDays } from '../../src/store/pair-findings.ts';
import { openTicketFile } from '../../src/handoffs/ticket-file.ts';
import { DemoIssuer } from '../../src/identity/demo-issuer.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { startHub } from '../kit/running-hub.ts';
import { one, refusals, value } from './handoff-kit.ts';
import {
  handoff,
  newKey,
  pusher,
  pushHandoffsText,
  pushTicketsText,
  rows,
  sendTickets,
  ticket,
  told,
  type Pushed,
} from './push-kit.ts';

/* The built hub, killed in the middle of batches; and several pushers at once. */

let dataDir: string;
let child: ChildProcess | null = null;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-push-'));
  cpSync(inject('city'), dataDir, { recursive: true });
  // Its tables are there, whenever the hub is killed.
  await (await openTicketFile({ kind: 'sqlite', file: join(dataDir, 'hotline.db') }, usualPairDays)).close();
});
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** Starts the built hub; its port, once it listens. */
async function serve(): Promise<number> {
  const port = await freePort();
  child = spawn(process.execPath, [join(projectRoot, 'dist/src/cli/main.js'), 'serve'], {
    env: { ...process.env, PORT: String(port), LIANQIAO_DATA_DIR: dataDir },
    stdio: 'ignore',
  });
  for (let tries = 0; !(await listens(port)); tries += 1) {
    if (tries > 1_200 || child.exitCode !== null) throw new Error('the hub does not listen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return port;
}

const batchSize = 1_000;
const batchOf = (round: number): { text: string; input: object } => {
  const of = <T>(item: (i: number) => T): T[] => Array.from({ length: batchSize }, (_, i) => item(i));
  const idempotencyKey = `crash-${round}`;
  return round % 2 === 0
    ? { text: pushTicketsText, input: { idempotencyKey, tickets: of((i) => ticket(`k${round}-${i}`, 1)) } }
    : {
        text: pushHandoffsText,
        input: { idempotencyKey, handoffs: of((i) => handoff(`k${round - 1}-${i}`, `k${i}-${round}`, '08:40:00')) },
      };
};

/** How many of the batch's items each table holds, and of its calls. */
function held(round: number): number[] {
  const count = (sql: string): number => Number((rows(dataDir, sql) as [{ n: number }])[0].n);
  // Of tickets whose batch was lost.
  const waiting = count(`SELECT count(*) AS n FROM push_held WHERE source_run_id LIKE 'k%-${round}'`);
  const items =
    round % 2 === 0
      ? [
          count(`SELECT count(*) AS n FROM ticket WHERE ticket_no LIKE '12345:k${round}-%'`),
          count(`SELECT count(*) AS n FROM push_version WHERE ticket_no LIKE '12345:k${round}-%'`),
        ]
      : [
          count(`SELECT count(*) AS n FROM handoff WHERE run_id LIKE 'P%-k%-${round}'`) + waiting,
          count(`SELECT count(*) AS n FROM push_handoff WHERE source_run_id LIKE 'k%-${round}'`) + waiting,
        ];
  return [...items, count(`SELECT count(*) AS n FROM push_call WHERE idempotency_key = 'crash-${round}'`)];
}

test('a hub that is killed in the middle of a batch leaves all of it or nothing', { timeout: 240_000 }, async () => {
  const issuer = new DemoIssuer({ dataDir, host: '127.0.0.1', configured: false });
  const token = await issuer.issue(pusher.claims, 3_600);
  const send = async (port: number, round: number): Promise<{ data: unknown; errors: [] }> => {
    const { text, input } = batchOf(round);
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'lianqiao-purpose': 'DISPATCH',
      },
      body: JSON.stringify({ query: text, variables: { input } }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: [] };
    return { data, errors: errors ?? [] };
  };
  const rounds = 4;
  let unanswered = 0;
  for (let round = 0; round < rounds; round++) {
    const port = await serve();
    const answered = send(port, round).then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => setTimeout(resolve, 100 + round * 60 + Math.random() * 60));
    child?.kill('SIGKILL');
    if (child?.signalCode === null) await once(child, 'exit');
    const whole = held(round);
    expect([
      [0, 0, 0],
      [batchSize, batchSize, 1],
    ]).toContainEqual(whole);
    if (await answered) expect(whole).toEqual([batchSize, batchSize, 1]);
    else unanswered += 1;
  }
  expect(unanswered).toBeGreaterThan(0);
  const db = new Database(join(dataDir, 'hotline.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
  // Whoever had no answer sends the batch again.
  const port = await serve();
  for (let round = 0; round < rounds; round++) {
    const answer = value((await send(port, round)) as never) as Pushed;
    expect(answer.counts['inserted']).toBe(batchSize);
    expect(held(round)).toEqual([batchSize, batchSize, 1]);
  }
});

test(
  'of two that push at once the newest version stands, and one batch sent twice is done once',
  { timeout: 60_000 },
  async () => {
    const hub = await startHub({}, () => Date.parse('2026-11-16T09:00:00+08:00'));
    try {
      const other = { ...pusher, claims: { ...pusher.claims, subject: 'hotline-system-b' } };
      const version = (n: number): object[] =>
        Array.from({ length: 200 }, (_, i) => ticket(`z${i}`, n, { title: `第 ${n} 版` }));
      const answers = await Promise.all(
        [2, 1, 4, 3].map((n, i) => sendTickets(hub, version(n), newKey(), i % 2 === 0 ? pusher : other)),
      );
      expect(answers.flatMap(refusals)).toEqual([]);
      const titles = rows(hub.dataDir, "SELECT DISTINCT title FROM ticket WHERE ticket_no LIKE '12345:z%'");
      expect(titles).toEqual([{ title: '第 4 版' }]);
      const key = newKey();
      const twice = await Promise.all([1, 2].map(() => sendTickets(hub, version(5), key)));
      expect(twice.map((a) => new Set(told(value(a) as Pushed)))).toEqual([new Set(['UPDATED']), new Set(['UPDATED'])]);
      const named = rows(hub.dataDir, 'SELECT count(*) AS n FROM push_call WHERE idempotency_key = ?', key);
      expect(named).toEqual([{ n: 1 }]);
      // The same name of another caller is another batch.
      expect(told(value(await sendTickets(hub, version(5), key, other)) as Pushed)).toContain('UNCHANGED');
      expect(refusals(await sendTickets(hub, version(5), key, one('market', 'SYSTEM', 'DISPATCH')))).toEqual([
        'FIELD_DENIED',
      ]);
    } finally {
      await hub.close();
    }
  },
);
