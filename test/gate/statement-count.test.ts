import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, storedRows } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

/*
 * One batch a relation, match kind and level: a page of tickets with k relations of one source and match kind each costs
 * k + 1 statements, whatever the page's size.
 */

let hub: RunningHub;
let chunked: RunningHub;
beforeAll(async () => {
  hub = await startHub();
  chunked = await startHub({ LIANQIAO_KEY_CHUNK: '7' });
});
afterAll(async () => {
  await hub.close();
  await chunked.close();
});

/** The sources that were asked, one name a statement, and the statements. A page holds reports, so some fields are denied. */
async function costOf(
  asker: Asker,
  query: string,
  variables = {},
  of = hub,
): Promise<{ agencies: string[]; sql: string[]; data: unknown }> {
  of.takeStatements();
  const answer = await of.ask(asker, query, variables);
  expect(answer.errors.filter((e) => e.extensions['code'] !== 'FIELD_DENIED')).toEqual([]);
  const statements = of.takeStatements();
  return { agencies: statements.map((s) => s.agency).toSorted(), sql: statements.map((s) => s.sql), data: answer.data };
}

/** All of the operator's tickets in the showcase's grid are complete enough to have every key. */
const operator = askers.hotlineOperator;
const pages = [1, 20, 100];

describe('a page of tickets', () => {
  test.each(pages)('of %i without relations costs one statement', async (first) => {
    expect(
      (await costOf(operator, `{ tickets(first: ${first}) { nodes { ticketNo title status } } }`)).agencies,
    ).toEqual(['hotline']);
  });

  test.each(pages)('of %i with three relations of one match kind costs four', async (first) => {
    const query = `{ tickets(first: ${first}) { nodes { ticketNo handoffs { runId } trace { heldBy } grid { grid { gridCode } } } } }`;
    const { agencies, data } = await costOf(operator, query);
    expect(agencies).toEqual(['grid', 'hotline', 'hotline', 'hotline']);
    expect((data as { tickets: { nodes: unknown[] } }).tickets.nodes).toHaveLength(first);
  });

  test.each([20, 100])('of %i with relations of several match kinds costs the sum of the kinds', async (first) => {
    const query = `{ tickets(first: ${first}) { nodes { policeIncidents { incident { incidentNo } } marketEntities { entity { uscc } } houses { house { houseCode } } } } }`;
    expect((await costOf(operator, query)).agencies).toEqual([
      'hotline',
      ...['housing', 'housing'],
      ...['market', 'market'],
      ...['police', 'police', 'police'],
    ]);
  });

  test.each([20, 100])('of %i costs one more statement for each relation on the next levels', async (first) => {
    const query = `{ tickets(first: ${first}) { nodes {
      grid { grid { workers { workerNo } cells { cellCode components { componentCode } } } }
      marketEntities { entity { licenses { licenseNo } penalties { decisionNo } } }
    } } }`;
    expect((await costOf(operator, query)).agencies).toEqual([
      ...['grid', 'grid', 'grid', 'grid'],
      'hotline',
      ...['market', 'market', 'market', 'market'],
    ]);
  });

  test.each(pages)('of %i with totalCount costs one more', async (first) => {
    expect((await costOf(operator, `{ tickets(first: ${first}) { totalCount nodes { ticketNo } } }`)).agencies).toEqual(
      ['hotline', 'hotline'],
    );
  });

  test('asked for nothing below a relation without keys costs no statement for it', async () => {
    // Nobody's tickets of these types carry a company or a house.
    const without = storedRows<{ no: string }>(
      hub,
      'hotline',
      `SELECT ticket_no AS no FROM ticket WHERE uscc IS NULL AND standard_address IS NULL AND division_code LIKE '350102%' LIMIT 3`,
    ).map((r) => r.no);
    expect(without.length).toBeGreaterThan(0);
    const query =
      'query($nos: [ID!]!) { ticketsByNo(ticketNos: $nos) { ticketNo marketEntities { entity { uscc } } } }';
    expect((await costOf(operator, query, { nos: without })).agencies).toEqual(['hotline']);
  });
});

