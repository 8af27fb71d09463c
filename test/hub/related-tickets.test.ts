import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { setPairDays } from '../../src/store/pair-findings.ts';
import { openTicketDatabase } from '../../src/store/ticket-database.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines, openSource } from './askers.ts';

/* Repeated complaints, duplicates and tickets that may be merged: of what the caller may see, and of people only where nobody asked for secrecy. */

const number = '13012345678';
const other = '13087654321';
const matter = '["城乡建设","物业管理","电梯故障"]';
let hub: RunningHub;

interface Ticket {
  readonly no: string;
  readonly day: string;
  readonly phone?: string;
  readonly closed?: string;
  readonly lead?: string;
  readonly unit?: string;
  readonly type?: string;
  readonly confidential?: boolean;
  readonly division?: string;
  readonly house?: string | null;
  readonly address?: string;
}

const at = (day: string): string => `2026-10-${day}T09:00:00+08:00`;

beforeAll(async () => {
  hub = await startHub({ LIANQIAO_TICKET_MERGE_DAYS: '10' }, () => Date.parse('2026-11-16T09:00:00+08:00'));
  const db = openSource(hub, 'hotline');
  const put =
    db.prepare(`INSERT INTO ticket (ticket_no, source_system, source_no, type, status, received_at, updated_at, closed_at,
    category_path, division_code, lead_agency, lead_unit, reporter_phone, house_code, standard_address, confidential)
    VALUES (?, 'rel', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const tickets: readonly Ticket[] = [
    { no: 'now', day: '20' },
    { no: 'before', day: '01', closed: '10' },
    { no: 'twice', day: '15' },
    { no: 'neighbour', day: '12', phone: other },
    { no: 'next-house', day: '12', phone: '13011112222', house: 'H-far' },
    { no: 'market', day: '02', closed: '11', lead: 'market' },
    { no: 'elsewhere', day: '03', closed: '11', division: '350104001001' },
    { no: 'report', day: '04', closed: '11', type: 'REPORT', unit: 'housing-report' },
    { no: 'secret', day: '05', closed: '11', confidential: true, unit: 'housing-secret' },
    { no: 'secret-place', day: '16', confidential: true, unit: 'housing-secret' },
    { no: 'by-address', day: '18', phone: other, house: null, address: '安泰街道一号' },
  ];
  for (const t of tickets)
    put.run(
      `rel:${t.no}`,
      t.no,
      t.type ?? 'COMPLAINT',
      t.closed === undefined ? 'IN_PROGRESS' : 'CLOSED',
      at(t.day),
      at(t.day),
      t.closed === undefined ? null : at(t.closed),
      matter,
      t.division ?? `${showcase.areaCode}001001`,
      t.lead ?? 'housing',
      t.unit ?? 'housing-property',
      t.phone ?? number,
      t.house === undefined ? 'H-rel' : t.house,
      t.address ?? '安泰街道一号',
      t.confidential === true ? 1 : 0,
    );
  db.close();
  const database = await openTicketDatabase({ kind: 'sqlite', file: join(hub.dataDir, 'hotline.db') });
  await database.transaction((trx) => setPairDays(trx, { REPEAT_COMPLAINT: 90, DUPLICATE: 15, MERGE_CANDIDATE: 10 }));
  await database.close();
});
afterAll(() => hub.close());

const ask = (asker: Asker, no: string): Promise<Answer> =>
  hub.ask(
    asker,
    `{ ticket(ticketNo: "rel:${no}") { relatedTickets { kind grounds confidence ticket { ticketNo reporterPhone } } } }`,
  );

interface Related {
  readonly kind: string;
  readonly grounds: readonly string[];
  readonly confidence: number;
  readonly ticket: { readonly ticketNo: string };
}

async function related(asker: Asker, no: string): Promise<Record<string, string>> {
  const answer = await ask(asker, no);
  const list = (answer.data as { ticket: { relatedTickets: Related[] } }).ticket.relatedTickets;
  return Object.fromEntries(list.map((r) => [r.ticket.ticketNo.slice(4), `${r.kind} ${r.confidence}`]));
}

test('an auditor sees those of its area, each with what it rests on', async () => {
  expect(await related(askers.audit, 'now')).toEqual({
    before: 'REPEAT_COMPLAINT 0.9',
    market: 'REPEAT_COMPLAINT 0.9',
    twice: 'DUPLICATE 0.9',
    neighbour: 'MERGE_CANDIDATE 0.8',
    'secret-place': 'MERGE_CANDIDATE 0.8',
    'by-address': 'MERGE_CANDIDATE 0.72',
  });
  const { data } = await ask(askers.audit, 'before');
  expect(data).toMatchObject({
    ticket: {
      relatedTickets: expect.arrayContaining([
        {
          kind: 'REPEAT_COMPLAINT',
          grounds: ['PERSON', 'PLACE', 'MATTER', 'TIME'],
          confidence: 0.9,
          ticket: { ticketNo: 'rel:now', reporterPhone: null },
        },
      ]) as unknown,
    },
  });
});

test('a department sees those that it takes part in alone', async () => {
  const seen = await related(askers.housing, 'now');
  expect(Object.keys(seen).toSorted()).toEqual([
    'before',
    'by-address',
    'elsewhere',
    'neighbour',
    'secret-place',
    'twice',
  ]);
});

test('who asked for secrecy is compared in the handling unit alone, from either side', async () => {
  const own: Asker = { ...askers.housing, claims: { ...askers.housing.claims, unit: 'housing-secret' } };
  expect(await related(own, 'now')).toMatchObject({ secret: 'REPEAT_COMPLAINT 0.9', 'secret-place': 'DUPLICATE 0.9' });
  expect(await related(own, 'secret')).toMatchObject({ now: 'REPEAT_COMPLAINT 0.9' });
  for (const outside of [askers.housing, askers.audit]) {
    const grounds = ((await ask(outside, 'secret')).data as { ticket: { relatedTickets: Related[] } }).ticket
      .relatedTickets;
    expect(grounds.length).toBeGreaterThan(0);
    expect(grounds.filter((r) => r.grounds.includes('PERSON'))).toEqual([]);
  }
  expect(await related(askers.housing, 'secret-place')).toMatchObject({ now: 'MERGE_CANDIDATE 0.8' });
});

test('a report leads nowhere and is led to by nothing outside its unit', async () => {
  const answer = await ask(askers.audit, 'report');
  expect(errorLines(answer)).toEqual(['FIELD_DENIED Ticket.relatedTickets ticket.relatedTickets']);
  expect(answer.data).toEqual({ ticket: { relatedTickets: null } });
});

test('whoever is not granted it learns nothing, and no number is written down', async () => {
  const db = openSource(hub, 'hotline');
  db.prepare("UPDATE ticket SET grid_code = ? WHERE ticket_no = 'rel:now'").run(showcase.gridCode);
  db.close();
  const answer = await ask(askers.grid, 'now');
  expect(errorLines(answer)).toEqual(['FIELD_DENIED Ticket.relatedTickets ticket.relatedTickets']);
  hub.takeStatements();
  await ask(askers.audit, 'now');
  const statements = hub.takeStatements().map((s) => s.sql);
  expect(statements.length).toBeGreaterThan(2);
  expect(JSON.stringify(statements) + hub.logged()).not.toContain(number);
});

interface PairPage {
  readonly totalCount: number;
  readonly nodes: readonly {
    readonly kind: string;
    readonly confidence: number;
    readonly ticketNo: string;
    readonly relatedTicketNo: string;
    readonly relatedTicket: { readonly ticketNo: string } | null;
  }[];
}

/** The pairs of the new tickets that `handoffFindings` lists, `kind later earlier`, page by page; each leads to both tickets. */
async function pairs(asker: Asker): Promise<string[]> {
  const answer = await hub.ask(
    asker,
    `{ handoffFindings(filter: { kind: [REPEAT_COMPLAINT, DUPLICATE, MERGE_CANDIDATE] }, first: 100) {
         totalCount nodes { kind confidence ticketNo relatedTicketNo relatedTicket { ticketNo } } } }`,
  );
  expect(errorLines(answer)).toEqual([]);
  const { totalCount, nodes } = (answer.data as { handoffFindings: PairPage }).handoffFindings;
  expect(totalCount).toBe(nodes.length);
  for (const { relatedTicketNo, relatedTicket } of nodes) expect(relatedTicket).toEqual({ ticketNo: relatedTicketNo });
  return nodes
    .filter((n) => n.ticketNo.startsWith('rel:'))
    .map((n) => `${n.kind} ${n.ticketNo.slice(4)} ${n.relatedTicketNo.slice(4)}`)
    .toSorted();
}

test('over many tickets: a pair shows where both of its tickets do, and people are never compared that asked for secrecy', async () => {
  const seen = await pairs(askers.audit);
  expect(seen).toEqual(
    expect.arrayContaining([
      'REPEAT_COMPLAINT now before',
      'REPEAT_COMPLAINT now market',
      'REPEAT_COMPLAINT twice before',
      'DUPLICATE now twice',
      'MERGE_CANDIDATE now neighbour',
      'MERGE_CANDIDATE now secret-place',
    ]),
  );
  expect(seen.filter((pair) => /elsewhere|report/.test(pair))).toEqual([]);
  expect(seen.filter((pair) => pair.includes('secret') && !pair.startsWith('MERGE'))).toEqual([]);

  const own = await pairs(askers.housing);
  expect(own).toContain('REPEAT_COMPLAINT now before');
  expect(own).toContain('REPEAT_COMPLAINT now elsewhere');
  expect(own.filter((pair) => /market|report/.test(pair))).toEqual([]);
});

test('a hidden ticket changes no byte of the answer', async () => {
  const before = (await ask(askers.audit, 'now')).text;
  const db = openSource(hub, 'hotline');
  try {
    for (const no of ['elsewhere', 'report', 'secret']) {
      db.prepare(
        "UPDATE ticket SET received_at = '2026-10-19T09:00:00+08:00', closed_at = NULL WHERE ticket_no = ?",
      ).run(`rel:${no}`);
      if (no === 'secret') continue;
      expect((await ask(askers.audit, 'now')).text).toBe(before);
    }
  } finally {
    db.close();
  }
});
