import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  applicationMachine,
  applicationStates,
  type ApplicationMove,
  type ApplicationState,
} from '../../src/requests/application-states.ts';
import type { Party } from '../../src/requests/state-machine.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import {
  apply,
  applicationFields,
  asking,
  codesOf,
  mutate,
  of,
  refusals,
  value,
  type Application,
  type MutationName,
} from './request-kit.ts';

/* Every move that the machine does not know is refused and changes nothing, whoever makes it, however often and at once. */

const now = (): number => Date.parse('2026-11-16T09:00:00+08:00');
let dataDir: string;
let hub: RunningHub;
/** Another instance on the same files. */
let other: RunningHub;
const start = (): Promise<RunningHub> => startHub({ LIANQIAO_DATA_DIR: dataDir }, now);
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-requests-'));
  cpSync(inject('city'), dataDir, { recursive: true });
  hub = await start();
  other = await start();
});
afterAll(async () => {
  await hub.close();
  await other.close();
  rmSync(dataDir, { recursive: true });
});

const sides: Readonly<Record<Party, Asker>> = { APPLICANT: of('market'), OWNER: of('housing') };
const moves: Readonly<Record<ApplicationMove, [MutationName, object]>> = {
  WITHDRAW: ['withdrawAccessApplication', {}],
  RETURN: ['returnAccessApplication', { reason: '请补充' }],
  RESUBMIT: ['resubmitAccessApplication', {}],
  ACCEPT: ['decideAccessApplication', { decision: 'ACCEPT', reason: '同意' }],
  ACCEPT_PART: ['decideAccessApplication', { decision: 'ACCEPT', reason: '同意', until: '2027-06-30' }],
  REFUSE: ['decideAccessApplication', { decision: 'REFUSE', reason: '不同意' }],
};

async function move(on: RunningHub, application: Application, action: ApplicationMove, by: Party): Promise<Answer> {
  const [name, input] = moves[action];
  const { applicationNo, version } = application;
  const asked = action === 'RESUBMIT' ? { ...asking, fields: application['fields'] } : {};
  return mutate(on, sides[by], name, { applicationNo, version, ...asked, ...input });
}

/** The moves from the first state to this one. */
const ways: Readonly<Record<ApplicationState, readonly ApplicationMove[]>> = {
  SUBMITTED: [],
  RETURNED: ['RETURN'],
  RESUBMITTED: ['RETURN', 'RESUBMIT'],
  WITHDRAWN: ['WITHDRAW'],
  ACCEPTED: ['ACCEPT'],
  PARTLY_ACCEPTED: ['ACCEPT_PART'],
  REFUSED: ['REFUSE'],
};
const coordinates = [
  'House.unit',
  'House.room',
  'House.ownerName',
  'House.address',
  'MaintenanceFund.account',
  'House.maintenanceFund',
  'House.ownerIdNumber',
];

async function inState(state: ApplicationState, coordinate: string): Promise<Application> {
  let application = await apply(hub, { fields: [{ coordinate }] });
  for (const action of ways[state]) {
    const by = application.state === 'RETURNED' || action === 'WITHDRAW' ? 'APPLICANT' : 'OWNER';
    application = value(await move(hub, application, action, by)) as Application;
  }
  expect(application.state).toBe(state);
  return application;
}

const read = async (applicationNo: string): Promise<Application> =>
  value(
    await hub.ask(sides.OWNER, `{ accessApplication(applicationNo: "${applicationNo}") { ${applicationFields} } }`),
  ) as Application;

describe.each(applicationStates)('%s', (state) => {
  let application: Application;
  beforeAll(async () => {
    application = await inState(state, coordinates[applicationStates.indexOf(state)] ?? '');
  });
  const illegal = (Object.keys(moves) as ApplicationMove[]).flatMap((action) =>
    (['APPLICANT', 'OWNER'] as const)
      .filter((by) => applicationMachine[state][action]?.by !== by)
      .map((by) => [action, by] as const),
  );

  test.each(illegal)('%s by the %s is illegal', async (action, by) => {
    const answer = await move(hub, application, action, by);
    expect(codesOf(answer)).toEqual(['ILLEGAL_TRANSITION']);
    expect(answer.errors[0]?.extensions).toMatchObject({ state, actor: by });
    expect(await read(application.applicationNo)).toEqual(application);
  });
});

test.each([1, 2])('of two decisions at once one holds, and the other is stale (%i)', async (round) => {
  const application = await apply(hub, {
    fields: [{ coordinate: `LeaseRegistration.${round === 1 ? 'monthlyRent' : 'lesseeName'}` }],
  });
  const answers = await Promise.all([
    move(hub, application, 'ACCEPT', 'OWNER'),
    move(other, application, 'REFUSE', 'OWNER'),
    move(other, application, 'RETURN', 'OWNER'),
    move(hub, application, 'WITHDRAW', 'APPLICANT'),
  ]);
  const won = answers.filter((a) => a.errors.length === 0);
  expect(won).toHaveLength(1);
  expect(answers.flatMap(codesOf)).toEqual(['STALE_VERSION', 'STALE_VERSION', 'STALE_VERSION']);
  const stands = await read(application.applicationNo);
  expect(stands).toEqual(value(won[0] as Answer));
  expect(stands).toMatchObject({ version: 2 });
  expect(stands.history).toHaveLength(2);
  for (const { errors } of answers) if (errors.length > 0) expect(errors[0]?.extensions['version']).toBe(2);
});

