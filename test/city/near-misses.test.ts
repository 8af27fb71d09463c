import { afterAll, beforeAll, expect, test } from 'vitest';
import { swappedUscc } from '../../src/city/companies.ts';
import { showcase } from '../../src/city/showcase.ts';
import { isUscc } from '../../src/codes/uscc.ts';
import { normalisePhone } from '../../src/codes/phone.ts';
import { phoneDigest } from '../../src/connector/join-key.ts';
import { joinSecret, seededCity, type Row, type SeededCity } from './seeded-city.ts';

let city: SeededCity;
let ticket: Row;
beforeAll(async () => {
  city = await seededCity({ tickets: 2_000, seed: 11 });
  ticket = city.row('hotline', 'SELECT * FROM ticket WHERE ticket_no = ?', showcase.ticketNo);
});
afterAll(() => city.remove());

/** Incident numbers that join a ticket, by the three ways of the police connector. */
function joins(t: Row): Record<'number' | 'caller' | 'address', string[]> {
  const received = Date.parse(String(t['received_at']));
  const near = (rows: readonly Row[], days: number): string[] =>
    rows
      .filter(({ BJSJ }) => Math.abs(compactMs(String(BJSJ)) - received) <= days * 86_400_000)
      .map(({ JJDBH }) => String(JJDBH))
      .sort();
  const digest = t['reporter_phone'] === null ? '' : phoneDigest(joinSecret, String(t['reporter_phone']));
  return {
    number: near(city.rows('police', 'SELECT * FROM JJD WHERE JJDBH = ?', t['police_incident_no'] ?? ''), 10_000),
    caller: near(city.rows('police', 'SELECT * FROM JJD WHERE BJDH_ZY = ?', digest ?? ''), 7),
    address: near(city.rows('police', 'SELECT * FROM JJD WHERE BZDZ = ?', t['standard_address'] ?? ''), 30),
  };
}

function compactMs(text: string): number {
  return Date.parse(text.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6+08:00'));
}

function incident(no: string): Row {
  return city.row('police', 'SELECT * FROM JJD WHERE JJDBH = ?', no);
}

test('the showcase joins what it should and none of the near misses', () => {
  const { byNumber, byCaller, byAddress } = showcase.incidents;
  expect(joins(ticket)).toEqual({
    number: [byNumber],
    // The confidential one matches: it is the police's policy that hides it.
    caller: [byCaller, showcase.nearMisses.confidential, byNumber].sort(),
    address: [byAddress, byNumber].sort(),
  });
});

test('near misses differ from a match by one thing each', () => {
  const { nearMisses } = showcase;
  const long = incident(nearMisses.callerSixtyDaysBefore);
  expect(normalisePhone(String(long['BJDH']))).toBe(ticket['reporter_phone']);
  expect(Date.parse(String(ticket['received_at'])) - compactMs(String(long['BJSJ']))).toBe(60 * 86_400_000);

  const nextDoor = incident(nearMisses.nextDoor);
  expect(nextDoor['BZDZ']).toBe(String(ticket['standard_address']).replace('12号', '13号'));

  const off = String(normalisePhone(String(incident(nearMisses.numberOffByOne)['BJDH'])));
  const own = String(ticket['reporter_phone']);
  expect([...off].filter((digit, i) => digit !== own[i])).toHaveLength(1);

  expect(incident(nearMisses.confidential)).toMatchObject({ SFBM: '1', BJDH_ZY: phoneDigest(joinSecret, own) });
});

test('a code with two characters swapped is another valid company at another address', () => {
  const twin = city.row('market', 'SELECT * FROM E_BASEINFO WHERE UNISCID = ?', showcase.nearMisses.swappedUscc);
  expect(swappedUscc(showcase.uscc)).toBe(showcase.nearMisses.swappedUscc);
  expect(isUscc(showcase.nearMisses.swappedUscc)).toBe(true);
  expect([...showcase.uscc.slice(8, 16)].sort()).toEqual([...showcase.nearMisses.swappedUscc.slice(8, 16)].sort());
  expect(twin['DOM_STD']).not.toBe(ticket['standard_address']);
  expect(ticket['uscc']).toBe(showcase.uscc);
});

test('the made city has near misses of every kind, and they do not join', () => {
  for (const kind of [
    'CALLER_LONG_BEFORE',
    'NEXT_DOOR',
    'NUMBER_OFF_BY_ONE',
    'CONFIDENTIAL',
    'SAME_CALLER',
    'SAME_ADDRESS',
  ] as const) {
    expect([kind, city.summary.incidents[kind] > 10]).toEqual([kind, true]);
  }
  const tickets = city.rows('hotline', 'SELECT * FROM ticket');
  const joined = new Set(tickets.flatMap((t) => Object.values(joins(t)).flat()));
  const all = city.rows('police', 'SELECT JJDBH FROM JJD').map(({ JJDBH }) => String(JJDBH));
  const { incidents } = city.summary;
  const apart = incidents.UNRELATED + incidents.CALLER_LONG_BEFORE + incidents.NEXT_DOOR + incidents.NUMBER_OFF_BY_ONE;
  expect(all.filter((no) => !joined.has(no))).toHaveLength(apart);
  const uscc = new Set(city.rows('market', 'SELECT UNISCID FROM E_BASEINFO').map(({ UNISCID }) => String(UNISCID)));
  expect([...uscc].filter((code) => uscc.has(swappedUscc(code) ?? '')).length).toBeGreaterThanOrEqual(4);
});
