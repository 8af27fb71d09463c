import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { storedRows } from '../hub/askers.ts';
import { arrived, dispatcher, handlerOf, mutate } from '../handoffs/handoff-kit.ts';
import { pushTickets, ticket } from '../handoffs/push-kit.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import type { Run } from '../kit/run-command.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';
import { events } from './events-command.ts';
import { signed, webhookReceiver, type Received, type Receiver } from '../kit/webhook-receiver.ts';

/* An agency's endpoint that works, hangs, breaks off, redirects: events of a ticket come in order, and none is lost. */

describe.each(stores)('on %s', (store) => {
  let own: TestPlace;
  let hub: RunningHub;
  let housing: Receiver;
  let market: Receiver;
  let elsewhere: Receiver;
  const unit = showcase.leadUnit;
  beforeAll(async () => {
    [housing, market, elsewhere] = await Promise.all([webhookReceiver(), webhookReceiver(), webhookReceiver()]);
    process.env['HOUSING_HOOK'] = 'new secret';
    process.env['HOUSING_HOOK_BEFORE'] = 'old secret';
    process.env['MARKET_HOOK'] = 'market secret';
    own = await testPlace(store);
    await putTickets(own.place, []);
    hub = await startHub(env());
    // Events are told from when the endpoint is known.
    await vi.waitFor(async () => expect(await own.exec('SELECT name FROM webhook')).toHaveLength(2), 10_000);
  });
  afterAll(async () => {
    await hub.close();
    await Promise.all([housing.close(), market.close(), elsewhere.close()]);
    await own.drop();
  });

  /** The hub's settings, for its commands as well. */
  const env = (): Readonly<Record<string, string>> => ({
    LIANQIAO_SOURCES: own.source,
    LIANQIAO_EVENT_POLL_MILLISECONDS: '50',
    LIANQIAO_WEBHOOK_HOSTS: JSON.stringify([housing.host, market.host]),
    LIANQIAO_WEBHOOK_TRIES: '4',
    LIANQIAO_WEBHOOK_RETRY_MILLISECONDS: '20',
    LIANQIAO_WEBHOOK_LONGEST_RETRY_SECONDS: '1',
    LIANQIAO_WEBHOOK_MILLISECONDS: '1000',
    LIANQIAO_WEBHOOKS: JSON.stringify([
      {
        name: 'housing',
        agency: 'housing',
        url: housing.url,
        secret: { env: 'HOUSING_HOOK' },
        previousSecret: { env: 'HOUSING_HOOK_BEFORE' },
      },
      {
        name: 'market',
        agency: 'market',
        unit,
        url: market.url,
        secret: { env: 'MARKET_HOOK' },
        kinds: ['TICKET_CHANGED'],
      },
    ]),
  });
  const of = (receiver: Receiver, ticketNo: string): Received[] =>
    receiver.received.filter((r) => r.event.ticketNo === ticketNo);
  const kinds = (list: readonly Received[]): string[] => list.map((r) => r.event.kind);
  /** Nothing waits for an endpoint any more. */
  const quiet = (): Promise<void> =>
    expect
      .poll(
        async () => [
          await own.exec("SELECT seq FROM webhook_delivery WHERE state = 'PENDING'"),
          await own.exec('SELECT position FROM webhook WHERE position < (SELECT max(seq) FROM ticket_event)'),
        ],
        { timeout: 20_000 },
      )
      .toEqual([[], []]);
  const dead = (ticketNo: string): Promise<readonly object[]> =>
    own.exec("SELECT tries, failure FROM webhook_delivery WHERE state = 'DEAD' AND ticket_no = ?", [ticketNo]);
  const dispatched = async (no: string, agency = 'housing'): Promise<string> => {
    await putTickets(own.place, [arrived(no)]);
    const ticketNo = `12345:${no}`;
    await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency });
    return ticketNo;
  };

  test('brings id, kind, ticket number and time, signed by both secrets, and nothing else', async () => {
    const ticketNo = await dispatched('20261116800001');
    await quiet();
    const got = of(housing, ticketNo);
    expect(kinds(got)).toEqual(['TICKET_CHANGED', 'HANDED_TO_AGENCY']);
    for (const one of got) {
      expect(Object.keys(one.event)).toEqual(['eventId', 'kind', 'ticketNo', 'at']);
      expect(one.headers['lianqiao-event-id']).toBe(one.event.eventId);
      expect(Math.abs(Number(one.headers['lianqiao-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
      expect(one.headers['lianqiao-signature']).toBe(`${signed(one, 'new secret')},${signed(one, 'old secret')}`);
    }
    expect(of(market, ticketNo)).toEqual([]);
    expect(
      storedRows(
        hub,
        'ledger',
        'SELECT agency, role, purpose, subject, disclosed FROM disclosure WHERE token_id = ?',
        got[1]?.event.eventId ?? '',
      ),
    ).toEqual([
      {
        agency: 'housing',
        role: 'SYSTEM',
        purpose: 'HANDLING',
        subject: 'webhook:housing',
        disclosed: JSON.stringify(['Handoff.to', 'Ticket.handoffs', 'Ticket.ticketNo']),
      },
    ]);
  });

  test('keeps the order of a ticket while its first event fails, and holds up no other ticket', async () => {
    const slow = await dispatched('20261116800002');
    await quiet();
    let first = '';
    housing.behave(({ event }, before) => {
      if (event.ticketNo !== slow) return 204;
      first ||= event.eventId;
      return event.eventId === first ? (([500, 'reset'] as const)[before] ?? 204) : 204;
    });
    const from = housing.received.length;
    await mutate(hub, handlerOf('housing'), 'signForTicket', { ticketNo: slow, expectedVersion: 2 });
    await mutate(hub, handlerOf('housing'), 'startHandling', { ticketNo: slow, expectedVersion: 3 });
    const other = await dispatched('20261116800003');
    await quiet();
    housing.behave(() => 204);
    const tries = of(housing, slow)
      .filter((r) => housing.received.indexOf(r) >= from)
      .map((r) => r.event.eventId);
    expect(tries).toEqual([first, first, first, tries.at(-1)]);
    expect(tries.at(-1)).not.toBe(first);
    expect(kinds(of(housing, other))).toEqual(['TICKET_CHANGED', 'HANDED_TO_AGENCY']);
    expect(await dead(slow)).toEqual([]);
  });

  test('sets an event aside after its tries, and goes on with the next', async () => {
    const ticketNo = await dispatched('20261116800004');
    await quiet();
    const from = housing.received.length;
    let poison = '';
    housing.behave(({ event }) => {
      if (event.ticketNo !== ticketNo) return 204;
      poison ||= event.eventId;
      return event.eventId === poison ? 400 : 204;
    });
    await mutate(hub, handlerOf('housing'), 'signForTicket', { ticketNo, expectedVersion: 2 });
    await mutate(hub, handlerOf('housing'), 'startHandling', { ticketNo, expectedVersion: 3 });
    await quiet();
    housing.behave(() => 204);
    const tries = housing.received.slice(from).map((r) => r.event.eventId);
    expect(tries).toEqual([poison, poison, poison, poison, tries.at(-1)]);
    expect(tries.at(-1)).not.toBe(poison);
    expect(await dead(ticketNo)).toEqual([{ tries: 4, failure: 'REFUSED' }]);
    expect((await (await fetch(`${hub.url}/metrics`)).text()).split('\n')).toContain(
      'lianqiao_webhook_deliveries_total{webhook="housing",outcome="DEAD"} 1',
    );
  });

  test('follows no redirect, and gives up what hangs', async () => {
    const moved = await dispatched('20261116800005');
    await quiet();
    housing.behave(({ event }, before) => {
      if (event.ticketNo !== moved) return 204;
      if (before === 0) return (answer) => void answer.writeHead(307, { location: elsewhere.url }).end();
      return before === 1 ? 'hang' : 204;
    });
    await mutate(hub, handlerOf('housing'), 'signForTicket', { ticketNo: moved, expectedVersion: 2 });
    await quiet();
    housing.behave(() => 204);
    expect(of(housing, moved)).toHaveLength(5);
    expect(elsewhere.received).toEqual([]);
    const outcomes = (await (await fetch(`${hub.url}/metrics`)).text()).match(
      /webhook="housing",outcome="(REDIRECTED|TIMEOUT)"/g,
    );
    expect(outcomes).toHaveLength(2);
  });

  test('a report goes to the endpoint of its handling unit alone, and a ticket to none that may not see it', async () => {
    const report = (version: number, leadAgency: string): object =>
      ticket('20261116800006', version, { type: 'REPORT', status: 'DISPATCHED', leadAgency, leadUnit: unit });
    await pushTickets(hub, report(1, 'housing'));
    await quiet();
    expect([...of(housing, '12345:20261116800006'), ...of(market, '12345:20261116800006')]).toEqual([]);
    await pushTickets(hub, report(2, 'market'));
    await quiet();
    expect(kinds(of(market, '12345:20261116800006'))).toEqual(['TICKET_CHANGED']);
    expect(of(housing, '12345:20261116800006')).toEqual([]);
  });

  describe('lianqiao events', () => {
    const run = (...args: string[]): Promise<Run> => events({ ...env(), LIANQIAO_DATA_DIR: hub.dataDir }, ...args);

    test('lists what was set aside, without tickets, and brings it again under its own id', async () => {
      const { status, stdout } = await run('dead', 'housing', '--json');
      expect(status).toBe(1);
      const [letter, ...others] = JSON.parse(stdout) as { eventId: string }[];
      expect(others).toEqual([]);
      expect(letter).toEqual({
        webhook: 'housing',
        seq: expect.any(Number),
        eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        kind: 'TICKET_CHANGED',
        at: expect.stringMatching(/\+08:00$/),
        tries: 4,
        failure: 'REFUSED',
      });
      const from = housing.received.length;
      expect(await run('replay', 'housing', '--dead', '--json')).toMatchObject({
        status: 0,
        stdout: `${JSON.stringify({ webhook: 'housing', replayed: 1 }, null, 2)}\n`,
      });
      await quiet();
      expect(housing.received.slice(from).map((r) => r.event.eventId)).toEqual([letter?.eventId]);
      expect(await run('dead')).toEqual({ status: 0, stdout: '', stderr: '' });
    });

    test('brings all events after a cursor again, in their order, as far as they may still be told', async () => {
      const ticketNo = '12345:20261116800001';
      const before = of(market, '12345:20261116800006').map((r) => r.event.eventId);
      const first = of(housing, ticketNo).map((r) => r.event.eventId);
      const from = [housing.received.length, market.received.length] as const;
      expect((await run('replay', 'housing', '--from', '0')).stdout).toMatch(
        /^housing: \d+ events will be brought again\n$/,
      );
      expect((await run('replay', 'market', '--from', '0')).status).toBe(0);
      await quiet();
      const again = housing.received.slice(from[0]);
      // A slow machine may have it twice, as the same event.
      const ids = again.filter((r) => r.event.ticketNo === ticketNo).map((r) => r.event.eventId);
      expect([...new Set(ids)]).toEqual([...new Set(first)]);
      // Both versions of the report are its new unit's now.
      const reports = market.received.slice(from[1]).map((r) => r.event.eventId);
      expect(reports).toEqual(expect.arrayContaining(before));
      expect(again.map((r) => r.event.ticketNo)).not.toContain('12345:20261116800006');
      const states = JSON.parse((await run('status', '--json')).stdout) as object[];
      expect(states).toEqual(
        ['housing', 'market'].map((webhook) => ({ webhook, cursor: expect.any(Number), pending: 0, dead: 0 })),
      );
    });

    test.each([
      [['replay', 'housing'], /either --from CURSOR or --dead/],
      [['replay', 'housing', '--from', 'yesterday'], /Write a cursor/],
      [['replay', 'hosing', '--dead'], /no webhook hosing.*housing/],
      [['dead', 'nobody'], /no webhook nobody/],
      [['vanish'], /unknown command/],
    ])('%j is wrong usage', async (args, says) => {
      const { status, stderr } = await run(...args);
      expect([status, stderr]).toEqual([2, expect.stringMatching(says)]);
    });
  });

  test('neither secret nor address nor ticket stands in the log', () => {
    expect(hub.logged()).not.toMatch(/secret|hooks\/lianqiao|2026111680000/);
  });
});