test('one relation under two aliases is two relations', async () => {
  const query = '{ tickets(first: 20) { nodes { a: handoffs { runId } b: handoffs { runId kind } } } }';
  expect((await costOf(operator, query)).agencies).toEqual(['hotline', 'hotline', 'hotline']);
});

test('a connection below a page is one statement for all its parents, and one for all counts', async () => {
  const query = (count: string) =>
    `{ tickets(first: 50) { nodes { grid { grid { tickets(first: 3) { ${count} nodes { ticketNo handoffs { runId } } } } } } } }`;
  expect((await costOf(operator, query(''))).agencies).toEqual(['grid', 'hotline', 'hotline', 'hotline']);
  expect((await costOf(operator, query('totalCount'))).agencies).toEqual([
    'grid',
    'hotline',
    'hotline',
    'hotline',
    'hotline',
  ]);
});

test('ticket and ticketsByNo cost k + 1 as well', async () => {
  const nos = storedRows<{ no: string }>(
    hub,
    'hotline',
    `SELECT ticket_no AS no FROM ticket WHERE division_code LIKE '350102%' ORDER BY ticket_no LIMIT 100`,
  ).map((r) => r.no);
  const below = '{ ticketNo handoffs { runId } trace { heldBy } grid { grid { gridCode } } }';
  const expected = ['grid', 'hotline', 'hotline', 'hotline'];
  const one = await costOf(operator, `query($no: ID!) { ticket(ticketNo: $no) ${below} }`, { no: showcase.ticketNo });
  expect(one.agencies).toEqual(expected);
  const many = `query($nos: [ID!]!) { ticketsByNo(ticketNos: $nos) ${below} }`;
  expect((await costOf(operator, many, { nos })).agencies).toEqual(expected);
  expect((await costOf(operator, many, { nos: [...nos.slice(0, 50), ...nos.slice(0, 50)] })).agencies).toEqual(
    expected,
  );
});

test('keys beyond one chunk cost one statement a chunk, and the answer is the same', async () => {
  const query = `{ tickets(first: 40) { nodes { ticketNo handoffs { runId kind at } policeIncidents { matchedBy incident { incidentNo } } marketEntities { matchedBy entity { uscc } } } } }`;
  const [whole, cut] = await Promise.all([hub.ask(operator, query), chunked.ask(operator, query)]);
  expect(cut.text).toBe(whole.text);
  const handoffs = '{ tickets(first: 40) { nodes { handoffs { runId } } } }';
  expect((await costOf(operator, handoffs)).agencies).toHaveLength(2);
  expect((await costOf(operator, handoffs, {}, chunked)).agencies).toHaveLength(1 + Math.ceil(40 / 7));
});

test('statements carry placeholders only, never a value', async () => {
  const query = `query($no: ID!, $since: DateTime!) {
    ticket(ticketNo: $no) {
      title reporterName reporterPhone
      policeIncidents { incident { incidentNo dispatches { dispatchNo } } }
      houses { house { houseCode leases { leaseNo } } } marketEntities { entity { uscc } } grid { grid { gridCode tickets { totalCount } } }
    }
    tickets(filter: { gridCode: ["${showcase.gridCode}"], divisionCode: "350102", changedSince: $since, status: [CLOSED] }) { totalCount nodes { ticketNo } }
    myCases(status: OPEN, changedSince: $since) { nodes { ... on Ticket { ticketNo } } }
  }`;
  const { sql } = await costOf(operator, query, { no: showcase.ticketNo, since: '2026-01-01T00:00:00+08:00' });
  expect(sql.length).toBeGreaterThan(15);
  for (const one of sql) {
    const withoutNames = one.replaceAll(/`[^`]*`/g, '');
    expect(withoutNames).not.toMatch(/['"]/);
    expect(withoutNames.replaceAll(/\bselect 1\b|\b1 = 0\b/g, '')).not.toMatch(/\d/);
  }
  const values = [
    showcase.ticketNo,
    showcase.reporterName,
    showcase.reporterPhone,
    showcase.gridCode,
    showcase.houseCode,
    showcase.uscc,
  ];
  for (const value of values) expect(sql.join('\n')).not.toContain(value);
});
