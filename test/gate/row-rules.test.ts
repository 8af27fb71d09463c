import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines, openSource, storedRows } from '../hub/askers.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* Which tickets each role may know of, checked against SQL of the test's own. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

interface Page {
  readonly totalCount: number | null;
  readonly nodes: readonly { readonly ticketNo: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Every ticket of the caller's list, and its count. */
async function everyTicket(asker: Asker): Promise<{ nos: string[]; totalCount: number | null }> {
  const nos: string[] = [];
  for (let after: string | null = null; ;) {
    const query =
      'query($after: String) { tickets(first: 100, after: $after) { totalCount nodes { ticketNo } pageInfo { hasNextPage endCursor } } }';
    const answer: Answer = await hub.ask(asker, query, { after });
    expect(answer.errors).toEqual([]);
    const { tickets } = answer.data as { tickets: Page };
    nos.push(...tickets.nodes.map((n) => n.ticketNo));
    if (!tickets.pageInfo.hasNextPage) return { nos, totalCount: tickets.totalCount };
    after = tickets.pageInfo.endCursor;
  }
}

const held = (agency: string): string =>
  `lead_agency = '${agency}' OR EXISTS (SELECT 1 FROM json_each(co_agencies) WHERE value = '${agency}')
     OR EXISTS (SELECT 1 FROM json_each(former_agencies) WHERE value = '${agency}')`;
const caller = (
  agency: string,
  role: 'SYSTEM' | 'HANDLER' | 'OPERATOR' | 'SUPERVISOR',
  purpose: 'HANDLING' | 'SUPERVISION' | 'DISPATCH',
  areas: string[] = [],
): Asker => ({
  claims: { agency, role, areas, purposes: [purpose] },
  purpose,
});

/** To be listed by a grid would tell where a report (举报) lies. */
const noReport = "type <> 'REPORT'";

const lists: readonly (readonly [who: string, asker: Asker, where: string])[] = [
  ['police system', askers.police, held('police')],
  ['housing handler', askers.housing, held('housing')],
  ['market handler', askers.marketOtherUnit, held('market')],
  ['grid system', askers.formerHolder, held('grid')],
  ['grid worker', askers.grid, `${noReport} AND grid_code = '${showcase.gridCode}'`],
  [
    'grid worker of two grids',
    { ...askers.grid, claims: { ...askers.grid.claims, grids: [showcase.gridCode, '350102001001-G01'] } },
    `${noReport} AND grid_code IN ('${showcase.gridCode}', '350102001001-G01')`,
  ],
  ['grid worker of no grid', { ...askers.grid, claims: { ...askers.grid.claims, grids: [] } }, '1 = 0'],
  ['auditor', askers.audit, "substr(division_code, 1, 6) = '350102'"],
  [
    'auditor of a city',
    { ...askers.audit, claims: { ...askers.audit.claims, areas: ['350100'] } },
    "substr(division_code, 1, 4) = '3501'",
  ],
  [
    'auditor of a street',
    { ...askers.audit, claims: { ...askers.audit.claims, areas: ['350102001'] } },
    "substr(division_code, 1, 9) = '350102001'",
  ],
  ['auditor of no area', { ...askers.audit, claims: { ...askers.audit.claims, areas: [] } }, '1 = 0'],
  ['hotline operator', askers.hotlineOperator, "substr(division_code, 1, 6) = '350102'"],
  [
    'hotline system',
    caller('hotline', 'SYSTEM', 'HANDLING', ['350103']),
    `substr(division_code, 1, 6) = '350103' OR ${held('hotline')}`,
  ],
  [
    'police supervisor',
    caller('police', 'SUPERVISOR', 'SUPERVISION', ['350104']),
    "substr(division_code, 1, 6) = '350104'",
  ],
  ['agency without tickets', caller('fire', 'SYSTEM', 'HANDLING'), '1 = 0'],
];

test.each(lists)('the list of a %s is what its row rule says', async (_who, asker, where) => {
  const stored = storedRows<{ no: string }>(
    hub,
    'hotline',
    `SELECT ticket_no AS no FROM ticket WHERE ${where} ORDER BY received_at DESC, ticket_no DESC`,
  );
  const { nos, totalCount } = await everyTicket(asker);
  expect(nos).toEqual(stored.map((r) => r.no));
  expect(totalCount).toBe(stored.length);
});

test('the lists differ, and none but the whole city’s is everything', async () => {
  const sizes = await Promise.all(lists.slice(0, 5).map(async ([, asker]) => (await everyTicket(asker)).nos.length));
  expect(sizes.every((n) => n > 2 && n < 2_000)).toBe(true);
  expect(new Set(sizes).size).toBe(sizes.length);
});

describe('an agency that returned a ticket', () => {
  const query = `{ ticket(ticketNo: "${showcase.ticketNo}") {
    ticketNo type title content categoryPath urgency gridCode receivedAt acceptedAt reporterName
    status leadAgency coAgencies dispatchedAt updatedAt dueAt result houseCode uscc confidential
    handoffs { kind from to } trace { heldBy } policeIncidents { matchedBy } houses { matchedBy } } }`;

  test('sees what existed before its return, and its own steps', async () => {
    const answer = await hub.ask(askers.formerHolder, query);
    expect(answer.data).toEqual({
      ticket: {
        ticketNo: showcase.ticketNo,
        type: 'COMPLAINT',
        title: '榕荫花园物业服务不到位',
        content:
          '来电人[姓名]反映，榕荫花园的物业长期不清理楼道，上门理论时与保安发生争执。这种情况已经两个多月。要求有关部门督促整改。联系电话[电话]。',
        categoryPath: ['住房保障', '物业管理', '服务质量'],
        urgency: 'NORMAL',
        gridCode: showcase.gridCode,
        receivedAt: '2026-11-05T10:12:30+08:00',
        acceptedAt: '2026-11-05T10:15:10+08:00',
        reporterName: '林**',
        status: null,
        leadAgency: null,
        coAgencies: null,
        dispatchedAt: null,
        updatedAt: null,
        dueAt: null,
        result: null,
        houseCode: null,
        uscc: null,
        confidential: null,
        handoffs: [
          { kind: 'REASSIGN', from: 'housing', to: 'grid' },
          { kind: 'RETURN', from: 'grid', to: 'hotline' },
        ],
        trace: null,
        policeIncidents: null,
        houses: null,
      },
    });
    const denied = [
      'coAgencies',
      'confidential',
      'dispatchedAt',
      'dueAt',
      'houseCode',
      'houses',
      'leadAgency',
      'policeIncidents',
      'result',
      'status',
      'trace',
      'updatedAt',
      'uscc',
    ];
    expect(errorLines(answer)).toEqual(denied.map((f) => `FIELD_DENIED Ticket.${f} ticket.${f}`));
  });

  test('does not see what is written afterwards', async () => {
    const before = (await hub.ask(askers.formerHolder, query)).text;
    const db = openSource(hub, 'hotline');
    db.prepare(
      "UPDATE ticket SET status = 'CLOSED', result = '已整改', updated_at = '2026-11-20T09:00:00+08:00', lead_unit = 'housing-safety' WHERE ticket_no = ?",
    ).run(showcase.ticketNo);
    db.prepare(
      "INSERT INTO handoff (run_id, ticket_no, seq, node_name, kind, from_agency, to_agency, at) VALUES ('late-1', ?, 99, '办结', 'FEEDBACK', 'housing', 'hotline', '2026-11-20T09:00:00+08:00')",
    ).run(showcase.ticketNo);
    db.close();
    expect((await hub.ask(askers.formerHolder, query)).text).toBe(before);
  });
});

test('an agency that was named as co-handler, but not confirmed, gets no third party’s data', async () => {
  const [ticket] = storedRows<{ no: string; agency: string }>(
    hub,
    'hotline',
    `SELECT t.ticket_no AS no, p.agency AS agency FROM ticket t JOIN ticket_party p ON p.ticket_no = t.ticket_no AND p.role = 'CO'
      WHERE t.type <> 'REPORT' AND t.lead_agency <> p.agency AND p.agency <> 'hotline' LIMIT 1`,
  );
  if (ticket === undefined) throw new Error('the city has no co-handled ticket');
  const { no, agency } = ticket;
  const db = openSource(hub, 'hotline');
  db.prepare("DELETE FROM ticket_party WHERE ticket_no = ? AND agency = ? AND role = 'CO_CONFIRMED'").run(no, agency);
  db.prepare("UPDATE ticket SET confirmed_co_agencies = '[]' WHERE ticket_no = ?").run(no);
  db.close();
  const query = `{ ticket(ticketNo: "${no}") { ticketNo title status result policeIncidents { matchedBy } houses { matchedBy } trace { heldBy } } }`;
  const asCoHandler = caller(agency, 'SYSTEM', 'HANDLING');
  const foreign = agency === 'police' ? 'houses' : 'policeIncidents';
  const unconfirmed = await hub.ask(asCoHandler, query);
  expect(errorLines(unconfirmed)).toEqual(
    expect.arrayContaining([
      `FIELD_DENIED Ticket.${foreign} ticket.${foreign}`,
      'FIELD_DENIED Ticket.status ticket.status',
      'FIELD_DENIED Ticket.trace ticket.trace',
    ]),
  );
  expect((unconfirmed.data as { ticket: { title: unknown } }).ticket.title).toEqual(expect.any(String));
});
