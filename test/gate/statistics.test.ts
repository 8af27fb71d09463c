import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isEnumType } from 'graphql';
import { showcase } from '../../src/city/showcase.ts';
import { errorLines, openSource, storedRows } from '../hub/askers.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';

/* Statistics give counts of a whole month by a fixed dimension: no record, no filter, no small count. */

const now = (): number => Date.parse('2026-11-23T12:00:00+08:00');
const month = '2026-06';
const smallest = 5;
const env = { LIANQIAO_STATISTICS_SMALLEST_CELL: String(smallest) };

const wholeCity = ['350100'];
const supervisorOf = (agency: string, areas: readonly string[] = wholeCity): Asker => ({
  claims: { agency, role: 'SUPERVISOR', areas: [...areas], purposes: ['STATISTICS', 'SUPERVISION'] },
  purpose: 'STATISTICS',
});
const statistician = supervisorOf('hotline');

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub(env, now);
});
afterAll(() => hub.close());

interface Table {
  readonly month: string;
  readonly by: string;
  readonly coordinates: readonly string[];
  readonly threshold: number;
  readonly total: number | null;
  readonly rest: number | null;
  readonly cells: readonly { readonly keys: readonly string[]; readonly count: number }[];
}

const fields = '{ month by coordinates threshold total rest cells { keys count } }';
const askBy = (
  asker: Asker,
  by: string,
  of = month,
  root = 'ticketStatistics',
  from: RunningHub = hub,
): Promise<Answer> => from.ask(asker, `{ table: ${root}(by: ${by}, month: "${of}") ${fields} }`);

async function tableOf(...asked: Parameters<typeof askBy>): Promise<Table> {
  const answer = await askBy(...asked);
  expect(errorLines(answer)).toEqual([]);
  return (answer.data as { table: Table }).table;
}

const sum = (table: Table): number => table.cells.reduce((all, c) => all + c.count, 0);

/** What is counted: of the month, in the area, and no report, whose type is nobody's business outside its unit. */
const counted = `FROM ticket WHERE substr(received_at, 1, 7) = '${month}' AND division_code >= '3501' AND division_code < '3502' AND type <> 'REPORT'`;
const columns = {
  TYPE: ['type'],
  STATUS: ['status'],
  DISTRICT: ['substr(division_code, 1, 6)'],
  LEAD_AGENCY: ['lead_agency'],
  CHANNEL: ['channel'],
  URGENCY: ['urgency'],
  SATISFACTION: ['satisfaction'],
  TYPE_BY_DISTRICT: ['type', 'substr(division_code, 1, 6)'],
  LEAD_AGENCY_BY_STATUS: ['lead_agency', 'status'],
} as const;
const dimensions = Object.entries(columns);

