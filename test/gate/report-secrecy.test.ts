import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines, openSource, storedRows } from '../hub/askers.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';

/*
 * 举报: outside its handling unit a report shows number, status and times; who reported, what and about whom is in no
 * byte of any answer, log or ledger. (Local hotline regulations; the design's REPORT rule.)
 */

const { reportTicketNo, gridCode, reportedUscc } = showcase;

let hub: RunningHub;
let secrets: readonly string[];
beforeAll(async () => {
  hub = await startHub();
  // Two records of other agencies point at the report, so that it can be reached through them.
  const police = openSource(hub, 'police');
  police.prepare('UPDATE JJD SET ZWGDBH = ? WHERE JJDBH = ?').run(reportTicketNo, showcase.incidents.byNumber);
  police.close();
  const grid = openSource(hub, 'grid');
  grid.prepare('UPDATE wg_event SET glgdbh = ? WHERE sjbh = ?').run(reportTicketNo, showcase.events.open);
  grid.close();
  const [row] = storedRows<
    Record<'reporter_name' | 'reporter_phone' | 'reporter_id_number' | 'content' | 'title', string>
  >(
    hub,
    'hotline',
    'SELECT reporter_name, reporter_phone, reporter_id_number, content, title FROM ticket WHERE ticket_no = ?',
    reportTicketNo,
  );
  if (row === undefined) throw new Error('the city has no report');
  secrets = [row.reporter_name, row.reporter_phone, row.reporter_id_number, row.content, row.title];
  expect(secrets.every((s) => s.length > 1)).toBe(true);
});
afterAll(() => hub.close());

const everyLeaf = `
  ticketNo sourceSystem channel type title content categoryPath urgency status divisionCode street community address
  standardAddress gridCode houseCode uscc policeIncidentNo longitude latitude crs reporterName reporterPhone reporterIdNumber
  anonymous confidential firstReceiver leadAgency leadUnit coAgencies receivedAt acceptedAt dispatchedAt signedAt handledAt
  visitedAt closedAt dueAt updatedAt result replyText factual outOfRemit resolved unresolvedReason satisfaction
  satisfactionRaw urgeCount returned jointHandling extended difficult`;
const everyRelation = `
  handoffs { runId reason } trace { heldBy } policeIncidents { incident { incidentNo } } grid { grid { gridCode } }
  marketEntities { entity { uscc } } houses { house { houseCode } }`;
const whole = `${everyLeaf} ${everyRelation}`;
const open = new Set([
  'ticketNo',
  'status',
  'receivedAt',
  'acceptedAt',
  'dispatchedAt',
  'signedAt',
  'handledAt',
  'visitedAt',
  'closedAt',
  'dueAt',
  'updatedAt',
]);

interface Outsider {
  readonly name: string;
  readonly asker: Asker;
}

const outsiders: readonly Outsider[] = [
  { name: 'grid worker of its grid', asker: askers.grid },
  { name: 'auditor of its area', asker: askers.audit },
  { name: 'hotline operator of its area', asker: askers.hotlineOperator },
  {
    name: 'hotline operator in an emergency',
    asker: { ...askers.hotlineOperator, purpose: 'EMERGENCY', reason: '人员被困' },
  },
  { name: 'market handler of another unit', asker: askers.marketOtherUnit },
  { name: 'market system without a unit', asker: askers.marketSystem },
  {
    name: 'same unit name in another agency',
    asker: { ...askers.housing, claims: { ...askers.housing.claims, unit: showcase.reportUnit } },
  },
  { name: 'police system', asker: askers.police },
  { name: 'grid system', asker: askers.formerHolder },
];

/** What a report may show: its open fields; anything else is null. */
function expectOpenFieldsOnly(ticket: unknown): void {
  const shown = Object.entries(ticket as Record<string, unknown>).filter(
    ([field, value]) => value !== null && !field.startsWith('__'),
  );
  expect(shown.map(([field]) => field).filter((field) => !open.has(field))).toEqual([]);
}

/** Every object of the answer that is the report. */
function reportsIn(answer: Answer): unknown[] {
  const found: unknown[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      if ((value as { ticketNo?: unknown }).ticketNo === reportTicketNo) found.push(value);
      Object.values(value).forEach(walk);
    }
  };
  walk(answer.data);
  return found;
}

