import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';
import { value } from './handoff-kit.ts';
import { handoff, newKey, sendHandoffs, sendTickets, ticket, told, type Pushed } from './push-kit.ts';

/* A push whose time was up may be done all the same: whoever sends it again is told what became of it. */

describe.each(stores)('on %s', (store) => {
  let own: TestPlace;
  let hub: RunningHub;
  beforeAll(async () => {
    own = await testPlace(store);
    await putTickets(own.place, []);
    hub = await startHub({ LIANQIAO_SOURCES: own.source, LIANQIAO_LIMITS_MILLISECONDS: '700' }, () =>
      Date.parse('2026-11-16T09:00:00+08:00'),
    );
    // Opens the store.
    value(await sendTickets(hub, [ticket('before', 1)]));
  });
  afterAll(async () => {
    await hub.close();
    await own.drop();
  });

  /** Somebody else writes, and ends when this is done. */
  async function whileOthersWrite<T>(work: () => Promise<T>): Promise<T> {
    await own.exec(store === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    await own.exec('UPDATE event_order SET id = 1');
    if (store === 'mysql') await own.exec('SELECT id FROM event_order WHERE id = 1 FOR UPDATE');
    try {
      return await work();
    } finally {
      await own.exec('COMMIT');
    }
  }
  const callsOf = async (key: string): Promise<number> =>
    (await own.exec('SELECT 1 FROM push_call WHERE idempotency_key = ?', [key])).length;

  test.each([
    ['tickets', (key: string) => sendTickets(hub, [ticket('late', 2), ticket('late', 1)], key), 'CONFLICT LATE'],
    [
      'handoffs',
      (key: string) =>
        sendHandoffs(
          hub,
          ['housing', 'market'].map((to) => handoff('late', 'late-1', '08:40:00', { to })),
          key,
        ),
      'CONFLICT ALREADY_RECORDED:runId',
    ],
  ])('%s: the answer is the first one’s, and nothing is done twice', async (_what, send, conflict) => {
    const key = newKey();
    const given = await whileOthersWrite(() => send(key));
    expect(given.errors.map((e) => e.extensions['code'])).toEqual(['DEADLINE_EXCEEDED']);
    expect(given.errors[0]?.message).toContain('it may still be done: send it again unchanged, under the same');
    // At once: the one that was given up is being written, or waits.
    expect(told(value(await send(key)) as Pushed)).toEqual(['INSERTED', conflict]);
    expect(await callsOf(key)).toBe(1);
    expect(told(value(await send(key)) as Pushed)).toEqual(['INSERTED', conflict]);
  });

  test('one that was done after it was given up is answered as done', async () => {
    const key = newKey();
    const given = await whileOthersWrite(() => sendTickets(hub, [ticket('done', 1)], key));
    expect(given.errors.map((e) => e.extensions['code'])).toEqual(['DEADLINE_EXCEEDED']);
    await expect.poll(() => callsOf(key)).toBe(1);
    expect(told(value(await sendTickets(hub, [ticket('done', 1)], key)) as Pushed)).toEqual(['INSERTED']);
    // Under another name it is another batch: the ticket is there.
    expect(told(value(await sendTickets(hub, [ticket('done', 1)])) as Pushed)).toEqual(['UNCHANGED']);
  });
});
