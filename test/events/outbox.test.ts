import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { warnOfDueTimes } from '../../src/events/due-clock.ts';
import { eventLog } from '../../src/events/event-log.ts';
import { tellChange } from '../../src/events/outbox.ts';
import { deliveryBook } from '../../src/events/webhooks/delivery-book.ts';
import { openTicketFile, type TicketFile } from '../../src/handoffs/ticket-file.ts';
import { usualPairDays } from '../../src/store/pair-findings.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';

/* The outbox in the same transaction as the tickets, on both stores. */

const { ticketWarningHours } = loadConfig({});
const now = Date.parse('2026-11-16T09:00:00+08:00');
const at = '2026-11-16T09:00:00+08:00';

describe.each(stores)('on %s', (store) => {
  let place: TestPlace;
  let file: TicketFile;
  let other: TicketFile;
  let woken = 0;
  beforeAll(async () => {
    place = await testPlace(store);
    file = await openTicketFile(place.place, usualPairDays, () => (woken += 1));
    other = await openTicketFile(place.place, usualPairDays);
  });
  afterAll(async () => {
    await file.close();
    await other.close();
    await place.drop();
  });
  const bring = (sourceNo: string, more: object = {}): Promise<void> =>
    putTickets(place.place, [
      { sourceSystem: '12345', sourceNo, type: 'COMPLAINT', status: 'ACCEPTED', receivedAt: at, ...more },
    ]);
  const told = async (ticketNo: string): Promise<unknown[]> => {
    const events = await eventLog(async () => file.database).after(0, 1_000);
    return events.filter((e) => e.ticketNo === ticketNo).map(({ kind, agency }) => [kind, agency]);
  };

  test('no event without what it tells of, and nobody is woken', async () => {
    await bring('1');
    woken = 0;
    const broken = file.transaction(async ({ trx, outbox }) => {
      await trx('ticket').where('ticket_no', '12345:1').update({ title: 'changed' });
      tellChange(outbox, '12345:1', null, at);
      await outbox.settle();
      throw new Error('the end');
    });
    await expect(broken).rejects.toThrow('the end');
    expect([await told('12345:1'), woken]).toEqual([[], 0]);
    await file.transaction(async ({ outbox }) => tellChange(outbox, '12345:1', null, at));
    expect([await told('12345:1'), woken]).toEqual([[['TICKET_CHANGED', null]], 1]);
  });

  test('an event is never changed, nor taken out before its time', async () => {
    for (const sql of ["UPDATE ticket_event SET kind = 'x'", 'DELETE FROM ticket_event'])
      await expect(place.exec(sql)).rejects.toThrow(/never|before its time/);
  });

  test('a reader that goes on from the last place it saw misses no event of writers that overlap', async () => {
    // Its own connections: the writers have all of theirs.
    const reader = await openTicketFile(place.place, usualPairDays);
    const log = eventLog(async () => reader.database);
    const seen: string[] = [];
    let from = await log.last();
    let writing = true;
    const reading = (async () => {
      for (;;) {
        const last = !writing;
        for (const event of await log.after(from, 50)) {
          seen.push(event.ticketNo);
          from = event.seq;
        }
        if (last) return;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    const numbers = Array.from({ length: 40 }, (_, i) => `12345:w${i}`);
    await Promise.all(
      numbers.map((ticketNo, i) =>
        (i % 2 === 0 ? file : other).transaction(async ({ outbox, trx }) => {
          tellChange(outbox, ticketNo, null, at);
          await outbox.settle();
          // What was written first ends last: only who holds the order keeps the places in order.
          await new Promise((resolve) => setTimeout(resolve, (i % 5) * 4));
          await trx('ticket').where('ticket_no', '12345:1').first('ticket_no');
        }),
      ),
    );
    writing = false;
    await reading;
    await reader.close();
    expect(seen.toSorted()).toEqual(numbers.toSorted());
  });

  test('who is about to be overdue is told of once for each due time, by whichever instance looks first', async () => {
    await bring('near', { dueAt: '2026-11-17T08:59:59+08:00', leadAgency: 'housing' });
    await bring('answered', { dueAt: '2026-11-17T08:59:59+08:00', handledAt: at });
    await bring('closed', { dueAt: '2026-11-17T08:59:59+08:00', status: 'CLOSED' });
    await bring('far', { dueAt: '2026-11-17T09:00:01+08:00' });
    await bring('past', { dueAt: '2026-11-16T08:59:59+08:00' });
    const look = (on: TicketFile, when = now): Promise<boolean> =>
      on.transaction(({ trx, outbox }) => warnOfDueTimes(trx, outbox, when, ticketWarningHours));
    await Promise.all([look(file), look(other), look(file)]);
    expect(await told('12345:near')).toEqual([['ABOUT_TO_BE_OVERDUE', 'housing']]);
    for (const no of ['answered', 'closed', 'far', 'past']) expect(await told(`12345:${no}`)).toEqual([]);
    // The clock went on, and the due time was moved.
    await look(other, now + 2_000);
    expect(await told('12345:far')).toEqual([['ABOUT_TO_BE_OVERDUE', null]]);
    await bring('near', { dueAt: '2026-11-17T08:00:00+08:00', leadAgency: 'housing' });
    await look(file);
    await look(other);
    expect(await told('12345:near')).toHaveLength(2);
  });

  test('one instance alone has an endpoint, until its lease ends or it lets go', async () => {
    const open = async (): Promise<TicketFile['database']> => file.database;
    const [one, two] = ['one', 'two'].map((owner) => deliveryBook(open, 'hook', owner));
    if (one === undefined || two === undefined) throw new Error('no book');
    const wanted = { kinds: ['TICKET_CHANGED'], agency: 'housing' } as const;
    expect([await one.lease(60_000), await two.lease(60_000), await one.lease(60_000)]).toEqual([true, false, true]);
    await file.transaction(async ({ outbox }) => {
      tellChange(outbox, '12345:1', null, at);
      tellChange(outbox, '12345:1', null, at);
      outbox.tell({ kind: 'HANDED_TO_AGENCY', ticketNo: '12345:2', agency: 'housing', runId: null, at });
    });
    expect(await two.collect(wanted)).toBe(false);
    expect(await one.due(10)).toEqual([]);
    await one.collect(wanted);
    const due = await one.due(10);
    expect(due.map(({ event, tries }) => [event.kind, event.ticketNo, tries])).toEqual([
      ['TICKET_CHANGED', '12345:1', 0],
    ]);
    const seq = due[0]?.event.seq ?? 0;
    // Who has lost the endpoint changes nothing of it.
    await two.settle(seq);
    expect(await one.due(10)).toHaveLength(1);
    await one.put(seq, { tries: 1, failure: 'FAILED', wait: 60_000 });
    expect(await one.due(10)).toEqual([]);
    await one.put(seq, { tries: 2, failure: 'FAILED', wait: null });
    expect((await one.due(10)).map(({ event }) => event.seq)).toEqual([seq + 1]);
    await one.release();
    expect(await two.lease(1)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await one.lease(60_000)).toBe(true);
  });
});