function expectNoSecret(answer: Answer): void {
  for (const secret of secrets) expect(answer.text).not.toContain(secret);
}

/** Every way in: its name, the query, and the ticket of the header where it needs one. */
const ways = (
  [
    ['ticket', `{ ticket(ticketNo: "${reportTicketNo}") { ${whole} } }`],
    ['ticketsByNo', `{ ticketsByNo(ticketNos: ["${reportTicketNo}", "${showcase.ticketNo}"]) { ${whole} } }`],
    [
      'tickets',
      `{ tickets(first: 100, filter: { receivedFrom: "2026-11-05T00:00:00+08:00", receivedBefore: "2026-11-06T00:00:00+08:00" }) { nodes { ${whole} } } }`,
    ],
    [
      'tickets by edges',
      `{ tickets(first: 100, filter: { receivedFrom: "2026-11-05T10:00:00+08:00" }) { edges { node { ${whole} } } } }`,
    ],
    [
      'myCases',
      `{ myCases(first: 100, changedSince: "2026-11-05T00:00:00+08:00") { nodes { ... on Ticket { ${whole} } ... on GridEvent { eventNo linkedTicket { ${everyLeaf} } } } } }`,
    ],
    [
      'Grid.tickets',
      `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo grid { grid { gridCode tickets(first: 50) { nodes { ${whole} } } } } } }`,
    ],
    [
      'Grid.tickets by lookup',
      `{ gridByCode(code: "${gridCode}") { gridCode tickets(first: 50) { nodes { ${whole} } } } }`,
      showcase.ticketNo,
    ],
    [
      'MarketEntity.tickets',
      `{ marketEntity(uscc: "${reportedUscc}") { uscc tickets(first: 50) { nodes { ${whole} } } } }`,
      reportTicketNo,
    ],
    [
      'PoliceIncident.divertedTicket',
      `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo policeIncidents { incident { incidentNo divertedTicket { ${whole} } } } } }`,
    ],
    [
      'GridEvent.linkedTicket',
      `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo grid { grid { gridCode events(first: 20) { nodes { eventNo linkedTicket { ${whole} } } } } } } }`,
    ],
    ['handoffFindings', `{ handoffFindings(first: 100) { nodes { findingId ticketNo ticket { ${whole} } } } }`],
    [
      'disclosures',
      `{ disclosures(ticketNo: "${reportTicketNo}", first: 5) { nodes { disclosureNo ticketNos disclosedFields boundTicketNo } } }`,
    ],
  ] as readonly (readonly [name: string, query: string, ticket?: string])[]
).map(([name, query, ticket]) => ({ name, query, with: ticket === undefined ? {} : { ticket } }));

describe.each(outsiders)('to the $name', ({ asker }) => {
  test.each(ways)('by $name a report shows number, status and times only', async ({ query, with: header }) => {
    const answer = await hub.ask({ ...asker, ...header }, query);
    expect(answer.status).toBe(200);
    expectNoSecret(answer);
    for (const report of reportsIn(answer)) expectOpenFieldsOnly(report);
  });
});

describe('being listed tells no place of a report', () => {
  const places = (role: 'OPERATOR' | 'SUPERVISOR', purpose: 'HANDLING' | 'SUPERVISION'): Asker => ({
    claims: { agency: 'police', role, areas: [showcase.areaCode], purposes: [purpose] },
    purpose,
  });
  const found = async (asker: Asker): Promise<boolean> => {
    const answers = await Promise.all([
      hub.ask(asker, `{ ticket(ticketNo: "${reportTicketNo}") { ticketNo } }`),
      hub.ask(asker, '{ tickets(first: 100) { nodes { ticketNo } } }'),
      hub.ask(asker, '{ myCases(first: 100) { nodes { ... on Ticket { ticketNo } } } }'),
    ]);
    return answers.some((answer) => reportsIn(answer).length > 0);
  };

  test.each([
    ['a grid worker of its grid', askers.grid, false],
    ['an operator of its area in another agency', places('OPERATOR', 'HANDLING'), false],
    ['whoever oversees its area', places('SUPERVISOR', 'SUPERVISION'), true],
    ['an auditor of its area', askers.audit, true],
    ['the hotline', askers.hotlineOperator, true],
    ['an agency that has part in it', askers.marketOtherUnit, true],
  ] as const)('%s: %#', async (_who, asker, listed) => {
    expect(await found(asker)).toBe(listed);
  });
});

