import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { accessClasses } from '../../src/policy/classes.ts';
import { classGroups } from '../../src/policy/class-groups.ts';
import { diffPolicies } from '../../src/policy/diff.ts';
import { loadHouse } from '../../src/hub/house.ts';
import { openSource, storedRows } from '../hub/askers.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
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
} from './request-kit.ts';

/* Whole lives of applications, over a socket, from the application to the field that is really given. */

let clock: number;
let own: OwnRoot;
let hub: RunningHub;
const at = (time: string): void => void (clock = Date.parse(`${time}+08:00`));
beforeAll(async () => {
  at('2026-11-16T09:00:00');
  own = ownRoot();
  hub = await startHub({}, () => clock, own.root);
});
afterAll(async () => {
  await hub.close();
  own.remove();
});

const housing = of('housing');
const market = of('market');
const agencies = ['hotline', 'police', 'grid', 'market', 'housing'];

interface Change {
  readonly file: string;
  readonly grant: string;
  readonly above: string | null;
  readonly changedFile: string;
  readonly before: string;
  readonly after: string | null;
  readonly changes: readonly Record<string, unknown>[];
  readonly markdown: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}
const changeOf = async (applicationNo: string): Promise<Change> =>
  value(
    await hub.ask(
      housing,
      `{ accessPolicyChange(applicationNo: "${applicationNo}") { file grant above changedFile before after
        changes { kind subject before after callers } markdown problems warnings } }`,
    ),
  ) as Change;
const read = async (applicationNo: string): Promise<Application> =>
  value(
    await hub.ask(market, `{ accessApplication(applicationNo: "${applicationNo}") { ${applicationFields} } }`),
  ) as Application;
const decide = async (application: Application, over: object = {}): Promise<Application> =>
  value(
    await mutate(hub, housing, 'decideAccessApplication', {
      applicationNo: application.applicationNo,
      version: application.version,
      decision: 'ACCEPT',
      reason: '履职所需',
      ...over,
    }),
  ) as Application;

test('an application goes to each owner of its fields, and none of them sees the other', async () => {
  const answer = await mutate(hub, market, 'applyForAccess', {
    ...asking,
    fields: [{ coordinate: 'House.room' }, { coordinate: 'PoliceIncident.callAddress', mask: 'address' }],
  });
  const [first, second, ...more] = value(answer) as Application[];
  expect(more).toEqual([]);
  expect(first).toEqual({
    applicationNo: 'SQ-2026-000001',
    state: 'SUBMITTED',
    version: 1,
    applicant: 'market',
    owner: 'housing',
    fields: [{ coordinate: 'House.room', mask: null }],
    roles: ['HANDLER'],
    purposes: ['HANDLING'],
    basis: asking.basis,
    scenario: asking.scenario,
    scope: ['handlesTicket'],
    from: null,
    until: '2027-12-31',
    submittedAt: '2026-11-16T09:00:00+08:00',
    dueOn: '2026-11-30',
    provisional: false,
    overdue: false,
    decision: null,
    history: [{ at: '2026-11-16T09:00:00+08:00', action: 'SUBMIT', actor: 'market STEWARD', note: null }],
  });
  expect(second).toMatchObject({
    applicationNo: 'SQ-2026-000002',
    owner: 'police',
    fields: [{ coordinate: 'PoliceIncident.callAddress', mask: 'address' }],
  });
  expect(codesOf(await hub.ask(housing, '{ accessApplication(applicationNo: "SQ-2026-000002") { state } }'))).toEqual([
    'NOT_FOUND',
  ]);
});

test('all of them are submitted, or none', async () => {
  const before = storedRows(hub, 'requests', 'SELECT number FROM request');
  const answer = await mutate(hub, market, 'applyForAccess', {
    ...asking,
    fields: [{ coordinate: 'GridWorker.phone' }, { coordinate: 'House.room' }],
  });
  expect(codesOf(answer)).toEqual(['DUPLICATE']);
  expect(storedRows(hub, 'requests', 'SELECT number FROM request')).toEqual(before);
});

