import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoIssuer } from '../../src/identity/demo-issuer.ts';
import { dispatcher, handlerOf } from '../handoffs/handoff-kit.ts';
import { startHubProcess, type HubProcess } from '../kit/hub-process.ts';
import type { Asker } from '../kit/running-hub.ts';
import { openSocket, settled } from '../kit/socket-client.ts';
import { putTickets } from '../kit/ticket-place.ts';
import { webhookReceiver, type Receiver } from '../kit/webhook-receiver.ts';

/* Several instances on one ticket record: Redis wakes them, the database keeps what has to be brought. */

let dataDir: string;
let receiver: Receiver;
const processes: HubProcess[] = [];
const channel = `lianqiao:test:${randomUUID()}`;
const start = async (env: Readonly<Record<string, string>>): Promise<HubProcess> => {
  const hub = await startHubProcess(dataDir, { LIANQIAO_REDIS: JSON.stringify({ channel }), ...env });
  processes.push(hub);
  return hub;
};
const withWebhook = (): Readonly<Record<string, string>> => ({
  HOOK: 'secret',
  LIANQIAO_EVENT_POLL_MILLISECONDS: '100',
  LIANQIAO_WEBHOOK_LEASE_SECONDS: '1',
  LIANQIAO_WEBHOOK_HOSTS: JSON.stringify([receiver.host]),
  LIANQIAO_WEBHOOKS: JSON.stringify([
    { name: 'housing', agency: 'housing', url: receiver.url, secret: { env: 'HOOK' }, kinds: ['HANDED_TO_AGENCY'] },
  ]),
});
const numbers = Array.from({ length: 6 }, (_, i) => `2026111690000${i}`);
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-events-'));
  receiver = await webhookReceiver();
  await putTickets(
    { kind: 'sqlite', file: join(dataDir, 'hotline.db') },
    numbers.map((sourceNo) => ({
      sourceSystem: '12345',
      sourceNo,
      type: 'COMPLAINT',
      status: 'ACCEPTED',
      divisionCode: '350102001003',
      receivedAt: '2026-11-16T08:30:00+08:00',
    })),
  );
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await receiver.close();
  rmSync(dataDir, { recursive: true });
});

const token = (asker: Asker): Promise<string> =>
  new DemoIssuer({ dataDir, host: '127.0.0.1', configured: false }).issue(asker.claims, 600);
async function dispatch(hub: HubProcess, no: string): Promise<void> {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await token(dispatcher)}`,
      'lianqiao-purpose': 'DISPATCH',
    },
    body: JSON.stringify({
      query: `mutation { dispatchTicket(input: { ticketNo: "12345:${no}", expectedVersion: 1, agency: "housing", idempotencyKey: "${no}" }) { version } }`,
    }),
  });
  expect(await response.json()).toMatchObject({ data: { dispatchTicket: { version: 2 } } });
}

test(
  'a subscription on one instance is told of what was done on another, and a kill -9 loses and changes no event',
  { timeout: 60_000 },
  async () => {
    // This one looks by itself once a minute only: what comes at once was called through Redis.
    const [listening, working] = await Promise.all([
      start({ LIANQIAO_EVENT_POLL_MILLISECONDS: '60000' }),
      start(withWebhook()),
    ]);
    const client = await openSocket(listening.url, {
      authorization: `Bearer ${await token(handlerOf('housing'))}`,
      purpose: 'HANDLING',
    });
    client.subscribe('s', 'subscription { handedToMyAgency { eventId ticketNo } }');
    await settled(client);
    const [first = '', ...others] = numbers;
    await dispatch(working, first);
    const frame = await client.next('s');
    expect(frame.payload?.data).toEqual({
      handedToMyAgency: { eventId: expect.any(String), ticketNo: `12345:${first}` },
    });
    await expect.poll(() => receiver.received.length).toBe(1);
    expect(receiver.received[0]?.event.eventId).toBe(
      (frame.payload?.data?.['handedToMyAgency'] as { eventId: string } | undefined)?.eventId,
    );

    // The endpoint has the next events, but has not said so: then the instance is killed.
    receiver.behave(() => 'hang');
    for (const no of others) await dispatch(working, no);
    await expect.poll(() => receiver.received.length).toBeGreaterThan(2);
    await working.kill();
    receiver.behave(() => 204);
    const before = receiver.received.slice();
    await start(withWebhook());
    const tickets = (): string[] =>
      [...new Set(receiver.received.slice(before.length).map((r) => r.event.ticketNo))].toSorted();
    await expect.poll(tickets).toEqual(others.map((no) => `12345:${no}`));
    for (const again of receiver.received.slice(before.length)) {
      const earlier = before.find((r) => r.event.ticketNo === again.event.ticketNo);
      if (earlier !== undefined) expect(again.body).toBe(earlier.body);
    }
    await client.close();
  },
);
