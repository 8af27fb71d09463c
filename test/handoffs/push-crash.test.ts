import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DemoIssuer } from '../../src/identity/demo-issuer.ts';
import { startHubProcess, type HubProcess } from '../kit/hub-process.ts';
import { startHub, type Answer } from '../kit/running-hub.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';
import { one, refusals, value } from './handoff-kit.ts';
import {
  handoff,
  newKey,
  pusher,
  pushHandoffsText,
  pushTicketsText,
  sendTickets,
  ticket,
  told,
  type Pushed,
} from './push-kit.ts';

/* The built hub, killed in the middle of batches; and several pushers at once. */

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

describe.each(stores)('on %s', (store) => {
  let dataDir: string;
  let own: TestPlace;
  let hub: HubProcess | null = null;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-push-'));
    cpSync(inject('city'), dataDir, { recursive: true });
    own = await testPlace(store);
    // Its tables are there, whenever the hub is killed.
    await putTickets(own.place, []);
  });
  afterAll(async () => {
    await hub?.kill();
    rmSync(dataDir, { recursive: true, force: true });
    await own.drop();
  });

  const count = async (from: string, ...values: readonly string[]): Promise<number> =>
    Number((await own.exec(`SELECT count(*) AS n FROM ${from}`, values))[0]?.['n']);

  /** How many of the batch's items each table holds, and of its calls. */
  async function held(round: number): Promise<number[]> {
    // Of tickets whose batch was lost.
    const waiting = await count('push_held WHERE source_run_id LIKE ?', `k%-${round}`);
    const items =
      round % 2 === 0
        ? [
            await count('ticket WHERE ticket_no LIKE ?', `12345:k${round}-%`),
            await count('push_version WHERE ticket_no LIKE ?', `12345:k${round}-%`),
          ]
        : [
            (await count('handoff WHERE run_id LIKE ?', `P%-k%-${round}`)) + waiting,
            (await count('push_handoff WHERE source_run_id LIKE ?', `k%-${round}`)) + waiting,
          ];
    return [...items, await count('push_call WHERE idempotency_key = ?', `crash-${round}`)];
  }

  test('a hub that is killed in the middle of a batch leaves all of it or nothing', { timeout: 240_000 }, async () => {
    const issuer = new DemoIssuer({ dataDir, host: '127.0.0.1', configured: false });
    const token = await issuer.issue(pusher.claims, 3_600);
    const serve = async (): Promise<HubProcess> => {
      hub = await startHubProcess(dataDir, { LIANQIAO_SOURCES: own.source });
      return hub;
    };
    const send = async ({ url }: HubProcess, round: number): Promise<Pick<Answer, 'data' | 'errors'>> => {
      const { text, input } = batchOf(round);
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'lianqiao-purpose': 'DISPATCH',
        },
        body: JSON.stringify({ query: text, variables: { input } }),
      });
      const { data, errors } = (await response.json()) as Partial<Pick<Answer, 'data' | 'errors'>>;
      return { data: data ?? null, errors: errors ?? [] };
    };
    const all = [batchSize, batchSize, 1];
    const rounds = 4;
    let unanswered = 0;
    for (let round = 0; round < rounds; round++) {
      const killed = await serve();
      const answered = send(killed, round).then(
        () => true,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, 100 + round * 60 + Math.random() * 60));
      await killed.kill();
      // A server ends the transaction of a client that is gone a moment later.
      if (store === 'mysql')
        await expect
          .poll(() =>
            count(`information_schema.innodb_trx WHERE trx_mysql_thread_id IN
            (SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id())`),
          )
          .toBe(0);
      const whole = await held(round);
      expect([[0, 0, 0], all]).toContainEqual(whole);
      if (await answered) expect(whole).toEqual(all);
      else unanswered += 1;
    }
    expect(unanswered).toBeGreaterThan(0);
    if (store === 'sqlite' && own.place.kind === 'sqlite') {
      const db = new Database(own.place.file);
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
    }
    // Whoever had no answer sends the batch again.
    const again = await serve();
    for (let round = 0; round < rounds; round++) {
      const answer = value((await send(again, round)) as Answer) as Pushed;
      expect(answer.counts['inserted']).toBe(batchSize);
      expect(await held(round)).toEqual(all);
    }
    expect(await count('push_held')).toBe(0);
  });

  test(
    'of two that push at once the newest version stands, and one batch sent twice is done once',
    { timeout: 60_000 },
    async () => {
      const at = await startHub({ LIANQIAO_SOURCES: own.source }, () => Date.parse('2026-11-16T09:00:00+08:00'));
      try {
        const other = { ...pusher, claims: { ...pusher.claims, subject: 'hotline-system-b' } };
        const version = (n: number): object[] =>
          Array.from({ length: 200 }, (_, i) => ticket(`z${i}`, n, { title: `第 ${n} 版` }));
        const answers = await Promise.all(
          [2, 1, 4, 3].map((n, i) => sendTickets(at, version(n), newKey(), i % 2 === 0 ? pusher : other)),
        );
        expect(answers.flatMap(refusals)).toEqual([]);
        const titles = await own.exec("SELECT DISTINCT title FROM ticket WHERE ticket_no LIKE '12345:z%'");
        expect(titles).toEqual([{ title: '第 4 版' }]);
        const key = newKey();
        const twice = await Promise.all([1, 2].map(() => sendTickets(at, version(5), key)));
        expect(twice.map((a) => new Set(told(value(a) as Pushed)))).toEqual([
          new Set(['UPDATED']),
          new Set(['UPDATED']),
        ]);
        expect(await count('push_call WHERE idempotency_key = ?', key)).toBe(1);
        // The same name of another caller is another batch.
        expect(told(value(await sendTickets(at, version(5), key, other)) as Pushed)).toContain('UNCHANGED');
        expect(refusals(await sendTickets(at, version(5), key, one('market', 'SYSTEM', 'DISPATCH')))).toEqual([
          'FIELD_DENIED',
        ]);
      } finally {
        await at.close();
      }
    },
  );
});