test('each change stands in the ledger with the application that it wrote', async () => {
  const { applicationNo } = await apply(hub, { fields: [{ coordinate: 'House.unit' }] });
  const [entry] = storedRows<{ records: string; agency: string }>(
    hub,
    'ledger',
    'SELECT agency, records FROM disclosure ORDER BY rowid DESC LIMIT 1',
  );
  expect(entry).toMatchObject({ agency: 'market' });
  expect(JSON.parse(entry?.records ?? '')).toEqual([
    { type: 'AccessApplication', owner: 'housing', fields: [], ids: [applicationNo] },
  ]);
});

describe('from the application to the field', () => {
  const ownerQuery = `{ ticket(ticketNo: "${showcase.ticketNo}") { houses { house { ownerName access { field status rule } } } } }`;
  const handler = { ...of('market', 'HANDLER'), purpose: 'HANDLING' as const };
  const ownerName = async (): Promise<unknown> => (await hub.ask(handler, ownerQuery)).data;
  let application: Application;

  test('the owner returns it, the applicant completes it, and the days start anew', async () => {
    application = await apply(hub);
    at('2026-11-18T10:00:00');
    const returned = value(
      await mutate(hub, housing, 'returnAccessApplication', {
        applicationNo: application.applicationNo,
        version: 1,
        reason: '请说明适用的工单范围',
      }),
    ) as Application;
    expect(returned).toMatchObject({ state: 'RETURNED', version: 2, dueOn: null, overdue: false });
    at('2026-11-20T10:00:00');
    application = value(
      await mutate(hub, market, 'resubmitAccessApplication', {
        ...asking,
        applicationNo: application.applicationNo,
        version: 2,
        note: '限于本部门主办的工单',
        scope: ['handlesTicket', '{ not: { ticketTypeIs: [SUGGESTION] } }'],
      }),
    ) as Application;
    expect(application).toMatchObject({
      state: 'RESUBMITTED',
      version: 3,
      dueOn: '2026-12-04',
      scope: ['handlesTicket', '{ not: { ticketTypeIs: [ SUGGESTION ] } }'],
    });
  });

  test('the owner sees what a yes would change, before it says so', async () => {
    const change = await changeOf(application.applicationNo);
    expect(change).toMatchObject({
      file: 'connectors/housing/sharing.yaml',
      above: 'to-handling-departments',
      problems: [],
      warnings: [],
    });
    expect(change.changes).toEqual([
      {
        kind: 'law',
        subject: 'House.ownerName',
        before: '政务数据共享条例 art. 10',
        after:
          '消费者权益保护法 if inForce({"until":"2027-12-31"}) & handlesTicket & not(ticketTypeIs(["SUGGESTION"])); else 政务数据共享条例 art. 10 if any(handlesTicket | hotlineInOwnArea); else deny',
        callers: ['market HANDLER HANDLING'],
      },
      // The same records, and on some of them more of it.
      {
        kind: 'mask',
        subject: 'House.ownerName',
        before: 'mask name if any(handlesTicket | hotlineInOwnArea)',
        after:
          'plain if inForce({"until":"2027-12-31"}) & handlesTicket & not(ticketTypeIs(["SUGGESTION"])); else mask name if any(handlesTicket | hotlineInOwnArea)',
        callers: ['market HANDLER HANDLING'],
      },
    ]);
    expect(change.markdown).toContain('| mask | `House.ownerName` |');
  });

  test('the yes changes nothing yet', async () => {
    const before = await ownerName();
    application = await decide(application, { law: '消费者权益保护法 art. 32' });
    expect(application).toMatchObject({
      state: 'ACCEPTED',
      version: 4,
      dueOn: null,
      decision: {
        at: '2026-11-20T10:00:00+08:00',
        reason: '履职所需',
        fields: [{ coordinate: 'House.ownerName', mask: null }],
        until: '2027-12-31',
        law: '消费者权益保护法 art. 32',
      },
    });
    expect(await ownerName()).toEqual(before);
    expect(JSON.stringify(before)).toContain('"field":"ownerName","status":"MASKED"');
  });

  test('the change keeps every other line of the file and says what the diff says', async () => {
    const change = await changeOf(application.applicationNo);
    const file = readFileSync(join(own.root, change.file), 'utf8');
    const indented = change.grant.trimEnd().replaceAll(/^/gm, '  ');
    expect(change.changedFile.split(`\n${indented}\n`)).toHaveLength(2);
    expect(change.changedFile.replace(`\n${indented}\n`, '')).toBe(file);
    const old = await loadHouse(own.root, agencies);
    own.edit(change.file, file, change.changedFile);
    const next = await loadHouse(own.root, agencies);
    expect({ before: change.before, after: change.after }).toEqual({
      before: old.policy.version,
      after: next.policy.version,
    });
    const changes = diffPolicies(old, next, accessClasses(agencies)).map(({ classes, ...c }) => ({
      ...c,
      callers: classGroups(classes),
    }));
    expect(change.changes).toEqual(changes);
  });

  test('merged and read, it is in force, and the field is given', async () => {
    expect(await read(application.applicationNo)).toMatchObject({ state: 'ACCEPTED' });
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    expect(await read(application.applicationNo)).toMatchObject({ state: 'IN_FORCE', version: 4 });
    expect(JSON.stringify(await ownerName())).toContain(
      `"field":"ownerName","status":"ALLOWED","rule":"housing/${application.applicationNo.toLowerCase()}"`,
    );
    const inForce = await changeOf(application.applicationNo);
    expect(inForce).toMatchObject({ above: null, changes: [], problems: [] });
    expect(inForce.changedFile).toBe(readFileSync(join(own.root, inForce.file), 'utf8'));
  });

  test('what is given already is not asked for again', async () => {
    expect(
      refusals(
        await mutate(hub, market, 'applyForAccess', {
          ...asking,
          scope: ['leadsTicket', 'handlesTicket', '{ not: { ticketTypeIs: [SUGGESTION] } }'],
        }),
      ),
    ).toEqual(['DUPLICATE the policy in force gives you these fields of housing already; ask explainAccess']);
  });

  test('taken out of the policy again, it is a yes that waits', async () => {
    const { file } = await changeOf(application.applicationNo);
    own.edit(file, '    plain: [House.ownerName]\n', '    mask: { name: [House.ownerName] }\n');
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    expect(await read(application.applicationNo)).toMatchObject({ state: 'ACCEPTED' });
  });

  test('the history tells it all, in order', async () => {
    const { history } = await read(application.applicationNo);
    expect(history.map(({ action, note }) => [action, note])).toEqual([
      ['SUBMIT', null],
      ['RETURN', '请说明适用的工单范围'],
      ['RESUBMIT', '限于本部门主办的工单'],
      ['ACCEPT', '履职所需'],
    ]);
  });
});

