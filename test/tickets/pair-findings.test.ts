import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../src/connector/connector.ts';
import { hasPairDays, refreshPairs, setPairDays, type PairDays } from '../../src/store/pair-findings.ts';
import { openTicketDatabase, type TicketDatabase } from '../../src/store/ticket-database.ts';
import { relatedTickets } from '../../src/tickets/related-tickets.ts';
import { stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';

/* The database finds the pairs that a comparison one by one finds, however they came in. */

const days: PairDays = { REPEAT_COMPLAINT: 20, DUPLICATE: 10, MERGE_CANDIDATE: 5 };
const times = { warningHours: 24, repeatDays: 20, duplicateDays: 10, mergeDays: 5 };
const on = (day: number): string => `2026-10-${String(day).padStart(2, '0')}T09:00:00+08:00`;

interface Ticket {
  readonly reporterPhone: string | null;
  readonly reporterIdNumber: string | null;
  readonly houseCode: string | null;
  readonly standardAddress: string | null;
  readonly categoryPath: readonly string[];
  readonly received: number;
  readonly closed: number | null;
  readonly status: string;
  readonly type: string | null;
  readonly confidential: boolean | null;
}

const ticket: fc.Arbitrary<Ticket> = fc.record({
  reporterPhone: fc.constantFrom('13800590517', '13900590628', '12345', null),
  reporterIdNumber: fc.constantFrom('11010519491231002X', null, null),
  houseCode: fc.constantFrom('H1', 'H1', 'H2', null),
  standardAddress: fc.constantFrom('一号', null),
  categoryPath: fc.constantFrom(['a', 'b'], ['a', 'b'], ['a'], []),
  received: fc.integer({ min: 1, max: 28 }),
  closed: fc.option(fc.integer({ min: 1, max: 28 }), { nil: null }),
  status: fc.constantFrom('IN_PROGRESS', 'IN_PROGRESS', 'CLOSED'),
  type: fc.constantFrom('COMPLAINT', 'COMPLAINT', null, 'REPORT'),
  confidential: fc.constantFrom(false, null, false, true),
});
const city = fc.array(ticket, { minLength: 2, maxLength: 6 });

const recordOf = (t: Ticket, i: number): SourceRecord => ({
  ...t,
  ticketNo: `t:${i}`,
  receivedAt: on(t.received),
  closedAt: t.closed === null ? null : on(t.closed),
});

/** Every two tickets, compared one by one. */
function expected(tickets: readonly Ticket[]): string[] {
  const found: string[] = [];
  tickets.forEach((one, i) => {
    tickets.forEach((other, k) => {
      if (k <= i || one.type === 'REPORT' || other.type === 'REPORT') return;
      const persons = one.confidential !== true && other.confidential !== true;
      const told = relatedTickets.compare(recordOf(one, i), recordOf(other, k), persons, times);
      if (told === null) return;
      const later = one.received > other.received ? i : k;
      found.push(`${String(told['kind'])}:t:${later}:t:${later === i ? k : i} ${String(told['confidence'])}`);
    });
  });
  return found.toSorted();
}

const alike: Ticket = {
  type: 'COMPLAINT',
  status: 'ACCEPTED',
  received: 1,
  closed: null,
  categoryPath: ['供电'],
  reporterPhone: null,
  reporterIdNumber: null,
  houseCode: null,
  standardAddress: '建新路1号',
  confidential: null,
};

describe.each(stores)('in %s', (store) => {
  let own: TestPlace;
  let database: TicketDatabase;
  beforeAll(async () => {
    own = await testPlace(store);
    database = await openTicketDatabase(own.place);
    await database.transaction((trx) => setPairDays(trx, days));
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  const put = (t: Ticket, i: number): Promise<unknown> =>
    own.exec(
      `INSERT INTO ticket (ticket_no, source_system, source_no, type, status, received_at, updated_at, closed_at, category_path,
         reporter_phone, reporter_id_number, house_code, standard_address, confidential, lead_agency, division_code)
       VALUES (?, 't', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '350102')`,
      [
        `t:${i}`,
        String(i),
        t.type,
        t.status,
        on(t.received),
        on(t.received),
        t.closed === null ? null : on(t.closed),
        JSON.stringify(t.categoryPath),
        t.reporterPhone,
        t.reporterIdNumber,
        t.houseCode,
        t.standardAddress,
        t.confidential === null ? null : Number(t.confidential),
        `agency${i}`,
      ],
    );
  const kept = async (): Promise<string[]> => {
    const rows = (await own.exec('SELECT finding_id, confidence FROM handoff_finding')) as {
      finding_id: string;
      confidence: number;
    }[];
    return rows.map((row) => `${row.finding_id} ${String(row.confidence)}`).toSorted();
  };
  const clear = async (): Promise<void> => {
    for (const table of ['ticket_finding', 'ticket']) await own.exec(`DELETE FROM ${table}`);
  };

  test('ticket by ticket, in any order of coming, each pair stands once', async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(city, fc.nat(5), async (tickets, last) => {
        try {
          for (const [i, t] of tickets.entries()) {
            await put(t, i);
            await database.transaction((trx) => refreshPairs(trx, [`t:${i}`]));
          }
          const found = expected(tickets);
          expect(await kept()).toEqual(found);
          for (const one of found) met.add(one.slice(0, one.indexOf(':')));
          // One of them becomes a report: nothing tells of it any more.
          const at = last % tickets.length;
          await own.exec(`UPDATE ticket SET type = 'REPORT' WHERE ticket_no = 't:${at}'`);
          await database.transaction((trx) => refreshPairs(trx, [`t:${at}`]));
          expect(await kept()).toEqual(expected(tickets.map((t, i) => (i === at ? { ...t, type: 'REPORT' } : t))));
        } finally {
          await clear();
        }
      }),
      { numRuns: store === 'sqlite' ? 150 : 60 },
    );
    expect(met.size).toBeGreaterThan(1);
  });

  test('of a thousand at one place each is put together with the nearest twenty', async () => {
    const many = 60;
    const numbers = Array.from({ length: many }, (_, i) => i);
    try {
      for (const i of numbers) await put(alike, i);
      await database.transaction((trx) =>
        refreshPairs(
          trx,
          numbers.map((i) => `t:${i}`),
        ),
      );
      const rows = (await own.exec('SELECT ticket_no FROM handoff_finding')) as { ticket_no: string }[];
      const of = numbers.map((i) => rows.filter((row) => row.ticket_no === `t:${i}`).length);
      expect(of.toSorted((a, b) => a - b)).toEqual(numbers.map((i) => Math.min(i, 20)));
    } finally {
      await clear();
    }
  });

  test('other days find other pairs, and say whom they are about', async () => {
    const base: Ticket = {
      reporterPhone: '13800590517',
      reporterIdNumber: null,
      houseCode: 'H1',
      standardAddress: null,
      categoryPath: ['a'],
      received: 1,
      closed: null,
      status: 'IN_PROGRESS',
      type: 'COMPLAINT',
      confidential: false,
    };
    await put(base, 0);
    await put({ ...base, received: 12 }, 1);
    await database.transaction((trx) => refreshPairs(trx, ['t:0', 't:1']));
    expect(await kept()).toEqual([]);
    const more: PairDays = { ...days, DUPLICATE: 11 };
    expect(await hasPairDays(database.db, more)).toBe(false);
    await database.transaction((trx) => setPairDays(trx, more));
    expect(await hasPairDays(database.db, more)).toBe(true);
    expect(
      await own.exec('SELECT ticket_no, agency, related_ticket_no, related_agency, times, at FROM handoff_finding'),
    ).toEqual([
      {
        ticket_no: 't:1',
        agency: 'agency1',
        related_ticket_no: 't:0',
        related_agency: 'agency0',
        times: 1,
        at: on(12),
      },
    ]);
    await clear();
  });

  test('tickets of one person or place are found by an index each', async () => {
    for (let i = 0; i < 200; i++)
      await put(
        {
          reporterPhone: `138${String(10_000_000 + i)}`,
          reporterIdNumber: `D${i}`,
          houseCode: `H${i}`,
          standardAddress: `${i}号`,
          categoryPath: ['a'],
          received: 1 + (i % 28),
          closed: null,
          status: 'IN_PROGRESS',
          type: 'COMPLAINT',
          confidential: false,
        },
        i,
      );
    await database.finishLoad();
    await own.exec(store === 'sqlite' ? 'ANALYZE' : 'ANALYZE TABLE ticket');
    const explain = store === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    for (const [column, index] of [
      ['reporter_phone', 'ticket_phone'],
      ['reporter_id_number', 'ticket_document'],
      ['house_code', 'ticket_house'],
      ['standard_address', 'ticket_place'],
    ]) {
      const plan = await own.exec(
        `${explain} SELECT a.ticket_no FROM ticket b JOIN ticket a ON a.${column} = b.${column} AND a.received_at <= b.received_at WHERE b.ticket_no IN ('t:7', 't:8')`,
      );
      expect(JSON.stringify(plan)).toContain(index);
    }
    await clear();
  });
});
