import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { askers, errorLines, openSource, storedRows } from '../hub/askers.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* Paging gives every record once, in order, whatever the page's size; a cursor opens only what it was made for. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
  // Many records of one moment: the order must still be total.
  const db = openSource(hub, 'hotline');
  db.prepare(
    "UPDATE ticket SET received_at = '2026-10-10T10:10:10+08:00', updated_at = '2026-10-12T10:10:10+08:00' WHERE rowid % 5 = 0",
  ).run();
  db.close();
  // In the showcase's grid two tickets and three events changed at one moment.
  const grid = openSource(hub, 'grid');
  const own = '(SELECT rowid FROM wg_event WHERE wgbm = ? ORDER BY sjbh LIMIT 3)';
  grid.prepare(`UPDATE wg_event SET gxsj = '2026-11-05 17:00:00' WHERE rowid IN ${own}`).run(showcase.gridCode);
  grid.close();
  const tickets = openSource(hub, 'hotline');
  tickets
    .prepare("UPDATE ticket SET updated_at = '2026-11-05T17:00:00+08:00' WHERE ticket_no IN (?, ?)")
    .run(showcase.ticketNo, showcase.reportTicketNo);
  tickets.close();
});
afterAll(() => hub.close());

interface Connection {
  readonly nodes: readonly Record<string, string>[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** All pages of a root list, checked for what every page must keep. */
async function allOf(
  asker: Asker,
  field: string,
  args: string,
  node: string,
  first: number,
): Promise<Record<string, string>[]> {
  const found: Record<string, string>[] = [];
  const edgeNode = field === 'myCases' ? '__typename' : node;
  for (let after: string | null = null, page = 0; ; page += 1) {
    const query = `query($after: String) { ${field}(first: ${first}, after: $after ${args}) { nodes { ${node} } edges { cursor node { ${edgeNode} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const answer = await hub.ask(asker, query, { after });
    expect(answer.errors).toEqual([]);
    const list: Connection | undefined = (answer.data as Record<string, Connection>)[field];
    if (list === undefined) throw new Error(answer.text);
    const { nodes, edges, pageInfo } = list;
    expect(nodes.length).toBeLessThanOrEqual(first);
    expect(edges).toHaveLength(nodes.length);
    expect(pageInfo.hasPreviousPage).toBe(page > 0);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges[0]?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    found.push(...nodes);
    if (!pageInfo.hasNextPage) return found;
    expect(nodes).toHaveLength(first);
    after = pageInfo.endCursor;
  }
}

const party = `lead_agency = 'police' OR ticket_no IN (SELECT ticket_no FROM ticket_party WHERE agency = 'police')`;
const area = "division_code LIKE '350102%'";
const orders: readonly (readonly [who: 'police' | 'audit', args: string, sql: string])[] = [
  ['police', '', `SELECT ticket_no AS ticketNo FROM ticket WHERE ${party} ORDER BY received_at DESC, ticket_no DESC`],
  ['audit', '', `SELECT ticket_no AS ticketNo FROM ticket WHERE ${area} ORDER BY received_at DESC, ticket_no DESC`],
  [
    'audit',
    ', orderBy: { field: RECEIVED_AT, direction: ASC }',
    `SELECT ticket_no AS ticketNo FROM ticket WHERE ${area} ORDER BY received_at, ticket_no`,
  ],
  [
    'audit',
    ', orderBy: { field: UPDATED_AT, direction: DESC }',
    `SELECT ticket_no AS ticketNo FROM ticket WHERE ${area} ORDER BY updated_at DESC, ticket_no DESC`,
  ],
  [
    'audit',
    ', orderBy: { field: UPDATED_AT, direction: ASC }',
    `SELECT ticket_no AS ticketNo FROM ticket WHERE ${area} ORDER BY updated_at, ticket_no`,
  ],
  [
    'audit',
    ', filter: { status: [CLOSED, ARCHIVED] }',
    `SELECT ticket_no AS ticketNo FROM ticket WHERE ${area} AND status IN ('CLOSED', 'ARCHIVED') ORDER BY received_at DESC, ticket_no DESC`,
  ],
];

describe.each([1, 7, 100])('pages of %i', (first) => {
  test.each(first === 1 ? orders.slice(1, 2) : orders)(
    'hold every ticket of the %s once, in order%s',
    async (who, args, sql) => {
      const stored = storedRows<{ ticketNo: string }>(hub, 'hotline', sql);
      expect(await allOf(askers[who], 'tickets', args, 'ticketNo', first)).toEqual(stored);
    },
  );

  test('hold every case of a grid worker once, the two kinds merged by time of change', async () => {
    const tickets = storedRows<Record<string, string>>(
      hub,
      'hotline',
      "SELECT updated_at AS at, ticket_no AS no FROM ticket WHERE grid_code = ? AND type <> 'REPORT'",
      showcase.gridCode,
    );
    const events = storedRows<Record<string, string>>(
      hub,
      'grid',
      "SELECT replace(gxsj, ' ', 'T') || '+08:00' AS at, sjbh AS no FROM wg_event WHERE wgbm = ?",
      showcase.gridCode,
    );
    const expected = [
      ...tickets.map((t) => ({ ...t, type: 'Ticket' })),
      ...events.map((e) => ({ ...e, type: 'GridEvent' })),
    ] as { at: string; no: string; type: string }[];
    const place = (c: { at: string; no: string; type: string }): string => `${c.at}|${c.type}|${c.no}`;
    const sorted = expected.toSorted((a, b) => (place(a) < place(b) ? 1 : -1));
    const node = '__typename ... on Ticket { ticketNo } ... on GridEvent { eventNo }';
    const found = await allOf(askers.grid, 'myCases', '', node, first);
    expect(found.map((n) => `${n['__typename']} ${n['ticketNo'] ?? n['eventNo']}`)).toEqual(
      sorted.map((c) => `${c.type} ${c.no}`),
    );
    expect(new Set(found.map((n) => n['__typename']))).toEqual(new Set(['Ticket', 'GridEvent']));
  });
});

test.each([7, 100])('pages of %i hold every case that an agency handles once', async (first) => {
  // It reads the time of change of what it leads or was confirmed for; only such are merged by that time.
  const stored = storedRows<{ ticketNo: string }>(
    hub,
    'hotline',
    `SELECT ticket_no AS ticketNo FROM ticket WHERE lead_agency = 'market'
        OR ticket_no IN (SELECT ticket_no FROM ticket_party WHERE agency = 'market' AND role = 'CO_CONFIRMED')
      ORDER BY updated_at DESC, ticket_no DESC`,
  );
  expect(await allOf(askers.reportUnit, 'myCases', '', '... on Ticket { ticketNo }', first)).toEqual(stored);
});

test('another system’s events are no cases of the hotline, though it may read them', async () => {
  const query =
    '{ myCases(first: 100) { nodes { __typename } } ticket(ticketNo: "TICKET") { grid { grid { events { nodes { eventNo } } } } } }';
  const answer = await hub.ask(askers.hotlineOperator, query.replace('TICKET', showcase.ticketNo));
  const { myCases, ticket } = answer.data as {
    myCases: Connection;
    ticket: { grid: { grid: { events: { nodes: unknown[] } } } };
  };
  expect(new Set(myCases.nodes.map((n) => n['__typename']))).toEqual(new Set(['Ticket']));
  expect(ticket.grid.grid.events.nodes.length).toBeGreaterThan(0);
  const own = await hub.ask(askers.formerHolder, '{ myCases(first: 100) { nodes { __typename } } }');
  expect((own.data as { myCases: Connection }).myCases.nodes.map((n) => n['__typename'])).toContain('GridEvent');
});

test('a connection below a record pages by its own cursors; a grid does not lead to its reports', async () => {
  const query = `query($after: String) { gridByCode(code: "${showcase.gridCode}") { tickets(first: 1, after: $after) { nodes { ticketNo } pageInfo { hasNextPage endCursor } } } }`;
  const stored = storedRows<{ ticketNo: string }>(
    hub,
    'hotline',
    "SELECT ticket_no AS ticketNo FROM ticket WHERE grid_code = ? AND coalesce(type, '') <> 'REPORT' ORDER BY received_at DESC, ticket_no DESC",
    showcase.gridCode,
  );
  const found: unknown[] = [];
  for (let after: string | null = null; ;) {
    const answer = await hub.ask(askers.grid, query, { after });
    const { tickets }: { tickets: Connection } = (answer.data as { gridByCode: { tickets: Connection } }).gridByCode;
    found.push(...tickets.nodes);
    after = tickets.pageInfo.endCursor;
    if (!tickets.pageInfo.hasNextPage) break;
  }
  expect(found).toEqual(stored);
});

describe('a cursor', () => {
  const cursorOf = async (asker: Asker, list: string): Promise<string> => {
    const answer = await hub.ask(asker, `{ ${list} { pageInfo { endCursor } } }`);
    const [connection] = Object.values(answer.data as Record<string, Connection>);
    const cursor = connection?.pageInfo.endCursor;
    if (typeof cursor !== 'string') throw new Error(answer.text);
    return cursor;
  };
  const refusals = async (asker: Asker, field: string, after: string, args = ''): Promise<string[]> =>
    errorLines(
      await hub.ask(
        asker,
        `query($after: String) { ${field}(first: 2, after: $after ${args}) { pageInfo { endCursor } } }`,
        { after },
      ),
    );

  test('shows nothing that can be read', async () => {
    const cursor = await cursorOf(askers.grid, 'tickets(first: 1)');
    const raw = Buffer.from(cursor, 'base64url').toString('latin1');
    for (const value of ['2026', '12345', showcase.gridCode]) expect(`${cursor} ${raw}`).not.toContain(value);
  });

  test('of another list, changed, or made up is refused, and nothing is read', async () => {
    const tickets = await cursorOf(askers.audit, 'tickets(first: 1)');
    const swapped = tickets.slice(0, -2) + (tickets.endsWith('AA') ? 'BB' : 'AA');
    for (const after of [
      swapped,
      '',
      'AAAA',
      'null',
      '[]',
      await cursorOf(askers.audit, 'handoffFindings(first: 1)'),
      await cursorOf(askers.grid, 'myCases(first: 1)'),
    ]) {
      hub.takeStatements();
      expect(await refusals(askers.audit, 'tickets', after)).toEqual(['BAD_USER_INPUT tickets']);
      expect(hub.takeStatements()).toEqual([]);
    }
    expect(await refusals(askers.grid, 'myCases', tickets)).toEqual(['BAD_USER_INPUT myCases']);
  });

  test('of another hub is refused', async () => {
    const other = await startHub();
    try {
      const answer = await other.ask(askers.audit, '{ tickets(first: 1) { pageInfo { endCursor } } }');
      const foreign = (answer.data as { tickets: Connection }).tickets.pageInfo.endCursor;
      expect(await refusals(askers.audit, 'tickets', String(foreign))).toEqual(['BAD_USER_INPUT tickets']);
    } finally {
      await other.close();
    }
  });

  test('of another order is refused', async () => {
    const byReceipt = await cursorOf(askers.audit, 'tickets(first: 3)');
    expect(await refusals(askers.audit, 'tickets', byReceipt, ', orderBy: { field: UPDATED_AT }')).toEqual([
      'BAD_USER_INPUT tickets',
    ]);
    // For handling, this officer's list is sorted by number alone; for supervision by time and number.
    const officer: Asker['claims'] = {
      agency: 'police',
      role: 'OPERATOR',
      areas: [showcase.areaCode],
      purposes: ['HANDLING', 'SUPERVISION'],
    };
    const byNumber = await cursorOf({ claims: officer, purpose: 'HANDLING' }, 'tickets(first: 1)');
    expect(await refusals({ claims: officer, purpose: 'SUPERVISION' }, 'tickets', byNumber)).toEqual([
      'BAD_USER_INPUT tickets',
    ]);
  });

  test('of another caller, purpose or filter is refused, and nothing is read', async () => {
    const officer: Asker['claims'] = {
      agency: 'hotline',
      role: 'OPERATOR',
      areas: [showcase.areaCode],
      purposes: ['HANDLING', 'DISPATCH'],
    };
    const handling = { claims: officer, purpose: 'HANDLING' } as const;
    const after = await cursorOf(handling, 'tickets(first: 1, filter: { status: [CLOSED, ARCHIVED] })');
    const filter = ', filter: { status: [CLOSED, ARCHIVED] }';
    for (const [asker, args] of [
      [{ claims: { ...officer, subject: 'another officer' }, purpose: 'HANDLING' }, filter],
      [{ claims: { ...officer, unit: 'another unit' }, purpose: 'HANDLING' }, filter],
      [{ ...handling, purpose: 'DISPATCH' }, filter],
      [handling, ''],
      [handling, ', filter: { status: [CLOSED] }'],
    ] as const) {
      hub.takeStatements();
      expect(await refusals(asker, 'tickets', after, args)).toEqual(['BAD_USER_INPUT tickets']);
      expect(hub.takeStatements()).toEqual([]);
    }
    // A filter that asks for nothing more is the same one, and so is another token of the same caller.
    for (const same of [filter, ', filter: { gridCode: null, status: [CLOSED, ARCHIVED] }'])
      expect(await refusals(handling, 'tickets', after, same)).toEqual([]);
  });

  test('of cases is refused with another filter', async () => {
    const after = await cursorOf(askers.grid, 'myCases(first: 1)');
    expect(await refusals(askers.grid, 'myCases', after)).toEqual([]);
    expect(await refusals(askers.grid, 'myCases', after, ', status: OPEN')).toEqual(['BAD_USER_INPUT myCases']);
  });
});
