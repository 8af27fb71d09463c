import type { Knex } from 'knex';
import type { TicketDatabase } from '../../src/store/ticket-database.ts';

/** Tickets that one statement makes. */
const chunk = 10_000;
/** Seconds between two tickets of one chunk, so that a chunk fills a day. */
const spacing = 8;
const agencies = ['housing', 'market', 'grid', 'police'] as const;

type Step = readonly [kind: string, from: string | null, to: string | null, node: string];
/** Three of four tickets go one way; one of fifty goes to and fro, is returned twice and comes back to who had it. */
const usual: readonly Step[] = [
  ['ACCEPT', 'hotline', 'hotline', '受理'],
  ['DISPATCH', 'hotline', 'LEAD', '派单'],
  ['SIGN_FOR', 'LEAD', 'LEAD', '签收'],
  ['CO_SIGN', 'LEAD', 'hotline', '会签'],
  ['ESCALATE', 'LEAD', 'hotline', '上报'],
  ['REASSIGN', 'hotline', 'LEAD', '改派'],
  ['SIGN_FOR', 'LEAD', 'LEAD', '签收'],
  ['FEEDBACK', 'LEAD', 'hotline', '反馈'],
  ['FOLLOW_UP', 'hotline', 'hotline', '回访'],
  ['CLOSE', 'hotline', 'hotline', '办结'],
];
const bouncing: readonly Step[] = [
  ['ACCEPT', 'hotline', 'hotline', '受理'],
  ['DISPATCH', 'hotline', 'housing', '派单'],
  ['RETURN', 'housing', 'hotline', '退单'],
  ['REASSIGN', 'hotline', 'market', '改派'],
  ['RETURN', 'market', 'hotline', '退单'],
  ['REASSIGN', 'hotline', 'housing', '改派'],
  ['REASSIGN', 'hotline', 'market', '改派'],
  ['SIGN_FOR', 'market', 'market', '签收'],
  ['FEEDBACK', 'market', 'hotline', '反馈'],
  ['CLOSE', 'hotline', 'hotline', '办结'],
];
/** Handoffs of each ticket. */
export const stepsOfEach = usual.length;

/** The number of the ticket that was made as the nth, from 0 on. */
export const madeTicketNo = (n: number): string => `b:${String(n).padStart(9, '0')}`;

/**
 * Fills an empty store with so many tickets, ten handoffs each, made in the database itself; then its findings, in the same
 * shares whatever the number. Indexes come last.
 */
export async function makeTickets(
  database: TicketDatabase,
  tickets: number,
  onProgress: (made: number) => void = () => undefined,
): Promise<void> {
  const { client, db } = database;
  await db.raw(`CREATE TABLE made_number (n INTEGER NOT NULL PRIMARY KEY, clock VARCHAR(8) NOT NULL)`);
  await fillNumbers(db, Math.min(chunk, tickets));
  await db.raw(
    'CREATE TABLE made_step (way INTEGER NOT NULL, j INTEGER NOT NULL, kind VARCHAR(32) NOT NULL, from_agency VARCHAR(64), to_agency VARCHAR(64), node VARCHAR(32), PRIMARY KEY (way, j))',
  );
  await db('made_step').insert(
    [usual, bouncing].flatMap((steps, way) =>
      steps.map(([kind, from, to, node], j) => ({ way, j: j + 1, kind, from_agency: from, to_agency: to, node })),
    ),
  );
  for (let from = 0; from < tickets; from += chunk) {
    const count = Math.min(chunk, tickets - from);
    await db.transaction(async (trx) => {
      await makeChunk(trx, from, count);
    });
    onProgress(from + count);
  }
  await db.raw('DROP TABLE made_number');
  await db.raw('DROP TABLE made_step');
  await database.finishLoad();
  await db.raw(
    client === 'mysql' ? 'ANALYZE TABLE ticket, ticket_party, handoff, ticket_finding, lost_handoff' : 'ANALYZE',
  );
}

async function fillNumbers(db: Knex, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    n,
    clock: new Date(n * spacing * 1_000).toISOString().slice(11, 19),
  }));
  for (let i = 0; i < rows.length; i += 400) await db('made_number').insert(rows.slice(i, i + 400));
}

async function makeChunk(trx: Knex, from: number, count: number): Promise<void> {
  // A month between the oldest and the newest of a chunk's steps; chunks follow each other day by day.
  const day = (n: number): string => new Date(Date.UTC(2024, 0, 1 + from / chunk + n)).toISOString().slice(0, 10);
  const no = "concat('b:', substr(concat('000000000', i), -9))";
  const lead = `CASE i % 4 ${agencies.map((agency, n) => `WHEN ${n} THEN '${agency}'`).join(' ')} END`;
  const open = 'i % 20 = 3';
  const time = (n: string, clock = 'clock'): string => `concat(${n}, 'T', ${clock}, '+08:00')`;
  const source = '(SELECT n + CAST(? AS SIGNED INTEGER) AS i, clock FROM made_number WHERE n < ?) m';
  await trx.raw(
    `INSERT INTO ticket (ticket_no, source_system, source_no, type, title, content, status, division_code, grid_code,
       reporter_phone, lead_agency, received_at, closed_at, due_at, updated_at, resolved, satisfaction)
     SELECT ${no}, 'b', substr(concat('000000000', i), -9), 'COMPLAINT', '路灯不亮', '小区门口的路灯坏了三天，请处理。',
       CASE WHEN ${open} THEN 'IN_PROGRESS' ELSE 'CLOSED' END, concat('35010', 1 + i % 5, '00', 1 + i % 9, '00', 1 + i % 9),
       concat('G', i % 50), concat('139', substr(concat('00000000', i), -8)), ${lead}, ${time('?')},
       CASE WHEN ${open} THEN NULL ELSE ${time('?')} END, ${time('?')}, ${time('?')},
       CASE WHEN i % 20 = 4 THEN 0 ELSE 1 END, CASE WHEN i % 20 = 5 THEN 'DISSATISFIED' ELSE 'SATISFIED' END
     FROM ${source}`,
    [day(0), day(10), day(9), day(10), from, count],
  );
  await trx.raw(
    `INSERT INTO handoff (run_id, ticket_no, seq, node_name, kind, from_agency, to_agency, at, \`by\`, due_at, sign_by,
       site_visit, evidence_count)
     SELECT concat('H', ${no}, '-', substr(concat('000000', j), -6)), ${no}, j, node, kind,
       CASE from_agency WHEN 'LEAD' THEN ${lead} ELSE from_agency END,
       CASE to_agency WHEN 'LEAD' THEN ${lead} ELSE to_agency END,
       CASE j ${Array.from({ length: stepsOfEach }, (_, j) => `WHEN ${j + 1} THEN ${time('?')}`).join(' ')} END,
       'clerk', ${time('?')},
       CASE WHEN kind <> 'SIGN_FOR' THEN NULL WHEN i % 20 = 1 THEN ${time('?')} ELSE ${time('?')} END,
       CASE WHEN kind = 'CLOSE' THEN 1 END, CASE WHEN kind = 'CLOSE' THEN CASE WHEN i % 20 = 2 THEN 0 ELSE 2 END END
     FROM ${source} JOIN made_step s ON s.way = CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END
     WHERE NOT (${open} AND kind = 'CLOSE')`,
    [...Array.from({ length: stepsOfEach }, (_, j) => day(j + 1)), day(9), day(0), day(20), from, count],
  );
}
