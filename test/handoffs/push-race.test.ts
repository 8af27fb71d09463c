import { afterAll, beforeAll, expect, test } from 'vitest';
import { usualPairDays } from '../../src/store/pair-findings.ts';
import type { PushDesk } from '../../src/handoffs/push/push-desk.ts';
import type { PushFile } from '../../src/handoffs/push/push-file.ts';
import { handoffReader, readTicket } from '../../src/handoffs/push/push-input.ts';
import { takeHandoff } from '../../src/handoffs/push/take-handoff.ts';
import { takeTicket } from '../../src/handoffs/push/take-ticket.ts';
import { openTicketFile, type TicketFile } from '../../src/handoffs/ticket-file.ts';
import { describeOn } from '../kit/describe-on.ts';
import { testPlace, type TestPlace } from '../kit/ticket-place.ts';
import { handoff, ticket } from './push-kit.ts';

/* A ticket and its handoff that come at one moment, by two instances on one server: each begins before the other is seen. */

const now = Date.parse('2026-11-16T09:00:00+08:00');
const everything = { sees: () => true, isGiven: () => true };
const deskOf = (file: PushFile): PushDesk => ({
  file,
  pusher: { issuer: 'urn:test', subject: 'hotline', unit: null, areas: ['350102'], grids: [] },
  sight: everything,
  sightOf: () => everything,
  at: '2026-11-16T09:00:00+08:00',
});

/** Resolves when this many have come to it. */
function meeting(of: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    come += 1;
    if (come >= of) open();
    return all;
  };
}

describeOn('mysql', 'on mysql', () => {
  let own: TestPlace;
  let files: TicketFile[];
  beforeAll(async () => {
    own = await testPlace('mysql');
    files = [await openTicketFile(own.place, usualPairDays), await openTicketFile(own.place, usualPairDays)];
  });
  afterAll(async () => {
    await Promise.all(files.map((file) => file.close()));
    await own.drop();
  });

  test.each([1, 2, 3, 4, 5])('the handoff is added to the ticket, and none waits on (%i)', async (round) => {
    const [one, other] = files as [TicketFile, TicketFile];
    const no = `race${round}`;
    const brought = readTicket(ticket(no, 1), now);
    const step = handoffReader(['DISPATCH'])(handoff(no, no, '08:40:00', { to: 'housing' }), now);
    if (!brought.ok || !step.ok) throw new Error('not well-formed');
    const meet = meeting(2);
    const runs = { ticket: 0, handoff: 0 };
    await Promise.all([
      one.transaction(async ({ pushes }) => {
        runs.ticket += 1;
        await pushes.expectTickets([brought.item.ticketNo]);
        await takeTicket(deskOf(pushes), brought.item);
        await meet();
      }),
      other.transaction(async ({ pushes }) => {
        runs.handoff += 1;
        await pushes.expectHandoffs([step.item]);
        await takeHandoff(deskOf(pushes), step.item);
        await meet();
      }),
    ]);
    // The one that came second had to look again.
    expect(runs.ticket + runs.handoff).toBeGreaterThan(2);
    expect(await own.exec('SELECT to_agency FROM handoff WHERE ticket_no = ?', [`12345:${no}`])).toEqual([
      { to_agency: 'housing' },
    ]);
    expect(await own.exec('SELECT 1 FROM push_held')).toEqual([]);
  });
});
