import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LostHandoff } from '../../src/reconciliation/lost-handoffs.ts';
import {
  openLostStore,
  type FoundHandoff,
  type LostStore,
  type TicketOutcome,
} from '../../src/reconciliation/lost-store.ts';
import { openRunLog } from '../../src/reconciliation/run-log.ts';
import { openTicketDatabase, type TicketDatabase } from '../../src/store/ticket-database.ts';
import { ticketStore } from '../../src/tickets/ticket-store.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';

/* What is known of lost handoffs, in the database of the tickets: the same on SQLite and on MariaDB. */

const first = '2026-11-16T09:00:00+08:00';
const second = '2026-11-16T10:00:00+08:00';

function lost(agency: string, more: Partial<LostHandoff> = {}): LostHandoff {
  const at = '2026-11-05T10:00:00+08:00';
  return {
    kind: 'SENT_NOT_RECEIVED',
    agency,
    at,
    runId: 'H1',
    receiptNo: null,
    grounds: ['NO_RECEIPT'],
    confidence: 1,
    ...more,
  };
}

const of = (n: number, findings: readonly LostHandoff[] = [], compared = ['grid', 'market']): TicketOutcome => ({
  ticketNo: `12345:${n}`,
  compared,
  findings,
});

describe.each(stores)('on %s', (kind) => {
  let own: TestPlace;
  let database: TicketDatabase;
  let store: LostStore;
  let told: FoundHandoff[];
  beforeAll(async () => {
    own = await testPlace(kind);
    const row = { sourceSystem: '12345', status: 'DISPATCHED', receivedAt: first, divisionCode: '350102001003' };
    await putTickets(own.place, [
      { ...row, sourceNo: '1', type: 'COMPLAINT' },
      { ...row, sourceNo: '2', type: 'COMPLAINT' },
      { ...row, sourceNo: '3', type: 'REPORT' },
    ]);
    database = await openTicketDatabase(own.place);
  });
  beforeEach(async () => {
    await database.db('lost_handoff').delete();
    await database.db('ticket_finding').delete();
    told = [];
    store = openLostStore(database, async (_trx, found) => void told.push(...found));
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  const shown = () =>
    database
      .db('handoff_finding')
      .orderBy('finding_id')
      .select('kind', 'ticket_no', 'agency', 'division_code', 'settled_at');

  test('what is new is told once, what has healed is settled, and what comes back is told again', async () => {
    expect(await store.take([of(1, [lost('grid'), lost('market')])], first)).toEqual({ found: 2, settled: 0 });
    expect(await store.take([of(1, [lost('grid'), lost('market')])], second)).toEqual({ found: 0, settled: 0 });
    expect(told.map((f) => [f.ticketNo, f.agency])).toEqual([
      ['12345:1', 'grid'],
      ['12345:1', 'market'],
    ]);
    expect(await store.take([of(1, [lost('grid')])], second)).toEqual({ found: 0, settled: 1 });
    const row = { kind: 'SENT_NOT_RECEIVED', ticket_no: '12345:1', division_code: '350102001003' };
    expect(await shown()).toEqual([
      { ...row, agency: 'grid', settled_at: null },
      { ...row, agency: 'market', settled_at: second },
    ]);
    expect(await store.take([of(1, [lost('grid'), lost('market')])], second)).toEqual({ found: 1, settled: 0 });
    expect((await shown()).map((f: { settled_at: unknown }) => f.settled_at)).toEqual([null, null]);
  });

  test('an agency that was not compared is left as it is', async () => {
    await store.take([of(1, [lost('grid'), lost('market')])], first);
    expect(await store.take([of(1, [], ['market'])], second)).toEqual({ found: 0, settled: 1 });
    expect(await store.openTickets('', 10)).toEqual(['12345:1']);
    expect(await store.openTickets('12345:1', 10)).toEqual([]);
  });

  test('nothing is written down of a report, nor of a ticket that is not there', async () => {
    expect(await store.take([of(3, [lost('grid')]), of(9, [lost('grid')])], first)).toEqual({ found: 0, settled: 0 });
    expect(told).toEqual([]);
  });

  test('a ticket that becomes a report is told of no longer; one that moves is told of where it is', async () => {
    await store.take([of(1, [lost('grid')]), of(2, [lost('grid')])], first);
    await database.transaction(async (trx) => {
      const tickets = ticketStore(trx);
      const row = { sourceSystem: '12345', status: 'DISPATCHED', receivedAt: first };
      await tickets.upsert(
        [
          { ...row, sourceNo: '1', type: 'REPORT' },
          { ...row, sourceNo: '2', divisionCode: '350103' },
        ],
        second,
      );
      await tickets.settle();
      await tickets.review();
    });
    expect(await shown()).toMatchObject([{ ticket_no: '12345:2', division_code: '350103' }]);
    await database.db('ticket').where('ticket_no', '12345:1').update({ type: 'COMPLAINT' });
  });

  test('what a grant gave goes with it, and comes back with it', async () => {
    await store.take([of(1, [lost('grid'), lost('market')])], first);
    expect(await store.withdraw(['market'], second)).toBe(1);
    expect(await store.withdraw(['market'], second)).toBe(0);
    expect((await shown()).map((f: { agency: unknown }) => f.agency)).toEqual(['grid']);
    expect(await store.take([of(1, [lost('grid'), lost('market')])], second)).toEqual({ found: 1, settled: 0 });
    expect((await shown()).length).toBe(2);
  });

  test('no finding without its event', async () => {
    const failing = openLostStore(database, () => Promise.reject(new Error('the outbox is full')));
    await expect(failing.take([of(1, [lost('grid')])], first)).rejects.toThrow('the outbox is full');
    expect(await database.db('lost_handoff').select()).toEqual([]);
  });

  test('two at once write the same finding once', async () => {
    const all = await Promise.all(
      [1, 2, 3, 4].map(() => store.take([of(1, [lost('grid')]), of(2, [lost('grid')])], first)),
    );
    expect(all.reduce((sum, { found }) => sum + found, 0)).toBe(2);
  });

  test('a run that was broken off is found again, by what it was over', async () => {
    const runs = openRunLog(database);
    expect(await runs.lastBegan()).toBeNull();
    const run = await runs.begin(null, 'SUPERVISION', first);
    await runs.advance({ ...run, after: first, compared: 20, found: 1 });
    expect(await runs.unfinished(null, 'SUPERVISION')).toEqual({ ...run, after: first, compared: 20, found: 1 });
    expect(await runs.unfinished(first, 'SUPERVISION')).toBeNull();
    await runs.end(run.runNo, second);
    expect(await runs.unfinished(null, 'SUPERVISION')).toBeNull();
    expect(await runs.lastBegan()).toBe(first);
  });
});