describe('a yes to a part', () => {
  test.each([
    ['fewer fields', { fields: [{ coordinate: 'LeaseRegistration.lesseeName' }] }],
    [
      'a mask',
      {
        fields: [
          { coordinate: 'LeaseRegistration.lesseeName', mask: 'name' },
          { coordinate: 'House.ownerIdNumber', mask: 'idNumber' },
        ],
      },
    ],
    ['a further condition', { addedScope: ['exactMatch'] }],
    ['a shorter term', { until: '2027-06-30' }],
  ])('%s', async (_name, over) => {
    const application = await apply(hub, {
      fields: [{ coordinate: 'LeaseRegistration.lesseeName' }, { coordinate: 'House.ownerIdNumber', mask: 'idNumber' }],
    });
    const decided = await decide(application, over);
    expect(decided.state).toBe('PARTLY_ACCEPTED');
    const granted = decided['decision'] as {
      fields: { coordinate: string; mask: string | null }[];
      scope: string[];
      until: string;
    };
    expect(granted).toMatchObject({
      fields: ('fields' in over ? over.fields : (application['fields'] as object[])).map((f): unknown =>
        expect.objectContaining(f),
      ),
      scope: 'addedScope' in over ? ['handlesTicket', 'exactMatch'] : ['handlesTicket'],
      until: 'until' in over ? over.until : '2027-12-31',
    });
    const change = await changeOf(application.applicationNo);
    for (const { coordinate } of granted.fields) expect(change.grant).toContain(coordinate);
    expect([...new Set(change.changes.map((c) => c['subject']))].toSorted()).toEqual(
      granted.fields.map((f) => f.coordinate).toSorted(),
    );
  });

  test.each([
    [{ fields: [{ coordinate: 'House.ownerName' }] }, 'input.fields: names a field that was not asked for'],
    [
      { fields: [{ coordinate: 'House.ownerIdNumber' }] },
      'input.fields: House.ownerIdNumber was asked for under the mask idNumber; give it so, or leave it out',
    ],
    [{ fields: [] }, 'input.fields: must name a field'],
    [{ until: '2028-01-01' }, 'input.until: lies after the term that was asked for'],
    [{ until: '2026-01-01' }, 'input.until: the term is over; refuse the application, or return it'],
    [{ addedScope: ['handlesTickets'] }, 'input.scope: there is no condition called handlesTickets.'],
    [{ reason: '  ' }, 'input.reason: must not be empty'],
    [
      { decision: 'REFUSE', until: '2027-01-01' },
      'a refusal grants nothing; leave out fields, addedScope, until and law',
    ],
  ])('%j is refused, and nothing is changed', async (over, message) => {
    const application = await openIdNumber();
    const answer = await mutate(hub, housing, 'decideAccessApplication', {
      applicationNo: application.applicationNo,
      version: application.version,
      decision: 'ACCEPT',
      reason: '履职所需',
      ...over,
    });
    expect(refusals(answer)).toEqual([`BAD_USER_INPUT ${message}`]);
    expect(await read(application.applicationNo)).toEqual(application);
  });

  let idNumber: Promise<Application> | undefined;
  function openIdNumber(): Promise<Application> {
    idNumber ??= apply(hub, { fields: [{ coordinate: 'House.ownerIdNumber', mask: 'idNumber' }] });
    return idNumber;
  }
});

