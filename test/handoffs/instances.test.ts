import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { bring, dispatcher, handlerOf, mutate, one, refusals, taskOf, value, type Result } from './handoff-kit.ts';

/* Two instances on the same files: whoever acts, on whichever, one holds. */

let dataDir: string;
let hub: RunningHub;
let other: RunningHub;
const start = (): Promise<RunningHub> =>
  startHub({ LIANQIAO_DATA_DIR: dataDir }, () => Date.parse('2026-11-16T09:00:00+08:00'));
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-handoffs-'));
  cpSync(inject('city'), dataDir, { recursive: true });
  hub = await start();
  other = await start();
});
afterAll(async () => {
  await hub.close();
  await other.close();
  rmSync(dataDir, { recursive: true });
});

test.each([1, 2, 3])(
  'of several who act on one version at once one holds, and the others are stale (%i)',
  async (round) => {
    const ticketNo = await bring(dataDir, `2026111600500${round}`);
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
  const ticketNo = await bring(dataDir, '20261116005010');
  const says = { ticketNo, expectedVersion: 1, agency: 'housing', idempotencyKey: 'both' };
  const answers = await Promise.all(
    [hub, other, hub, other].map((on) => mutate(on, dispatcher, 'dispatchTicket', says)),
  );
  expect(new Set(answers.map((a) => a.text)).size).toBe(1);
  expect(answers.flatMap(refusals)).toEqual([]);
});

test('several actions of one request are done one after the other, each on the version that the last one left', async () => {
  const ticketNo = await bring(dataDir, '20261116005011');
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
