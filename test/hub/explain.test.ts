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
    expect(behind.get('Ticket.reporterName')).toContain('redacted from Ticket.title');
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
