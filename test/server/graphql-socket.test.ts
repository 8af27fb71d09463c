import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellChange } from '../../src/events/outbox.ts';
import { usualPairDays } from '../../src/store/pair-findings.ts';
import { openTicketFile } from '../../src/handoffs/ticket-file.ts';
import { bring, dispatcher } from '../handoffs/handoff-kit.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { openSocket, settled, socketOf } from '../kit/socket-client.ts';

/* Misuse of the WebSocket: each has its code, and costs its own connection only. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({
    LIANQIAO_EVENT_POLL_MILLISECONDS: '50',
    LIANQIAO_LIMITS_CONNECTIONS: '3',
    LIANQIAO_LIMITS_SUBSCRIPTIONS: '2',
    LIANQIAO_LIMITS_QUEUED_EVENTS: '5',
    LIANQIAO_LIMITS_INIT_MILLISECONDS: '200',
    LIANQIAO_LIMITS_BODY_BYTES: '4096',
  });
});
afterAll(() => hub.close());

/** The status that the server answers an upgrade with. */
function upgrade(path: string, protocol: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${hub.url}${path}`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        'sec-websocket-protocol': protocol,
      },
    });
    asked.on('response', (answer) => resolve(answer.statusCode ?? 0)).on('error', reject);
    asked.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.end();
  });
}

test('only this address and protocol are served', async () => {
  expect(await upgrade('/graphql', 'graphql-transport-ws')).toBe(101);
  expect(await upgrade('/metrics', 'graphql-transport-ws')).toBe(404);
  expect(await upgrade('/graphql', 'graphql-ws')).toBe(400);
});

test('who does not say who it is in time, or not at all, is closed', async () => {
  const silent = await openSocket(hub.url, null);
  expect(await silent.closed).toMatchObject({ code: 4408 });
  const hasty = await openSocket(hub.url, null);
  hasty.subscribe('s', '{ __typename }');
  expect(await hasty.closed).toMatchObject({ code: 4401 });
});

test.each([
  [{}, { code: 4403, reason: 'UNAUTHENTICATED missing' }],
  [{ authorization: 'Bearer a.b.c' }, { code: 4403, reason: 'UNAUTHENTICATED malformed' }],
  [{ authorization: 7 }, { code: 4400, reason: 'BAD_USER_INPUT' }],
])('connection_init %j is refused', async (init, expected) => {
  const client = await openSocket(hub.url, init);
  expect(await client.closed).toEqual(expected);
});

test('a message that is too large, or none of the protocol, ends its connection', async () => {
  const large = await socketOf(hub, dispatcher);
  large.subscribe('s', `{ a }${' '.repeat(5_000)}`);
  expect(await large.closed).toMatchObject({ code: 1009 });
  const odd = await socketOf(hub, dispatcher);
  odd.socket.send('{"type":"nonsense"}');
  expect(await odd.closed).toMatchObject({ code: 4400 });
});

test('connections, and operations of one, are bounded', async () => {
  const clients = [await socketOf(hub, dispatcher), await socketOf(hub, dispatcher), await socketOf(hub, dispatcher)];
  expect(await upgrade('/graphql', 'graphql-transport-ws')).toBe(503);
  const [client] = clients;
  for (const id of ['a', 'b', 'c']) client?.subscribe(id, 'subscription { handedToMyAgency { ticketNo } }');
  const refused = await client?.next('c');
  expect(refused?.type).toBe('error');
  expect(refused?.payload?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'subscriptions', max: 2 });
  // One that has ended makes room.
  client?.send({ id: 'a', type: 'complete' });
  if (client !== undefined) await settled(client);
  await Promise.all(clients.map((one) => one.close()));
  await expect.poll(() => upgrade('/graphql', 'graphql-transport-ws')).toBe(101);
});

test('who does not read is closed, and nobody else waits for it', { timeout: 60_000 }, async () => {
  const ticketNo = await bring(hub.dataDir, '20261116600001', { content: '路灯不亮'.repeat(10_000) });
  const [slow, quick] = [await socketOf(hub, dispatcher), await socketOf(hub, dispatcher)];
  const texts = Array.from({ length: 20 }, (_, i) => `t${i}: content`).join(' ');
  slow.subscribe('s', `subscription { ticketChanged(ticketNo: "${ticketNo}") { ticket { ${texts} } } }`);
  quick.subscribe('s', `subscription { ticketChanged(ticketNo: "${ticketNo}") { eventId } }`);
  await settled(slow);
  await settled(quick);
  slow.socket.pause();
  const file = await openTicketFile({ kind: 'sqlite', file: join(hub.dataDir, 'hotline.db') }, usualPairDays);
  const told = 40;
  for (let i = 0; i < told; i++) {
    await file.transaction(async ({ outbox }) => tellChange(outbox, ticketNo, null, '2026-11-16T09:00:00+08:00'));
    await quick.next('s');
  }
  await file.close();
  slow.socket.resume();
  expect(await slow.closed).toMatchObject({ code: expect.toSatisfy((code: number) => code === 4430 || code === 1006) });
  await quick.close();
});

test('a hub that stops says so', async () => {
  const other = await startHub();
  const client = await socketOf(other, dispatcher);
  const [closed] = await Promise.all([client.closed, other.close()]);
  expect(closed).toEqual({ code: 1001, reason: 'GOING_AWAY' });
});
