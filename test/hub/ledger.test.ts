import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readDecisionEntry } from '../../src/audit/read-entry.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { disclosureTables } from '../../src/ledger/writer/disclosure-tables.ts';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines, openSource, storedRows } from './askers.ts';

/* One entry for each answered data request, written before the answer leaves: who, why, which records and fields, no value. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, () => Date.parse('2026-11-16T09:00:00+08:00'));
});
afterAll(() => hub.close());
beforeEach(() => {
  const db = openSource(hub, 'ledger');
  db.exec('DELETE FROM disclosure; DELETE FROM disclosure_member; UPDATE disclosure_settled SET last = 0');
  db.close();
});

type Entry = Readonly<Record<string, unknown>>;
const entries = (): Entry[] => storedRows<Entry>(hub, 'ledger', 'SELECT * FROM disclosure ORDER BY rowid');

const ticketQuery = `{ ticket(ticketNo: "${showcase.ticketNo}") {
  ticketNo reporterName reporterPhone longitude address content
  policeIncidents { matchedBy incident { incidentNo callerPhone } } houses { house { houseCode ownerName maintenanceFund { houseCode balance } } } } }`;

test('an entry says who, why, of which ticket, which records and fields, and no value', async () => {
  const answer = await hub.ask({ ...askers.police, ticket: showcase.ticketNo }, ticketQuery);
  const [entry, ...more] = entries();
  expect(more).toEqual([]);
  const lists = Object.fromEntries(
    ['areas', 'grids', 'ticket_nos', 'owners', 'disclosed', 'masked', 'denied', 'unavailable', 'given', 'records'].map(
      (c) => [c, JSON.parse(String(entry?.[c])) as unknown],
    ),
  );
  expect({ ...entry, ...lists }).toEqual({
    disclosure_no: expect.stringMatching(/^[0-9a-f-]{36}$/),
    at: '2026-11-16T09:00:00+08:00',
    issuer: 'https://demo.lianqiao.invalid',
    subject: 'demo:police:SYSTEM',
    token_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    agency: 'police',
    role: 'SYSTEM',
    unit: 'police-350102',
    areas: ['350102'],
    grids: [],
    operator: 'demo-cad',
    purpose: 'HANDLING',
    reason: null,
    bound_ticket_no: showcase.ticketNo,
    sealed: 0,
    document_hash: createHash('sha256').update(ticketQuery).digest('hex'),
    policy_version: hub.hub.sources.policy.version,
    ticket_nos: [showcase.ticketNo],
    owners: ['hotline', 'housing', 'police'],
    disclosed: [
      'House.houseCode',
      'House.ownerName',
      'HouseMatch.house',
      'PoliceIncident.callerPhone',
      'PoliceIncident.incidentNo',
      'PoliceIncidentMatch.incident',
      'PoliceIncidentMatch.matchedBy',
      'Ticket.address',
      'Ticket.content',
      'Ticket.houses',
      'Ticket.policeIncidents',
      'Ticket.reporterName',
      'Ticket.reporterPhone',
      'Ticket.ticketNo',
    ],
    given: [
      ['House.houseCode', 'housing/to-handling-departments', null],
      ['House.ownerName', 'housing/to-handling-departments', 'name'],
      ['HouseMatch.house', 'housing/to-handling-departments', null],
      ['PoliceIncident.callerPhone', 'police/own', null],
      ['PoliceIncident.incidentNo', 'police/own', null],
      ['PoliceIncidentMatch.incident', 'police/own', null],
      ['PoliceIncidentMatch.matchedBy', 'police/own', null],
      ['Ticket.address', 'hotline/reporter-to-departments', 'address'],
      ['Ticket.content', 'hotline/intake-to-departments', 'redacted'],
      ['Ticket.houses', 'housing/to-handling-departments', null],
      ['Ticket.policeIncidents', 'police/own', null],
      ['Ticket.reporterName', 'hotline/reporter-to-departments', 'name'],
      ['Ticket.reporterPhone', 'hotline/reporter-to-departments', 'phone'],
      ['Ticket.ticketNo', 'hotline/intake-to-departments', null],
    ].map(([coordinate, rule, mask]) => ({ coordinate, rule, mask })),
    masked: ['Ticket.address', 'Ticket.content', 'House.ownerName', 'Ticket.reporterName', 'Ticket.reporterPhone'],
    denied: ['House.maintenanceFund', 'Ticket.longitude', 'PoliceIncident.callerPhone'],
    unavailable: [],
    records: expect.arrayContaining([
      {
        type: 'Ticket',
        owner: 'hotline',
        fields: ['address', 'content', 'houses', 'policeIncidents', 'reporterName', 'reporterPhone', 'ticketNo'],
        ids: [showcase.ticketNo],
      },
      { type: 'House', owner: 'housing', fields: ['houseCode', 'ownerName'], ids: [showcase.houseCode] },
      // The number of her who called is given on some of the incidents and denied on others.
      expect.objectContaining({ type: 'PoliceIncident', fields: ['callerPhone', 'incidentNo'] }),
      expect.objectContaining({ type: 'PoliceIncident', fields: ['incidentNo'] }),
    ]),
    record_count: 5,
    duration_ms: 0,
    ledger_log: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ledger_seq: expect.any(Number),
  });
  const incidents = (lists['records'] as readonly { type: string; ids: string[] }[]).flatMap((r) =>
    r.type === 'PoliceIncident' ? r.ids : [],
  );
  expect(incidents.toSorted()).toEqual(Object.values(showcase.incidents).toSorted());
  // Who reads brings what is found by ticket and owner up to date.
  await hub.ask(askers.audit, `{ disclosures(ticketNo: "${showcase.ticketNo}") { totalCount } }`);
  const members = storedRows<{ kind: string; member: string }>(
    hub,
    'ledger',
    'SELECT kind, member FROM disclosure_member WHERE disclosure_no = (SELECT disclosure_no FROM disclosure ORDER BY rowid LIMIT 1) ORDER BY kind, member',
  );
  expect(members).toEqual([
    ...['hotline', 'housing', 'police'].map((member) => ({ kind: 'OWNER', member })),
    { kind: 'TICKET', member: showcase.ticketNo },
  ]);
  expect(answer.text).toContain(showcase.reporterPhone);
  for (const value of [showcase.reporterName, showcase.reporterPhone, '林**', '138****0517', '榕荫路', '119.28'])
    expect(JSON.stringify([entry, members])).not.toContain(value);
});

test('a log of the first form is taken over, and what it did not keep is empty', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'lianqiao-log-')), 'ledger.db');
  const old = new Database(file);
  old.exec(
    disclosureTables
      .replaceAll(/ (areas|grids|given) TEXT NOT NULL DEFAULT '\[\]',/g, '')
      .replace(/,\s+ledger_log TEXT, ledger_seq INTEGER/, ''),
  );
  old.exec(
    `INSERT INTO disclosure VALUES ('1', '2026-01-01T00:00:00+08:00', 'i', 's', 't', 'police', 'SYSTEM', NULL, NULL, 'HANDLING',
       NULL, NULL, 0, 'h', 'v', '[]', '[]', '["Ticket.title"]', '[]', '[]', '[]', '[]', 0, 1)`,
  );
  old.close();
  const ledger = await openLedger({
    dataDir: dirname(file),
    milliseconds: 5_000,
    headSeconds: 60,
    witnesses: [],
    now: Date.now,
    ownerOf: () => 'hotline',
    onHeadFault: (code) => expect.fail(code),
  });
  await ledger.close();
  expect(readDecisionEntry(file, '1')).toMatchObject({ disclosed: ['Ticket.title'], given: [] });
  rmSync(dirname(file), { recursive: true });
});

test('each answered data request leaves one entry, whoever asked and whatever came of it', async () => {
  const asked: readonly (readonly [asker: Asker, query: string])[] = [
    [askers.grid, '{ myCases(first: 2) { nodes { ... on Ticket { ticketNo } ... on GridEvent { eventNo } } } }'],
    [askers.audit, '{ tickets(first: 2) { nodes { ticketNo } } }'],
    [askers.housing, '{ ticket(ticketNo: "x:1") { ticketNo } }'],
    [askers.police, `{ house(houseCode: "${showcase.houseCode}") { houseCode } }`],
    [askers.steward, '{ tickets { nodes { ticketNo } } }'],
  ];
  for (const [asker, query] of asked) await hub.ask(asker, query);
  await Promise.all(asked.map(([asker, query]) => hub.ask(asker, query)));
  const written = entries();
  expect(written).toHaveLength(10);
  expect(new Set(written.map((e) => e['disclosure_no'])).size).toBe(10);
  expect(written.slice(0, 5).map((e) => [e['agency'], e['role'], e['record_count']])).toEqual([
    ['grid', 'GRID_WORKER', 2],
    ['audit', 'AUDITOR', 2],
    ['housing', 'HANDLER', 0],
    ['police', 'SYSTEM', 0],
    ['hotline', 'STEWARD', 0],
  ]);
});

test('an entry is there when the answer is', async () => {
  for (let i = 1; i <= 5; i += 1) {
    await hub.ask(askers.housing, ticketQuery);
    expect(entries()).toHaveLength(i);
  }
});

test('what is no data leaves none', async () => {
  await hub.ask({ claims: askers.police.claims }, '{ catalogue { field } __typename }');
  await hub.ask({ claims: askers.steward.claims }, '{ __schema { queryType { name } } }');
  await hub.ask(askers.police, '{ explainAccess(query: "{ tickets { nodes { ticketNo } } }") { policyVersion } }');
  await hub.ask(askers.police, '{ nothingSuch }');
  expect(entries()).toEqual([]);
});

test('an emergency is written with its reason', async () => {
  await hub.ask(
    { ...askers.hotlineOperator, purpose: 'EMERGENCY', reason: '来电人失联，需核实位置 100%' },
    `{ ticket(ticketNo: "${showcase.ticketNo}") { reporterPhone } }`,
  );
  expect(entries().map((e) => [e['purpose'], e['reason']])).toEqual([['EMERGENCY', '来电人失联，需核实位置 100%']]);
});

describe('disclosures', () => {
  const query = (args: string) =>
    `{ disclosures${args} { totalCount nodes { agency role unit operator purpose boundTicketNo ticketNos owners disclosedFields maskedFields deniedFields unavailableFields recordCount documentHash policyVersion reason } } }`;
  interface Listed {
    readonly disclosures: { readonly totalCount: number; readonly nodes: readonly Record<string, unknown>[] };
  }

  test('tell the auditor who read a ticket of its areas, with pseudonyms for the people', async () => {
    await hub.ask(askers.police, `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo reporterName } }`);
    await hub.ask(askers.grid, '{ tickets { nodes { ticketNo } } }');
    await hub.ask(askers.police, '{ ticket(ticketNo: "x:1") { ticketNo } }');
    const answer = await hub.ask(askers.audit, query(`(ticketNo: "${showcase.ticketNo}")`));
    const { disclosures } = answer.data as Listed;
    expect(disclosures.totalCount).toBe(2);
    expect(disclosures.nodes.map((n) => n['agency']).toSorted()).toEqual(['grid', 'police']);
    expect(disclosures.nodes.find((n) => n['agency'] === 'police')).toMatchObject({
      role: 'SYSTEM',
      unit: 'police-350102',
      operator: expect.stringMatching(/^人员-[A-Z2-7]{10}$/),
      purpose: 'HANDLING',
      ticketNos: [showcase.ticketNo],
      owners: ['hotline'],
      disclosedFields: ['Ticket.reporterName', 'Ticket.ticketNo'],
      maskedFields: ['Ticket.reporterName'],
      recordCount: 1,
    });
    expect(errorLines(answer)).toEqual([]);
  });

  test('need the ticket from an auditor, and one of its areas', async () => {
    expect(errorLines(await hub.ask(askers.audit, query('')))).toEqual(['TICKET_REQUIRED disclosures']);
    const elsewhere: Asker = { ...askers.audit, claims: { ...askers.audit.claims, areas: ['350103'] } };
    expect(errorLines(await hub.ask(elsewhere, query(`(ticketNo: "${showcase.ticketNo}")`)))).toEqual([
      'NOT_FOUND disclosures',
    ]);
  });

  test('tell an owner what was given of its own data, and of nobody else’s', async () => {
    await hub.ask(
      askers.police,
      `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo houses { house { houseCode } } } }`,
    );
    await hub.ask(askers.grid, '{ tickets { nodes { ticketNo } } }');
    const owner = (agency: string): Asker => ({
      claims: { agency, role: 'SYSTEM', purposes: ['SUPERVISION'] },
      purpose: 'SUPERVISION',
    });
    const housing = await hub.ask(owner('housing'), query(''));
    const { disclosures } = housing.data as Listed;
    expect(disclosures.nodes.map((n) => [n['agency'], n['owners']])).toEqual([['police', ['hotline', 'housing']]]);
    expect(disclosures.totalCount).toBe(1);
    expect(errorLines(housing)).toEqual([
      'FIELD_DENIED Disclosure.operator disclosures.nodes.*.operator',
      'FIELD_DENIED Disclosure.reason disclosures.nodes.*.reason',
    ]);
    expect(((await hub.ask(owner('hotline'), query(''))).data as Listed).disclosures.totalCount).toBeGreaterThanOrEqual(
      2,
    );
    expect(((await hub.ask(owner('market'), query(''))).data as Listed).disclosures).toEqual({
      totalCount: 0,
      nodes: [],
    });
  });

  test('are for nobody else', async () => {
    for (const asker of [askers.police, askers.grid, askers.housing, askers.hotlineOperator, askers.steward]) {
      expect(errorLines(await hub.ask(asker, query(`(ticketNo: "${showcase.ticketNo}")`)))[0]).toMatch(/^FIELD_DENIED/);
    }
  });

  test('are found by agency, purpose and time', async () => {
    await hub.ask(askers.police, `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo } }`);
    await hub.ask(askers.grid, `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo } }`);
    const agencies = async (filter: string): Promise<unknown[]> => {
      const answer = await hub.ask(askers.audit, query(`(ticketNo: "${showcase.ticketNo}", filter: ${filter})`));
      return (answer.data as Listed).disclosures.nodes.map((n) => n['agency']);
    };
    expect(await agencies('{ agency: ["grid"] }')).toEqual(['grid']);
    expect(await agencies('{ purpose: ["AUDIT"], agency: ["grid", "police"] }')).toEqual([]);
    expect(await agencies('{ before: "2026-11-16T09:00:00+08:00" }')).toEqual([]);
    expect((await agencies('{ from: "2026-11-16T09:00:00+08:00", agency: ["grid", "police"] }')).toSorted()).toEqual([
      'grid',
      'police',
    ]);
  });
});

describe('what cannot be recorded is not disclosed', () => {
  const secret = showcase.reporterPhone;

  test('while another holds the ledger', async () => {
    const locked = await startHub();
    const other = openSource(locked, 'ledger');
    try {
      other.exec('BEGIN EXCLUSIVE');
      const answer = await locked.ask(askers.housing, ticketQuery);
      expect(errorLines(answer)).toEqual(['LEDGER_UNAVAILABLE']);
      expect(answer.data).toBeUndefined();
      expect(answer.text).not.toContain(secret);
      expect(locked.logged()).not.toContain(secret);
      // What is no data needs no entry.
      expect(
        (await locked.ask({ claims: askers.police.claims }, '{ catalogue(agency: "grid", type: "Grid") { field } }'))
          .data,
      ).toBeDefined();
      other.exec('ROLLBACK');
      expect((await locked.ask(askers.housing, ticketQuery)).text).toContain(secret);
    } finally {
      other.close();
      await locked.close();
    }
  });

  test('when its table is gone', async () => {
    const broken = await startHub();
    try {
      const db = openSource(broken, 'ledger');
      db.exec('DROP TABLE ledger_entry');
      db.close();
      const answer = await broken.ask(askers.housing, ticketQuery);
      expect(errorLines(answer)).toEqual(['LEDGER_UNAVAILABLE']);
      expect(answer.data).toBeUndefined();
      expect(`${answer.text}${broken.logged()}`).not.toContain(secret);
      expect(storedRows(broken, 'ledger', 'SELECT * FROM disclosure')).toEqual([]);
    } finally {
      await broken.close();
    }
  });
});