test('some of these ways do lead to the report', async () => {
  const seen: string[] = [];
  for (const { name, query, with: header } of ways) {
    for (const { asker } of outsiders) {
      const answer = await hub.ask({ ...asker, ...header }, query);
      if (reportsIn(answer).length > 0) seen.push(name);
    }
  }
  // Only the ways that name no other record: a link from one would itself tell of the report.
  expect(new Set(seen)).toEqual(new Set(['ticket', 'ticketsByNo', 'tickets', 'tickets by edges', 'myCases']));
});

test('naming a report in the header seals no reading of other tickets, and is told nowhere', async () => {
  const { reportTicketNo, ticketNo } = showcase;
  const other: Asker = { ...askers.reportUnit, ticket: reportTicketNo };
  const query = `{ ticketsByNo(ticketNos: ["${reportTicketNo}", "${ticketNo}"]) { ticketNo } marketEntity(uscc: "${showcase.reportedUscc}") { name } tickets(first: 1) { nodes { ticketNo } } }`;
  await hub.ask(other, query);
  await hub.ask(other, '{ tickets(first: 1) { nodes { ticketNo } } }');
  const rows = storedRows<{ sealed: number; bound: string | null; tickets: string }>(
    hub,
    'ledger',
    'SELECT sealed, bound_ticket_no AS bound, ticket_nos AS tickets FROM disclosure ORDER BY rowid DESC LIMIT 3',
  );
  expect(rows.map((r) => [r.sealed, r.bound === null, r.tickets.includes(reportTicketNo)])).toEqual(
    expect.arrayContaining([
      [0, true, false],
      [1, false, true],
    ]),
  );
  expect(
    rows
      .filter((r) => r.sealed === 0)
      .map((r) => r.tickets)
      .join(),
  ).toContain(ticketNo);
  expect(rows.filter((r) => r.sealed === 0)).toHaveLength(2);
});

test('the log does not tell who read a report, nor hides what was read beside it', async () => {
  const { reportTicketNo, ticketNo } = showcase;
  await hub.ask(
    askers.reportUnit,
    `{ ticketsByNo(ticketNos: ["${ticketNo}", "${reportTicketNo}"]) { ticketNo reporterName marketEntities { matchedBy } } }`,
  );
  const query = '{ disclosures(first: 100) { nodes { unit boundTicketNo ticketNos } } }';
  const owner: Asker = {
    claims: { agency: 'market', role: 'SYSTEM', purposes: ['SUPERVISION'] },
    purpose: 'SUPERVISION',
  };
  const hotline: Asker = {
    claims: { agency: 'hotline', role: 'SYSTEM', purposes: ['SUPERVISION'] },
    purpose: 'SUPERVISION',
  };
  for (const asker of [owner, hotline]) expect((await hub.ask(asker, query)).text).not.toContain(reportTicketNo);
  const audit = await hub.ask(
    askers.audit,
    `{ disclosures(ticketNo: "${ticketNo}", first: 100) { nodes { unit ticketNos } } }`,
  );
  expect(audit.text).not.toContain(reportTicketNo);
  expect(audit.text).toContain('market-inspection');
});

test('a report never becomes a finding', async () => {
  const answer = await hub.ask(askers.audit, '{ handoffFindings(first: 100) { nodes { ticketNo } } }');
  const nos = (answer.data as { handoffFindings: { nodes: { ticketNo: string }[] } }).handoffFindings.nodes.map(
    (n) => n.ticketNo,
  );
  expect(nos.length).toBeGreaterThan(5);
  const reports = new Set(
    storedRows<{ no: string }>(hub, 'hotline', "SELECT ticket_no AS no FROM ticket WHERE type = 'REPORT'").map(
      (r) => r.no,
    ),
  );
  expect(nos.filter((no) => reports.has(no))).toEqual([]);
});

