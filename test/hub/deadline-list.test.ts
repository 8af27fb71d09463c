import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines, storedRows } from './askers.ts';

/* What must be done next, by when: lists of tickets by the state of their deadline, under the rules for filters. */

const clock = Date.parse('2026-11-16T09:00:00+08:00');
const now = '2026-11-16T09:00:00+08:00';
const warned = '2026-11-17T09:00:00+08:00';
const open = `handled_at IS NULL AND status NOT IN ('CLOSED', 'ARCHIVED')`;

let own: OwnRoot;
let hub: RunningHub;
beforeAll(async () => {
  own = ownRoot();
  own.grantFirst(
    'hotline',
    `  - id: no-answer-times
    to: [{ agency: market, roles: [SYSTEM] }]
    purposes: [HANDLING]
    law: 政务数据共享条例
    deny: [Ticket.handledAt]
`,
  );
  hub = await startHub({}, () => clock, own.root);
});
afterAll(async () => {
  await hub.close();
  own.remove();
});

const list = (asker: Asker, states: string, order = 'DUE_AT', more = ''): Promise<Answer> =>
  hub.ask(
    asker,
    `{ tickets(filter: { deadline: ${states} }, orderBy: { field: ${order}, direction: ASC }, first: 100${more}) {
         totalCount nodes { ticketNo dueAt } pageInfo { hasNextPage endCursor } } }`,
  );

interface Page {
  readonly totalCount: number | null;
  readonly nodes: readonly { readonly ticketNo: string; readonly dueAt: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}
const page = ({ data }: Answer): Page => (data as { tickets: Page }).tickets;

async function all(asker: Asker, states: string): Promise<string[]> {
  const found: string[] = [];
  let more = '';
  for (;;) {
    const answer = await list(asker, states, 'DUE_AT', more);
    expect(errorLines(answer)).toEqual([]);
    const { nodes, pageInfo } = page(answer);
    found.push(...nodes.map((n) => n.ticketNo));
    if (!pageInfo.hasNextPage) return found;
    more = `, after: "${pageInfo.endCursor}"`;
  }
}

const stored = (where: string): string[] =>
  storedRows<{ no: string }>(
    hub,
    'hotline',
    `SELECT ticket_no AS no FROM ticket WHERE ${where} AND ${open} ORDER BY due_at, ticket_no`,
  ).map((row) => row.no);

const spans = {
  OVERDUE: `due_at < '${now}'`,
  ABOUT_TO_OVERDUE: `due_at >= '${now}' AND due_at <= '${warned}'`,
  RUNNING: `due_at > '${warned}'`,
};
const handled = `(lead_agency = 'housing' OR ticket_no IN (SELECT ticket_no FROM ticket_party WHERE agency = 'housing' AND role = 'CO_CONFIRMED'))`;

test.each(Object.entries(spans))(
  '%s: a department lists what it has to do, the most urgent first',
  async (state, span) => {
    const expected = stored(`${span} AND ${handled}`);
    expect(expected.length).toBeGreaterThan(0);
    expect(await all(askers.housing, `[${state}]`)).toEqual(expected);
  },
);

test('states add up, and an auditor lists its area', async () => {
  const expected = stored(`due_at <= '${warned}' AND division_code LIKE '350102%'`);
  expect(await all(askers.audit, '[OVERDUE, ABOUT_TO_OVERDUE]')).toEqual(expected);
  expect(page(await list(askers.audit, '[OVERDUE, ABOUT_TO_OVERDUE]')).totalCount).toBe(expected.length);
  expect(await all(askers.audit, '[]')).toEqual([]);
});

test('the source itself chooses and sorts', async () => {
  hub.takeStatements();
  await list(askers.housing, '[OVERDUE]');
  const sql = hub.takeStatements().flatMap((s) => (s.agency === 'hotline' ? [s.sql] : []));
  expect(sql.filter((s) => /due_at.*<.*order by.*due_at.* limit/is.test(s)).length).toBe(1);
});

test('sorted by due time, tickets of which the caller is given none are left out', async () => {
  const answer = await hub.ask(
    askers.formerHolder,
    '{ tickets(orderBy: { field: DUE_AT, direction: ASC }, first: 100) { nodes { ticketNo dueAt } } }',
  );
  expect(errorLines(answer)).toEqual([]);
  const { nodes } = page(answer);
  const led = `(lead_agency = 'grid' OR ticket_no IN (SELECT ticket_no FROM ticket_party WHERE agency = 'grid' AND role = 'CO_CONFIRMED'))`;
  const due = storedRows<{ no: string }>(
    hub,
    'hotline',
    `SELECT ticket_no AS no FROM ticket WHERE ${led} AND due_at IS NOT NULL ORDER BY due_at, ticket_no LIMIT 100`,
  );
  expect(nodes.map((n) => n.ticketNo)).toEqual(due.map((row) => row.no));
});

test('no oracle: whoever is not given what a state is told by cannot ask for it', async () => {
  const answer = await list(askers.marketSystem, '[OVERDUE]', 'RECEIVED_AT');
  expect(errorLines(answer)).toEqual(['FIELD_DENIED Ticket.handledAt tickets']);
  expect(answer.errors[0]?.extensions).toMatchObject({ argument: 'filter.deadline' });
  expect(answer.data).toEqual({ tickets: null });
});

test('a state that there is none of is told before anything is read', async () => {
  const answer = await list(askers.audit, '[LATE]');
  expect(answer.errors.map((e) => e.extensions['code'])).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});
