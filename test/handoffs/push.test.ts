import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { bring, dispatcher, handlerOf, mutate, one, refusals, taskOf, value } from './handoff-kit.ts';
import {
  handoff,
  newKey,
  pushHandoffs,
  pushTickets,
  pusher,
  rows,
  sendHandoffs,
  sendTickets,
  ticket,
  told,
  type Pushed,
} from './push-kit.ts';

/* The hotline's system pushes tickets and handoffs: over HTTP, into a real store. */

const now = (): number => Date.parse('2026-11-16T09:00:00+08:00');
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, now);
});
afterAll(() => hub.close());

async function read(no: string, fields: string, as: Asker = dispatcher): Promise<unknown> {
  return value(await hub.ask(as, `{ ticket(ticketNo: "12345:${no}") { ${fields} } }`));
}

const conflictFields = 'kind ticketNo sourceRunId code fields sourceAt sourceVersion at';
interface ConflictPage {
  readonly nodes: readonly Record<string, unknown>[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
async function conflicts(as: Asker, first = 100, after: string | null = null): Promise<ConflictPage> {
  const query = `query ($first: Int, $after: String) { pushConflicts(first: $first, after: $after) {
    nodes { conflictNo ${conflictFields} } pageInfo { hasNextPage endCursor } } }`;
  return value(await hub.ask(as, query, { first, after })) as ConflictPage;
}
async function conflictsOf(no: string): Promise<unknown[]> {
  const { nodes } = await conflicts(pusher);
  return nodes.filter((n) => n['ticketNo'] === `12345:${no}`).map((n) => [n['code'], n['sourceVersion'], n['fields']]);
}

describe('a ticket', () => {
  test('is inserted, updated and left as it is; times of any offset are taken', async () => {
    const first = ticket('t1', 1, { title: '水管', sourceAt: '2026-11-16T00:30:00Z' });
    expect(told(await pushTickets(hub, first))).toEqual(['INSERTED']);
    expect(told(await pushTickets(hub, first))).toEqual(['UNCHANGED']);
    expect(told(await pushTickets(hub, ticket('t1', 2, { title: '水管破裂' })))).toEqual(['UPDATED']);
    expect(told(await pushTickets(hub, ticket('t1', 3, { title: '水管破裂' })))).toEqual(['UNCHANGED']);
    expect(await read('t1', 'title status receivedAt')).toEqual({
      title: '水管破裂',
      status: 'ACCEPTED',
      receivedAt: '2026-11-16T08:30:00+08:00',
    });
  });

  test('is the whole ticket: what is left out is empty', async () => {
    await pushTickets(hub, ticket('t2', 1, { title: '噪音', street: '鼓东街道' }), ticket('t2', 2, { title: '噪音' }));
    expect(await read('t2', 'title street')).toEqual({ title: '噪音', street: null });
  });

  test('that comes late never overwrites what is newer, and is kept as a conflict once', async () => {
    expect(told(await pushTickets(hub, ticket('t3', 2, { title: '新' }), ticket('t3', 1, { title: '旧' })))).toEqual([
      'INSERTED',
      'CONFLICT LATE',
    ]);
    expect(told(await pushTickets(hub, ticket('t3', 1, { title: '旧' })))).toEqual(['CONFLICT LATE']);
    expect(await read('t3', 'title')).toEqual({ title: '新' });
    expect(await conflictsOf('t3')).toEqual([['LATE', 1, []]]);
  });

  test('of a version that was taken over before is no conflict, though a newer one has come since', async () => {
    const [first, second] = [ticket('t4', 1, { title: '一' }), ticket('t4', 2, { title: '二' })];
    expect(told(await pushTickets(hub, first, second, first))).toEqual(['INSERTED', 'UPDATED', 'UNCHANGED']);
    expect(await read('t4', 'title')).toEqual({ title: '二' });
    expect(await conflictsOf('t4')).toEqual([]);
  });

  test('with other content under the same version is a conflict', async () => {
    const pushed = await pushTickets(hub, ticket('t5', 1, { title: '一' }), ticket('t5', 1, { title: '二' }));
    expect(told(pushed)).toEqual(['INSERTED', 'CONFLICT SAME_VERSION']);
    expect(await read('t5', 'title')).toEqual({ title: '一' });
  });

  test('is newer by the source’s time, whatever the version says', async () => {
    const later = { sourceAt: '2026-11-16T08:31:00+08:00' };
    const pushed = await pushTickets(hub, ticket('t6', 9, { title: '一' }), ticket('t6', 1, { title: '二', ...later }));
    expect(told(pushed)).toEqual(['INSERTED', 'UPDATED']);
  });
});

describe('what agencies did in the hub', () => {
  test('is never overwritten: that is a conflict with the fields; the rest can still be pushed', async () => {
    const no = 'acted1';
    await pushTickets(hub, ticket(no, 1, { title: '一' }));
    const says = { ticketNo: `12345:${no}`, expectedVersion: 1, agency: 'housing' };
    value(await mutate(hub, dispatcher, 'dispatchTicket', says));
    const against = ticket(no, 2, { title: '二', status: 'CLOSED', leadAgency: 'market' });
    expect(told(await pushTickets(hub, against))).toEqual(['CONFLICT ACTED_ON:status ACTED_ON:leadAgency']);
    expect(await conflictsOf(no)).toEqual([['ACTED_ON', 2, ['status', 'leadAgency']]]);
    expect(await read(no, 'title status leadAgency')).toEqual({
      title: '一',
      status: 'DISPATCHED',
      leadAgency: 'housing',
    });
    expect(await taskOf(hub, handlerOf('housing'), `12345:${no}`)).toMatchObject({ version: 2, stage: 'DISPATCHED' });
    // Silent on what was done, or of the same mind.
    const beside = [ticket(no, 3, { title: '三' }), ticket(no, 4, { title: '四', leadAgency: 'housing' })];
    expect(told(await pushTickets(hub, ...beside))).toEqual(['UPDATED', 'UPDATED']);
    expect(await read(no, 'title status leadAgency')).toMatchObject({ title: '四', leadAgency: 'housing' });
    const signed = await mutate(hub, handlerOf('housing'), 'signForTicket', {
      ticketNo: `12345:${no}`,
      expectedVersion: 4,
    });
    expect(value(signed)).toMatchObject({ status: 'SIGNED_FOR' });
  });

  test('of a report one answer is given, whatever its unit wrote; it stays a report', async () => {
    await pushTickets(hub, ticket('acted2', 1, { type: 'REPORT' }));
    const says = { ticketNo: '12345:acted2', expectedVersion: 1, agency: 'market', unit: 'market-law' };
    value(await mutate(hub, dispatcher, 'dispatchTicket', says));
    const guesses = ['market-other', 'market-law'].map((leadUnit, i) =>
      ticket('acted2', 2 + i, { type: 'REPORT', leadUnit }),
    );
    expect(told(await pushTickets(hub, ...guesses))).toEqual(['CONFLICT ACTED_ON', 'CONFLICT ACTED_ON']);
    expect(told(await pushTickets(hub, ticket('acted2', 4, { type: 'COMPLAINT', title: '开' })))).toEqual([
      'CONFLICT ACTED_ON',
    ]);
    expect(told(await pushTickets(hub, ticket('acted2', 5, { type: undefined, title: '补' })))).toEqual(['UPDATED']);
    expect(await conflictsOf('acted2')).toEqual([4, 3, 2].map((version) => ['ACTED_ON', version, []]));
    const ofUnit = await hub.ask(
      handlerOf('market', 'market-law'),
      '{ ticket(ticketNo: "12345:acted2") { type title leadUnit } }',
    );
    expect(ofUnit.data).toEqual({ ticket: { type: 'REPORT', title: '补', leadUnit: 'market-law' } });
  });
});

describe('a handoff', () => {
  test('may come before its ticket: it is held, and seen once the ticket has come', async () => {
    const step = handoff('h1', 'r1', '08:40:00', { to: 'housing' });
    const held = await pushHandoffs(hub, step);
    expect(held.outcomes).toMatchObject([{ outcome: 'INSERTED', held: true, runId: 'P12345:h1-0000000000-r1' }]);
    expect(refusals(await hub.ask(dispatcher, '{ ticket(ticketNo: "12345:h1") { handoffs { kind } } }'))).toEqual([
      'NOT_FOUND',
    ]);
    await pushTickets(hub, ticket('h1', 1));
    expect(await read('h1', 'handoffs { kind to } trace { heldBy }')).toEqual({
      handoffs: [{ kind: 'DISPATCH', to: 'housing' }],
      trace: { heldBy: 'housing' },
    });
    expect((await pushHandoffs(hub, step)).outcomes).toMatchObject([{ outcome: 'UNCHANGED', held: false }]);
  });

  test('before its ticket is judged when that comes, by the areas of who pushed it', async () => {
    const elsewhere: Asker = { ...pusher, claims: { ...pusher.claims, areas: ['350203'], subject: 'elsewhere' } };
    const theirs = handoff('h5', 'h-own', '08:40:00', { to: 'market' });
    const key = newKey();
    const held = value(await sendHandoffs(hub, [theirs], key, elsewhere)) as Pushed;
    expect(held.outcomes).toMatchObject([{ outcome: 'INSERTED', held: true }]);
    // The number is not taken by it.
    expect(told(await pushHandoffs(hub, handoff('h5', 'h-own', '08:41:00', { to: 'housing' })))).toEqual(['INSERTED']);
    // Who holds a number has it.
    expect(told(await pushHandoffs(hub, handoff('h5', 'h-own', '08:41:00', { to: 'police' })))).toEqual([
      'CONFLICT ALREADY_RECORDED:runId',
    ]);
    await pushTickets(hub, ticket('h5', 1));
    expect(await read('h5', 'handoffs { to } trace { heldBy }')).toEqual({
      handoffs: [{ to: 'housing' }],
      trace: { heldBy: 'housing' },
    });
    const { nodes } = await conflicts(pusher);
    expect(
      nodes.filter((n) => n['ticketNo'] === '12345:h5').map((n) => [n['kind'], n['code'], n['sourceRunId']]),
    ).toEqual([
      ['HANDOFF', 'OUT_OF_AREA', 'h-own'],
      ['HANDOFF', 'ALREADY_RECORDED', 'h-own'],
    ]);
    const ofTicket = "SELECT kind, agency FROM ticket_event WHERE ticket_no = '12345:h5' ORDER BY seq";
    expect(rows(hub.dataDir, ofTicket)).toEqual([
      { kind: 'TICKET_CHANGED', agency: null },
      { kind: 'TICKET_CHANGED', agency: null },
      { kind: 'HANDED_TO_AGENCY', agency: 'housing' },
    ]);
    expect(rows(hub.dataDir, 'SELECT 1 FROM push_held WHERE ticket_no = ?', '12345:h5')).toEqual([]);
    // What it was told stays what it was told; pushed anew it is refused.
    expect(value(await sendHandoffs(hub, [theirs], key, elsewhere))).toEqual(held);
    expect(told(value(await sendHandoffs(hub, [theirs], newKey(), elsewhere)) as Pushed)).toEqual([
      'REJECTED OUT_OF_AREA:divisionCode',
    ]);
  });

  test('that waits is taken as well when an import brings its ticket', async () => {
    const own = await startHub({ LIANQIAO_EVENT_CLOCK_SECONDS: '1' }, now);
    try {
      const elsewhere: Asker = { ...pusher, claims: { ...pusher.claims, areas: ['350203'], subject: 'elsewhere' } };
      await pushHandoffs(own, handoff('h6', 'h6-1', '08:40:00', { to: 'housing' }));
      await sendHandoffs(own, [handoff('h6', 'h6-2', '08:41:00', { to: 'market' })], newKey(), elsewhere);
      await bring(own.dataDir, 'h6');
      const steps = async (): Promise<unknown> =>
        value(await own.ask(dispatcher, '{ ticket(ticketNo: "12345:h6") { handoffs { to } } }'));
      await expect.poll(steps).toEqual({ handoffs: [{ to: 'housing' }] });
      expect(rows(own.dataDir, 'SELECT code FROM push_conflict')).toEqual([{ code: 'OUT_OF_AREA' }]);
    } finally {
      await own.close();
    }
  });

  test('comes late: it is read at its time; steps of one second by the source’s order', async () => {
    await pushTickets(hub, ticket('h2', 1));
    await pushHandoffs(
      hub,
      handoff('h2', 'c', '08:50:00', { kind: 'SIGN_FOR', from: 'housing', to: 'housing', sourceVersion: 2 }),
      handoff('h2', 'd', '08:50:00', { to: 'housing', sourceVersion: 1 }),
      handoff('h2', 'a', '08:35:00', { kind: 'ACCEPT', to: 'hotline' }),
    );
    expect(await read('h2', 'handoffs { kind }')).toEqual({
      handoffs: [{ kind: 'ACCEPT' }, { kind: 'DISPATCH' }, { kind: 'SIGN_FOR' }],
    });
  });

  test('of a number that holds another step is a conflict, and the step stays', async () => {
    await pushTickets(hub, ticket('h3', 1));
    const pushed = await pushHandoffs(
      hub,
      handoff('h3', 'x1', '08:40:00', { to: 'housing' }),
      handoff('h3', 'x1', '08:40:00', { to: 'market' }),
    );
    expect(told(pushed)).toEqual(['INSERTED', 'CONFLICT ALREADY_RECORDED:runId']);
    expect(await read('h3', 'handoffs { to }')).toEqual({ handoffs: [{ to: 'housing' }] });
    const { nodes } = await conflicts(pusher);
    expect(nodes[0]).toMatchObject({ kind: 'HANDOFF', ticketNo: '12345:h3', sourceRunId: 'x1' });
  });

  test('beside those of actions keeps their numbers apart', async () => {
    await pushTickets(hub, ticket('h4', 1));
    await pushHandoffs(hub, handoff('h4', '000002', '08:40:00'));
    const says = { ticketNo: '12345:h4', expectedVersion: 1, agency: 'housing' };
    expect(value(await mutate(hub, dispatcher, 'dispatchTicket', says))).toMatchObject({
      runId: 'H12345:h4-000002',
    });
    expect(told(await pushHandoffs(hub, handoff('h4', '000003', '08:41:00')))).toEqual(['INSERTED']);
    expect(rows(hub.dataDir, 'SELECT seq FROM handoff WHERE ticket_no = ? ORDER BY seq', '12345:h4')).toEqual([
      { seq: 1 },
      { seq: 2 },
      { seq: 3 },
    ]);
  });
});

test('changedSince finds what was pushed, tickets with a new handoff included', async () => {
  let clock = '2026-12-16T09:00:00+08:00';
  const other = await startHub({}, () => Date.parse(clock));
  try {
    await pushTickets(other, ticket('c1', 1), ticket('c2', 1));
    const changed = async (since: string): Promise<unknown> =>
      value(
        await other.ask(
          dispatcher,
          'query ($since: DateTime) { tickets(filter: { changedSince: $since }, orderBy: { field: UPDATED_AT, direction: ASC }, first: 10) { nodes { ticketNo } } }',
          { since },
        ),
      );
    expect(await changed('2026-12-16T09:00:00+08:00')).toEqual({
      nodes: [{ ticketNo: '12345:c1' }, { ticketNo: '12345:c2' }],
    });
    clock = '2026-12-16T09:05:00+08:00';
    await pushHandoffs(other, handoff('c2', 'r', '08:40:00', { to: 'housing' }));
    expect(await changed('2026-12-16T09:05:00+08:00')).toEqual({ nodes: [{ ticketNo: '12345:c2' }] });
  } finally {
    await other.close();
  }
});

describe('a batch', () => {
  test('that is sent again is answered the same and changes nothing; with other content it is refused', async () => {
    const key = newKey();
    const items = [ticket('b1', 1, { title: '一' }), ticket('b1', 0, { title: '零' }), ticket('b2', 1, { type: 'X' })];
    const first = await sendTickets(hub, items, key);
    await pushTickets(hub, ticket('b1', 2, { title: '二' }));
    const before = rows(hub.dataDir, 'SELECT * FROM ticket ORDER BY ticket_no');
    const kept = rows(hub.dataDir, 'SELECT * FROM push_conflict');
    const again = await sendTickets(hub, items, key);
    expect(again.data).toEqual(first.data);
    expect(told(value(again) as never)).toEqual(['INSERTED', 'CONFLICT LATE', 'REJECTED BAD_VALUE:type']);
    expect(rows(hub.dataDir, 'SELECT * FROM ticket ORDER BY ticket_no')).toEqual(before);
    expect(rows(hub.dataDir, 'SELECT * FROM push_conflict')).toEqual(kept);
    expect(refusals(await sendTickets(hub, items.slice(1), key))).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(refusals(await sendHandoffs(hub, [handoff('b1', 'r', '08:40:00')], key))).toEqual(['IDEMPOTENCY_CONFLICT']);
  });

  test('costs a wrong item its own place only, and tells no value', async () => {
    const secret = '13800000000x';
    const answer = await sendTickets(hub, [
      ticket('w1', 1, { reporterPhone: secret, reporterIdNumber: '350102198001011234', urgency: 'SOON' }),
      ticket('w2', 1, { receivedAt: '2026-11-16 08:30:00' }),
      ticket('w3', 1, { receivedAt: '' }),
      ticket('w4', 1, { longitude: 119.3 }),
      ticket('w5', 1, { sourceAt: '2026-11-16T09:01:01+08:00' }),
      ticket('w6', -1),
      ticket('w7', 1, { title: '\ud800' }),
      ticket('w8', 1, { content: '长'.repeat(20_001) }),
      ticket('w8k', 1, {
        houseCode: 'H'.repeat(129),
        standardAddress: '号'.repeat(513),
        policeIncidentNo: 'J'.repeat(128),
      }),
      ticket('w 9', 1),
      ticket('w10', 1, { coAgencies: ['Housing'] }),
      ticket('w11', 1, { longitude: 119.3, latitude: 26.08, crs: 'WGS84', reporterPhone: '13800000000' }),
    ]);
    const pushed = value(answer) as Awaited<ReturnType<typeof pushTickets>>;
    expect(told(pushed)).toEqual([
      'REJECTED BAD_VALUE:urgency BAD_VALUE:reporterPhone BAD_VALUE:reporterIdNumber',
      'REJECTED BAD_VALUE:receivedAt',
      'REJECTED REQUIRED:receivedAt',
      'REJECTED BAD_POINT:longitude',
      'REJECTED IN_FUTURE:sourceAt',
      'REJECTED BAD_VALUE:sourceVersion',
      'REJECTED BAD_VALUE:title',
      'REJECTED BAD_VALUE:content',
      'REJECTED BAD_VALUE:standardAddress BAD_VALUE:houseCode',
      'REJECTED BAD_VALUE:ticketNo',
      'REJECTED BAD_VALUE:coAgencies',
      'INSERTED',
    ]);
    expect(pushed.counts).toEqual({ inserted: 1, updated: 0, unchanged: 0, conflicts: 0, rejected: 11 });
    expect(pushed.outcomes.map((o) => o.ticketNo).slice(7)).toEqual([
      '12345:w8',
      '12345:w8k',
      null,
      '12345:w10',
      '12345:w11',
    ]);
    for (const value of [secret, '350102198001011234', 'SOON', '长长', 'Housing']) {
      expect(answer.text).not.toContain(value);
      expect(hub.logged()).not.toContain(value);
    }
    const steps = await pushHandoffs(
      hub,
      handoff('w11', 'w-1', '09:01:01'),
      handoff('w11', 'w 2', '08:40:00'),
      handoff('w11', 'w-3', '08:40:00', { kind: 'SEND' }),
      handoff('w11', 'w-4', '08:40:00', { to: 'Housing' }),
    );
    expect(told(steps)).toEqual([
      'REJECTED IN_FUTURE:at',
      'REJECTED BAD_VALUE:runId',
      'REJECTED BAD_VALUE:kind',
      'REJECTED BAD_VALUE:to',
    ]);
  });

  test('tells of nothing that has yet to happen; a minute is for the clock', async () => {
    const received = (no: string, time: string): object => ticket(no, 1, { receivedAt: `2026-11-16T${time}+08:00` });
    expect(told(await pushTickets(hub, received('f1', '09:01:01'), received('f2', '09:01:00')))).toEqual([
      'REJECTED IN_FUTURE:receivedAt',
      'INSERTED',
    ]);
    const steps = [handoff('f2', 'f2-1', '09:01:01'), handoff('f2', 'f2-2', '09:01:00')];
    expect(told(await pushHandoffs(hub, ...steps))).toEqual(['REJECTED IN_FUTURE:at', 'INSERTED']);
  });

  test('of 1,000 is done within seconds; of more it is refused', { timeout: 30_000 }, async () => {
    const text = '楼上漏水，物业迟迟不来。'.repeat(20);
    const many = Array.from({ length: 1_000 }, (_, i) => ticket(`m${i}`, 1, { content: text, title: '漏水' }));
    const steps = many.map((_, i) => handoff(`m${i}`, `m-${i}`, '08:40:00', { to: 'housing' }));
    let longest = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const from = performance.now();
    expect(value(await sendTickets(hub, many))).toMatchObject({ counts: { inserted: 1_000 } });
    expect(value(await sendHandoffs(hub, steps))).toMatchObject({ counts: { inserted: 1_000 } });
    expect(performance.now() - from).toBeLessThan(10_000);
    clearInterval(pulse);
    // Others have their turn meanwhile.
    expect(longest).toBeLessThan(1_000);
    const over = await sendTickets(hub, [...many, ticket('m1000', 1)]);
    expect(over.errors[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'tickets', max: 1_000 });
    expect(rows(hub.dataDir, "SELECT 1 FROM ticket WHERE ticket_no = '12345:m1000'")).toEqual([]);
  });

  test('needs a name and something in it', async () => {
    expect(refusals(await sendTickets(hub, [], 'empty'))).toEqual(['BAD_USER_INPUT']);
    expect(refusals(await sendTickets(hub, [ticket('n1', 1)], 'a b'))).toEqual(['BAD_USER_INPUT']);
  });

  test('is larger than what others may send', async () => {
    const big = [ticket('l1', 1, { content: '长'.repeat(200_000) })];
    const wide = await sendTickets(hub, big);
    expect(told(value(wide) as never)).toEqual(['REJECTED BAD_VALUE:content']);
    const refused = await sendTickets(hub, big, newKey(), one('housing', 'SYSTEM', 'DISPATCH'));
    expect([refused.status, refused.errors[0]?.extensions['limit']]).toEqual([413, 'bodyBytes']);
    const narrow = await startHub({ LIANQIAO_LIMITS_PUSH_BODY_BYTES: '300000' }, now);
    try {
      const over = await sendTickets(narrow, big);
      expect([over.status, over.errors[0]?.extensions]).toMatchObject([413, { limit: 'pushBodyBytes', max: 300_000 }]);
    } finally {
      await narrow.close();
    }
  });
});

describe('who may', () => {
  test.each<[string, Asker, string]>([
    ['another agency’s system', one('housing', 'SYSTEM', 'DISPATCH'), 'FIELD_DENIED'],
    ['the hotline’s operator', dispatcher, 'FIELD_DENIED'],
    ['the hotline’s supervisor', one('hotline', 'SUPERVISOR', 'SUPERVISION'), 'FIELD_DENIED'],
    ['the hotline’s system for another purpose', one('hotline', 'SYSTEM', 'HANDLING'), 'FIELD_DENIED'],
    ['the hotline’s system without a purpose', { claims: pusher.claims }, 'PURPOSE_REQUIRED'],
  ])('not %s', async (_who, asker, code) => {
    expect(refusals(await sendTickets(hub, [ticket('no1', 1)], newKey(), asker))).toEqual([code]);
    expect(refusals(await sendHandoffs(hub, [handoff('no1', 'no1', '08:40:00')], newKey(), asker))).toEqual([code]);
    expect(rows(hub.dataDir, "SELECT 1 FROM ticket WHERE ticket_no = '12345:no1'")).toEqual([]);
  });

  test('not a ticket of another area, as it is or as it would be', async () => {
    const elsewhere = { divisionCode: '350203001001' };
    expect(told(await pushTickets(hub, ticket('a1', 1, elsewhere)))).toEqual(['REJECTED OUT_OF_AREA:divisionCode']);
    const both: Asker = { ...pusher, claims: { ...pusher.claims, areas: ['350102', '350203'], subject: 'wide' } };
    expect(told(value(await sendTickets(hub, [ticket('a2', 1, elsewhere)], newKey(), both)) as never)).toEqual([
      'INSERTED',
    ]);
    expect(told(await pushTickets(hub, ticket('a2', 2)))).toEqual(['REJECTED OUT_OF_AREA:divisionCode']);
    expect(told(await pushHandoffs(hub, handoff('a2', 'a2', '08:40:00')))).toEqual([
      'REJECTED OUT_OF_AREA:divisionCode',
    ]);
  });

  test('not a ticket that may lie anywhere, but the system of the whole city', async () => {
    const nowhere = { divisionCode: null };
    const own = (no: string, version: number, more: object = {}) => pushTickets(hub, ticket(no, version, more));
    const city = async (no: string, version: number, more: object = {}): Promise<string[]> =>
      told(value(await sendTickets(hub, [ticket(no, version, more)], newKey(), ofCity)) as Pushed);
    const ofCity: Asker = { ...pusher, claims: { ...pusher.claims, areas: ['350100'], subject: 'city' } };
    const refused = ['REJECTED OUT_OF_AREA:divisionCode'];
    expect(told(await own('a3', 1, nowhere))).toEqual(refused);
    expect(await city('a3', 1, nowhere)).toEqual(['INSERTED']);
    // It is nobody's to take, nor to say anything of.
    expect(told(await own('a3', 2))).toEqual(refused);
    expect(told(await pushHandoffs(hub, handoff('a3', 'a3', '08:40:00')))).toEqual(refused);
    expect(await city('a3', 1, { divisionCode: null, title: '再' })).toEqual(['CONFLICT SAME_VERSION']);
    expect(await conflictsOf('a3')).toEqual([]);
    expect((await conflicts(ofCity)).nodes.map((n) => n['ticketNo'])).toContain('12345:a3');
    // The city gives it its place; then it is that area's, which cannot take the place away.
    expect(await city('a3', 3)).toEqual(['UPDATED']);
    expect(told(await own('a3', 4, { title: '本区' }))).toEqual(['UPDATED']);
    expect(told(await own('a3', 5, nowhere))).toEqual(refused);
    expect(rows(hub.dataDir, "SELECT division_code FROM ticket WHERE ticket_no = '12345:a3'")).toEqual([
      { division_code: '350102001003' },
    ]);
    expect(await city('a3', 5, nowhere)).toEqual(['UPDATED']);
    expect(told(await own('a3', 6))).toEqual(refused);
  });

  test('the list of conflicts is the hotline’s system’s, page by page, of the tickets that it may see', async () => {
    const steward = one('hotline', 'STEWARD', 'SUPERVISION');
    const elsewhere: Asker = { ...pusher, claims: { ...pusher.claims, areas: ['350203'], subject: 'elsewhere' } };
    await pushTickets(hub, ticket('p1', 2), ticket('p1', 1, { title: '一' }), ticket('p1', 0, { title: '零' }));
    const all = (await conflicts(pusher)).nodes.map((n) => n['conflictNo']);
    const paged: unknown[] = [];
    let after: string | null = null;
    do {
      const page: ConflictPage = await conflicts(pusher, 2, after);
      paged.push(...page.nodes.map((n) => n['conflictNo']));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
    const query = '{ pushConflicts { nodes { ticketNo } } }';
    expect((await conflicts(elsewhere)).nodes.filter((n) => n['ticketNo'] === '12345:p1')).toEqual([]);
    for (const other of [dispatcher, steward, one('housing', 'SYSTEM', 'HANDLING')])
      expect(refusals(await hub.ask(other, query))).toEqual(['FIELD_DENIED']);
    expect(refusals(await hub.ask({ claims: pusher.claims }, query))).toEqual(['PURPOSE_REQUIRED']);
    expect(refusals(await hub.ask(pusher, '{ pushConflicts(after: "x") { nodes { ticketNo } } }'))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });
});

test('the ledger holds the numbers of what was pushed, those of reports sealed, and no value', async () => {
  const own = await startHub({}, now);
  try {
    await pushTickets(
      own,
      ticket('g1', 1, { title: '不要记下' }),
      ticket('g2', 1, { type: 'REPORT', title: '不要记下' }),
    );
    await pushHandoffs(own, handoff('g3', 'g3', '08:40:00', { reason: '不要记下' }));
    const db = new (await import('better-sqlite3')).default(`${own.dataDir}/ledger.db`, { readonly: true });
    const entries = db.prepare('SELECT * FROM disclosure').all() as Record<string, unknown>[];
    db.close();
    const text = JSON.stringify(entries);
    expect(text).not.toContain('不要记下');
    const told = entries.map((e) => [
      e['sealed'],
      ['g1', 'g2', 'g3'].filter((n) => JSON.stringify(e).includes(`12345:${n}`)),
    ]);
    expect(told).toEqual([
      [0, ['g1']],
      [1, ['g2']],
      [1, ['g3']],
    ]);
  } finally {
    await own.close();
  }
});

test('where the tickets lie in another system, they are pushed there', async () => {
  const sources =
    '{ hotline: { kind: sql, client: postgres, host: 127.0.0.1, port: 1, database: hotline, user: nobody } }';
  const elsewhere = await startHub({ LIANQIAO_SOURCES: sources }, now);
  try {
    expect(refusals(await sendTickets(elsewhere, [ticket('e1', 1)]))).toEqual(['OPERATION_NOT_SUPPORTED']);
  } finally {
    await elsewhere.close();
  }
});
