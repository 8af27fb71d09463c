import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addWorkingDays } from '../../src/calendar/working-days.ts';
import { isDateTime } from '../../src/codes/date-time.ts';
import { isDivisionCode } from '../../src/codes/division.ts';
import { isComponentCode, isGridCellCode, isGridCode } from '../../src/codes/grid.ts';
import { isPhone } from '../../src/codes/phone.ts';
import { isResidentId } from '../../src/codes/resident-id.ts';
import { isUscc } from '../../src/codes/uscc.ts';
import { phoneDigest } from '../../src/connector/join-key.ts';
import { joinSecret, seededCity, type Agency, type Row, type SeededCity } from './seeded-city.ts';

let city: SeededCity;
beforeAll(async () => {
  city = await seededCity({ tickets: 2_000 });
});
afterAll(() => city.remove());

function values(agency: Agency, table: string, column: string): readonly (string | number)[] {
  return city
    .rows(agency, `SELECT DISTINCT ${column} AS v FROM ${table} WHERE ${column} IS NOT NULL`)
    .map(({ v }) => v ?? '');
}

function texts(agency: Agency, table: string, column: string): readonly string[] {
  return values(agency, table, column).map(String);
}

/** What the last handoff of a ticket makes of it. */
const statusAfter: Readonly<Record<string, string>> = {
  ACCEPT: 'ACCEPTED',
  DISPATCH: 'DISPATCHED',
  SIGN_FOR: 'SIGNED_FOR',
  RETURN: 'RETURNED',
  REASSIGN: 'DISPATCHED',
  CO_SIGN: 'IN_PROGRESS',
  ESCALATE: 'IN_PROGRESS',
  FEEDBACK: 'FEEDBACK_SUBMITTED',
  CLOSE: 'CLOSED',
  REWORK: 'REWORK',
  FOLLOW_UP: 'CLOSED',
  ARCHIVE: 'ARCHIVED',
};

/** Values of a column that no row of another table has. */
function orphans(
  agency: Agency,
  table: string,
  column: string,
  owner: Agency,
  ownerTable: string,
  key: string,
): unknown[] {
  const known = new Set(texts(owner, ownerTable, key));
  return texts(agency, table, column).filter((value) => !known.has(value));
}

describe('codes', () => {
  test.each<[Agency, string, string, (text: string) => boolean]>([
    ['hotline', 'ticket', 'uscc', isUscc],
    ['hotline', 'ticket', 'reporter_id_number', isResidentId],
    ['hotline', 'ticket', 'reporter_phone', isPhone],
    ['hotline', 'ticket', 'division_code', isDivisionCode],
    ['hotline', 'ticket', 'grid_code', isGridCode],
    ['hotline', 'ticket', 'received_at', isDateTime],
    ['hotline', 'handoff', 'at', isDateTime],
    ['police', 'DSR', 'ZJHM', isResidentId],
    ['police', 'JJD', 'XZQHDM', isDivisionCode],
    ['grid', 'wg_info', 'sqbm', isDivisionCode],
    ['grid', 'wg_cell', 'dywgbm', isGridCellCode],
    ['grid', 'wg_part', 'bjbm', isComponentCode],
    ['grid', 'wg_part', 'qsdw_xydm', isUscc],
    ['market', 'E_BASEINFO', 'UNISCID', isUscc],
    ['market', 'E_BASEINFO', 'DOMDISTRICT', isDivisionCode],
    ['housing', 'FW_JBXX', 'QLRZJH', isResidentId],
    ['housing', 'FW_JBXX', 'WYXYDM', isUscc],
    ['housing', 'FW_WYQY', 'XYDM', isUscc],
    ['housing', 'FW_JBXX', 'XZQHDM', isDivisionCode],
  ])('%s %s.%s are all valid', (agency, table, column, valid) => {
    const found = texts(agency, table, column);
    expect(found.length).toBeGreaterThan(2);
    expect(found.filter((value) => !valid(value))).toEqual([]);
  });

  test('house codes have 28 characters, police units twelve digits', () => {
    expect(texts('housing', 'FW_JBXX', 'BDCDYH').filter((code) => !/^\d{12}GB\d{5}F\d{8}$/.test(code))).toEqual([]);
    expect(texts('police', 'JJD', 'GXDWDM').filter((code) => !/^\d{12}$/.test(code))).toEqual([]);
  });

  test('a digest is the one that the hub makes of the same number', () => {
    const calls = city.rows('police', 'SELECT BJDH, BJDH_ZY FROM JJD');
    expect(
      calls.filter(({ BJDH, BJDH_ZY }) => (BJDH === null ? null : phoneDigest(joinSecret, String(BJDH))) !== BJDH_ZY),
    ).toEqual([]);
  });
});