describe('the counts', () => {
  test.each(dimensions)('by %s are those of the stored tickets', async (by, names) => {
    const table = await tableOf(statistician, by);
    const stored = new Map(
      storedRows<{ k: string; n: number }>(
        hub,
        'hotline',
        `SELECT ${names.join(" || ' ' || ")} AS k, count(*) AS n ${counted} GROUP BY 1`,
      ).map(({ k, n }) => [k, n]),
    );
    const [all] = storedRows<{ n: number }>(hub, 'hotline', `SELECT count(*) AS n ${counted}`);
    expect(table).toMatchObject({ month, by, threshold: smallest, total: all?.n });
    expect(table.coordinates).toHaveLength(names.length);
    expect(table.cells.map((c) => [c.keys.join(' '), c.count])).toEqual(
      table.cells.map((c) => [c.keys.join(' '), stored.get(c.keys.join(' '))]),
    );
    expect(table.cells.filter((c) => c.count < smallest)).toEqual([]);
    expect(table.rest).toBe((table.total ?? 0) - sum(table));
    expect(table.rest === 0 || (table.rest ?? 0) >= smallest).toBe(true);
  });

  test('show something, and keep the small ones', async () => {
    const type = await tableOf(statistician, 'TYPE');
    expect(type.cells.map((c) => c.keys[0])).toEqual(expect.arrayContaining(['COMPLAINT', 'HELP_REQUEST']));
    expect(type.cells.map((c) => c.keys[0])).not.toContain('COMMENDATION');
    expect(type.rest).toBeGreaterThanOrEqual(smallest);
  });

  test('are of one population, whatever the dimension', async () => {
    const tables = await Promise.all(dimensions.map(([by]) => tableOf(statistician, by)));
    expect(new Set(tables.map((t) => t.total)).size).toBe(1);
  });

  test('below the threshold show nothing, as if there were none', async () => {
    const few = await tableOf(statistician, 'TYPE', '2025-12');
    expect(few).toMatchObject({ total: null, rest: null, cells: [] });
  });

  test('of a supervisor elsewhere are of the tickets that its agency leads', async () => {
    const led = await tableOf(supervisorOf('housing'), 'LEAD_AGENCY');
    const [all] = storedRows<{ n: number }>(
      hub,
      'hotline',
      `SELECT count(*) AS n ${counted} AND lead_agency = 'housing'`,
    );
    expect(led).toMatchObject({ total: all?.n, rest: 0, cells: [{ keys: ['housing'], count: all?.n }] });
  });

  test('of an area are of that area', async () => {
    const table = await tableOf(supervisorOf('hotline', [showcase.areaCode]), 'DISTRICT');
    expect(table.cells.map((c) => c.keys)).toEqual([[showcase.areaCode]]);
    expect(await tableOf(supervisorOf('hotline', []), 'DISTRICT')).toMatchObject({ total: null, cells: [] });
  });

  test('of incidents are of the non-police ones, elsewhere than at the police', async () => {
    const select = `SELECT count(*) AS n FROM JJD WHERE substr(BJSJ, 1, 6) = '202606' AND SFBM = '0' AND XZQHDM LIKE '3501%'`;
    const [own] = storedRows<{ n: number }>(hub, 'police', select);
    const [diverted] = storedRows<{ n: number }>(hub, 'police', `${select} AND FJW = '1'`);
    const root = 'policeIncidentStatistics';
    expect((await tableOf(supervisorOf('police'), 'CATEGORY', month, root)).total).toBe(own?.n);
    expect((await tableOf(statistician, 'STATE', month, root)).total).toBe(diverted?.n);
    expect(own?.n).toBeGreaterThan(diverted?.n ?? 0);
  });
});

