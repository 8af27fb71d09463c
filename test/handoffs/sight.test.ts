import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import {
  bring,
  dispatcher,
  handlerOf,
  mutate,
  one,
  refusals,
  supervisor,
  taskOf,
  value,
  type Result,
} from './handoff-kit.ts';

/* What somebody sees by acting is what the policy shows it of the ticket, and no more. */

const now = (): number => Date.parse('2026-11-16T09:00:00+08:00');
const given = { agency: 'housing', unit: 'housing-property' };
const housing = handlerOf('housing', 'housing-property');

describe('under the shipped policies', () => {
  let hub: RunningHub;
  beforeAll(async () => {
    hub = await startHub({}, now);
  });
  afterAll(() => hub.close());

  test('an agency that is asked to join acts without being given status or due time, until the hotline confirms it', async () => {
    const ticketNo = await bring(hub.dataDir, '2026111600800001');
    let version = 1;
    const go = async (asker: typeof housing, field: string, says: object = {}): Promise<Result> => {
      const result = value(await mutate(hub, asker, field, { ticketNo, expectedVersion: version, ...says })) as Result;
      version = result.version;
      return result;
    };
    await go(dispatcher, 'dispatchTicket', given);
    await go(housing, 'signForTicket');
    await go(housing, 'startHandling');
    await go(housing, 'consultOnTicket', { agency: 'market', opinion: '请协助' });
    const market = handlerOf('market');
    const closed = { ticketNo, version: 5, status: null, stage: null, deadline: null, actions: ['CO_SIGN'] };
    expect(await taskOf(hub, market, ticketNo)).toEqual(closed);
    expect(await go(market, 'coSignTicket', { opinion: '同意' })).toMatchObject({
      status: null,
      stage: null,
      deadline: null,
      kind: 'CO_SIGN',
    });
    await go(housing, 'submitFeedback', { result: '已办', replyText: '已办', siteVisit: false });
    // It does not learn from the refusal where the ticket stands either.
    const late = await mutate(hub, market, 'coSignTicket', { ticketNo, expectedVersion: version, opinion: '同意' });
    expect(late.errors.map((e) => e.extensions)).toEqual([
      { code: 'ILLEGAL_TRANSITION', action: 'CO_SIGN', actor: 'CO' },
    ]);
    expect(late.text).not.toContain('FEEDBACK');
    const told = await mutate(hub, housing, 'signForTicket', { ticketNo, expectedVersion: version });
    expect(told.errors.map((e) => e.extensions)).toEqual([
      { code: 'ILLEGAL_TRANSITION', state: 'FEEDBACK_SUBMITTED', action: 'SIGN_FOR', actor: 'LEAD' },
    ]);
  });

  test('danger reported by the leading agency brings in the police unconfirmed; by the hotline, confirmed', async () => {
    const police = one('police', 'SYSTEM', 'HANDLING');
    const ticketNo = await bring(hub.dataDir, '2026111600800002');
    await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, ...given });
    expect(refusals(await hub.ask(police, `{ ticketTask(ticketNo: "${ticketNo}") { status } }`))).toEqual([
      'NOT_FOUND',
    ]);
    const alarm = { ticketNo, service: 'POLICE_110', opinion: '有人受伤' };
    await mutate(hub, housing, 'callEmergencyService', { ...alarm, expectedVersion: 2 });
    expect(await taskOf(hub, police, ticketNo)).toMatchObject({ status: null });
    await mutate(hub, dispatcher, 'callEmergencyService', { ...alarm, expectedVersion: 3 });
    expect(await taskOf(hub, police, ticketNo)).toMatchObject({ status: 'DISPATCHED' });
  });

  test('the hotline acts in its own areas alone', async () => {
    const ticketNo = await bring(hub.dataDir, '2026111600800003', { divisionCode: '350103001001' });
    for (const asker of [dispatcher, supervisor])
      expect(refusals(await mutate(hub, asker, 'urgeTicket', { ticketNo, expectedVersion: 1 }))).toEqual(['NOT_FOUND']);
  });

  test('nobody acts for a purpose that its token does not carry, or without one', async () => {
    const ticketNo = await bring(hub.dataDir, '2026111600800004');
    const claims = { ...dispatcher.claims, purposes: ['FOLLOW_UP' as const] };
    const says = { ticketNo, expectedVersion: 1, agency: 'housing' };
    expect(refusals(await mutate(hub, { ...dispatcher, claims }, 'dispatchTicket', says))).toEqual([
      'PURPOSE_NOT_ALLOWED',
    ]);
    expect(refusals(await mutate(hub, { claims: dispatcher.claims }, 'dispatchTicket', says))).toEqual([
      'PURPOSE_REQUIRED',
    ]);
    expect(await taskOf(hub, dispatcher, ticketNo)).toMatchObject({ version: 1 });
  });
});

describe('under another policy', () => {
  let root: OwnRoot;
  let hub: RunningHub;
  beforeAll(async () => {
    root = ownRoot();
    root.grantFirst(
      'hotline',
      `  - id: no-due-time
    to: [departments]
    purposes: [HANDLING]
    law: 政务数据共享条例
    deny: [Ticket.dueAt]
`,
    );
    hub = await startHub({}, now, root.root);
  });
  afterAll(async () => {
    await hub.close();
    root.remove();
  });

  test('a field that it does not give is not in the answer of an action', async () => {
    const ticketNo = await bring(hub.dataDir, '2026111600800005');
    await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, ...given });
    const signed = value(await mutate(hub, housing, 'signForTicket', { ticketNo, expectedVersion: 2 }));
    expect(signed).toMatchObject({ status: 'SIGNED_FOR', deadline: null });
    expect(await taskOf(hub, housing, ticketNo)).toMatchObject({ status: 'SIGNED_FOR', deadline: null });
  });
});
