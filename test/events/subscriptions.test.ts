import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { storedRows } from '../hub/askers.ts';
import { bring, dispatcher, handlerOf, mutate, one, supervisor } from '../handoffs/handoff-kit.ts';
import { handoff, pushHandoffs, pushTickets, ticket } from '../handoffs/push-kit.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { openSocket, settled, socketOf, type Closed, type Frame, type SocketClient } from '../kit/socket-client.ts';

/* Each event is answered like a new request of its receiver: who may not be told learns nothing. */

let own: OwnRoot;
let hub: RunningHub;
let expired: { readonly client: SocketClient; readonly frame: Promise<Frame> };
const clients: SocketClient[] = [];
beforeAll(async () => {
  own = ownRoot();
  hub = await startHub({ LIANQIAO_EVENT_POLL_MILLISECONDS: '50' }, undefined, own.root);
  expired = await shortLived();
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await hub.close();
  own.remove();
});

const as = async (asker: Asker): Promise<SocketClient> => {
  const client = await socketOf(hub, asker);
  clients.push(client);
  return client;
};
const subscribed = async (asker: Asker, query: string, variables = {}): Promise<SocketClient> => {
  const client = await as(asker);
  client.subscribe('s', query, variables);
  await settled(client);
  return client;
};
const dataOf = ({ type, payload }: Frame): unknown => (type === 'next' ? payload?.data : { type, payload });
const codesOf = ({ type, payload }: Frame): unknown[] => {
  expect(type).toBe('error');
  return (payload as unknown as { extensions: Record<string, unknown> }[]).map((e) => e.extensions['code']);
};
const changed = (ticketNo: string, fields = 'ticketNo'): string =>
  `subscription { ticketChanged(ticketNo: "${ticketNo}") { ${fields} } }`;
const disclosures = (): unknown[] => storedRows(hub, 'ledger', 'SELECT * FROM disclosure ORDER BY rowid');
let sender = 0;
/** A step that changes the ticket: it is pushed anew. */
const touch = async (no: string, more: object = {}): Promise<void> => {
  sender += 1;
  await pushTickets(
    hub,
    ticket(no, sender, { urgency: sender % 2 === 0 ? 'URGENT' : 'NORMAL', title: `第${sender}次`, ...more }),
  );
};

/** A token of a second; clocks may differ by five. It is waited for at the end. */
async function shortLived(): Promise<typeof expired> {
  const { DemoIssuer } = await import('../../src/identity/demo-issuer.ts');
  const issuer = new DemoIssuer({ dataDir: hub.dataDir, host: '127.0.0.1', configured: false });
  const token = await issuer.issue(dispatcher.claims, 1);
  const client = await openSocket(hub.url, { authorization: `Bearer ${token}`, purpose: 'DISPATCH' });
  client.subscribe('s', 'subscription { handedToMyAgency { ticketNo } }');
  return { client, frame: client.next('s') };
}

test('ticketChanged gives the ticket as ticket(ticketNo) gives it to the same caller', async () => {
  const no = '20261116700001';
  const ticketNo = await bring(hub.dataDir, no, { reporterPhone: '13800010001', title: '路灯' });
  const fields = 'ticketNo status leadAgency reporterPhone reporterIdNumber access { field status rule }';
  const client = await subscribed(
    handlerOf('housing'),
    `subscription S($no: ID!, $not: Boolean!) { changed: ticketChanged(ticketNo: $no) {
       __typename eventId kind ticketNo at t: ticket { ...F } ticket @skip(if: $not) { title } } }
     fragment F on Ticket { ${fields} }`,
    { no, not: true },
  );
  await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'housing' });
  const { payload } = await client.next('s');
  const asked = await hub.ask(handlerOf('housing'), `{ t: ticket(ticketNo: "${ticketNo}") { ${fields} } }`);
  expect(payload?.data).toEqual({
    changed: {
      __typename: 'TicketEvent',
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: 'TICKET_CHANGED',
      ticketNo,
      at: expect.stringMatching(/\+08:00$/),
      ...(asked.data as object),
    },
  });
  // The same verdicts, at their places in this answer.
  const moved = (text: unknown): unknown =>
    JSON.parse(JSON.stringify(text).replaceAll('"t.', '"changed.t.').replaceAll('["t"', '["changed","t"'));
  expect(payload?.errors).toEqual(moved(asked.errors));
  expect(payload?.extensions).toEqual(moved(asked.extensions));
  expect(asked.errors.map((e) => e.extensions['code'])).toEqual(['FIELD_DENIED']);
});

test('handedToMyAgency is told to the agency that was handed the ticket, and to no other', async () => {
  const ticketNo = await bring(hub.dataDir, '20261116700002');
  const query = 'subscription { handedToMyAgency { ticketNo kind ticket { status } } }';
  const [housing, market] = [
    await subscribed(handlerOf('housing'), query),
    await subscribed(handlerOf('market'), query),
  ];
  await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'housing' });
  expect(dataOf(await housing.next('s'))).toEqual({
    handedToMyAgency: { ticketNo, kind: 'HANDED_TO_AGENCY', ticket: { status: 'DISPATCHED' } },
  });
  await mutate(hub, handlerOf('housing'), 'signForTicket', { ticketNo, expectedVersion: 2 });
  await settled(market);
  expect(market.frames).toEqual([]);
});

