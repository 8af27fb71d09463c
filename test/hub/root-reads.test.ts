import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers } from './askers.ts';

/* What a root field reads behind the gate stands in the explanation, so that the list of such reads is whole. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

async function behind(asker: Asker, query: string): Promise<Map<string, readonly string[]>> {
  const answer = await hub.ask(
    asker,
    'query ($query: String!) { explainAccess(query: $query) { behind { coordinate reasons } } }',
    { query },
  );
  const { explainAccess } = answer.data as {
    explainAccess: { behind: { coordinate: string; reasons: string[] }[] };
  };
  return new Map(explainAccess.behind.map((b) => [b.coordinate, b.reasons]));
}

test('a list: what its arguments choose by, and the conditions on that', async () => {
  const plain = await behind(askers.housing, '{ tickets { nodes { ticketNo } } }');
  expect(plain.get('Ticket.reporterPhone')).toBeUndefined();
  const chosen = await behind(
    askers.housing,
    'query ($phone: Phone) { tickets(filter: { reporterPhone: $phone }) { nodes { ticketNo } } }',
  );
  expect(chosen.get('Ticket.reporterPhone')).toEqual(['chooses or sorts tickets']);
  expect(chosen.get('Ticket.leadAgency')).toContain('condition on Ticket.reporterPhone');
  expect(chosen.get('Ticket.confidential')).toContain('condition on Ticket.reporterPhone');
});

test('a direct lookup: the ticket of the header with its row rules, and the own areas', async () => {
  const reads = await behind(askers.police, '{ house(houseCode: "x") { houseCode } }');
  const reason = 'the ticket of Lianqiao-Ticket for house';
  for (const field of ['ticketNo', 'type', 'leadAgency', 'coAgencies', 'formerAgencies'])
    expect(reads.get(`Ticket.${field}`)).toContain(reason);
  expect(reads.get('House.divisionCode')).toContain('house without a ticket: own areas');
});

test('cases: whose they are', async () => {
  const reads = await behind(askers.grid, '{ myCases { nodes { __typename } } }');
  for (const field of ['Ticket.gridCode', 'Ticket.leadAgency', 'Ticket.coAgencies', 'GridEvent.gridCode'])
    expect(reads.get(field)).toContain('whose cases myCases lists');
});

test('the log: the ticket that it is asked about', async () => {
  const reads = await behind(askers.audit, '{ disclosures(ticketNo: "x") { nodes { disclosureNo } } }');
  expect(reads.get('Disclosure.ticketNos')).toContain('chooses disclosures');
  expect(reads.get('Ticket.divisionCode')).toContain('the ticket that disclosures is about');
  expect(reads.get('Ticket.leadUnit')).toContain('the ticket that disclosures is about');
});
