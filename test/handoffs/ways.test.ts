import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
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
  visitor,
  type Result,
} from './handoff-kit.ts';

/* Tickets on their way through the hub, over HTTP and under the shipped policies. */

let clock = Date.parse('2026-11-16T09:00:00+08:00');
const pass = (hours: number): void => {
  clock += hours * 3_600_000;
};
let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, () => clock);
});
afterAll(() => hub.close());

const housing = handlerOf('housing', 'housing-property');
let number = 0;
const ticket = (more: Parameters<typeof bring>[2] = {}): Promise<string> =>
  bring(hub.dataDir, `20261116009${String((number += 1)).padStart(5, '0')}`, more);

/** Makes one action after the other; each starts from the version that the last one gave. */
function way(ticketNo: string, from = 1) {
  let version = from;
  return async (asker: Asker, field: string, says: object = {}): Promise<Result> => {
    const done = value(await mutate(hub, asker, field, { ticketNo, expectedVersion: version, ...says })) as Result;
    expect(done.version).toBe(version + 1);
    version = done.version;
    return done;
  };
}

const rows = (sql: string, ...values: string[]): Record<string, unknown>[] => {
  const db = new Database(join(hub.dataDir, 'hotline.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...values) as Record<string, unknown>[];
  } finally {
    db.close();
  }
};
const trail = (ticketNo: string): string[] =>
  rows('SELECT kind, from_agency, to_agency FROM handoff WHERE ticket_no = ? ORDER BY seq', ticketNo).map(
    (h) => `${String(h['kind'])} ${String(h['from_agency'])} ${String(h['to_agency'])}`,
  );

test('a complaint from acceptance to the archive', async () => {
  const ticketNo = await ticket();
  const go = way(ticketNo);
  expect(await taskOf(hub, dispatcher, ticketNo)).toMatchObject({
    version: 1,
    stage: 'ACCEPTED',
    actions: ['DISPATCH', 'CONSULT', 'ALARM', 'SUBMIT_FEEDBACK'],
  });
  const given = { agency: 'housing', unit: 'housing-property', coAgencies: ['police'], opinion: '按派单目录派发' };
  expect(await go(dispatcher, 'dispatchTicket', given)).toMatchObject({
    kind: 'DISPATCH',
    status: 'DISPATCHED',
    deadline: {
      dueAt: '2026-11-23T23:59:59+08:00',
      state: 'RUNNING',
      provisional: false,
      signBy: '2026-11-17T09:00:00+08:00',
    },
  });
  expect((await taskOf(hub, housing, ticketNo)).actions).toEqual(['SIGN_FOR', 'ALARM']);
  pass(2);
  expect(await go(housing, 'signForTicket')).toMatchObject({ status: 'SIGNED_FOR', late: false });
  await go(housing, 'startHandling');
  await go(housing, 'consultOnTicket', { agency: 'market', opinion: '请提供企业登记信息' });
  await go(handlerOf('market'), 'coSignTicket', { opinion: '该企业登记有效' });
  await go(dispatcher, 'confirmCoAgency', { agency: 'market' });
  await go(handlerOf('police'), 'coSignTicket', { opinion: '未发现警情' });
  await go(supervisor, 'urgeTicket');
  await go(supervisor, 'superviseTicket', { opinion: '请于周五前办结' });
  await go(housing, 'requestExtension', { days: 2, opinion: '需要召开业主会议' });
  expect((await taskOf(hub, dispatcher, ticketNo)).deadline).toMatchObject({ extensionDays: 2 });
  expect((await go(dispatcher, 'decideExtension', { decision: 'GRANT', opinion: '同意' })).deadline).toMatchObject({
    dueAt: '2026-11-25T23:59:59+08:00',
    extensionDays: null,
  });
  pass(24 * 8);
  expect((await taskOf(hub, housing, ticketNo)).deadline).toMatchObject({ state: 'RUNNING' });
  pass(13);
  expect((await taskOf(hub, housing, ticketNo)).deadline).toMatchObject({ state: 'ABOUT_TO_OVERDUE' });
  const answered = { result: '已清理楼道', replyText: '您好, 楼道已清理', resolved: true, siteVisit: true };
  expect(await go(housing, 'submitFeedback', { ...answered, evidence: [] })).toMatchObject({
    status: 'FEEDBACK_SUBMITTED',
    deadline: { state: 'MET' },
  });
  const close = await mutate(hub, dispatcher, 'closeTicket', { ticketNo, expectedVersion: 13 });
  expect(refusals(close)).toEqual(['ILLEGAL_TRANSITION EVIDENCE_NEEDED']);
  await go(dispatcher, 'closeTicket', { evidence: ['现场照片 3 张, 住建档案 2026-17'] });
  await go(visitor, 'recordFollowUp', { satisfaction: 'SATISFIED', resolved: true });
  await go(supervisor, 'appraiseTicket', { grade: 'GOOD', opinion: '按期办结' });
  expect(await go(dispatcher, 'archiveTicket')).toMatchObject({ status: 'ARCHIVED', version: 17 });
  expect(trail(ticketNo)).toEqual([
    'DISPATCH hotline housing',
    'SIGN_FOR housing housing',
    'START housing housing',
    'CO_SIGN housing market',
    'CO_SIGN market housing',
    'CO_SIGN hotline market',
    'CO_SIGN police housing',
    'URGE hotline housing',
    'SUPERVISE hotline housing',
    'REQUEST_EXTENSION housing hotline',
    'DECIDE_EXTENSION hotline housing',
    'FEEDBACK housing hotline',
    'CLOSE hotline hotline',
    'FOLLOW_UP hotline hotline',
    'APPRAISE hotline housing',
    'ARCHIVE hotline hotline',
  ]);
  const read = await hub.ask(
    housing,
    `{ ticket(ticketNo: "${ticketNo}") { status firstReceiver satisfaction coAgencies urgeCount extended closedAt
       handoffs { kind reason } trace { heldBy hops { agency } } } }`,
  );
  expect(value(read)).toMatchObject({
    status: 'ARCHIVED',
    firstReceiver: 'housing',
    satisfaction: 'SATISFIED',
    coAgencies: ['police', 'market'],
    urgeCount: 1,
    extended: true,
    trace: { heldBy: null, hops: [{ agency: 'housing' }] },
  });
});

describe('a return', () => {
  const start = async (more: Parameters<typeof bring>[2] = {}) => {
    const ticketNo = await ticket(more);
    const go = way(ticketNo);
    await go(dispatcher, 'dispatchTicket', { agency: 'housing', unit: 'housing-property' });
    await go(housing, 'signForTicket');
    return { ticketNo, go };
  };
  const refused = async (ticketNo: string, asker: Asker, field: string, expectedVersion: number, says: object) =>
    refusals(await mutate(hub, asker, field, { ticketNo, expectedVersion, ...says }));

  test('is reviewed, objected to and ruled on; after the ruling there is no second one', async () => {
    const { ticketNo, go } = await start();
    const asking = { opinion: '现场核实属市政道路' };
    expect(await refused(ticketNo, housing, 'requestReturn', 3, asking)).toEqual([
      'ILLEGAL_TRANSITION FIRST_RECEIVER_INVESTIGATES',
    ]);
    await go(housing, 'startHandling');
    expect(await go(housing, 'requestReturn', asking)).toMatchObject({ status: 'RETURNED', stage: 'RETURN_REQUESTED' });
    expect(await refused(ticketNo, supervisor, 'ruleOnReturn', 5, { decision: 'UPHOLD', opinion: '成立' })).toEqual([
      'ILLEGAL_TRANSITION',
    ]);
    await go(dispatcher, 'reviewReturn', { decision: 'REFUSE', opinion: '属物业服务范围' });
    await go(housing, 'objectToDispatch', { opinion: '该路段已移交市政' });
    expect(await refused(ticketNo, dispatcher, 'ruleOnReturn', 7, { decision: 'DISMISS', opinion: '不成立' })).toEqual([
      'ILLEGAL_TRANSITION',
    ]);
    expect(await go(supervisor, 'ruleOnReturn', { decision: 'DISMISS', opinion: '未见移交文件' })).toMatchObject({
      stage: 'SIGNED_FOR',
    });
    await go(housing, 'startHandling');
    expect(await refused(ticketNo, housing, 'requestReturn', 9, asking)).toEqual([
      'ILLEGAL_TRANSITION NO_SECOND_RETURN',
    ]);
    expect((await taskOf(hub, housing, ticketNo)).actions).not.toContain('REQUEST_RETURN');
    expect(trail(ticketNo).slice(2)).toEqual([
      'START housing housing',
      'RETURN housing hotline',
      'RULE hotline housing',
      'OBJECT housing hotline',
      'RULE hotline housing',
      'START housing housing',
    ]);
    const read = await hub.ask(
      housing,
      `{ ticket(ticketNo: "${ticketNo}") { trace { heldBy returnCount hops { agency kind } circles { agency } } } }`,
    );
    expect(value(read)).toEqual({
      trace: {
        heldBy: 'housing',
        returnCount: 1,
        hops: [
          { agency: 'housing', kind: 'DISPATCH' },
          { agency: 'hotline', kind: 'RETURN' },
          { agency: 'housing', kind: 'RULE' },
          { agency: 'hotline', kind: 'OBJECT' },
          { agency: 'housing', kind: 'RULE' },
        ],
        circles: [],
      },
    });
  });

  test('that is upheld goes to another agency, which cannot return it; the first one sees no more of it', async () => {
    const { ticketNo, go } = await start();
    await go(housing, 'startHandling');
    await go(housing, 'requestReturn', { opinion: '不属住建职责' });
    await go(dispatcher, 'reviewReturn', { decision: 'REFUSE', opinion: '先办理' });
    await go(housing, 'objectToDispatch', { opinion: '有权属文件' });
    const upheld = await go(supervisor, 'ruleOnReturn', { decision: 'UPHOLD', opinion: '异议成立' });
    expect(upheld).toMatchObject({ status: 'RETURNED', stage: 'TAKEN_BACK' });
    await go(dispatcher, 'reassignTicket', { agency: 'market', opinion: '按裁定改派' });
    const market = handlerOf('market');
    await go(market, 'signForTicket');
    await go(market, 'startHandling');
    expect(await refused(ticketNo, market, 'requestReturn', 11, { opinion: '不属本单位' })).toEqual([
      'ILLEGAL_TRANSITION NO_SECOND_RETURN',
    ]);
    const formerly = await taskOf(hub, housing, ticketNo);
    expect(formerly).toEqual({ ticketNo, version: null, status: null, stage: null, actions: [], deadline: null });
    const answer = await mutate(hub, housing, 'startHandling', { ticketNo, expectedVersion: 10 });
    expect(answer.errors.map((e) => e.extensions)).toEqual([
      { code: 'ILLEGAL_TRANSITION', action: 'START', actor: null },
    ]);
  });

  test('that is granted frees the next agency to ask in its turn, before it starts', async () => {
    const { ticketNo, go } = await start();
    await go(housing, 'startHandling');
    await go(housing, 'requestReturn', { opinion: '不属住建职责' });
    await go(dispatcher, 'reviewReturn', { decision: 'GRANT', opinion: '同意' });
    await go(dispatcher, 'reassignTicket', { agency: 'market', opinion: '改派' });
    await go(handlerOf('market'), 'signForTicket');
    await go(handlerOf('market'), 'requestReturn', { opinion: '登记地在外区' });
    expect(rows('SELECT former_agencies, returned FROM ticket WHERE ticket_no = ?', ticketNo)).toEqual([
      { former_agencies: '["housing"]', returned: 1 },
    ]);
  });
});

test('pushing down is a handoff each, only ever down, and each unit signs for itself; late signing counts', async () => {
  const ticketNo = await ticket();
  const go = way(ticketNo);
  await go(dispatcher, 'dispatchTicket', { agency: 'grid' });
  const grid = handlerOf('grid', 'grid-city');
  const street = handlerOf('grid', 'grid-350102001');
  await go(grid, 'signForTicket');
  await go(grid, 'pushDownTicket', { unit: 'grid-350102', level: 'DISTRICT' });
  const district = handlerOf('grid', 'grid-350102');
  expect(refusals(await mutate(hub, grid, 'signForTicket', { ticketNo, expectedVersion: 4 }))).toEqual([
    'ILLEGAL_TRANSITION',
  ]);
  pass(25);
  expect(await go(district, 'signForTicket')).toMatchObject({ late: true, deadline: { lateSignings: 1 } });
  await go(district, 'pushDownTicket', { unit: 'grid-350102001', level: 'STREET' });
  await go(street, 'signForTicket');
  const up = { ticketNo, expectedVersion: 7, unit: 'grid-350103', level: 'DISTRICT' };
  expect(refusals(await mutate(hub, street, 'pushDownTicket', up))).toEqual(['BAD_USER_INPUT']);
  await go(street, 'pushDownTicket', { unit: 'grid-350102001003', level: 'COMMUNITY' });
  const worker = one('grid', 'GRID_WORKER', 'HANDLING');
  await go(worker, 'signForTicket');
  await go(worker, 'startHandling');
  const done = { result: '已清运', replyText: '已清运', siteVisit: true, evidence: ['现场照片'] };
  expect(await go(worker, 'submitFeedback', done)).toMatchObject({ status: 'FEEDBACK_SUBMITTED' });
  expect(trail(ticketNo).filter((h) => h.startsWith('PUSH_DOWN'))).toHaveLength(3);
  const read = await hub.ask(
    grid,
    `{ ticket(ticketNo: "${ticketNo}") { trace { hops { agency signedLate overdue } findings { kind agency runIds confidence } } } }`,
  );
  const [given, , , signed] = rows('SELECT run_id FROM handoff WHERE ticket_no = ? ORDER BY seq', ticketNo);
  expect(value(read)).toEqual({
    trace: {
      hops: [{ agency: 'grid', signedLate: true, overdue: false }],
      findings: [
        { kind: 'LATE_SIGNED', agency: 'grid', runIds: [given?.['run_id'], signed?.['run_id']], confidence: 1 },
      ],
    },
  });
});

test('each step keeps the due time in force after it, the time to sign by, and what an answer shows', async () => {
  const ticketNo = await ticket();
  const go = way(ticketNo);
  const dispatched = await go(dispatcher, 'dispatchTicket', { agency: 'housing' });
  await go(housing, 'signForTicket');
  await go(housing, 'startHandling');
  await go(housing, 'requestExtension', { days: 2, opinion: '需要召开业主会议' });
  const extended = await go(dispatcher, 'decideExtension', { decision: 'GRANT', opinion: '同意' });
  const answered = {
    result: '已清理楼道',
    replyText: '楼道已清理',
    resolved: true,
    siteVisit: true,
    evidence: ['照片'],
  };
  await go(housing, 'submitFeedback', answered);
  await go(dispatcher, 'closeTicket', { evidence: ['档案 2026-17'] });
  const read = await hub.ask(
    housing,
    `{ ticket(ticketNo: "${ticketNo}") { handoffs { kind dueAt signBy siteVisit evidenceCount } } }`,
  );
  const [before, after] = [dispatched, extended].map(({ deadline }) => deadline?.['dueAt']);
  expect(after).not.toBe(before);
  const signBy = dispatched.deadline?.['signBy'];
  const silent = { signBy: null, siteVisit: null, evidenceCount: null };
  expect(value(read)).toEqual({
    handoffs: [
      { ...silent, kind: 'DISPATCH', dueAt: before, signBy },
      { ...silent, kind: 'SIGN_FOR', dueAt: before, signBy },
      { ...silent, kind: 'START', dueAt: before },
      { ...silent, kind: 'REQUEST_EXTENSION', dueAt: before },
      { ...silent, kind: 'DECIDE_EXTENSION', dueAt: after },
      { ...silent, kind: 'FEEDBACK', dueAt: after, siteVisit: true, evidenceCount: 1 },
      { ...silent, kind: 'CLOSE', dueAt: after, siteVisit: true, evidenceCount: 2 },
    ],
  });
});

test('where it is not clear whose it is, agencies are asked first; danger goes to 110 at once', async () => {
  const ticketNo = await ticket();
  const go = way(ticketNo);
  await go(dispatcher, 'consultOnTicket', { agency: 'housing', opinion: '请说明权属' });
  await go(dispatcher, 'consultOnTicket', { agency: 'market', opinion: '请说明权属' });
  await go(handlerOf('housing'), 'coSignTicket', { opinion: '属经营行为' });
  const alarm = { service: 'POLICE_110', policeNo: 'JJ20261116990000009', opinion: '现场有人受伤' };
  expect(await go(dispatcher, 'callEmergencyService', alarm)).toMatchObject({ stage: 'CONSULTING', kind: 'EMERGENCY' });
  await go(dispatcher, 'dispatchTicket', { agency: 'market', coAgencies: ['housing', 'police'] });
  expect(rows('SELECT is110, police_no FROM handoff WHERE ticket_no = ? AND is110 = 1', ticketNo)).toEqual([
    { is110: 1, police_no: 'JJ20261116990000009' },
  ]);
  expect(rows('SELECT urgency FROM ticket WHERE ticket_no = ?', ticketNo)).toEqual([{ urgency: 'CRITICAL' }]);
});

test('a stale version and a wrong actor are told, and nothing is changed', async () => {
  const ticketNo = await ticket();
  await way(ticketNo)(dispatcher, 'dispatchTicket', { agency: 'housing', unit: 'housing-property' });
  const before = rows('SELECT * FROM ticket WHERE ticket_no = ?', ticketNo);
  const stale = await mutate(hub, housing, 'signForTicket', { ticketNo, expectedVersion: 1 });
  expect(stale.errors.map((e) => e.extensions)).toEqual([{ code: 'STALE_VERSION', version: 2 }]);
  const wrong: [Asker, string, string][] = [
    [handlerOf('housing', 'housing-rental'), 'ILLEGAL_TRANSITION', 'another unit of the same agency'],
    [dispatcher, 'ILLEGAL_TRANSITION', 'the hotline'],
    [{ ...housing, purpose: 'FOLLOW_UP' }, 'ILLEGAL_TRANSITION', 'another purpose'],
    [handlerOf('police'), 'NOT_FOUND', 'an agency without a part in it'],
    [one('audit', 'AUDITOR', 'AUDIT'), 'FIELD_DENIED', 'an auditor'],
    [{ claims: housing.claims }, 'PURPOSE_REQUIRED', 'no purpose'],
  ];
  for (const [asker, code, who] of wrong) {
    const answer = await mutate(hub, asker, 'signForTicket', { ticketNo, expectedVersion: 2 });
    expect([who, ...refusals(answer)]).toEqual([who, code]);
  }
  expect(rows('SELECT * FROM ticket WHERE ticket_no = ?', ticketNo)).toEqual(before);
  expect(trail(ticketNo)).toHaveLength(1);
});

test('a ticket that the caller may not see is answered as one that does not exist', async () => {
  const ticketNo = await ticket();
  const texts: string[] = [];
  for (const no of [ticketNo, '12345:nothing'])
    for (const ask of [
      mutate(hub, housing, 'signForTicket', { ticketNo: no, expectedVersion: 1 }),
      hub.ask(housing, `{ ticketTask(ticketNo: "${no}") { version } }`),
    ])
      texts.push((await ask).text);
  expect([texts[0], texts[1]]).toEqual([texts[2], texts[3]]);
  expect(texts[0]).toContain('NOT_FOUND');
});

describe('an action that is sent again', () => {
  test('gives the same answer and writes nothing more; with other content it is refused', async () => {
    const ticketNo = await ticket();
    const input = { ticketNo, expectedVersion: 1, idempotencyKey: 'again', agency: 'housing' };
    const first = await mutate(hub, dispatcher, 'dispatchTicket', input);
    pass(1);
    const again = await mutate(hub, dispatcher, 'dispatchTicket', input);
    expect(again.text).toBe(first.text);
    for (const over of [{ agency: 'market' }, { expectedVersion: 2 }, { opinion: '改' }])
      expect(refusals(await mutate(hub, dispatcher, 'dispatchTicket', { ...input, ...over }))).toEqual([
        'IDEMPOTENCY_CONFLICT',
      ]);
    expect(refusals(await mutate(hub, dispatcher, 'urgeTicket', { ...input, agency: undefined }))).toEqual([
      'IDEMPOTENCY_CONFLICT',
    ]);
    expect(trail(ticketNo)).toEqual(['DISPATCH hotline housing']);
  });
});

describe('a report', () => {
  const { reportTicketNo } = showcase;
  const inUnit = handlerOf('market', showcase.reportUnit);

  test('is handled, closed and archived in its unit, and stays there', async () => {
    const outside = [handlerOf('market', 'market-street-01'), one('market', 'SYSTEM', 'HANDLING')];
    const { version } = await taskOf(hub, inUnit, reportTicketNo);
    expect(version).toBe(1);
    for (const asker of [...outside, dispatcher, supervisor]) {
      const seen = await taskOf(hub, asker, reportTicketNo);
      expect(seen).toMatchObject({ version: null, actions: [], deadline: { lateSignings: null, signBy: null } });
    }
    for (const [asker, field, says] of [
      [dispatcher, 'urgeTicket', {}],
      [supervisor, 'superviseTicket', { opinion: '督办' }],
      [outside[0], 'startHandling', {}],
      [outside[1], 'startHandling', {}],
      [inUnit, 'requestReturn', { opinion: '退' }],
      [inUnit, 'consultOnTicket', { agency: 'police', opinion: '请协助' }],
      [inUnit, 'pushDownTicket', { unit: 'market-street-01', level: 'STREET' }],
    ] as const) {
      const answer = await mutate(hub, asker as Asker, field, {
        ticketNo: reportTicketNo,
        expectedVersion: 1,
        ...says,
      });
      expect([field, ...answer.errors.map((e) => [e.extensions['code'], e.extensions['actor']])]).toEqual([
        field,
        ['ILLEGAL_TRANSITION', null],
      ]);
    }
    const go = way(reportTicketNo, 1);
    await go(inUnit, 'startHandling');
    await go(inUnit, 'submitFeedback', {
      result: '已立案',
      replyText: '已依法立案查处',
      siteVisit: true,
      evidence: ['案卷 2026-3'],
    });
    await go(inUnit, 'closeTicket');
    expect(await go(inUnit, 'archiveTicket')).toMatchObject({ status: 'ARCHIVED' });
    expect(trail(reportTicketNo).slice(3)).toEqual([
      'START market market',
      'FEEDBACK market market',
      'CLOSE market market',
      'ARCHIVE market market',
    ]);
  });

  test('is given to a unit by name, and its number stands in sealed entries of the ledger alone', async () => {
    const ticketNo = await ticket({ type: 'REPORT' });
    const bare = await mutate(hub, dispatcher, 'dispatchTicket', { ticketNo, expectedVersion: 1, agency: 'market' });
    expect(refusals(bare)).toEqual(['BAD_USER_INPUT']);
    const go = way(ticketNo);
    await go(dispatcher, 'dispatchTicket', { agency: 'market', unit: 'market-inspection' });
    await go(inUnit, 'signForTicket');
    const db = new Database(join(hub.dataDir, 'ledger.db'), { readonly: true });
    const entries = db.prepare('SELECT sealed FROM disclosure WHERE instr(records, ?) > 0').pluck().all(ticketNo);
    db.close();
    expect([...new Set(entries)]).toEqual([1]);
    expect(entries.length).toBeGreaterThanOrEqual(2);
  });
});

test('each action stands in the ledger with its ticket and its handoff', async () => {
  const ticketNo = await ticket();
  const { runId } = await way(ticketNo)(dispatcher, 'dispatchTicket', { agency: 'housing' });
  const db = new Database(join(hub.dataDir, 'ledger.db'), { readonly: true });
  const entries = db
    .prepare('SELECT agency, role, purpose, records FROM disclosure WHERE instr(records, ?) > 0')
    .all(runId) as { records: string }[];
  db.close();
  expect(entries.map((e) => ({ ...e, records: JSON.parse(e.records) as unknown }))).toEqual([
    {
      agency: 'hotline',
      role: 'OPERATOR',
      purpose: 'DISPATCH',
      records: [
        { type: 'Ticket', owner: 'hotline', fields: [], ids: [ticketNo] },
        { type: 'Handoff', owner: 'hotline', fields: [], ids: [runId] },
      ],
    },
  ]);
});

test('a due time past the calendar is given and flagged; it is told when it is near and when it is over', async () => {
  clock = Date.parse('2026-12-29T10:00:00+08:00');
  const ticketNo = await ticket();
  const go = way(ticketNo);
  const { deadline } = await go(dispatcher, 'dispatchTicket', { agency: 'housing', unit: 'housing-property' });
  expect(deadline).toMatchObject({ state: 'RUNNING', provisional: true });
  const due = Date.parse(String(deadline?.['dueAt']));
  const stateAt = async (time: number): Promise<unknown> => {
    clock = time;
    return (await taskOf(hub, housing, ticketNo)).deadline?.['state'];
  };
  expect(await stateAt(due - 86_400_001)).toBe('RUNNING');
  expect(await stateAt(due - 86_400_000)).toBe('ABOUT_TO_OVERDUE');
  expect(await stateAt(due + 1_000)).toBe('OVERDUE');
  await go(housing, 'signForTicket');
  await go(housing, 'startHandling');
  const late = await mutate(hub, housing, 'requestExtension', {
    ticketNo,
    expectedVersion: 4,
    days: 1,
    opinion: '需时间',
  });
  expect(refusals(late)).toEqual(['ILLEGAL_TRANSITION BEFORE_THE_DUE_TIME']);
  const answered = await go(housing, 'submitFeedback', { result: '已办', replyText: '已办', siteVisit: false });
  expect(answered.deadline).toMatchObject({ state: 'MET_LATE', provisional: true });
});
