import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines, openSource } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* Unknown and hidden records look alike; a direct lookup gives only what a ticket of the caller really joins. */

const { ticketNo, reportTicketNo, nearMisses, incidents } = showcase;

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

describe('a hidden record and one that does not exist give the same bytes', () => {
  // Asked through a variable, so that the two queries are one document.
  const pairs: readonly (readonly [root: string, query: string, hidden: unknown, unknown: unknown, asker: Asker])[] = [
    [
      'ticket',
      'query($x: ID!) { ticket(ticketNo: $x) { ticketNo title handoffs { runId } access { field } } }',
      reportTicketNo,
      '12345:2026110500009999',
      askers.housing,
    ],
    ['ticket', 'query($x: ID!) { ticket(ticketNo: $x) { ticketNo } }', ticketNo, 'x:1', askers.steward],
    [
      'ticketsByNo',
      'query($x: ID!) { ticketsByNo(ticketNos: [$x]) { ticketNo status } }',
      reportTicketNo,
      '12345:2026110500009999',
      askers.police,
    ],
    [
      'disclosures',
      'query($x: ID!) { disclosures(ticketNo: $x) { totalCount nodes { disclosureNo } } }',
      ticketNo,
      '12345:2026110500009999',
      { ...askers.audit, claims: { ...askers.audit.claims, areas: ['350103'] } },
    ],
    [
      'policeIncident',
      'query($x: ID!) { policeIncident(incidentNo: $x) { incidentNo callerName } }',
      nearMisses.confidential,
      'JJ20261104990000999',
      { ...askers.police, ticket: ticketNo },
    ],
    [
      'policeIncident',
      'query($x: ID!) { policeIncident(incidentNo: $x) { incidentNo } }',
      incidents.byCaller,
      'JJ20261104990000999',
      { ...askers.housing, ticket: ticketNo },
    ],
    [
      'marketEntity',
      'query($x: USCC!) { marketEntity(uscc: $x) { uscc name } }',
      nearMisses.swappedUscc,
      '91350100M000100Y43',
      { ...askers.police, ticket: ticketNo },
    ],
    [
      'house',
      'query($x: ID!) { house(houseCode: $x) { houseCode } }',
      nearMisses.neighbourHouse,
      'none',
      { ...askers.housing, ticket: ticketNo },
    ],
    ['gridByCode', 'query($x: ID!) { gridByCode(code: $x) { gridCode } }', '350102001001-G01', 'none', askers.grid],
  ];

  test.each(pairs)('%s (%s)', async (root, query, hidden, unknown, asker) => {
    const [first, second] = await Promise.all([
      hub.ask(asker, query, { x: hidden }),
      hub.ask(asker, query, { x: unknown }),
    ]);
    expect(first.text).toBe(second.text);
    if (root === 'ticketsByNo') expect(first.data).toEqual({ ticketsByNo: [null] });
    else expect(errorLines(first)).toEqual([`NOT_FOUND ${root}`]);
  });

  test('and so do a hidden and an unknown ticket in the header', async () => {
    const query = `{ marketEntity(uscc: "${showcase.uscc}") { uscc } }`;
    const [hidden, unknown] = await Promise.all(
      [reportTicketNo, '12345:2026110500009999'].map((ticket) => hub.ask({ ...askers.housing, ticket }, query)),
    );
    expect(hidden?.text).toBe(unknown?.text);
    expect(hidden === undefined ? [] : errorLines(hidden)).toEqual(['NOT_FOUND marketEntity']);
  });

  test('the same statements go to the sources', async () => {
    const query = 'query($x: ID!) { ticket(ticketNo: $x) { ticketNo handoffs { runId } } }';
    const statements = async (x: string) => {
      hub.takeStatements();
      await hub.ask(askers.housing, query, { x });
      return hub.takeStatements();
    };
    expect(await statements(reportTicketNo)).toEqual(await statements('12345:2026110500009999'));
  });
});