test('a handoff that came before its ticket’s new version is told once that has come', async () => {
  const no = '20261116700020';
  const query = 'subscription { handedToMyAgency { ticketNo ticket { leadAgency } } }';
  await pushTickets(hub, ticket(no, 1));
  const market = await subscribed(handlerOf('market'), query);
  await pushHandoffs(hub, handoff(no, 'h-1', '08:45:00', { to: 'market' }));
  await pushTickets(hub, ticket(no, 2, { leadAgency: 'market' }));
  expect(dataOf(await market.next('s'))).toEqual({
    handedToMyAgency: { ticketNo: `12345:${no}`, ticket: { leadAgency: 'market' } },
  });
  await pushTickets(hub, ticket(no, 3, { leadAgency: 'market', title: '补' }));
  await settled(market);
  expect(market.frames).toEqual([]);
});

test('lostHandoffFound is told to whoever is given the finding, and to no other that sees the ticket', async () => {
  const query = 'subscription { lostHandoffFound { ticketNo kind ticket { leadAgency } } }';
  const watching = await subscribed(supervisor, query);
  // It leads the ticket, of which another agency has no receipt.
  const leading = await subscribed(handlerOf('housing'), query);
  const asked = (who: Asker): Promise<Answer> =>
    hub.ask(
      who,
      `{ handoffFindings(filter: { ticketNo: "${showcase.ticketNo}", settled: false }) { nodes { kind agency } } }`,
    );
  const { found } = await hub.hub.reconcile({ since: null, resume: false });
  const told: unknown[] = [];
  while (!JSON.stringify(told).includes(showcase.ticketNo)) told.push(dataOf(await watching.next('s')));
  expect(found).toBeGreaterThanOrEqual(told.length);
  expect(told.at(-1)).toEqual({
    lostHandoffFound: { ticketNo: showcase.ticketNo, kind: 'LOST_HANDOFF_FOUND', ticket: { leadAgency: 'housing' } },
  });
  expect((await asked(supervisor)).text).toContain('"SENT_NOT_RECEIVED","agency":"market"');
  expect((await asked(handlerOf('housing'))).text).not.toContain('SENT_NOT_RECEIVED');
  await settled(leading);
  expect(JSON.stringify(leading.frames)).not.toContain(showcase.ticketNo);
});

test('an agency that is asked to join is told, although it is given nothing of how the ticket stands', async () => {
  const ticketNo = await bring(hub.dataDir, '20261116700003');
  const client = await subscribed(
    handlerOf('market'),
    'subscription { handedToMyAgency { ticketNo ticket { status } } }',
  );
  await mutate(hub, dispatcher, 'consultOnTicket', { ticketNo, expectedVersion: 1, agency: 'market', opinion: '会签' });
  expect(dataOf(await client.next('s'))).toEqual({ handedToMyAgency: { ticketNo, ticket: { status: null } } });
});

test('a ticket that the caller may not see is as one that is not there, also in the ledger', async () => {
  const no = '20261116700004';
  const ticketNo = await bring(hub.dataDir, no);
  const other = await subscribed(handlerOf('market'), changed(ticketNo));
  const missing = await subscribed(handlerOf('market'), changed('12345:none'));
  const seer = await subscribed(dispatcher, changed(ticketNo));
  const before = disclosures().length;
  await touch(no);
  expect(dataOf(await seer.next('s'))).toEqual({ ticketChanged: { ticketNo } });
  await settled(other);
  await settled(missing);
  expect([...other.frames, ...missing.frames]).toEqual([]);
  // The push, and the one who was told.
  expect(disclosures().length - before).toBe(2);
});

test('each event that was given stands in the ledger, with what it told by being given', async () => {
  const no = '20261116700005';
  const ticketNo = await bring(hub.dataDir, no);
  const client = await subscribed(dispatcher, changed(ticketNo, 'eventId'));
  await touch(no);
  await client.next('s');
  expect(disclosures().at(-1)).toMatchObject({
    agency: 'hotline',
    role: 'OPERATOR',
    purpose: 'DISPATCH',
    ticket_nos: JSON.stringify([ticketNo]),
    disclosed: JSON.stringify(['Ticket.ticketNo', 'Ticket.updatedAt']),
  });
});