describe('no filter, order or count finds a report by what it hides', () => {
  const reports = new Set<string>();
  beforeAll(() => {
    for (const { no } of storedRows<{ no: string }>(
      hub,
      'hotline',
      "SELECT ticket_no AS no FROM ticket WHERE type = 'REPORT'",
    ))
      reports.add(no);
  });

  const filters: readonly (readonly [name: string, filter: string])[] = [
    ['type', '{ type: [REPORT] }'],
    ['leadAgency', '{ leadAgency: ["market"] }'],
    ['gridCode', `{ gridCode: ["${gridCode}"] }`],
    ['divisionCode', '{ divisionCode: "350102" }'],
    ['sourceSystem', '{ sourceSystem: ["12345"] }'],
    [
      'leadAgency and time',
      '{ leadAgency: ["market"], receivedFrom: "2026-11-05T10:13:00+08:00", receivedBefore: "2026-11-05T10:13:30+08:00" }',
    ],
  ];
  const blind: readonly Outsider[] = outsiders.filter((o) =>
    [
      'grid worker of its grid',
      'auditor of its area',
      'hotline operator of its area',
      'market handler of another unit',
    ].includes(o.name),
  );

  for (const { name, asker } of blind) {
    test.each(filters)(`${name}: filter by %s`, async (_field, filter) => {
      const query = `query($after: String) { tickets(filter: ${filter}, first: 100, after: $after) { totalCount nodes { ticketNo } pageInfo { hasNextPage endCursor } } }`;
      const nos: string[] = [];
      let total: number | null = null;
      for (let after: string | null = null, more = true; more;) {
        const answer: Answer = await hub.ask(asker, query, { after });
        const { tickets } = answer.data as {
          tickets: {
            totalCount: number | null;
            nodes: { ticketNo: string }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          } | null;
        };
        if (tickets === null) {
          expect(errorLines(answer)[0]).toMatch(/^FIELD_DENIED Ticket\./);
          return;
        }
        nos.push(...tickets.nodes.map((n) => n.ticketNo));
        total = tickets.totalCount;
        after = tickets.pageInfo.endCursor;
        more = tickets.pageInfo.hasNextPage;
      }
      expect(nos.filter((no) => reports.has(no))).toEqual([]);
      if (total !== null) expect(total).toBe(nos.length);
    });
  }

  test('sorting by what is open is all that one may do', async () => {
    const answer = await hub.ask(
      askers.audit,
      '{ tickets(first: 100, orderBy: { field: UPDATED_AT, direction: ASC }) { nodes { ticketNo updatedAt } } }',
    );
    const times = (answer.data as { tickets: { nodes: { updatedAt: string }[] } }).tickets.nodes.map(
      (n) => n.updatedAt,
    );
    expect(times).toEqual(times.toSorted());
  });
});

test.each(['marketEntity', 'house', 'policeIncident'] as const)(
  'the report opens no direct lookup of a %s',
  async (root) => {
    const query = {
      marketEntity: `{ marketEntity(uscc: "${reportedUscc}") { uscc name } }`,
      house: `{ house(houseCode: "${showcase.houseCode}") { houseCode } }`,
      policeIncident: `{ policeIncident(incidentNo: "${showcase.incidents.byNumber}") { incidentNo } }`,
    }[root];
    for (const { asker } of outsiders) {
      const answer = await hub.ask({ ...asker, ticket: reportTicketNo }, query);
      expect(errorLines(answer)).toEqual([`NOT_FOUND ${root}`]);
    }
  },
);

// Which business or grid a report is about is hidden; a list that is made by that very field would tell it.
test.each([
  [
    'the business',
    `{ marketEntity(uscc: "${reportedUscc}") { uscc tickets(first: 100) { totalCount nodes { ticketNo } } } }`,
  ],
  [
    'the grid',
    `{ gridByCode(code: "${gridCode}") { gridCode tickets(first: 100) { totalCount nodes { ticketNo } } } }`,
  ],
])('an auditor cannot learn from %s what is reported about it', async (_what, query) => {
  const answer = await hub.ask(askers.audit, query);
  expect(reportsIn(answer)).toEqual([]);
  const [record] = Object.values(answer.data as Record<string, { tickets: { totalCount: number; nodes: unknown[] } }>);
  expect(record?.tickets.totalCount).toBe(record?.tickets.nodes.length);
});