test('a no has its reason, and no change', async () => {
  const application = await apply(hub, { fields: [{ coordinate: 'MaintenanceFund.balance' }] });
  const refused = await decide(application, { decision: 'REFUSE', reason: '与职责无关' });
  expect(refused).toMatchObject({ state: 'REFUSED', decision: { reason: '与职责无关', fields: null, law: null } });
  expect(
    codesOf(await hub.ask(housing, `{ accessPolicyChange(applicationNo: "${application.applicationNo}") { grant } }`)),
  ).toEqual(['NOT_FOUND']);
});

test('a grant that gives nothing by itself says why', async () => {
  const police = await apply(
    hub,
    { fields: [{ coordinate: 'MaintenanceFund.balance' }], roles: ['GRID_WORKER'] },
    of('grid'),
  );
  const { warnings } = await changeOf(police.applicationNo);
  expect(warnings).toContain(
    'no row rule shows a record of MaintenanceFund to grid GRID_WORKER HANDLING: add one under rows',
  );
});

test('an application that nobody answers is overdue on the day after its last', async () => {
  at('2026-11-20T10:00:00');
  const { applicationNo, dueOn } = await apply(hub, { fields: [{ coordinate: 'MaintenanceFund.account' }] });
  expect(dueOn).toBe('2026-12-04');
  const overdue = async (): Promise<string[]> =>
    (
      value(
        await hub.ask(
          market,
          '{ accessApplications(filter: { overdue: true, owner: "housing" }) { nodes { applicationNo } } }',
        ),
      ) as { nodes: Application[] }
    ).nodes.map((n) => n.applicationNo);
  at('2026-12-04T23:59:59');
  expect([(await read(applicationNo)).overdue, (await overdue()).includes(applicationNo)]).toEqual([false, false]);
  at('2026-12-05T00:00:00');
  expect([(await read(applicationNo)).overdue, (await overdue()).includes(applicationNo)]).toEqual([true, true]);
});

test('beyond the holiday calendar a due day is provisional', async () => {
  at('2026-12-28T09:00:00');
  expect(await apply(hub, { fields: [{ coordinate: 'House.floorArea' }], roles: ['OPERATOR'] })).toMatchObject({
    dueOn: '2027-01-11',
    provisional: true,
  });
});

test('nobody can change what has happened', () => {
  const db = openSource(hub, 'requests');
  try {
    expect(() => db.exec("UPDATE request_event SET note = 'x'")).toThrow('history is never changed');
    expect(() => db.exec('DELETE FROM request_event')).toThrow('history is never taken out');
  } finally {
    db.close();
  }
});

test('the log holds no text of an application', () => {
  for (const text of [asking.scenario, '履职所需', '与职责无关']) expect(hub.logged()).not.toContain(text);
});