test('a report is told of in its handling unit alone', async () => {
  const no = '20261116700006';
  const unit = showcase.leadUnit;
  await touch(no, { type: 'REPORT', leadAgency: 'housing', leadUnit: unit, status: 'DISPATCHED' });
  const outside = await Promise.all(
    [handlerOf('housing'), dispatcher, one('audit', 'AUDITOR', 'AUDIT')].map((asker) =>
      subscribed(asker, changed(`12345:${no}`)),
    ),
  );
  const inside = await subscribed(handlerOf('housing', unit), changed(`12345:${no}`));
  await touch(no, { type: 'REPORT', leadAgency: 'housing', leadUnit: unit, status: 'DISPATCHED' });
  expect(dataOf(await inside.next('s'))).toEqual({ ticketChanged: { ticketNo: `12345:${no}` } });
  for (const client of outside) {
    await settled(client);
    expect(client.frames).toEqual([]);
  }
});

test('a policy that changes between two events decides on the second', async () => {
  const no = '20261116700007';
  await touch(no, { leadAgency: 'housing', status: 'DISPATCHED' });
  const client = await subscribed(handlerOf('housing'), changed(`12345:${no}`, 'ticket { title }'));
  await touch(no, { leadAgency: 'housing', status: 'DISPATCHED' });
  expect(dataOf(await client.next('s'))).toEqual({ ticketChanged: { ticket: { title: `第${sender}次` } } });
  own.grantFirst(
    'hotline',
    `
  - id: no-titles
    to: [departments]
    purposes: [HANDLING]
    law: 政务数据共享条例 art. 10
    deny: [Ticket.title]
`,
  );
  expect(hub.hub.policies.reload().kind).toBe('admitted');
  await touch(no, { leadAgency: 'housing', status: 'DISPATCHED' });
  const frame = await client.next('s');
  expect(dataOf(frame)).toEqual({ ticketChanged: { ticket: { title: null } } });
  expect(frame.payload?.errors?.map((e) => [e.extensions['code'], e.extensions['pathPattern']])).toEqual([
    ['FIELD_DENIED', 'ticketChanged.ticket.title'],
  ]);
  own.grantFirst(
    'hotline',
    `
  - id: no-times
    to: [departments]
    purposes: [HANDLING]
    law: 政务数据共享条例 art. 10
    deny: [Ticket.updatedAt]
`,
  );
  expect(hub.hub.policies.reload().kind).toBe('admitted');
  await touch(no, { leadAgency: 'housing', status: 'DISPATCHED' });
  await settled(client);
  await settled(client);
  expect(client.frames).toEqual([]);
});

describe('refused when it is sent', () => {
  test.each([
    ['PURPOSE_REQUIRED', { ...dispatcher, purpose: undefined }, changed('12345:1')],
    ['TICKET_MISMATCH', { ...dispatcher, ticket: '12345:2' }, changed('12345:1')],
    ['GRAPHQL_VALIDATION_FAILED', dispatcher, 'subscription { ticketVanished { ticketNo } }'],
    [
      'GRAPHQL_VALIDATION_FAILED',
      dispatcher,
      `subscription { a: handedToMyAgency { ticketNo } b: handedToMyAgency { ticketNo } }`,
    ],
    ['GRAPHQL_PARSE_FAILED', dispatcher, 'subscription {'],
    ['BAD_USER_INPUT', dispatcher, 'subscription S($no: ID!) { ticketChanged(ticketNo: $no) { ticketNo } }'],
    [
      'LIMIT_EXCEEDED',
      dispatcher,
      changed(
        '12345:1',
        `ticket ${'{ grid { grid { tickets(first: 1) { nodes '.repeat(4)}{ ticketNo }${' } } } }'.repeat(4)}`,
      ),
    ],
    [
      'LIMIT_EXCEEDED',
      dispatcher,
      changed(
        '12345:1',
        'ticket { grid { grid { tickets(first: 100) { nodes { grid { grid { tickets(first: 100) { nodes { houses { matchedBy } } } } } } } } } }',
      ),
    ],
  ])('%s', async (code, asker, query) => {
    const client = await as(asker as Asker);
    client.subscribe('s', query);
    expect(new Set(codesOf(await client.next('s')))).toEqual(new Set([code]));
  });

  test('over HTTP', async () => {
    const { errors } = await hub.ask(dispatcher, changed('12345:1'));
    expect(errors.map((e) => e.extensions['code'])).toEqual(['OPERATION_NOT_SUPPORTED']);
  });
});

test('queries and mutations are answered on the same connection', async () => {
  const client = await as(dispatcher);
  client.subscribe('q', `{ ticket(ticketNo: "${showcase.ticketNo}") { status } }`);
  expect(dataOf(await client.next('q'))).toEqual({ ticket: { status: expect.any(String) } });
  expect(await client.next('q')).toEqual({ id: 'q', type: 'complete' });
});

test('nothing of the events is in the log', () => {
  expect(hub.logged()).not.toMatch(/20261116700\d{3}|Bearer|第\d次/);
});

test('a token that expires ends its subscriptions with a code, and the connection', async () => {
  expect(codesOf(await expired.frame)).toEqual(['UNAUTHENTICATED']);
  expect(await expired.client.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED' } satisfies Closed);
});