describe('a direct lookup', () => {
  const roots: readonly (readonly [root: string, query: string])[] = [
    ['policeIncident', `{ policeIncident(incidentNo: "${incidents.byNumber}") { incidentNo } }`],
    ['marketEntity', `{ marketEntity(uscc: "${showcase.uscc}") { uscc } }`],
    ['house', `{ house(houseCode: "${showcase.houseCode}") { houseCode } }`],
    ['gridByCode', `{ gridByCode(code: "${showcase.gridCode}") { gridCode } }`],
  ];
  const found = {
    policeIncident: { incidentNo: incidents.byNumber },
    marketEntity: { uscc: showcase.uscc },
    house: { houseCode: showcase.houseCode },
    gridByCode: { gridCode: showcase.gridCode },
  };

  test.each(roots)('%s needs a ticket', async (root, query) => {
    for (const asker of [askers.police, askers.housing, askers.hotlineOperator]) {
      hub.takeStatements();
      const answer = await hub.ask(asker, query);
      expect(answer.data).toEqual({ [root]: null });
      expect(errorLines(answer)).toEqual([`TICKET_REQUIRED ${root}`]);
      expect(hub.takeStatements()).toEqual([]);
    }
  });

  test.each(roots)(
    '%s finds what the ticket joins, the bare number of the own hotline included',
    async (root, query) => {
      for (const ticket of [ticketNo, ticketNo.slice('12345:'.length)]) {
        const answer = await hub.ask({ ...askers.police, ticket }, query);
        expect(answer.data).toEqual({ [root]: found[root as keyof typeof found] });
        expect(answer.errors).toEqual([]);
      }
    },
  );

  const missed: readonly (readonly [why: string, query: string])[] = [
    [
      'called sixty days before',
      `{ policeIncident(incidentNo: "${nearMisses.callerSixtyDaysBefore}") { incidentNo } }`,
    ],
    ['next door', `{ policeIncident(incidentNo: "${nearMisses.nextDoor}") { incidentNo } }`],
    ['a number off by one', `{ policeIncident(incidentNo: "${nearMisses.numberOffByOne}") { incidentNo } }`],
    ['a confidential incident', `{ policeIncident(incidentNo: "${nearMisses.confidential}") { incidentNo } }`],
    ['a code with two digits swapped', `{ marketEntity(uscc: "${nearMisses.swappedUscc}") { uscc } }`],
    ['the reported business', `{ marketEntity(uscc: "${showcase.reportedUscc}") { uscc } }`],
    ['the neighbour’s house', `{ house(houseCode: "${nearMisses.neighbourHouse}") { houseCode } }`],
    ['another grid', '{ gridByCode(code: "350102001001-G01") { gridCode } }'],
  ];
  test.each(missed)('never finds what looks like a match and is none: %s', async (_why, query) => {
    for (const asker of [askers.police, askers.housing, askers.grid, askers.audit, askers.hotlineOperator]) {
      const answer = await hub.ask({ ...asker, ticket: ticketNo }, query);
      expect(errorLines(answer).map((line) => line.split(' ')[0])).toEqual(['NOT_FOUND']);
    }
  });

  test('nor do the near misses show below the ticket', async () => {
    const query = `{ ticket(ticketNo: "${ticketNo}") { policeIncidents { matchedBy confidence incident { incidentNo } } marketEntities { matchedBy entity { uscc } } houses { matchedBy house { houseCode } } } }`;
    expect((await hub.ask(askers.police, query)).data).toEqual({
      ticket: {
        policeIncidents: [
          { matchedBy: 'INCIDENT_NUMBER', confidence: 1, incident: { incidentNo: incidents.byNumber } },
          { matchedBy: 'CALLER_NUMBER', confidence: 0.8, incident: { incidentNo: incidents.byCaller } },
          { matchedBy: 'STANDARD_ADDRESS', confidence: 0.4, incident: { incidentNo: incidents.byAddress } },
        ],
        marketEntities: [{ matchedBy: 'USCC', entity: { uscc: showcase.uscc } }],
        houses: [{ matchedBy: 'HOUSE_CODE', house: { houseCode: showcase.houseCode } }],
      },
    });
  });

  test('a grid worker reaches its own grid without a ticket, and only that', async () => {
    const own = await hub.ask(
      askers.grid,
      `{ gridByCode(code: "${showcase.gridCode}") { gridCode households workers { workerNo } } }`,
    );
    expect(own.data).toMatchObject({ gridByCode: { gridCode: showcase.gridCode, households: 600 } });
    expect(errorLines(await hub.ask(askers.grid, '{ gridByCode(code: "350102001001-G01") { gridCode } }'))).toEqual([
      'NOT_FOUND gridByCode',
    ]);
  });

  test('an auditor reaches the records of its areas without a ticket, and only those', async () => {
    const query = `{ marketEntity(uscc: "${showcase.uscc}") { uscc name } house(houseCode: "${showcase.houseCode}") { houseCode ownerName } }`;
    const inside = await hub.ask(askers.audit, query);
    expect(inside.data).toEqual({
      marketEntity: { uscc: showcase.uscc, name: '福州榕荫物业管理有限公司' },
      house: { houseCode: showcase.houseCode, ownerName: expect.stringMatching(/^人员-[A-Z2-7]{10}$/) },
    });
    const outside = await hub.ask({ ...askers.audit, claims: { ...askers.audit.claims, areas: ['350103'] } }, query);
    expect(outside.data).toEqual({ marketEntity: null, house: null });
  });
});