describe('refused is', () => {
  test.each([
    [
      'another purpose',
      'counts are given for the purpose STATISTICS alone; send it in Lianqiao-Purpose',
      { ...statistician, purpose: 'SUPERVISION' as const },
    ],
    [
      'a role without the right',
      'TYPE counts by Ticket.type, which is not granted to you; ask hotline',
      {
        claims: { agency: 'hotline', role: 'OPERATOR' as const, areas: wholeCity, purposes: ['STATISTICS' as const] },
        purpose: 'STATISTICS' as const,
      },
    ],
    [
      'whoever knows of no record',
      'not granted to your agency and role for this purpose; ask hotline',
      {
        claims: { agency: 'hotline', role: 'STEWARD' as const, purposes: ['STATISTICS' as const] },
        purpose: 'STATISTICS' as const,
      },
    ],
    [
      'a grid worker',
      'TYPE counts by Ticket.type, which is not granted to you; ask hotline',
      {
        claims: {
          agency: 'grid',
          role: 'GRID_WORKER' as const,
          grids: [showcase.gridCode],
          purposes: ['STATISTICS' as const],
        },
        purpose: 'STATISTICS' as const,
      },
    ],
  ])('%s', async (_what, why, asker) => {
    hub.takeStatements();
    const answer = await askBy(asker, 'TYPE');
    expect(answer.data).toEqual({ table: null });
    expect(answer.errors.map((e) => [e.extensions['code'], e.message])).toEqual([
      ['FIELD_DENIED', `ticketStatistics: ${why}`],
    ]);
    expect(hub.takeStatements()).toEqual([]);
  });

  test('no purpose', async () => {
    const answer = await askBy({ claims: statistician.claims }, 'TYPE');
    expect(errorLines(answer)).toEqual(['PURPOSE_REQUIRED']);
  });

  test.each([
    ['2026-12', '2027-01-31'],
    ['2026-11', '2026-12-31'],
    ['2026-10', '2026-12-01'],
  ])('a month that is not over and settled: %s', async (of, from) => {
    const answer = await askBy(statistician, 'TYPE', of);
    expect(answer.data).toEqual({ table: null });
    expect(answer.errors.map((e) => [e.extensions['code'], e.message])).toEqual([
      [
        'BAD_USER_INPUT',
        `ticketStatistics: month: whole months that are over and settled can be asked for, this one from ${from} on; name an earlier one`,
      ],
    ]);
  });

  test.each(['2026-13', '2026-6', '202606', '2026-06-01', ''])('a month that is none: %s', async (of) => {
    expect((await askBy(statistician, 'TYPE', of)).errors.map((e) => e.extensions['code'])).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    const query = `query ($m: Month!) { table: ticketStatistics(by: TYPE, month: $m) ${fields} }`;
    expect(errorLines(await hub.ask(statistician, query, { m: of }))).toEqual(['BAD_USER_INPUT']);
  });

  test.each([
    `{ ticketStatistics(by: TYPE, month: "${month}", filter: { type: [COMPLAINT] }) ${fields} }`,
    `{ ticketStatistics(by: TYPE, month: "${month}", divisionCode: "350102") ${fields} }`,
    `{ ticketStatistics(by: [TYPE, STATUS], month: "${month}") ${fields} }`,
    `{ ticketStatistics(by: REPORTER_PHONE, month: "${month}") ${fields} }`,
  ])('any filter or dimension of one’s own: %s', async (query) => {
    const answer = await hub.ask(statistician, query);
    expect(answer.errors.map((e) => e.extensions['code'])).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('the source', () => {
  test.each([
    ['TYPE', '`ticket`.`type`'],
    ['LEAD_AGENCY_BY_STATUS', '`ticket`.`lead_agency`, `ticket`.`status`'],
  ])('is asked once, for the columns of %s alone', async (by, selected) => {
    hub.takeStatements();
    await tableOf(statistician, by);
    const statements = hub.takeStatements();
    expect(statements.map((s) => s.agency)).toEqual(['hotline']);
    const [{ sql } = { sql: '' }] = statements;
    expect(sql).toMatch(/^select .* group by /);
    expect(sql.slice('select '.length, sql.indexOf(' from '))).toBe(`${selected}, count(*) as \`lq_n\``);
    expect(sql.slice(sql.indexOf(' group by ') + ' group by '.length)).toBe(selected);
    const where = new Set(sql.slice(sql.indexOf(' where ')).match(/(?<=`ticket`\.`)\w+/g));
    for (const column of selected.match(/(?<=\.`)\w+/g) ?? []) where.delete(column);
    expect(
      [...where].filter((c) => !['division_code', 'received_at', 'type', 'lead_agency', 'lead_unit'].includes(c)),
    ).toEqual([]);
  });

  test('what is read beside the dimension is explained', async () => {
    const query = `{ ticketStatistics(by: TYPE, month: "${month}") { total } }`;
    const answer = await hub.ask(
      statistician,
      'query ($q: String!) { explainAccess(query: $q, purpose: "STATISTICS") { fields { coordinate verdict conditions rules } behind { coordinate } } }',
      { q: query },
    );
    const { fields: explained, behind } = (
      answer.data as {
        explainAccess: {
          fields: { coordinate: string; verdict: string; conditions: string[]; rules: string[] }[];
          behind: { coordinate: string }[];
        };
      }
    ).explainAccess;
    expect(explained.find((f) => f.coordinate === 'Ticket.type')).toMatchObject({
      verdict: 'CONDITIONAL',
      conditions: ['reportInOwnUnit'],
      rules: ['hotline/counts'],
    });
    expect(behind.map((b) => b.coordinate)).toEqual([
      'Ticket.divisionCode',
      'Ticket.leadAgency',
      'Ticket.leadUnit',
      'Ticket.receivedAt',
      'Ticket.type',
    ]);
  });
});

test('the log names what was counted by, and no ticket', async () => {
  const entries = (): { disclosed: string; owners: string; record_count: number; purpose: string }[] =>
    storedRows(hub, 'ledger', 'SELECT disclosed, owners, record_count, purpose FROM disclosure');
  const before = entries().length;
  await tableOf(statistician, 'TYPE_BY_DISTRICT');
  const [entry, ...others] = entries().slice(before);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ record_count: 0, purpose: 'STATISTICS', owners: '["hotline"]' });
  expect(JSON.parse(entry?.disclosed ?? '')).toEqual(['Ticket.divisionCode', 'Ticket.type']);
});

describe('nothing hidden changes a byte', () => {
  const everything = `{ ${dimensions
    .map(([by]) => `${by}: ticketStatistics(by: ${by}, month: "${month}") ${fields}`)

    .join(' ')} }`;
  const inMonth = `substr(received_at, 1, 7) = '${month}'`;
  let changing: RunningHub;
  beforeAll(async () => {
    changing = await startHub(env, now);
  });
  afterAll(() => changing.close());
  const change = (sql: string): number => {
    const db = openSource(changing, 'hotline');
    const { changes } = db.prepare(sql).run();
    db.close();
    return changes;
  };

  test.each([
    [
      'what is no dimension',
      `UPDATE ticket SET reporter_name = '甲', title = '乙', content = '丙', resolved = 1 - resolved, grid_code = NULL WHERE ${inMonth}`,
    ],
    [
      'a report elsewhere',
      `UPDATE ticket SET status = 'RETURNED', channel = 'APP', urgency = 'CRITICAL', lead_agency = 'police', division_code = '350102001001' WHERE type = 'REPORT' AND ${inMonth}`,
    ],
    [
      'another month',
      `UPDATE ticket SET type = 'COMMENDATION', status = 'RETURNED', channel = 'APP' WHERE NOT ${inMonth}`,
    ],
    [
      'another area',
      `UPDATE ticket SET type = 'COMMENDATION', status = 'RETURNED' WHERE ${inMonth} AND division_code IS NULL`,
    ],
  ])('%s', async (_what, sql) => {
    const before = (await changing.ask(statistician, everything)).text;
    expect(before).toContain('"count"');
    expect(change(sql)).toBeGreaterThan(0);
    expect((await changing.ask(statistician, everything)).text).toBe(before);
  });

  test('which of the hidden values a ticket has', async () => {
    const hidden = 'SUGGESTION';
    const select = `SELECT type, count(*) AS n ${counted} GROUP BY 1`;
    const counts = new Map(
      storedRows<{ type: string; n: number }>(changing, 'hotline', select).map(({ type, n }) => [type, n]),
    );
    expect(counts.get('COMMENDATION')).toBeLessThan(smallest);
    expect(counts.get(hidden)).toBeGreaterThanOrEqual(smallest);
    const before = (await askBy(statistician, 'TYPE', month, 'ticketStatistics', changing)).text;
    expect(before).not.toContain(hidden);
    const exchange = `UPDATE ticket SET type = CASE type WHEN '${hidden}' THEN 'COMMENDATION' ELSE '${hidden}' END WHERE type IN ('${hidden}', 'COMMENDATION') AND ${inMonth}`;
    expect(change(exchange)).toBeGreaterThan(smallest);
    expect((await askBy(statistician, 'TYPE', month, 'ticketStatistics', changing)).text).toBe(before);
  });

  test('a value that cannot be read is in the rest, and not named', async () => {
    const before = await tableOf(statistician, 'CHANNEL', month, 'ticketStatistics', changing);
    const stranger = `UPDATE ticket SET urgency = 'SOON' WHERE ticket_no IN (SELECT ticket_no ${counted} AND urgency = 'NORMAL' LIMIT 20)`;
    expect(change(stranger)).toBe(20);
    const after = await tableOf(statistician, 'URGENCY', month, 'ticketStatistics', changing);
    expect(after.total).toBe(before.total);
    expect(after.rest).toBeGreaterThanOrEqual(20);
    expect(JSON.stringify(after)).not.toContain('SOON');
  });
});

describe('the policy', () => {
  const roots: OwnRoot[] = [];
  const hubs: RunningHub[] = [];
  afterAll(async () => {
    for (const one of hubs) await one.close();
    for (const root of roots) root.remove();
  });
  const startWith = async (from: string, to: string, agency = 'hotline'): Promise<RunningHub> => {
    const own = ownRoot();
    roots.push(own);
    own.edit(`connectors/${agency}/sharing.yaml`, from, to);
    const started = await startHub(env, now, own.root);
    hubs.push(started);
    return started;
  };
  const line = '- Ticket: [type, status, divisionCode, leadAgency, channel, urgency, satisfaction]';

  test('gives no count by a field without the right, alone or in a pair', async () => {
    const without = await startWith(line, '- Ticket: [type, leadAgency, channel]');
    expect((await tableOf(statistician, 'TYPE', month, 'ticketStatistics', without)).total).toBeGreaterThan(0);
    const answer = await askBy(statistician, 'LEAD_AGENCY_BY_STATUS', month, 'ticketStatistics', without);
    expect(answer.errors.map((e) => [e.extensions['code'], e.extensions['coordinate'], e.message])).toEqual([
      [
        'FIELD_DENIED',
        'Ticket.status',
        'ticketStatistics: LEAD_AGENCY_BY_STATUS counts by Ticket.status, which is not granted to you; ask hotline',
      ],
    ]);
  });

  test('bounds all dimensions by what bounds one', async () => {
    const bounded = await startWith(
      '\ngrants:\n',
      `
grants:
  - id: channels-of-complaints
    to: [{ agency: grid, roles: [SUPERVISOR] }]
    purposes: [STATISTICS]
    law: 统计法
    when: [{ ticketTypeIs: [COMPLAINT] }]
    count: [Ticket.channel]
  - id: types
    to: [{ agency: grid, roles: [SUPERVISOR] }]
    purposes: [STATISTICS]
    law: 统计法
    count: [Ticket.type]
`,
    );
    const grid = supervisorOf('grid');
    const tables = await Promise.all(
      ['TYPE', 'CHANNEL'].map((by) => tableOf(grid, by, month, 'ticketStatistics', bounded)),
    );
    expect(new Set(tables.map((t) => t.total)).size).toBe(1);
  });

  test.each([
    ['withinDays', '{ withinDays: { field: updatedAt, days: 30 } }', 'has the condition withinDays'],
    ['exactMatch', 'exactMatch', 'no ticket leads to what is counted'],
  ])('may not bound a count by %s', async (_name, condition, message) => {
    const start = startWith(
      '    when: [{ namesOwnAgency: [leadAgency] }]\n    count: [statistics]',
      `    when: [${condition}]\n    count: [statistics]`,
    );
    await expect(start).rejects.toThrow(message);
  });

  const withRow = (more: string): ReturnType<typeof startWith> =>
    startWith(
      '\nrows:\n',
      `\nrows:\n  - { id: more, of: [Ticket], to: [{ agency: grid, roles: [SUPERVISOR] }], ${more} }\n`,
    );

  test.each([
    ['for every purpose', ''],
    ['for statistics', 'purposes: [STATISTICS], '],
  ])('may not slide with time by a row rule %s', async (_name, purposes) => {
    const start = withRow(`${purposes}when: [{ withinDays: { field: updatedAt, days: 30 } }]`);
    await expect(start).rejects.toThrow('row rule hotline/more has the condition withinDays');
  });

  test('may slide with time where nothing is counted', async () => {
    await expect(
      withRow('purposes: [SUPERVISION], when: [{ withinDays: { field: updatedAt, days: 30 } }]'),
    ).resolves.toBeDefined();
  });

  test('are not taken away by a row rule about a ticket that leads to a record', async () => {
    const led = await startWith(
      '\nrows:\n',
      '\nrows:\n  - { id: led, of: [PoliceIncident], to: [police-staff], when: [partyToTicket] }\n',
      'police',
    );
    const asked = [supervisorOf('police'), 'CATEGORY', month, 'policeIncidentStatistics'] as const;
    const table = await tableOf(...asked, led);
    expect(table.total).toBeGreaterThan(0);
    expect(table).toEqual(await tableOf(...asked));
  });
});

test('each dimension of the schema is declared, and the other way round', () => {
  const { registry, schema } = hub.hub.sources;
  const query = schema.getQueryType()?.getFields() ?? {};
  const declared = registry.connectors.flatMap((c) => c.statistics ?? []);
  expect(declared.map((d) => d.field)).toEqual(['ticketStatistics', 'policeIncidentStatistics']);
  for (const { field, dimensions: of } of declared) {
    const [type] = (query[field]?.args ?? [])
      .filter((a) => a.name === 'by')
      .map((a) => schema.getType(String(a.type).replace('!', '')));
    expect(isEnumType(type) && type.getValues().map((v) => v.name)).toEqual(Object.keys(of));
  }
});
