import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, storedRows } from './askers.ts';

/* `explainAccess`: what the caller would get and what the plan reads behind the gate, by the real evaluator. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

interface ExplainedField {
  readonly coordinate: string;
  readonly pathPattern: string;
  readonly agency: string | null;
  readonly verdict: string;
  readonly mask: string | null;
  readonly conditions: readonly string[] | null;
  readonly rules: readonly string[];
}

interface Explanation {
  readonly policyVersion: string;
  readonly purpose: string | null;
  readonly fields: readonly ExplainedField[];
  readonly behind: readonly { readonly coordinate: string; readonly reasons: readonly string[] }[];
}

async function explain(asker: Asker, query: string, more = ''): Promise<Explanation> {
  const document = `query($query: String!) { explainAccess(query: $query ${more}) { policyVersion purpose fields { coordinate pathPattern agency verdict mask conditions rules } behind { coordinate reasons } } }`;
  const answer = await hub.ask(asker, document, { query });
  expect(answer.errors).toEqual([]);
  return (answer.data as { explainAccess: Explanation }).explainAccess;
}

const verdicts = ({ fields }: Explanation): Record<string, string> =>
  Object.fromEntries(
    fields.map((f): [string, string] => [f.coordinate, f.mask === null ? f.verdict : `${f.verdict} ${f.mask}`]),
  );
const behindOf = ({ behind }: Explanation): string[] => behind.map((b) => b.coordinate);

test('it fetches nothing and writes nothing down', async () => {
  hub.takeStatements();
  await explain(askers.police, `{ ticket(ticketNo: "${showcase.ticketNo}") { title houses { house { ownerName } } } }`);
  expect(hub.takeStatements()).toEqual([]);
  expect(storedRows(hub, 'ledger', 'SELECT * FROM disclosure')).toEqual([]);
});

test('it gives a verdict for each field, with rule, mask and conditions', async () => {
  const explained = await explain(
    askers.police,
    '{ ticket(ticketNo: "x") { ticketNo reporterPhone longitude reporterIdNumber grid { grid { gridCode households } } } }',
  );
  expect(explained).toMatchObject({ policyVersion: hub.hub.sources.policy.version, purpose: 'HANDLING' });
  expect(verdicts(explained)).toEqual({
    'Ticket.ticketNo': 'ALLOW',
    'Ticket.reporterPhone': 'CONDITIONAL phone',
    'Ticket.longitude': 'CONDITIONAL',
    'Ticket.reporterIdNumber': 'DENY',
    'Ticket.grid': 'CONDITIONAL',
    'GridMatch.grid': 'ALLOW',
    'Grid.gridCode': 'ALLOW',
    'Grid.households': 'CONDITIONAL',
  });
  const phone = explained.fields.find((f) => f.coordinate === 'Ticket.reporterPhone');
  expect(phone).toEqual({
    coordinate: 'Ticket.reporterPhone',
    pathPattern: 'ticket.reporterPhone',
    agency: 'hotline',
    verdict: 'CONDITIONAL',
    mask: 'phone',
    conditions: ['reportInOwnUnit', 'reporterNotSecret', 'leadsTicket'],
    rules: ['hotline/reporter-to-lead', 'hotline/reporter-to-departments'],
  });
});

test('it explains another purpose, and none', async () => {
  const query = '{ ticket(ticketNo: "x") { reporterPhone } }';
  expect(verdicts(await explain(askers.police, query, ', purpose: "EMERGENCY"'))).toEqual({
    'Ticket.reporterPhone': 'CONDITIONAL',
  });
  expect(verdicts(await explain({ claims: askers.police.claims }, query))).toEqual({ 'Ticket.reporterPhone': 'DENY' });
});

test('it refuses what it could not plan', async () => {
  const ask = (query: string, more = '') =>
    hub.ask(askers.police, `query($query: String!) { explainAccess(query: $query ${more}) { policyVersion } }`, {
      query,
    });
  for (const [query, more, code] of [
    ['{ nothingSuch }', '', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ ticket(', '', 'GRAPHQL_PARSE_FAILED'],
    ['{ __schema { queryType { name } } }', '', 'INTROSPECTION_DENIED'],
    ['{ myCases { nodes { __typename } } }', ', purpose: "FUN"', 'BAD_USER_INPUT'],
    [`{ ${'__typename '.repeat(3_000)} }`, '', 'LIMIT_EXCEEDED'],
  ] as const) {
    const answer = await ask(query, more);
    expect(answer.errors.map((e) => e.extensions['code'])).toContain(code);
    expect(answer.text).not.toMatch(/did you mean/i);
  }
});

describe('behind the gate it lists', () => {
  test('keys, row rules, conditions and the parent’s half of each join', async () => {
    const explained = await explain(askers.audit, '{ ticket(ticketNo: "x") { title policeIncidents { matchedBy } } }');
    const behind = new Map(explained.behind.map((b) => [b.coordinate, b.reasons]));
    expect(behind.get('Ticket.ticketNo')).toContain('names the record in the ledger');
    expect(behind.get('Ticket.divisionCode')).toContain('rows of Ticket');
    expect(behind.get('Ticket.type')).toContain('condition on Ticket.title');
    for (const field of ['reporterName', 'address', 'standardAddress'])
      expect(behind.get(`Ticket.${field}`)).toContain('redacted from Ticket.title');
    expect(behind.get('Ticket.longitude') ?? []).not.toContain('redacted from Ticket.title');
    for (const field of ['policeIncidentNo', 'reporterPhone', 'receivedAt', 'standardAddress', 'confidential']) {
      expect(behind.get(`Ticket.${field}`)).toContain('joins Ticket.policeIncidents');
    }
    expect(behind.get('PoliceIncident.confidential')).toContain('rows of PoliceIncident');
  });

  test('the order of a list, which is only what the caller may always read', async () => {
    const query = '{ ticket(ticketNo: "x") { policeIncidents { incident { incidentNo callTime } } } }';
    const orders = async (asker: Asker): Promise<string[]> =>
      (await explain(asker, query)).behind
        .filter((b) => b.reasons.includes('order of the list'))
        .map((b) => b.coordinate);
    // To a grid worker the time of a call shows on its own grid's tickets alone; to an auditor, whoever called.
    expect(await orders(askers.grid)).not.toContain('PoliceIncident.callTime');
    const unasked = query.replace('callTime', '');
    const audit = await explain(askers.audit, unasked);
    expect(audit.behind.find((b) => b.coordinate === 'PoliceIncident.callTime')?.reasons).toContain(
      'order of the list',
    );
    const worker = await explain(askers.grid, unasked);
    expect(worker.behind.find((b) => b.coordinate === 'PoliceIncident.callTime')?.reasons ?? []).not.toContain(
      'order of the list',
    );
  });

  test('the other half of each join', async () => {
    const explained = await explain(
      askers.audit,
      '{ ticket(ticketNo: "x") { policeIncidents { matchedBy } houses { matchedBy } } }',
    );
    expect(behindOf(explained)).toEqual(
      expect.arrayContaining([
        'PoliceIncident.callerDigest',
        'PoliceIncident.callTime',
        'PoliceIncident.standardAddress',
        'House.standardAddress',
      ]),
    );
  });

  test('what a direct lookup reads of the ticket', async () => {
    const explained = await explain(askers.police, '{ policeIncident(incidentNo: "x") { incidentNo } }');
    expect(behindOf(explained)).toEqual(
      expect.arrayContaining([
        'Ticket.policeIncidentNo',
        'Ticket.reporterPhone',
        'Ticket.standardAddress',
        'Ticket.leadAgency',
      ]),
    );
  });

  test('what a list of cases is merged and chosen by', async () => {
    const explained = await explain(
      askers.police,
      '{ myCases(status: OPEN) { nodes { ... on Ticket { ticketNo } } } }',
    );
    expect(behindOf(explained)).toEqual(
      expect.arrayContaining(['Ticket.updatedAt', 'Ticket.status', 'Ticket.leadAgency', 'Ticket.coAgencies']),
    );
  });

  test('a field that is asked for too, where it may be denied and is weighed all the same', async () => {
    const explained = await explain(
      askers.audit,
      '{ ticket(ticketNo: "x") { type reporterName content divisionCode } }',
    );
    expect(behindOf(explained)).toEqual(
      expect.arrayContaining(['Ticket.type', 'Ticket.reporterName', 'Ticket.divisionCode']),
    );
  });
});

describe('what is lacking', () => {
  const fields = '{ coordinate agency verdict lacks purposes guards lines { rule } }';
  const ask = async (asker: Asker, query: string, args = ''): Promise<readonly Record<string, unknown>[]> => {
    const document = `query($query: String!) { explainAccess(query: $query ${args}) { fields ${fields} } }`;
    const answer = await hub.ask(asker, document, { query });
    expect(answer.errors).toEqual([]);
    return (answer.data as { explainAccess: { fields: Record<string, unknown>[] } }).explainAccess.fields;
  };

  test('a caller is told what it lacks and whom to ask, and no line', async () => {
    const query =
      '{ ticket(ticketNo: "x") { ticketNo reporterPhone policeIncidents { incident { callAddress confidential } } } }';
    const told = await ask(askers.housing, query);
    const of = (coordinate: string) => told.find((f) => f['coordinate'] === coordinate);
    expect(of('Ticket.ticketNo')).toMatchObject({ verdict: 'ALLOW', lacks: null, purposes: null });
    expect(of('Ticket.reporterPhone')).toMatchObject({
      verdict: 'CONDITIONAL',
      agency: 'hotline',
      lacks: 'PURPOSE',
      purposes: ['DISPATCH', 'FOLLOW_UP', 'EMERGENCY'],
    });
    expect(of('PoliceIncident.callAddress')).toMatchObject({
      verdict: 'DENY',
      agency: 'police',
      lacks: 'GRANT',
      purposes: null,
    });
    expect(of('PoliceIncident.confidential')).toMatchObject({ verdict: 'DENY', lacks: 'SHARING', purposes: null });
    expect(told.map((f) => [f['guards'], f['lines']])).toEqual(told.map(() => [null, null]));
  });

  test('it tells no more than explaining with each purpose does', async () => {
    const query =
      '{ ticket(ticketNo: "x") { reporterPhone reporterIdNumber longitude content houses { house { ownerName room ownerIdNumber } } } }';
    const told = await ask(askers.housing, query);
    for (const purpose of ['DISPATCH', 'FOLLOW_UP', 'SUPERVISION', 'AUDIT', 'EMERGENCY', 'STATISTICS']) {
      const there = await ask(askers.housing, query, `, purpose: "${purpose}"`);
      for (const [i, field] of told.entries())
        if ((field['purposes'] as string[] | null)?.includes(purpose) === true)
          expect([field['coordinate'], there[i]?.['verdict']]).not.toEqual([field['coordinate'], 'DENY']);
    }
  });
});

describe('for a data steward', () => {
  const query = '{ ticket(ticketNo: "x") { reporterPhone policeIncidents { incident { callerPhone } } } }';
  const lines = 'rule law outcome when file line closes';
  const document = `query($query: String!, $agency: String, $role: String, $purpose: String) { explainAccess(query: $query, agency: $agency, role: $role, purpose: $purpose) { agency role purpose fields { coordinate verdict guards lines { ${lines} } } } }`;
  const asked = { query, agency: 'housing', role: 'HANDLER', purpose: 'HANDLING' };

  test('it explains any class, with every line on the fields of its own agency', async () => {
    const answer = await hub.ask(askers.steward, document, asked);
    expect(answer.errors).toEqual([]);
    const { explainAccess } = answer.data as { explainAccess: { fields: Record<string, unknown>[] } };
    expect(explainAccess).toMatchObject({ agency: 'housing', role: 'HANDLER', purpose: 'HANDLING' });
    const [phone, incidents] = explainAccess.fields;
    expect(phone).toMatchObject({
      coordinate: 'Ticket.reporterPhone',
      guards: ['reportInOwnUnit', 'reporterNotSecret'],
    });
    const weighed = (phone?.['lines'] ?? []) as {
      rule: string;
      outcome: string;
      when: string;
      closes: boolean;
      file: string;
      line: number;
      law: string;
    }[];
    const told = weighed.map((l) => [l.rule, l.outcome, l.when, l.closes]);
    expect(told).toEqual([
      ['hotline/reporter-to-lead', 'plain', 'leadsTicket', false],
      ['hotline/reporter-to-departments', 'mask phone', 'always', true],
    ]);
    for (const line of weighed) {
      expect(line.file).toBe('connectors/hotline/sharing.yaml');
      expect(line.line).toBeGreaterThan(0);
      expect(line.law).not.toBe('');
    }
    // The police's lines are their own steward's.
    expect(incidents).toMatchObject({ coordinate: 'Ticket.policeIncidents', guards: null, lines: null });
  });

  test.each<[string, Record<string, string>, string]>([
    ['an agency', { agency: 'housng' }, 'agency: there is no such agency. Did you mean housing?'],
    [
      'a role',
      { role: 'HANDLERS' },
      'role must be one of SYSTEM, OPERATOR, HANDLER, GRID_WORKER, SUPERVISOR, AUDITOR, STEWARD. Did you mean HANDLER?',
    ],
    [
      'a purpose',
      { purpose: 'handeling' },
      'purpose must be one of DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, AUDIT, EMERGENCY, STATISTICS. Did you mean HANDLING?',
    ],
  ])('a misspelt name is refused: %s', async (_what, args, message) => {
    const answer = await hub.ask(askers.steward, document, { ...asked, ...args });
    expect(answer.errors).toEqual([
      expect.objectContaining({ message, extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
    ]);
    expect(answer.data).toEqual({ explainAccess: null });
  });

  test('an agency that no policy knows is explained, and so is any other', async () => {
    for (const agency of ['library', '*'])
      expect((await hub.ask(askers.steward, document, { ...asked, agency })).errors).toEqual([]);
  });

  test('the line that denies is named, conditions or not', async () => {
    const police: Asker = { claims: { agency: 'police', role: 'STEWARD', purposes: ['SUPERVISION'] } };
    const explain = async (args: Record<string, string>): Promise<unknown> => {
      const answer = await hub.ask(police, document, { ...asked, ...args });
      const { fields } = (answer.data as { explainAccess: { fields: Record<string, unknown>[] } }).explainAccess;
      const { verdict, lines: of } = fields.find((f) => f['coordinate'] === 'PoliceIncident.callerPhone') ?? {};
      return [
        verdict,
        (of as Record<string, unknown>[]).map(
          (l) => `${String(l['rule'])} ${String(l['outcome'])} ${String(l['when'])}`,
        ),
      ];
    };
    expect(await explain({})).toEqual([
      'CONDITIONAL',
      [
        'police/to-handling-departments mask phone any(handlesTicket | hotlineInOwnArea)',
        'police/no-incident-otherwise deny always',
      ],
    ]);
    expect(await explain({ agency: '*', role: 'OPERATOR' })).toEqual([
      'DENY',
      ['police/no-incident-otherwise deny always'],
    ]);
  });

  test('nobody else asks about another agency or role', async () => {
    for (const asker of [askers.police, askers.housing, askers.audit])
      for (const args of [{ agency: 'grid' }, { role: 'STEWARD' }, { agency: '*', role: 'SYSTEM' }]) {
        const answer = await hub.ask(asker, document, { query, ...args });
        expect(answer.errors.map((e) => [e.extensions['code'], e.extensions['coordinate']])).toEqual([
          ['FIELD_DENIED', 'Query.explainAccess'],
        ]);
      }
    // Its own class by name is no other.
    const { agency, role } = askers.housing.claims;
    expect((await hub.ask(askers.housing, document, { query, agency, role })).errors).toEqual([]);
  });

  test('names that are none are refused', async () => {
    for (const args of [{ agency: 'No agency' }, { role: 'BOSS' }, { purpose: 'FUN' }]) {
      const answer = await hub.ask(askers.steward, document, { ...asked, ...args });
      expect(answer.errors.map((e) => e.extensions['code'])).toEqual(['BAD_USER_INPUT']);
    }
  });
});
