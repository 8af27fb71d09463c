import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { seededCity, type SeededCity } from './seeded-city.ts';

let city: SeededCity;
let large: SeededCity;
beforeAll(async () => {
  [city, large] = await Promise.all([seededCity({ tickets: 20 }), seededCity({ tickets: 900, seed: 99 })]);
});
afterAll(() => {
  city.remove();
  large.remove();
});

const ours = 'SELECT * FROM ticket WHERE ticket_no = ?';

test('is the same whatever the size and the seed', () => {
  for (const no of [showcase.ticketNo, showcase.reportTicketNo, showcase.confidentialTicketNo]) {
    expect(large.row('hotline', ours, no)).toEqual(city.row('hotline', ours, no));
    const handoffs = 'SELECT * FROM handoff WHERE ticket_no = ? ORDER BY seq';
    expect(large.rows('hotline', handoffs, no)).toEqual(city.rows('hotline', handoffs, no));
  }
});

test('the complaint', () => {
  const ticket = city.row('hotline', ours, showcase.ticketNo);
  expect(ticket).toMatchObject({
    type: 'COMPLAINT',
    status: 'IN_PROGRESS',
    received_at: '2026-11-05T10:12:30+08:00',
    due_at: '2026-11-12T10:12:30+08:00',
    updated_at: '2026-11-06T09:25:00+08:00',
    lead_agency: 'housing',
    lead_unit: showcase.leadUnit,
    first_receiver: 'housing',
    co_agencies: '["police","market"]',
    confirmed_co_agencies: '["police","market"]',
    former_agencies: '["grid"]',
    grid_code: showcase.gridCode,
    division_code: '350102001003',
    uscc: showcase.uscc,
    house_code: showcase.houseCode,
    police_incident_no: showcase.incidents.byNumber,
    confidential: 0,
  });
  expect(String(ticket['content'])).toContain(showcase.reporterPhone);
  expect(String(ticket['content'])).toContain(showcase.reporterName);
  const parties = city.rows(
    'hotline',
    'SELECT agency, role FROM ticket_party WHERE ticket_no = ? ORDER BY role, agency',
    showcase.ticketNo,
  );
  expect(parties).toEqual([
    { agency: 'market', role: 'CO' },
    { agency: 'police', role: 'CO' },
    { agency: 'market', role: 'CO_CONFIRMED' },
    { agency: 'police', role: 'CO_CONFIRMED' },
    { agency: 'grid', role: 'FORMER' },
  ]);
  const way = city.rows(
    'hotline',
    'SELECT kind, from_agency AS f, to_agency AS t FROM handoff WHERE ticket_no = ? ORDER BY seq',
    showcase.ticketNo,
  );
  expect(way.map(({ kind, f, t }) => `${kind} ${f}→${t}`)).toEqual([
    'ACCEPT null→hotline',
    'DISPATCH hotline→housing',
    'SIGN_FOR housing→housing',
    'REASSIGN housing→grid',
    'RETURN grid→hotline',
    'REASSIGN hotline→housing',
    'SIGN_FOR housing→housing',
    'CO_SIGN housing→police',
    'CO_SIGN housing→market',
  ]);
});

test('the report and the confidential ticket', () => {
  expect(city.row('hotline', ours, showcase.reportTicketNo)).toMatchObject({
    type: 'REPORT',
    lead_agency: 'market',
    lead_unit: showcase.reportUnit,
    grid_code: showcase.gridCode,
    uscc: showcase.reportedUscc,
    confidential: 0,
    reporter_name: '黄雨桐',
  });
  expect(city.row('hotline', ours, showcase.confidentialTicketNo)).toMatchObject({
    type: 'COMPLAINT',
    status: 'CLOSED',
    grid_code: showcase.gridCode,
    confidential: 1,
    reporter_name: '郑嘉禾',
  });
});

test('the records around it', () => {
  const count = (agency: 'grid' | 'market' | 'housing' | 'police', from: string, key: string): unknown =>
    city.row(agency, `SELECT count(*) AS n FROM ${from} = ?`, key)['n'];
  const { uscc, houseCode, gridCode, incidents } = showcase;
  expect({
    workers: Number(count('grid', 'wg_member WHERE wgbm', gridCode)) >= 1,
    worker: count('grid', 'wg_member WHERE ygbh', showcase.workerNo),
    entity: count('market', 'E_BASEINFO WHERE UNISCID', uscc),
    penalties: count('market', 'E_PUNISH WHERE UNISCID', uscc),
    listings: count('market', 'E_ABNORMITY WHERE UNISCID', uscc),
    complaints: count('market', 'C_COMPLAINT WHERE UNISCID', uscc),
    house: count('housing', 'FW_JBXX WHERE BDCDYH', houseCode),
    fund: count('housing', 'WXZJ_ZH WHERE BDCDYH', houseCode),
    leases: count('housing', 'ZL_BA WHERE BDCDYH', houseCode),
    danger: count('housing', 'FW_WFJD WHERE JDDJ = 3 AND BDCDYH', houseCode),
    manager: count('housing', 'FW_WYQY WHERE XYDM', uscc),
    dispatches: count('police', 'CJD WHERE JJDBH', incidents.byCaller),
    event: count('grid', 'wg_event WHERE glgdbh', showcase.ticketNo),
  }).toEqual({
    workers: true,
    worker: 1,
    entity: 1,
    penalties: 2,
    listings: 1,
    complaints: 1,
    house: 1,
    fund: 1,
    leases: 1,
    danger: 1,
    manager: 1,
    dispatches: 1,
    event: 1,
  });
});