describe('references', () => {
  test.each<[string, Agency, string, string, Agency, string, string]>([
    ['handoff → ticket', 'hotline', 'handoff', 'ticket_no', 'hotline', 'ticket', 'ticket_no'],
    ['party → ticket', 'hotline', 'ticket_party', 'ticket_no', 'hotline', 'ticket', 'ticket_no'],
    ['ticket → grid', 'hotline', 'ticket', 'grid_code', 'grid', 'wg_info', 'wgbm'],
    ['ticket → house', 'hotline', 'ticket', 'house_code', 'housing', 'FW_JBXX', 'BDCDYH'],
    ['ticket → company', 'hotline', 'ticket', 'uscc', 'market', 'E_BASEINFO', 'UNISCID'],
    ['ticket → incident', 'hotline', 'ticket', 'police_incident_no', 'police', 'JJD', 'JJDBH'],
    ['incident → ticket', 'police', 'JJD', 'ZWGDBH', 'hotline', 'ticket', 'ticket_no'],
    ['dispatch → incident', 'police', 'CJD', 'JJDBH', 'police', 'JJD', 'JJDBH'],
    ['feedback → incident', 'police', 'FKD', 'JJDBH', 'police', 'JJD', 'JJDBH'],
    ['party → incident', 'police', 'DSR', 'JJDBH', 'police', 'JJD', 'JJDBH'],
    ['worker → grid', 'grid', 'wg_member', 'wgbm', 'grid', 'wg_info', 'wgbm'],
    ['grid → worker', 'grid', 'wg_info', 'wgbm', 'grid', 'wg_member', 'wgbm'],
    ['cell → grid', 'grid', 'wg_cell', 'wgbm', 'grid', 'wg_info', 'wgbm'],
    ['component → cell', 'grid', 'wg_part', 'dywgbm', 'grid', 'wg_cell', 'dywgbm'],
    ['component → company', 'grid', 'wg_part', 'qsdw_xydm', 'market', 'E_BASEINFO', 'UNISCID'],
    ['event → grid', 'grid', 'wg_event', 'wgbm', 'grid', 'wg_info', 'wgbm'],
    ['event → ticket', 'grid', 'wg_event', 'glgdbh', 'hotline', 'ticket', 'ticket_no'],
    ['licence → company', 'market', 'E_LICENCE', 'UNISCID', 'market', 'E_BASEINFO', 'UNISCID'],
    ['penalty → company', 'market', 'E_PUNISH', 'UNISCID', 'market', 'E_BASEINFO', 'UNISCID'],
    ['listing → company', 'market', 'E_ABNORMITY', 'UNISCID', 'market', 'E_BASEINFO', 'UNISCID'],
    ['complaint → company', 'market', 'C_COMPLAINT', 'UNISCID', 'market', 'E_BASEINFO', 'UNISCID'],
    ['property company → company', 'housing', 'FW_WYQY', 'XYDM', 'market', 'E_BASEINFO', 'UNISCID'],
    ['house → property company', 'housing', 'FW_JBXX', 'WYXYDM', 'housing', 'FW_WYQY', 'XYDM'],
    ['fund → house', 'housing', 'WXZJ_ZH', 'BDCDYH', 'housing', 'FW_JBXX', 'BDCDYH'],
    ['lease → house', 'housing', 'ZL_BA', 'BDCDYH', 'housing', 'FW_JBXX', 'BDCDYH'],
    ['appraisal → house', 'housing', 'FW_WFJD', 'BDCDYH', 'housing', 'FW_JBXX', 'BDCDYH'],
  ])('%s', (_, agency, table, column, owner, ownerTable, key) => {
    expect(texts(agency, table, column).length).toBeGreaterThan(0);
    expect(orphans(agency, table, column, owner, ownerTable, key)).toEqual([]);
  });

  test('a diverted incident and its ticket name each other, and nobody else is diverted', () => {
    const diverted = city.rows('police', "SELECT JJDBH, ZWGDBH FROM JJD WHERE FJW = '1' ORDER BY JJDBH");
    const named = city.rows(
      'hotline',
      'SELECT police_incident_no AS JJDBH, ticket_no AS ZWGDBH FROM ticket WHERE police_incident_no IS NOT NULL ORDER BY 1',
    );
    expect(diverted).toEqual(named);
    expect(city.rows('police', "SELECT JJDBH FROM JJD WHERE (FJW = '1') <> (ZWGDBH IS NOT NULL)")).toEqual([]);
  });
});