describe('ticket()', () => {
  test('refuses a header that names another ticket', async () => {
    hub.takeStatements();
    const answer = await hub.ask(
      { ...askers.housing, ticket: reportTicketNo },
      `{ ticket(ticketNo: "${ticketNo}") { ticketNo } }`,
    );
    expect(answer.data).toEqual({ ticket: null });
    expect(errorLines(answer)).toEqual(['TICKET_MISMATCH ticket']);
    expect(hub.takeStatements()).toEqual([]);
  });

  test('takes a header that names the same', async () => {
    for (const ticket of [ticketNo, ticketNo.slice('12345:'.length)]) {
      const answer = await hub.ask({ ...askers.housing, ticket }, `{ ticket(ticketNo: "${ticketNo}") { ticketNo } }`);
      expect(answer.data).toEqual({ ticket: { ticketNo } });
    }
  });

  test('takes the bare number of the own hotline, as the header does', async () => {
    const bare = ticketNo.slice('12345:'.length);
    const query = `{ ticket(ticketNo: "${bare}") { ticketNo } ticketsByNo(ticketNos: ["${bare}"]) { ticketNo } }`;
    for (const asker of [askers.housing, { ...askers.housing, ticket: bare }]) {
      expect((await hub.ask(asker, query)).data).toEqual({ ticket: { ticketNo }, ticketsByNo: [{ ticketNo }] });
    }
  });
});

test('a time window is judged for each ticket of a batch', async () => {
  // A second ticket of the same caller, sixty days before: each joins the calls of its own days.
  const db = openSource(hub, 'hotline');
  const { other } = db.prepare("SELECT ticket_no AS other FROM ticket WHERE lead_agency = 'police' LIMIT 1").get() as {
    other: string;
  };
  db.prepare(
    'UPDATE ticket SET reporter_phone = ?, received_at = ?, confidential = 0, type = ? WHERE ticket_no = ?',
  ).run(showcase.reporterPhone, '2026-09-06T12:00:00+08:00', 'COMPLAINT', other);
  db.close();
  const query = `{ ticketsByNo(ticketNos: ["${other}", "${ticketNo}"]) { ticketNo policeIncidents { matchedBy incident { incidentNo } } } }`;
  const byCaller = (
    (await hub.ask(askers.police, query)).data as {
      ticketsByNo: { ticketNo: string; policeIncidents: { matchedBy: string; incident: { incidentNo: string } }[] }[];
    }
  ).ticketsByNo.map((t) => [
    t.ticketNo,
    t.policeIncidents.filter((m) => m.matchedBy === 'CALLER_NUMBER').map((m) => m.incident.incidentNo),
  ]);
  expect(byCaller).toEqual([
    [other, [nearMisses.callerSixtyDaysBefore]],
    [ticketNo, [incidents.byCaller]],
  ]);
});

test('ticketsByNo answers in the order asked, repeats included, null for the hidden', async () => {
  const query = 'query($nos: [ID!]!) { ticketsByNo(ticketNos: $nos) { ticketNo } }';
  const nos = [showcase.confidentialTicketNo, reportTicketNo, ticketNo, 'x:1', ticketNo];
  expect((await hub.ask(askers.housing, query, { nos })).data).toEqual({
    ticketsByNo: [{ ticketNo: showcase.confidentialTicketNo }, null, { ticketNo }, null, { ticketNo }],
  });
});

test('a denied field below a list of tickets names the list in its path pattern', async () => {
  const answer = await hub.ask(askers.police, `{ ticketsByNo(ticketNos: ["${ticketNo}"]) { ticketNo longitude } }`);
  expect(answer.errors.map((e) => ({ pattern: e.extensions['pathPattern'], path: e.path }))).toEqual([
    { pattern: 'ticketsByNo.*.longitude', path: undefined },
  ]);
});
