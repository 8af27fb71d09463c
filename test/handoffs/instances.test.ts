import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { putTickets, stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';
import { arrived, dispatcher, handlerOf, mutate, one, refusals, taskOf, value, type Result } from './handoff-kit.ts';
import { handoff, pushHandoffs, pushTickets, ticket as pushedTicket, told } from './push-kit.ts';

/* Two instances on the same tickets: whoever acts, on whichever, one holds. */

describe.each(stores)('on %s', (store) => {
  let dataDir: string;
  let own: TestPlace;
  let hub: RunningHub;
  let other: RunningHub;
  const start = (): Promise<RunningHub> =>
    startHub({ LIANQIAO_DATA_DIR: dataDir, LIANQIAO_SOURCES: own.source }, () =>
      Date.parse('2026-11-16T09:00:00+08:00'),
    );
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-handoffs-'));
    cpSync(inject('city'), dataDir, { recursive: true });
    own = await testPlace(store);
    await putTickets(own.place, []);
    hub = await start();
    other = await start();
  });
  afterAll(async () => {
    await hub.close();
    await other.close();
    rmSync(dataDir, { recursive: true });
    await own.drop();
  });
  const put = async (sourceNo: string): Promise<string> => {
    await putTickets(own.place, [arrived(sourceNo)]);
    return `12345:${sourceNo}`;
  };

  test.each([1, 2, 3])(
    'of several who act on one version at once one holds, and the others are stale (%i)',
    async (round) => {
      const ticketNo = await put(`2026111600500${round}`);
      const colleague = one('hotline', 'SUPERVISOR', 'DISPATCH');
      const answers = await Promise.all(
        (
          [
            [hub, dispatcher, 'housing'],
            [other, dispatcher, 'market'],
            [hub, colleague, 'grid'],
            [other, colleague, 'police'],
          ] as const
        ).map(([on, asker, agency]) => mutate(on, asker, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency })),
      );
      expect(answers.flatMap(refusals)).toEqual(['STALE_VERSION', 'STALE_VERSION', 'STALE_VERSION']);
      const won = answers.find((a) => a.errors.length === 0);
      expect(won === undefined ? null : (value(won) as Result).version).toBe(2);
      expect(await taskOf(other, dispatcher, ticketNo)).toMatchObject({ version: 2, stage: 'DISPATCHED' });
    },
  );

  test('an action that is sent to both at the same time is done once, and answered the same', async () => {
    const ticketNo = await put('20261116005010');
    const says = { ticketNo, expectedVersion: 1, agency: 'housing', idempotencyKey: 'both' };
    const answers = await Promise.all(
      [hub, other, hub, other].map((on) => mutate(on, dispatcher, 'dispatchTicket', says)),
    );
    expect(new Set(answers.map((a) => a.text)).size).toBe(1);
    expect(answers.flatMap(refusals)).toEqual([]);
  });

  test('several actions of one request are done one after the other, each on the version that the last one left', async () => {
    const ticketNo = await put('20261116005011');
    await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'housing' });
    const input = (version: number): string =>
      `input: { ticketNo: "${ticketNo}", expectedVersion: ${version}, idempotencyKey: "s${version}" }`;
    const { data, errors } = await hub.ask(
      handlerOf('housing'),
      `mutation { first: signForTicket(${input(2)}) { version } again: signForTicket(${input(1)}) { version }
       last: startHandling(${input(3)}) { version stage } }`,
    );
    expect(data).toEqual({ first: { version: 3 }, again: null, last: { version: 4, stage: 'IN_PROGRESS' } });
    expect(errors.map((e) => [e.path, e.extensions['code']])).toEqual([[['again'], 'STALE_VERSION']]);
  });

  test('what was done and pushed is read by queries, and found when it is wrong', async () => {
    const ticketNo = await put('20261116005012');
    await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'housing' });
    expect(
      told(
        await pushTickets(
          hub,
          pushedTicket('p1', 1, {
            status: 'CLOSED',
            resolved: false,
            closedAt: '2026-11-16T08:50:00+08:00',
            leadAgency: 'housing',
          }),
        ),
      ),
    ).toEqual(['INSERTED']);
    expect(told(await pushHandoffs(other, handoff('p1', 'r1', '08:40:00', { to: 'housing' })))).toEqual(['INSERTED']);
    const asked = await hub.ask(
      one('hotline', 'SUPERVISOR', 'SUPERVISION'),
      `{ ticket(ticketNo: "${ticketNo}") { status leadAgency handoffs { kind to } trace { heldBy } }
       handoffFindings(filter: { kind: [CLOSED_UNRESOLVED] }, first: 50) { nodes { ticketNo agency } } }`,
    );
    expect(asked.errors).toEqual([]);
    expect(asked.data).toEqual({
      ticket: {
        status: 'DISPATCHED',
        leadAgency: 'housing',
        handoffs: [{ kind: 'DISPATCH', to: 'housing' }],
        trace: { heldBy: 'housing' },
      },
      handoffFindings: { nodes: [{ ticketNo: '12345:p1', agency: 'housing' }] },
    });
  });
});
