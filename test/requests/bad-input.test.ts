import { otherList } from '../../src/gate/cursor-list.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHub, type Answer, type RunningHub } from '../kit/running-hub.ts';
import { apply, asking, codesOf, mutate, of, refusals, value, type Application } from './request-kit.ts';

/* Every bad input has its answer: the place, what is wrong, the way out; and nothing is written. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, () => Date.parse('2026-11-16T09:00:00+08:00'));
});
afterAll(() => hub.close());

const market = of('market');

describe('an application', () => {
  test.each<[name: string, over: object, refusal: string]>([
    ['no field', { fields: [] }, 'BAD_USER_INPUT input.fields: must name a field'],
    [
      'a field twice',
      { fields: [{ coordinate: 'House.room' }, { coordinate: 'House.room', mask: 'redacted' }] },
      'BAD_USER_INPUT input.fields: names a field twice; keep one',
    ],
    [
      'an unknown field',
      { fields: [{ coordinate: 'House.rom' }] },
      'BAD_USER_INPUT input.fields: there is no such field; the query catalogue lists them',
    ],
    [
      'a type',
      { fields: [{ coordinate: 'House' }] },
      'BAD_USER_INPUT input.fields: there is no such field; the query catalogue lists them',
    ],
    [
      'a field of the gate',
      { fields: [{ coordinate: 'PoliceIncident.callerDigest' }] },
      'BAD_USER_INPUT input.fields: there is no such field; the query catalogue lists them',
    ],
    [
      'a field of the hub',
      { fields: [{ coordinate: 'CatalogueItem.law' }] },
      'BAD_USER_INPUT input.fields: there is no such field; the query catalogue lists them',
    ],
    [
      'one’s own field',
      { fields: [{ coordinate: 'MarketEntity.contactPhone' }] },
      'BAD_USER_INPUT input.fields: MarketEntity.contactPhone belongs to your own agency',
    ],
    [
      'what is not shared',
      { fields: [{ coordinate: 'PoliceIncident.involvedParties' }] },
      'FIELD_DENIED PoliceIncident.involvedParties is not shared (人民警察法; PIPL art. 28); no policy can grant it',
    ],
    [
      'a mask on records',
      { fields: [{ coordinate: 'House.leases', mask: 'name' }] },
      'BAD_USER_INPUT House.leases holds records, which have no mask; grant it plainly and mask its fields',
    ],
    ['no role', { roles: [] }, 'BAD_USER_INPUT input.roles: must name a role'],
    [
      'a role of nobody',
      { roles: ['BOSS'] },
      'BAD_USER_INPUT input.roles.0: Invalid option: expected one of "SYSTEM"|"OPERATOR"|"HANDLER"|"GRID_WORKER"|"SUPERVISOR"|"AUDITOR"|"STEWARD"',
    ],
    [
      'stewards, who see no records',
      { roles: ['STEWARD'] },
      'BAD_USER_INPUT input.roles: a STEWARD sees no records; name those who need them',
    ],
    ['no purpose', { purposes: [] }, 'BAD_USER_INPUT input.purposes: must name a purpose'],
    ['an empty basis', { basis: ' ' }, 'BAD_USER_INPUT input.basis: must not be empty; input.basis: must name the law'],
    [
      'a long scenario',
      { scenario: '长'.repeat(2_001) },
      'BAD_USER_INPUT input.scenario: may have 2000 characters at most',
    ],
    ['half a character', { scenario: '\uD800' }, 'BAD_USER_INPUT input.scenario: must be well-formed Unicode'],
    ['a term that is over', { until: '2026-11-15' }, 'BAD_USER_INPUT input.until: lies before today'],
    [
      'a term that ends before it begins',
      { from: '2027-02-01', until: '2027-01-01' },
      'BAD_USER_INPUT grants.0.until: lies before from, so that the grant would never hold; see docs/policy.md for the form',
    ],
    [
      'an unknown condition',
      { scope: ['handlesTickets'] },
      'BAD_USER_INPUT input.scope: there is no condition called handlesTickets.',
    ],
    [
      'a condition on a field of the gate',
      {
        fields: [{ coordinate: 'PoliceIncident.callerName' }],
        scope: ['{ recordIs: { field: callerDigest, is: [x] } }'],
      },
      'BAD_USER_INPUT input.scope: the condition reads PoliceIncident.callerDigest, which does not exist',
    ],
    [
      'a condition on a field that is not there',
      { scope: ['{ withinDays: { field: readOn, days: 30 } }'] },
      'BAD_USER_INPUT input.scope: the condition reads House.readOn, which does not exist',
    ],
    [
      'a condition without its arguments',
      { scope: ['withinDays'] },
      'BAD_USER_INPUT input.scope: withinDays: Invalid input: expected object, received undefined',
    ],
    [
      'two conditions in one',
      { scope: ['{ handlesTicket: null, leadsTicket: null }'] },
      'BAD_USER_INPUT input.scope: a condition is a name, or a map with one name; write several as several list items',
    ],
    [
      'no YAML',
      { scope: ['{ not: '] },
      'BAD_USER_INPUT input.scope.0: must be one condition as in sharing.yaml, like handlesTicket or { withinDays: { field: …, days: 30 } }',
    ],
    [
      'YAML that grows',
      { scope: ['[&a [1,1], *a]'] },
      'BAD_USER_INPUT input.scope.0: must be one condition as in sharing.yaml, like handlesTicket or { withinDays: { field: …, days: 30 } }',
    ],
    [
      'too many conditions',
      { scope: Array.from({ length: 11 }, () => 'handlesTicket') },
      'BAD_USER_INPUT input.scope: may hold 10 conditions at most',
    ],
    [
      'a name for the change with spaces',
      { clientRequestId: 'a b' },
      'BAD_USER_INPUT input.clientRequestId: must have 1 to 100 visible ASCII characters, without spaces',
    ],
    [
      'an empty name for the change',
      { clientRequestId: '' },
      'BAD_USER_INPUT input.clientRequestId: must have 1 to 100 visible ASCII characters, without spaces',
    ],
  ])('%s', async (_name, over, refusal) => {
    const before = await list();
    expect(refusals(await mutate(hub, market, 'applyForAccess', { ...asking, ...over }))).toEqual([refusal]);
    expect((await list()).text).toBe(before.text);
  });

  test.each([
    ['a mask that there is not', { fields: [{ coordinate: 'House.room', mask: 'stars' }] }],
    ['a day that there is not', { until: '2027-02-30' }],
    ['no scope at all', { scope: null }],
  ])('%s does not pass the schema', async (_name, over) => {
    expect(codesOf(await mutate(hub, market, 'applyForAccess', { ...asking, ...over }))).toEqual(['BAD_USER_INPUT']);
  });

  test('resubmitted for another owner', async () => {
    const application = await apply(hub, { fields: [{ coordinate: 'House.room' }] });
    const { applicationNo } = application;
    await mutate(hub, of('housing'), 'returnAccessApplication', { applicationNo, version: 1, reason: '请补充' });
    for (const fields of [
      [{ coordinate: 'GridWorker.phone' }],
      [{ coordinate: 'House.room' }, { coordinate: 'GridWorker.phone' }],
    ]) {
      const answer = await mutate(hub, market, 'resubmitAccessApplication', {
        ...asking,
        applicationNo,
        version: 2,
        fields,
      });
      expect(refusals(answer)).toEqual([
        'BAD_USER_INPUT input.fields: this application is for fields of housing alone',
      ]);
    }
    expect(
      value(
        await hub.ask(market, `{ accessApplication(applicationNo: "${applicationNo}") { state version } }`),
      ) as Application,
    ).toEqual({ state: 'RETURNED', version: 2 });
  });

  test('of a version that never was', async () => {
    const { applicationNo } = await apply(hub, { fields: [{ coordinate: 'House.unit' }] });
    expect(refusals(await mutate(hub, market, 'withdrawAccessApplication', { applicationNo, version: 0 }))).toEqual([
      'BAD_USER_INPUT input.version: must be 1 or more',
    ]);
    expect(refusals(await mutate(hub, market, 'withdrawAccessApplication', { applicationNo, version: 9 }))).toEqual([
      `STALE_VERSION ${applicationNo} has changed since; read it again and decide anew`,
    ]);
  });

  test('by GET is no change', async () => {
    const query = `mutation { applyForAccess(input: { clientRequestId: "g", fields: [{ coordinate: "House.room" }], roles: ["HANDLER"], purposes: ["HANDLING"], basis: "法", scenario: "x", scope: [], until: "2027-01-01" }) { applicationNo } }`;
    const response = await fetch(`${hub.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { authorization: `Bearer ${await hub.token(market.claims)}` },
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_NOT_SUPPORTED' } }] });
    expect((await list()).text).not.toContain('"basis":"法"');
  });
});

test.each([
  ['an empty problem', { problem: '' }, 'input.problem: must not be empty'],
  ['a long value', { proposedValue: '长'.repeat(2_001) }, 'input.proposedValue: may have 2000 characters at most'],
  ['an empty evidence', { evidence: ' ' }, 'input.evidence: must not be empty'],
])('a correction with %s', async (_name, over, message) => {
  const input = { recordType: 'Ticket', recordId: '12345:1', field: 'title', problem: '与实际不符', ...over };
  expect(refusals(await mutate(hub, market, 'reportDataError', input))).toEqual([`BAD_USER_INPUT ${message}`]);
});

describe('a list', () => {
  beforeAll(async () => {
    for (const coordinate of ['House.address', 'House.ownerIdNumber', 'House.maintenanceFund', 'House.ownerName'])
      await apply(hub, { fields: [{ coordinate }] });
  });

  test('comes in pages, the newest first, each request once', async () => {
    const numbers: string[] = [];
    let after: string | null = null;
    do {
      const page: Page = value(
        await hub.ask(
          market,
          `query Q($after: String) { accessApplications(first: 2, after: $after) { nodes { applicationNo } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
          { after },
        ),
      ) as Page;
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      numbers.push(...page.nodes.map((n) => n.applicationNo));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    const all = (value(await list()) as Page).nodes.map((n) => n.applicationNo);
    expect(numbers).toEqual(all);
    expect(all).toEqual(all.toSorted().toReversed());
    expect(all.length).toBeGreaterThan(4);
  });

  test('by state, owner and applicant', async () => {
    const filtered = async (filter: string): Promise<number> =>
      (
        value(
          await hub.ask(market, `{ accessApplications(first: 100, filter: ${filter}) { nodes { applicationNo } } }`),
        ) as Page
      ).nodes.length;
    const all = (value(await list()) as Page).nodes.length;
    expect([
      await filtered('{ owner: "housing" }'),
      await filtered('{ owner: "police" }'),
      await filtered('{ applicant: "market" }'),
      await filtered('{ applicant: "housing" }'),
      await filtered('{ state: [IN_FORCE, ACCEPTED, REFUSED] }'),
      await filtered('{ state: [RETURNED] }'),
      await filtered('{ state: [] }'),
      await filtered('{ overdue: false }'),
    ]).toEqual([all, 0, all, 0, 0, 1, 0, all]);
  });

  test.each([
    ['first: -1', 'BAD_USER_INPUT first must be 0 or more'],
    ['first: 101', 'LIMIT_EXCEEDED first may be 100 at most here; page with after'],
    ['after: "x"', `BAD_USER_INPUT ${otherList}`],
  ])('refuses %s', async (args, refusal) => {
    for (const field of ['accessApplications', 'correctionRequests'])
      expect(refusals(await hub.ask(market, `{ ${field}(${args}) { nodes { version } } }`))).toEqual([refusal]);
  });

  test('refuses the cursor of another list', async () => {
    const { pageInfo } = value(await list(1)) as Page;
    const answer = await hub.ask(
      market,
      `{ correctionRequests(after: "${pageInfo.endCursor ?? ''}") { nodes { version } } }`,
    );
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });

  test('of none is empty', async () => {
    expect(
      value(
        await hub.ask(
          market,
          '{ accessApplications(first: 0) { nodes { version } pageInfo { hasNextPage startCursor endCursor } } }',
        ),
      ),
    ).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: true, startCursor: null, endCursor: null },
    });
  });
});

interface Page {
  readonly nodes: readonly Application[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
  };
}

function list(first = 100): Promise<Answer> {
  return hub.ask(
    market,
    `{ accessApplications(first: ${first}) { nodes { applicationNo version basis } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
  );
}