describe('inside the handling unit', () => {
  test('the handler sees the whole report', async () => {
    const answer = await hub.ask(
      askers.reportUnit,
      `{ ticket(ticketNo: "${reportTicketNo}") { ${everyLeaf} handoffs { runId reason } trace { heldBy } marketEntities { entity { uscc name } } access { field status } } }`,
    );
    const { ticket } = answer.data as { ticket: Record<string, unknown> };
    const [stored] = storedRows<Record<string, unknown>>(
      hub,
      'hotline',
      'SELECT * FROM ticket WHERE ticket_no = ?',
      reportTicketNo,
    );
    expect(ticket).toMatchObject({
      ticketNo: reportTicketNo,
      type: 'REPORT',
      title: stored?.['title'],
      reporterName: stored?.['reporter_name'],
      reporterPhone: stored?.['reporter_phone'],
      reporterIdNumber: null,
      address: stored?.['address'],
      leadUnit: showcase.reportUnit,
      uscc: reportedUscc,
      trace: { heldBy: 'market' },
      marketEntities: [{ entity: { uscc: reportedUscc, name: '鼓楼区榕味轩小吃店' } }],
    });
    expect(ticket['content']).toContain('没有食品经营许可证');
    expect(ticket['content']).not.toContain(String(stored?.['reporter_phone']));
    expect(errorLines(answer)).toEqual(['FIELD_DENIED Ticket.reporterIdNumber ticket.reporterIdNumber']);
  });

  test('the handler finds it by type', async () => {
    const answer = await hub.ask(
      askers.reportUnit,
      '{ tickets(filter: { type: [REPORT] }, first: 100) { nodes { ticketNo } } }',
    );
    const { nodes } = (answer.data as { tickets: { nodes: { ticketNo: string }[] } }).tickets;
    expect(nodes).toContainEqual({ ticketNo: reportTicketNo });
  });
});

test('neither log nor ledger holds anything of the reporter', () => {
  const ledger = storedRows<Record<string, unknown>>(hub, 'ledger', 'SELECT * FROM disclosure');
  expect(ledger.length).toBeGreaterThan(50);
  const kept = [
    hub.logged(),
    JSON.stringify(ledger),
    JSON.stringify(storedRows(hub, 'ledger', 'SELECT * FROM disclosure_member')),
  ].join('\n');
  for (const secret of secrets) expect(kept).not.toContain(secret);
});

test('what was given or denied on a report alone stands in the sealed entry alone', async () => {
  const { reportTicketNo, ticketNo } = showcase;
  const last = (count: number) =>
    storedRows<{ sealed: number; disclosed: string; denied: string; given: string; records: string }>(
      hub,
      'ledger',
      `SELECT sealed, disclosed, denied, given, records FROM disclosure ORDER BY rowid DESC LIMIT ${count}`,
    ).toSorted((a, b) => a.sealed - b.sealed);

  await hub.ask(
    askers.reportUnit,
    `{ a: ticketsByNo(ticketNos: ["${reportTicketNo}"]) { title marketEntities { matchedBy } } b: ticketsByNo(ticketNos: ["${ticketNo}"]) { ticketNo } }`,
  );
  const [open, sealed] = last(2);
  expect([open?.sealed, sealed?.sealed]).toEqual([0, 1]);
  expect(open?.disclosed).toBe('["Ticket.ticketNo"]');
  expect(open?.given).not.toMatch(/title|matchedBy/);
  expect(sealed?.disclosed).toContain('Ticket.title');
  expect(sealed?.records).toContain(reportTicketNo);
  expect(open?.records).not.toContain(reportTicketNo);

  // To anybody else the report's title is denied, and the other ticket's given: who reads the open entry learns of neither.
  const answer = await hub.ask(
    askers.hotlineOperator,
    `{ ticketsByNo(ticketNos: ["${ticketNo}", "${reportTicketNo}"]) { ticketNo title } }`,
  );
  expect(answer.text).toContain('FIELD_DENIED');
  const [openly, kept] = last(2);
  expect([openly?.sealed, openly?.denied, openly?.disclosed]).toEqual([0, '[]', '["Ticket.ticketNo","Ticket.title"]']);
  expect([kept?.sealed, kept?.denied, kept?.disclosed]).toEqual([1, '["Ticket.title"]', '["Ticket.ticketNo"]']);
});
