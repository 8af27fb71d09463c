import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventsPruned, replayFrom } from '../../src/events/webhooks/delivery-desk.ts';
import { deliveryBook, type DeliveryBook } from '../../src/events/webhooks/delivery-book.ts';
import { lastPruned, prune, type OldBefore } from '../../src/store/retention.ts';
import { openTicketDatabase, type TicketDatabase } from '../../src/store/ticket-database.ts';
import { events } from '../events/events-command.ts';
import { arrived, value } from '../handoffs/handoff-kit.ts';
import { pushTickets, sendTickets, ticket, told, type Pushed } from '../handoffs/push-kit.ts';
import { startHub } from '../kit/running-hub.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';

/* What has been delivered, answered and replaced is not kept for ever; what has not, is. */

const old = '2026-01-01T00:00:00+08:00';
const young = '2026-11-01T00:00:00+08:00';
const before = '2026-06-01T00:00:00+08:00';
const all: OldBefore = { ticket_event: before, due_warning: before, push_call: before, push_version: before };
const wanted = { kinds: ['TICKET_CHANGED'], agency: 'housing' } as const;

describe.each(stores)('on %s', (store) => {
  let own: TestPlace;
  let database: TicketDatabase;
  beforeAll(async () => {
    own = await testPlace(store);
    database = await openTicketDatabase(own.place);
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  const addEvents = async (...ats: string[]): Promise<void> => {
    for (const at of ats)
      await own.exec(
        "INSERT INTO ticket_event (event_id, kind, ticket_no, agency, run_id, at) VALUES (?, 'TICKET_CHANGED', '12345:1', NULL, NULL, ?)",
        [`${at}-${(ids += 1)}`.slice(-36), at],
      );
  };
  let ids = 0;
  const seqs = async (): Promise<number[]> =>
    (await own.exec('SELECT seq FROM ticket_event ORDER BY seq')).map(({ seq }) => Number(seq));
  const pruneAll = async (...webhooks: string[]): Promise<number> => {
    for (let rounds = 1; ; rounds += 1) if (!(await prune(database, all, webhooks))) return rounds;
  };
  const book = (name: string): DeliveryBook => deliveryBook(async () => database, name, 'owner');

  test('of a ticket’s versions the newest stays, however old, and those that were replaced long ago go', async () => {
    const versions = async (): Promise<unknown[]> =>
      (await own.exec('SELECT ticket_no, source_at, source_version FROM push_version ORDER BY 1, 2, 3')).map((row) =>
        Object.values(row).join(' '),
      );
    const add = (no: string, at: string, version: number): Promise<unknown> =>
      own.exec("INSERT INTO push_version (ticket_no, source_at, source_version, digest) VALUES (?, ?, ?, 'd')", [
        no,
        at,
        version,
      ]);
    await add('t:1', old, 1);
    await add('t:1', old, 2);
    await add('t:2', old, 1);
    await add('t:2', young, 1);
    for (let i = 0; i < 1_100; i += 1) await add('t:3', '2026-02-01T00:00:00+08:00', i);
    expect(await pruneAll()).toBeGreaterThan(2);
    expect(await versions()).toEqual([`t:1 ${old} 2`, `t:2 ${young} 1`, 't:3 2026-02-01T00:00:00+08:00 1099']);
  });

  test('events go when they are old and every endpoint in use has had them; what waits or was set aside stays', async () => {
    const [housing, market] = [book('housing'), book('market')];
    expect([await housing.lease(60_000), await market.lease(60_000)]).toEqual([true, true]);
    await addEvents(old, old, old, old, young, young);
    await pruneAll('housing', 'market');
    // Nobody has taken any out of the outbox.
    expect(await seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    await housing.collect(wanted);
    await market.collect(wanted);
    await housing.settle(1);
    await market.settle(1);
    await housing.put(2, { tries: 4, failure: 'REFUSED', wait: null });
    await market.settle(2);
    await housing.settle(3);
    // Market has yet to get the third.
    await housing.settle(4);
    await market.settle(4);
    await pruneAll('housing', 'market');
    expect(await seqs()).toEqual([2, 3, 5, 6]);
    expect(await lastPruned(database.db)).toBe(4);
    await market.settle(3);
    await pruneAll('housing', 'market');
    expect(await seqs()).toEqual([2, 5, 6]);
    // Whoever is behind keeps what it has not had; an endpoint that nobody serves any more does not.
    await addEvents(young);
    expect(await prune(database, { ...all, ticket_event: '2026-12-01T00:00:00+08:00' }, ['housing'])).toBe(false);
    expect(await seqs()).toContain(7);
    await database.transaction((trx) => trx('webhook_delivery').delete());
    await housing.collect(wanted);
    await housing.settle(7);
    await prune(database, { ...all, ticket_event: '2026-12-01T00:00:00+08:00' }, ['housing']);
    expect(await seqs()).toEqual([]);
  });

  test('a replay from a place that is gone is refused, and says from where and how to catch up', async () => {
    const gone = await lastPruned(database.db);
    expect(gone).toBe(7);
    await expect(replayFrom(database, 'housing', wanted, gone - 1)).rejects.toThrow(EventsPruned);
    await expect(replayFrom(database, 'housing', wanted, 0)).rejects.toThrow(
      /^EVENTS_PRUNED: .*Replay from 7; .*changedSince/,
    );
    const env = {
      LIANQIAO_SOURCES: own.source,
      LIANQIAO_WEBHOOK_HOSTS: '["127.0.0.1:9"]',
      LIANQIAO_WEBHOOKS:
        '[{ name: housing, agency: housing, url: "http://127.0.0.1:9/", secret: { env: LIANQIAO_SECRET_HOOK } }]',
    };
    expect(await events(env, 'replay', 'housing', '--from', '3')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: EVENTS_PRUNED: .*Replay from 7; .*changedSince/),
    });
    await addEvents(young);
    await book('housing').collect(wanted);
    expect(await replayFrom(database, 'housing', wanted, gone)).toBe(1);
    // A new event has a place of its own, though the table was empty.
    expect((await seqs()).at(-1)).toBe(8);
  });

  test('answers of batches and warnings go by their age', async () => {
    for (const [key, at] of [
      ['a', old],
      ['b', young],
    ]) {
      await own.exec(
        "INSERT INTO push_call (agency, issuer, subject, idempotency_key, digest, answer, at) VALUES ('hotline', 'i', 's', ?, 'd', '{}', ?)",
        [key, at],
      );
      await own.exec("INSERT INTO due_warning (ticket_no, due_at) VALUES ('12345:1', ?)", [at]);
    }
    await pruneAll();
    expect(await own.exec('SELECT idempotency_key FROM push_call')).toEqual([{ idempotency_key: 'b' }]);
    expect(await own.exec('SELECT due_at FROM due_warning')).toEqual([{ due_at: young }]);
  });

  test.each(['ticket_event', 'due_warning', 'push_call', 'push_version'])(
    'the database itself keeps what is young in %s',
    async (table) => {
      const rows = await own.exec(`SELECT * FROM ${table}`);
      expect(rows.length).toBeGreaterThan(0);
      await own.exec('UPDATE retention SET before_at = ?', [before]);
      const young_ = table === 'push_version' ? " WHERE ticket_no = 't:2'" : '';
      await expect((async () => own.exec(`DELETE FROM ${table}${young_}`))()).rejects.toThrow(
        'what was handed on is not taken out before its time',
      );
      expect(await own.exec(`SELECT * FROM ${table}`)).toEqual(rows);
    },
  );

  test('the running hub does so, and a batch is answered again for as long as its answer is kept', async () => {
    const other = await testPlace(store);
    await putTickets(other.place, [arrived('20261116990001')]);
    let clock = '2026-11-16T09:00:00+08:00';
    const hub = await startHub(
      { LIANQIAO_SOURCES: other.source, LIANQIAO_RETENTION_SECONDS: '1', LIANQIAO_PUSH_RETENTION_DAYS: '30' },
      () => Date.parse(clock),
    );
    try {
      const batch = [ticket('keep', 1), ticket('keep', 2, { title: '二' })];
      value(await sendTickets(hub, batch, 'kept'));
      const left = async (): Promise<number[]> =>
        Promise.all(
          ['ticket_event', 'push_call', 'push_version'].map(
            async (table) => (await other.exec(`SELECT 1 FROM ${table}`)).length,
          ),
        );
      expect(await left()).toEqual([2, 1, 2]);
      clock = '2026-12-16T08:00:00+08:00';
      expect(told(value(await sendTickets(hub, batch, 'kept')) as Pushed)).toEqual(['INSERTED', 'UPDATED']);
      clock = '2027-03-16T09:00:00+08:00';
      await expect.poll(left).toEqual([0, 0, 1]);
      // Pushed again it changes nothing: the newest is still known.
      expect(told(value(await sendTickets(hub, batch, 'kept')) as Pushed)).toEqual(['CONFLICT LATE', 'UNCHANGED']);
      expect(told(await pushTickets(hub, ticket('keep', 3)))).toEqual(['UPDATED']);
    } finally {
      await hub.close();
      await other.drop();
    }
  });
});