describe('tickets', () => {
  test('numbers ascend with the time of receipt', () => {
    const inTime = city.rows('hotline', 'SELECT ticket_no FROM ticket ORDER BY received_at, ticket_no');
    expect(inTime).toEqual(city.rows('hotline', 'SELECT ticket_no FROM ticket ORDER BY ticket_no'));
    expect(inTime).toHaveLength(2_000);
    expect(inTime.filter(({ ticket_no }) => !/^12345:2026\d{4}\d{8}$/.test(String(ticket_no)))).toEqual([]);
  });

  test('handoffs are numbered from one in the order of time, after receipt and not after the last change', () => {
    const wrong = city.rows(
      'hotline',
      `SELECT h.run_id FROM handoff h JOIN ticket t USING (ticket_no)
       LEFT JOIN handoff n ON n.ticket_no = h.ticket_no AND n.seq = h.seq + 1
       WHERE h.at < t.received_at OR h.at > t.updated_at OR h.at > n.at OR h.at > '2026-11-15T23:59:59+08:00'
          OR h.run_id NOT GLOB 'H[0-9]*'
          OR h.seq > (SELECT count(*) FROM handoff c WHERE c.ticket_no = h.ticket_no)`,
    );
    expect(wrong).toEqual([]);
  });

  test('status, holder and times follow from the handoffs', () => {
    const last = city.rows(
      'hotline',
      `SELECT t.*, h.kind FROM ticket t JOIN handoff h USING (ticket_no)
       WHERE h.seq = (SELECT max(seq) FROM handoff m WHERE m.ticket_no = t.ticket_no)`,
    );
    expect(last).toHaveLength(2_000);
    const told = ({ ticket_no, status }: Row) => ({ ticket_no, status });
    const due = last.map((t) => ({
      ticket_no: t['ticket_no'],
      status: statusAfter[String(t['kind'])],
    }));
    expect(last.map(told)).toEqual(due);
    const statuses = new Set(last.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([
      'ACCEPTED',
      'ARCHIVED',
      'CLOSED',
      'DISPATCHED',
      'FEEDBACK_SUBMITTED',
      'IN_PROGRESS',
      'RETURNED',
      'REWORK',
      'SIGNED_FOR',
    ]);
    const at = (no: unknown, kind: string, which: 'min' | 'max') =>
      city.row('hotline', `SELECT ${which}(at) AS at FROM handoff WHERE ticket_no = ? AND kind = ?`, String(no), kind)[
        'at'
      ];
    for (const t of last) {
      const closed = t['status'] === 'CLOSED' || t['status'] === 'ARCHIVED';
      expect([t['ticket_no'], t['accepted_at'], t['dispatched_at'], t['closed_at']]).toEqual([
        t['ticket_no'],
        at(t['ticket_no'], 'ACCEPT', 'max'),
        at(t['ticket_no'], 'DISPATCH', 'min'),
        closed ? at(t['ticket_no'], 'CLOSE', 'max') : null,
      ]);
    }
  });

  test('whoever returned a ticket and does not hold it is a former agency; the party rows say the same as the lists', () => {
    for (const t of city.rows('hotline', 'SELECT * FROM ticket')) {
      const no = String(t['ticket_no']);
      const returners = city
        .rows(
          'hotline',
          "SELECT from_agency AS a FROM handoff WHERE ticket_no = ? AND kind = 'RETURN' ORDER BY seq",
          no,
        )
        .map(({ a }) => a)
        .filter((agency, i, all) => agency !== t['lead_agency'] && all.indexOf(agency) === i);
      const parties = (role: string) =>
        city
          .rows('hotline', 'SELECT agency FROM ticket_party WHERE ticket_no = ? AND role = ?', no, role)
          .map(({ agency }) => String(agency));
      const list = (column: string): string[] => (JSON.parse(String(t[column])) as string[]).toSorted();
      expect([no, list('former_agencies')]).toEqual([no, returners.toSorted()]);
      expect([no, parties('FORMER').toSorted(), parties('CO').toSorted(), parties('CO_CONFIRMED').toSorted()]).toEqual([
        no,
        list('former_agencies'),
        list('co_agencies'),
        list('confirmed_co_agencies'),
      ]);
    }
  });

  test('a consultation is due after 24 hours, all else after five working days at the same time of day', () => {
    for (const t of city.rows('hotline', 'SELECT ticket_no, type, received_at, due_at FROM ticket')) {
      const received = String(t['received_at']);
      const due =
        t['type'] === 'CONSULTATION'
          ? Date.parse(received) + 86_400_000
          : Date.parse(`${addWorkingDays(received.slice(0, 10), 5).due}${received.slice(10)}`);
      expect([t['ticket_no'], Date.parse(String(t['due_at']))]).toEqual([t['ticket_no'], due]);
    }
  });

  test('the shares are those of a hotline', () => {
    const share = (where: string): number => Number(city.row('hotline', `SELECT avg(${where}) AS s FROM ticket`)['s']);
    const within = (where: string, low: number, high: number) => {
      const s = share(where);
      expect([where, s >= low && s <= high, s]).toEqual([where, true, s]);
    };
    within("type = 'REPORT'", 0.03, 0.055);
    within('confidential', 0.02, 0.045);
    within("co_agencies <> '[]'", 0.11, 0.2);
    within("confirmed_co_agencies <> '[]'", 0.09, 0.18);
    within("content LIKE '%' || reporter_phone || '%'", 0.1, 0.25);
    within("content LIKE '%' || reporter_name || '%'", 0.05, 0.15);
    within('standard_address IS NULL', 0.15, 0.45);
    const incidents = city.summary.rows['police']?.['JJD'] ?? 0;
    expect(incidents / 2_000).toBeGreaterThan(0.5);
    expect(incidents / 2_000).toBeLessThan(0.7);
    const circles = city.row(
      'hotline',
      `SELECT count(DISTINCT a.ticket_no) AS n FROM handoff a
       JOIN handoff b ON b.ticket_no = a.ticket_no AND b.seq > a.seq AND b.to_agency <> a.to_agency AND b.kind = 'REASSIGN'
       JOIN handoff c ON c.ticket_no = a.ticket_no AND c.seq > b.seq AND c.to_agency = a.to_agency AND c.kind = 'REASSIGN'
       WHERE a.kind = 'DISPATCH'`,
    )['n'];
    expect(Number(circles) / 2_000).toBeGreaterThan(0.015);
    expect(Number(circles) / 2_000).toBeLessThan(0.05);
  });
});

test('every column that a relation joins by is indexed', () => {
  const searched: [Agency, string, string][] = [
    ['police', 'JJD', 'JJDBH'],
    ['police', 'JJD', 'BJDH_ZY'],
    ['police', 'JJD', 'BZDZ'],
    ['police', 'CJD', 'JJDBH'],
    ['police', 'FKD', 'JJDBH'],
    ['police', 'DSR', 'JJDBH'],
    ['grid', 'wg_info', 'wgbm'],
    ['grid', 'wg_cell', 'wgbm'],
    ['grid', 'wg_part', 'dywgbm'],
    ['grid', 'wg_member', 'wgbm'],
    ['grid', 'wg_event', 'wgbm'],
    ['market', 'E_BASEINFO', 'UNISCID'],
    ['market', 'E_BASEINFO', 'DOM_STD'],
    ['market', 'E_LICENCE', 'UNISCID'],
    ['market', 'E_PUNISH', 'UNISCID'],
    ['market', 'E_ABNORMITY', 'UNISCID'],
    ['market', 'C_COMPLAINT', 'UNISCID'],
    ['housing', 'FW_JBXX', 'BDCDYH'],
    ['housing', 'FW_JBXX', 'BZDZ'],
    ['housing', 'FW_WYQY', 'XYDM'],
    ['housing', 'WXZJ_ZH', 'BDCDYH'],
    ['housing', 'ZL_BA', 'BDCDYH'],
    ['housing', 'FW_WFJD', 'BDCDYH'],
  ];
  const scanned = searched.filter(([agency, table, column]) => {
    const [plan] = city.rows(agency, `EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE ${column} IN ('a', 'b')`);
    return !String(plan?.['detail']).startsWith('SEARCH');
  });
  expect(scanned).toEqual([]);
});
