import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { showcase } from '../../../src/city/showcase.ts';
import { secretFile, type SecretName } from '../../../src/config/secret-file.ts';
import grid from '../../../connectors/grid/connector.ts';
import hotline from '../../../connectors/hotline/connector.ts';
import housing from '../../../connectors/housing/connector.ts';
import market from '../../../connectors/market/connector.ts';
import police from '../../../connectors/police/connector.ts';
import { askers } from '../../hub/askers.ts';
import { callers, joinedQuery } from '../../hub/joined-query.ts';
import { copyCity } from '../../kit/city-copy.ts';
import { startHub, type Asker, type RunningHub } from '../../kit/running-hub.ts';
import { describeOn, type TestDatabase } from '../../kit/test-database.ts';

/* The same connectors on MariaDB and PostgreSQL by configuration alone: every answer is SQLite's, byte for byte. */

const connectors = [hotline, police, grid, market, housing];
const agencies = connectors.map((c) => c.agency);
const operator = askers.hotlineOperator;
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
const pack: readonly (readonly [name: string, asker: Asker, query: string])[] = [
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
function cityWithKeys(keys: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-five-'));
  cpSync(inject('city'), folder, { recursive: true });
  cpSync(join(keys, 'keys'), join(folder, 'keys'), { recursive: true });
  return folder;
}

interface Asked {
  readonly text: string;
  /** The agencies that were asked, one a statement. */
  readonly statements: readonly string[];
}

async function ask(hub: RunningHub, asker: Asker, query: string, variables = {}): Promise<Asked> {
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
const now = (): number => Date.parse('2026-12-10T12:00:00+08:00');
const env = { LIANQIAO_STATISTICS_SMALLEST_CELL: '3' };

let keys: string;
let city: string;
let embedded: RunningHub;
const folders: string[] = [];
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'lianqiao-keys-'));
  cpSync(join(inject('city'), 'keys'), join(keys, 'keys'), { recursive: true });
  for (const name of ['join', 'cursor', 'pseudonym'] satisfies SecretName[]) secretFile(keys, name);
  folders.push(keys, cityWithKeys(keys));
  city = folders[1]!;
  // Its findings change with the clock; here they are those of this moment for everybody.
  const db = new Database(join(city, 'hotline.db'));
  db.exec(
    'CREATE TABLE found AS SELECT * FROM handoff_finding; DROP VIEW handoff_finding; ALTER TABLE found RENAME TO handoff_finding',
  );
  db.close();
  embedded = await startHub({ ...env, LIANQIAO_DATA_DIR: city }, now);
});
afterAll(async () => {
  await embedded?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

for (const client of ['mysql', 'postgres'] as const) {
  describeOn(client, `the five connectors on ${client}`, () => {
    let database: TestDatabase;
    let hub: RunningHub;
    beforeAll(async () => {
      database = await copyCity(client, city, agencies);
      const folder = cityWithKeys(keys);
      folders.push(folder);
      // What is read is read from the server, or not at all.
      for (const agency of agencies) rmSync(join(folder, `${agency}.db`), { force: true });
      const { host, port, user, database: name } = database.settings();
      const sources = connectors.flatMap((c) => c.sources.map((s) => s.name));
      const settings = { kind: 'sql', client, host, port, user, database: name };
      const LIANQIAO_SOURCES = JSON.stringify(Object.fromEntries(sources.map((source) => [source, settings])));
      hub = await startHub({ ...env, LIANQIAO_DATA_DIR: folder, LIANQIAO_SOURCES }, now);
    });
    afterAll(async () => {
      await hub?.close();
      await database?.drop();
    });

    test.each(callers)('the showcase ticket for the %s', async (_file, asker) => {
      const variables = { ticketNo: showcase.ticketNo };
      const expected = await ask(embedded, asker, joinedQuery, variables);
      expect(expected.text).toContain(showcase.ticketNo);
      expect(await ask(hub, asker, joinedQuery, variables)).toEqual(expected);
    });

    test.each(pack)('%s', async (_name, asker, query) => {
      const expected = await ask(embedded, asker, query);
      const { errors = [], data } = JSON.parse(expected.text) as { errors?: { extensions: unknown }[]; data: unknown };
      expect(data).toBeTypeOf('object');
      for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'FIELD_DENIED' });
      expect(await ask(hub, asker, query)).toEqual(expected);
    });

    test('a page of tickets with k relations costs k + 1 statements', async () => {
      const query =
        '{ tickets(first: 100) { nodes { ticketNo handoffs { runId } trace { heldBy } grid { grid { gridCode } } } } }';
      expect((await ask(hub, operator, query)).statements).toEqual(['grid', 'hotline', 'hotline', 'hotline']);
    });

    test('pages walk all tickets in the same order', async () => {
      const walk = async (of: RunningHub): Promise<string[]> => {
        const texts: string[] = [];
        for (let after: string | null = null; ;) {
          const query = `query($after: String) { tickets(first: 100, after: $after) { nodes { ticketNo } pageInfo { hasNextPage endCursor } } }`;
          const answer = await of.ask(operator, query, { after });
          texts.push(answer.text);
          const { pageInfo } = (answer.data as { tickets: { pageInfo: { hasNextPage: boolean; endCursor: string } } })
            .tickets;
          if (!pageInfo.hasNextPage) return texts;
          after = pageInfo.endCursor;
        }
      };
      const expected = await walk(embedded);
      expect(expected.length).toBeGreaterThan(2);
      expect(await walk(hub)).toEqual(expected);
    });
  });
}