describe('a call that is repeated', () => {
  const input = {
    ...asking,
    clientRequestId: 'again',
    fields: [{ coordinate: 'PropertyCompany.contactPhone' }],
    roles: ['OPERATOR'],
  };
  const count = (): unknown => {
    const db = new Database(join(dataDir, 'requests.db'), { readonly: true });
    try {
      return db.prepare('SELECT (SELECT count(*) FROM request), (SELECT count(*) FROM request_event)').raw().get();
    } finally {
      db.close();
    }
  };

  test('changes nothing again and gives the same answer, on any instance', async () => {
    const first = await mutate(hub, sides.APPLICANT, 'applyForAccess', input);
    const [{ applicationNo }] = value(first) as [Application];
    const before = count();
    for (const on of [hub, other])
      expect((await mutate(on, sides.APPLICANT, 'applyForAccess', input)).text).toBe(first.text);
    const returning = { clientRequestId: 'back', applicationNo, version: 1, reason: '请补充' };
    expect(count()).toEqual(before);
    const returned = await mutate(hub, sides.OWNER, 'returnAccessApplication', returning);
    expect((await mutate(other, sides.OWNER, 'returnAccessApplication', returning)).text).toBe(returned.text);
    expect(value(returned)).toMatchObject({ state: 'RETURNED', version: 2 });
  });

  test('with another input is refused', async () => {
    const before = count();
    const message =
      'IDEMPOTENCY_CONFLICT this clientRequestId was used with another input; use a new one for each change';
    for (const over of [{ scenario: '另一个场景' }, { until: '2027-12-30' }, { roles: ['HANDLER'] }])
      expect(refusals(await mutate(hub, sides.APPLICANT, 'applyForAccess', { ...input, ...over }))).toEqual([message]);
    expect(count()).toEqual(before);
  });

  test('is another call for another caller', async () => {
    const answer = await mutate(hub, of('police'), 'applyForAccess', input);
    expect((value(answer) as [Application])[0]).toMatchObject({ applicant: 'police', state: 'SUBMITTED' });
  });

  test('at the same time is submitted once', async () => {
    const twice = { ...input, clientRequestId: 'twice', roles: ['SUPERVISOR'] };
    const answers = await Promise.all(
      [hub, other, hub, other].map((on) => mutate(on, sides.APPLICANT, 'applyForAccess', twice)),
    );
    expect(new Set(answers.map((a) => a.text)).size).toBe(1);
    expect(codesOf(answers[0] as Answer)).toEqual([]);
  });
});

test('the same question again is named, not asked twice', async () => {
  const over = { fields: [{ coordinate: 'House.innerArea' }], purposes: ['SUPERVISION'] };
  const { applicationNo } = await apply(hub, over);
  const answer = await mutate(hub, sides.APPLICANT, 'applyForAccess', { ...asking, ...over, scenario: '另一个场景' });
  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'DUPLICATE', applicationNo });
  await mutate(hub, sides.APPLICANT, 'withdrawAccessApplication', { applicationNo, version: 1 });
  expect((await apply(hub, over)).state).toBe('SUBMITTED');
});

test('a book that somebody holds refuses the change, and nothing is lost', async () => {
  const application = await apply(hub, { fields: [{ coordinate: 'House.structure' }], purposes: ['SUPERVISION'] });
  const db = new Database(join(dataDir, 'requests.db'));
  db.exec('BEGIN IMMEDIATE');
  try {
    expect(codesOf(await move(hub, application, 'WITHDRAW', 'APPLICANT'))).toEqual(['SOURCE_UNAVAILABLE']);
  } finally {
    db.exec('ROLLBACK');
    db.close();
  }
  expect(await read(application.applicationNo)).toEqual(application);
});

test('everything is there after a restart, in a file of its owner alone', async () => {
  const query = `{ accessApplications(first: 100) { nodes { ${applicationFields} } pageInfo { endCursor } } }`;
  const before = await hub.ask(sides.OWNER, query);
  expect((value(before) as { nodes: unknown[] }).nodes.length).toBeGreaterThan(8);
  await hub.close();
  await other.close();
  [hub, other] = [await start(), await start()];
  expect((await hub.ask(sides.OWNER, query)).text).toBe(before.text);
  expect(statSync(join(dataDir, 'requests.db')).mode & 0o777).toBe(0o600);
  expect(
    (await apply(hub, { fields: [{ coordinate: 'House.dangerGrade' }], roles: ['AUDITOR'] })).applicationNo,
  ).toMatch(/^SQ-2026-\d{6}$/);
});
