import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines, storedRows } from './askers.ts';

/* What is refused, with its code, before a source is asked and before anything is written down. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

/** Asks, and expects that no source was asked and no disclosure written. */
async function refused(
  asker: Asker,
  query: string,
  variables: Record<string, unknown> = {},
  of = hub,
): Promise<Answer> {
  const entries = () => storedRows(of, 'ledger', 'SELECT disclosure_no FROM disclosure').length;
  const before = entries();
  of.takeStatements();
  const answer = await of.ask(asker, query, variables);
  expect(answer.data).toBeUndefined();
  expect(of.takeStatements()).toEqual([]);
  expect(entries()).toBe(before);
  return answer;
}

const codes = (answer: Answer): unknown[] => answer.errors.map((e) => e.extensions['code']);
const ticketQuery = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo title } }`;
const { claims } = askers.police;

describe('the purpose', () => {
  test('is needed for data', async () => {
    const answer = await refused({ claims }, ticketQuery);
    expect(codes(answer)).toEqual(['PURPOSE_REQUIRED']);
    expect(answer.errors[0]?.message).toContain('Lianqiao-Purpose');
  });

  test('is not needed for the open catalogue and explanations', async () => {
    const answer = await hub.ask(
      { claims },
      '{ catalogue(agency: "police", type: "PoliceIncident") { field category } explainAccess(query: "{ myCases { nodes { __typename } } }") { purpose } }',
    );
    expect(answer.errors).toEqual([]);
    const { catalogue, explainAccess } = answer.data as { catalogue: { field: string }[]; explainAccess: unknown };
    expect(catalogue.map((c) => c.field)).toContain('incidentNo');
    expect(catalogue.map((c) => c.field)).not.toContain('callerDigest');
    expect(explainAccess).toEqual({ purpose: null });
  });

  test('is needed as soon as one root is data', async () => {
    expect(codes(await refused({ claims }, '{ catalogue { field } myCases { nodes { __typename } } }'))).toEqual([
      'PURPOSE_REQUIRED',
    ]);
  });

  test('must be one that the token carries', async () => {
    expect(codes(await refused({ claims, purpose: 'AUDIT' }, ticketQuery))).toEqual(['PURPOSE_NOT_ALLOWED']);
    expect(codes(await refused({ claims, purpose: 'EMERGENCY', reason: '火灾' }, ticketQuery))).toEqual([
      'PURPOSE_NOT_ALLOWED',
    ]);
  });

  test('must be one that exists', async () => {
    expect(codes(await refused({ claims, purpose: 'CURIOSITY' as 'AUDIT' }, ticketQuery))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await refused({ claims, purpose: 'handling' as 'AUDIT' }, ticketQuery))).toEqual(['BAD_USER_INPUT']);
  });

  test('of an emergency needs a reason', async () => {
    const inEmergency: Asker = { claims: { ...claims, purposes: ['EMERGENCY'] }, purpose: 'EMERGENCY' };
    expect(codes(await refused(inEmergency, ticketQuery))).toEqual(['REASON_REQUIRED']);
    expect(codes(await refused({ ...inEmergency, reason: '  ' }, ticketQuery))).toEqual(['REASON_REQUIRED']);
    const answer = await hub.ask(
      { ...inEmergency, reason: '人员被困，需立即联系' },
      `{ ticket(ticketNo: "${showcase.ticketNo}") { reporterPhone address } }`,
    );
    expect(answer.data).toEqual({
      ticket: { reporterPhone: showcase.reporterPhone, address: '鼓楼区榕荫路12号榕荫花园3幢2单元501室' },
    });
  });
});

describe('variables', () => {
  const secret = 'SECRET-13800590517';
  const bad: readonly (readonly [query: string, variables: Record<string, unknown>, message: string])[] = [
    [
      'query($x: USCC!) { marketEntity(uscc: $x) { uscc } }',
      { x: secret },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: Int) { tickets(first: $x) { nodes { ticketNo } } }',
      { x: secret },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: TicketFilter) { tickets(filter: $x) { nodes { ticketNo } } }',
      { x: { status: [secret] } },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: TicketFilter) { tickets(filter: $x) { nodes { ticketNo } } }',
      { x: { divisionCode: secret } },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: TicketFilter) { tickets(filter: $x) { nodes { ticketNo } } }',
      { x: { receivedFrom: secret } },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: TicketFilter) { tickets(filter: $x) { nodes { ticketNo } } }',
      { x: { [secret]: 1 } },
      'the variable $x does not have the form of its type',
    ],
    ['query($x: ID!) { ticket(ticketNo: $x) { ticketNo } }', {}, 'the variable $x of type ID! is missing'],
    [
      'query($x: ID!) { ticket(ticketNo: $x) { ticketNo } }',
      { x: null },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: ID!) { ticket(ticketNo: $x) { ticketNo } }',
      { x: [secret] },
      'the variable $x does not have the form of its type',
    ],
    [
      'query($x: String) { tickets(after: $x) { nodes { ticketNo } } }',
      { x: { secret } },
      'the variable $x does not have the form of its type',
    ],
  ];
  test.each(bad)('%s with %o', async (query, variables, message) => {
    const answer = await refused(askers.police, query, variables);
    expect(answer.errors.map(({ message: said, extensions }) => ({ said, code: extensions['code'] }))).toEqual([
      { said: message, code: 'BAD_USER_INPUT' },
    ]);
    expect(`${answer.text}${hub.logged()}`).not.toContain('13800590517');
  });

  test('a ticket number of any characters is only a number that does not exist', async () => {
    for (const no of ["' OR 1=1 --", '`ticket`', '\u0000', '😀'.repeat(50), '%', '12345:%']) {
      const answer = await hub.ask(askers.police, 'query($no: ID!) { ticket(ticketNo: $no) { ticketNo } }', { no });
      expect(errorLines(answer)).toEqual(['NOT_FOUND ticket']);
    }
  });

  test('a header that is no ticket number', async () => {
    expect(codes(await refused({ ...askers.police, ticket: 'x'.repeat(129) }, ticketQuery))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });
});

describe('the schema', () => {
  test('is not told by suggestions', async () => {
    for (const query of [
      '{ tikcets { nodes { ticketNo } } }',
      '{ ticket(ticketNo: "x") { repoterName } }',
      '{ ticket(tiketNo: "x") { ticketNo } }',
      '{ ticket(ticketNo: "x") { ...F } } fragment F on Tickt { ticketNo }',
      '{ tickets(filter: { statsu: [CLOSED] }) { nodes { ticketNo } } }',
      '{ tickets(filter: { status: [CLOSD] }) { nodes { ticketNo } } }',
      '{ tickets { nodes { ticketNo @skp(if: true) } } }',
    ]) {
      const answer = await refused(askers.police, query);
      expect(new Set(codes(answer))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
      expect(answer.text).not.toMatch(/did you mean/i);
    }
  });

  test('tells suggestions to a steward', async () => {
    const answer = await refused(askers.steward, '{ ticket(ticketNo: "x") { repoterName } }');
    expect(answer.errors[0]?.message).toContain('Did you mean "reporterName"');
  });

  test('is shown by introspection to a steward alone', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Ticket") { name } }',
      '{ ...F } fragment F on Query { __schema { queryType { name } } }',
    ]) {
      expect(new Set(codes(await refused(askers.police, query)))).toEqual(new Set(['INTROSPECTION_DENIED']));
    }
    const answer = await hub.ask({ claims: askers.steward.claims }, '{ __type(name: "Ticket") { fields { name } } }');
    const names = (answer.data as { __type: { fields: { name: string }[] } }).__type.fields.map((f) => f.name);
    expect(names).toContain('reporterName');
    for (const hidden of ['confirmedCoAgencies', 'formerAgencies']) expect(names).not.toContain(hidden);
    expect(answer.errors).toEqual([]);
  });

  test('hides what is internal to the gate from everybody', async () => {
    for (const query of [
      '{ ticket(ticketNo: "x") { confirmedCoAgencies } }',
      `{ policeIncident(incidentNo: "x") { callerDigest } }`,
    ]) {
      for (const asker of [askers.police, askers.steward])
        expect(codes(await refused(asker, query))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
  });
});

describe('operations', () => {
  test('that the hub does not have are refused', async () => {
    const subscription = 'subscription { handedToMyAgency { ticketNo } }';
    expect(codes(await refused(askers.police, subscription))).toEqual(['OPERATION_NOT_SUPPORTED']);
    const mutation = 'mutation { deleteTicket(ticketNo: "x") { ticketNo } }';
    expect(codes(await refused(askers.police, mutation))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  test('that change something are refused by GET, and nothing is changed', async () => {
    const reload = vi.spyOn(hub.hub.policies, 'reload');
    const query = encodeURIComponent('mutation { reloadPolicies { version } }');
    const response = await fetch(`${hub.url}/graphql?query=${query}`, {
      headers: { authorization: `Bearer ${await hub.token(askers.steward.claims)}` },
    });
    expect(codes(JSON.parse(await response.text()) as Answer)).toEqual(['OPERATION_NOT_SUPPORTED']);
    expect(reload).not.toHaveBeenCalled();
    await hub.ask(askers.steward, 'mutation { reloadPolicies { version } }');
    expect(reload).toHaveBeenCalledOnce();
    reload.mockRestore();
  });

  test('that cannot be parsed or are not there', async () => {
    for (const query of ['', '{', 'query { ticket(', '{ ticket(ticketNo: "x") { ticketNo } '])
      expect(codes(await refused(askers.police, query))).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(codes(await refused(askers.police, 'fragment F on Ticket { ticketNo }'))[0]).toMatch(
      /GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT/,
    );
    expect(codes(await refused(askers.police, 'query A { __typename } query B { __typename }'))).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test('are told apart by name, in any order, again and again', async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${await hub.token(claims)}`,
      'lianqiao-purpose': 'HANDLING',
    };
    const no = showcase.ticketNo;
    const query = `query A { ticket(ticketNo: "${no}") { ...F } } query B { ticket(ticketNo: "${no}") { title } } fragment F on Ticket { ticketNo }`;
    const ask = async (operationName: string | undefined) =>
      (await (
        await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, operationName }) })
      ).json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    const expected = { A: { ticket: { ticketNo: no } }, B: { ticket: { title: '榕荫花园物业服务不到位' } } };
    for (const name of ['A', 'B', 'A', 'A', 'B', 'B', 'A'] as const)
      expect((await ask(name)).data).toEqual(expected[name]);
    expect((await ask('Z')).errors?.map((e) => e.extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect((await ask(undefined)).errors?.map((e) => e.extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect((await ask('A')).data).toEqual(expected.A);
    // One operation under another's name is not that operation.
    const alone = (name: string) =>
      fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: 'query A { __typename }', operationName: name }),
      });
    await alone('A');
    expect(await (await alone('Z')).json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('that differ by one character are two operations', async () => {
    const no = (n: string) => `{ ticket(ticketNo: "${n}") { ticketNo } }`;
    expect((await hub.ask(askers.police, no(showcase.ticketNo))).data).toEqual({
      ticket: { ticketNo: showcase.ticketNo },
    });
    expect((await hub.ask(askers.police, no('x:1'))).data).toEqual({ ticket: null });
  });
});
