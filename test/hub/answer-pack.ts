import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import type { Asker, RunningHub } from '../kit/running-hub.ts';
import { askers } from './askers.ts';

/* Questions whose answers must be the same bytes whatever way the city's systems are reached. */

export const operator = askers.hotlineOperator;
const statistician: Asker = {
  claims: { agency: 'hotline', role: 'SUPERVISOR', areas: ['350100'], purposes: ['STATISTICS'] },
  purpose: 'STATISTICS',
};

const page = (args: string) => `{ tickets(${args}) { totalCount nodes {
  ticketNo type status title receivedAt updatedAt divisionCode leadAgency coAgencies categoryPath anonymous longitude urgeCount
  handoffs { runId kind at } trace { returnCount heldBy }
  policeIncidents { matchedBy incident { incidentNo callTime incidentGrade state } }
  grid { grid { gridCode households cells { cellCode areaSquareMetres components { componentCode state } } workers { workerNo onDuty } } }
  marketEntities { matchedBy entity { uscc name registeredCapital establishedOn status licenses { licenseNo validTo } penalties { decisionNo amount } } }
  houses { matchedBy house { houseCode floorArea builtYear dangerGrade maintenanceFund { balance } leases { leaseNo termFrom } } }
} pageInfo { hasNextPage endCursor } } }`;

/** Pages, filters, orders, counts and statistics, each with who asks it. */
export const pack: readonly (readonly [name: string, asker: Asker, query: string])[] = [
  ['a page', operator, page('first: 20')],
  ['a large page', operator, page('first: 100')],
  ['by update', operator, page('first: 30, orderBy: { field: UPDATED_AT, direction: ASC }')],
  ['by state', operator, page('first: 10, filter: { status: [CLOSED, ARCHIVED], type: [COMPLAINT] }')],
  [
    'by place and time',
    operator,
    page(
      'first: 50, filter: { divisionCode: "350102", receivedFrom: "2026-06-01T00:00:00+08:00", receivedBefore: "2026-07-01T00:00:00+08:00" }',
    ),
  ],
  ['by number', operator, page(`first: 10, filter: { reporterPhone: "${showcase.reporterPhone}" }`)],
  [
    'by grid',
    operator,
    page(`first: 10, filter: { gridCode: ["${showcase.gridCode}", "nowhere"], uscc: ["${showcase.uscc}"] }`),
  ],
  ['nothing', operator, page('first: 10, filter: { divisionCode: "350199" }')],
  [
    'cases of a grid',
    askers.grid,
    '{ myCases(status: OPEN, first: 50) { nodes { __typename ... on Ticket { ticketNo updatedAt } ... on GridEvent { eventNo status updatedAt } } pageInfo { endCursor } } }',
  ],
  [
    'cases of an agency',
    askers.police,
    '{ myCases(first: 50, changedSince: "2026-03-01T00:00:00+08:00") { nodes { ... on Ticket { ticketNo status } } } }',
  ],
  [
    'findings',
    askers.audit,
    '{ handoffFindings(first: 50) { totalCount nodes { kind agency times at ticket { ticketNo status } } } }',
  ],
  [
    'the tickets of a grid',
    operator,
    `{ ticket(ticketNo: "${showcase.ticketNo}") { grid { grid { tickets(first: 5) { totalCount nodes { ticketNo } pageInfo { endCursor } } } } } }`,
  ],
  [
    'months by type',
    statistician,
    '{ ticketStatistics(by: TYPE, month: "2026-06") { total rest cells { keys count } } }',
  ],
  [
    'months by district',
    statistician,
    '{ ticketStatistics(by: TYPE_BY_DISTRICT, month: "2026-06") { total rest cells { keys count } } }',
  ],
  [
    'months by urgency',
    statistician,
    '{ ticketStatistics(by: URGENCY, month: "2026-05") { total rest cells { keys count } } }',
  ],
  [
    'months of incidents',
    statistician,
    '{ policeIncidentStatistics(by: STATE, month: "2026-06") { total rest cells { keys count } } }',
  ],
];

/** A copy of the city with its keys, so that cursors and pseudonyms are equal in all hubs. */
export function cityWithKeys(keys: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-five-'));
  cpSync(inject('city'), folder, { recursive: true });
  cpSync(join(keys, 'keys'), join(folder, 'keys'), { recursive: true });
  return folder;
}

export interface Asked {
  readonly text: string;
  /** The agencies that were asked, one a statement. */
  readonly statements: readonly string[];
}

export async function ask(hub: RunningHub, asker: Asker, query: string, variables = {}): Promise<Asked> {
  hub.takeStatements();
  const { text } = await hub.ask(asker, query, variables);
  return {
    text,
    statements: hub
      .takeStatements()
      .map((s) => s.agency)
      .toSorted(),
  };
}

/** Later than the months that are counted. */
export const now = (): number => Date.parse('2026-12-10T12:00:00+08:00');
export const env = { LIANQIAO_STATISTICS_SMALLEST_CELL: '3' };
