import type { Knex } from 'knex';
import type { StoreClient } from './column-types.ts';
import { storeClientOf } from './knex-client.ts';

/** The kinds that speak of two tickets. */
export const pairKinds = ['REPEAT_COMPLAINT', 'DUPLICATE', 'MERGE_CANDIDATE'] as const;
export type PairKind = (typeof pairKinds)[number];

/** Days within which each kind is found. */
export type PairDays = Readonly<Record<PairKind, number>>;

/** Those of a store that no hub has opened yet. */
export const usualPairDays: PairDays = { REPEAT_COMPLAINT: 90, DUPLICATE: 15, MERGE_CANDIDATE: 7 };

/** Tickets whose pairs are computed by one statement. */
const chunk = 100;

const into =
  'INSERT INTO ticket_finding (finding_id, kind, ticket_no, agency, division_code, times, at, grounds, confidence, related_ticket_no, related_agency, related_division_code)';

/** Tickets before it, or after it, that a ticket is put together with by each way: a power cut brings a thousand. */
const mostPairs = 20;

/** Finds all pairs: after a bulk load, into a table without any. */
export function findAllPairs(client: StoreClient): string {
  return `${into} ${pairSelect(client, [{ chosen: '1 = 1', nearest: nearestBefore }])}`;
}

/**
 * Computes anew what these tickets are to others, and others to them, in the caller's transaction. In MySQL tickets that
 * two transactions bring at one moment see nothing of each other: they are compared when one of them next changes.
 */
export async function refreshPairs(db: Knex, ticketNos: Iterable<string>): Promise<void> {
  const client = storeClientOf(db);
  const all = [...new Set(ticketNos)];
  for (let i = 0; i < all.length; i += chunk) {
    const some = all.slice(i, i + chunk);
    for (const side of ['ticket_no', 'related_ticket_no'])
      await db('ticket_finding').whereIn(side, some).whereIn('kind', pairKinds).delete();
    const list = some.map(() => '?').join(', ');
    const of = [
      { chosen: `b.ticket_no IN (${list})`, nearest: nearestBefore },
      { chosen: `a.ticket_no IN (${list})`, nearest: nearestAfter },
    ];
    await db.raw(
      `${into} ${pairSelect(client, of)}`,
      Array.from({ length: ways.length * of.length }, () => some).flat(),
    );
  }
}

/** Whether pairs are found within these days already. */
export async function hasPairDays(db: Knex, days: PairDays): Promise<boolean> {
  const rows: { kind: string; days: number }[] = await db('finding_window').select('kind', 'days');
  return pairKinds.every((kind) => rows.some((row) => row.kind === kind && row.days === days[kind]));
}

/** Sets the days and computes all pairs anew, in the caller's transaction. */
export async function setPairDays(db: Knex, days: PairDays): Promise<void> {
  for (const kind of pairKinds) await db('finding_window').where({ kind }).update({ days: days[kind] });
  await db('ticket_finding').whereIn('kind', pairKinds).delete();
  await db.raw(findAllPairs(storeClientOf(db)));
}

/** Neither reporter asked for secrecy: only then are people compared, since nobody's unit is known here. */
const open = 'coalesce(a.confidential, 0) = 0 AND coalesce(b.confidential, 0) = 0';

interface Way {
  readonly on: string;
  readonly where: string;
  readonly person: number;
  /** Nothing else is found by it than this kind, so that its days bound what is looked at. */
  readonly only?: PairKind;
}

/** How two tickets come together, and how sure they are then of one person, in hundredths. */
const ways: readonly Way[] = [
  {
    on: 'a.reporter_id_number = b.reporter_id_number',
    where: `length(b.reporter_id_number) = 18 AND ${open}`,
    person: 100,
  },
  // Short numbers, of up to six digits, are nobody's.
  { on: 'a.reporter_phone = b.reporter_phone', where: `length(b.reporter_phone) > 6 AND ${open}`, person: 90 },
  { on: 'a.house_code = b.house_code', where: "b.house_code <> ''", person: 0, only: 'MERGE_CANDIDATE' },
  {
    on: 'a.standard_address = b.standard_address',
    where: "b.standard_address <> ''",
    person: 0,
    only: 'MERGE_CANDIDATE',
  },
];

/** The nearest to each of the tickets that were chosen. */
const nearestBefore = 'PARTITION BY b.ticket_no ORDER BY a.received_at DESC, a.ticket_no DESC';
const nearestAfter = 'PARTITION BY a.ticket_no ORDER BY b.received_at, b.ticket_no';

/** Tickets that are looked at, and which of their pairs count first. */
interface Chosen {
  readonly chosen: string;
  readonly nearest: string;
}

/**
 * Pairs of an earlier ticket `a` and a later one `b`, by the words of `related-tickets.ts`; a test holds the two together.
 * None of them is a report (举报). `only` chooses pairs, each pair once however
 * often it is chosen.
 */
function pairSelect(client: StoreClient, only: readonly Chosen[]): string {
  const back = (kind: PairKind): string => daysBefore(client, 'b.received_at', kind);
  const found = only
    .flatMap(({ chosen, nearest }) =>
      ways.map(
        ({
          on,
          where,
          person,
          only: kind,
        }) => `SELECT a.ticket_no AS earlier, b.ticket_no AS later, ${person} AS person,
       row_number() OVER (${nearest}) AS place_in_turn
  FROM ticket b JOIN ticket a ON ${on} AND a.category_path = b.category_path AND a.received_at <= b.received_at
   AND (a.received_at < b.received_at OR a.ticket_no < b.ticket_no)${kind === undefined ? '' : ` AND a.received_at >= ${back(kind)}`}
 WHERE ${chosen} AND ${where} AND b.category_path <> '[]'
   AND coalesce(a.type, '') <> 'REPORT' AND coalesce(b.type, '') <> 'REPORT'`,
      ),
    )
    .join(' UNION ALL ');
  const whileOpen = `place > 0 AND (closed_at IS NULL OR closed_at > received_at) AND NOT (closed_at IS NULL AND status IN ('CLOSED', 'ARCHIVED'))`;
  return `SELECT concat(kind, ':', ticket_no, ':', related_ticket_no), kind, ticket_no, agency, division_code, 1, received_at, '[]',
       CASE kind WHEN 'REPEAT_COMPLAINT' THEN CASE WHEN place > 0 THEN person ELSE person * 80 / 100 END
                 WHEN 'DUPLICATE' THEN person * place / 100 ELSE place * 80 / 100 END / 100.0,
       related_ticket_no, related_agency, related_division_code
  FROM (SELECT q.*, CASE WHEN person > 0 AND closed_at <= received_at AND closed_at >= repeat_from THEN 'REPEAT_COMPLAINT'
                         WHEN person > 0 AND ${whileOpen} AND earlier_at >= duplicate_from THEN 'DUPLICATE'
                         WHEN person = 0 AND ${whileOpen} AND earlier_at >= merge_from THEN 'MERGE_CANDIDATE' END AS kind
          FROM (SELECT b.ticket_no, b.lead_agency AS agency, b.division_code, b.received_at, a.ticket_no AS related_ticket_no,
                       a.lead_agency AS related_agency, a.division_code AS related_division_code, a.received_at AS earlier_at,
                       a.closed_at, a.status, p.person,
                       CASE WHEN a.house_code = b.house_code AND a.house_code <> '' THEN 100
                            WHEN a.house_code IS NOT NULL AND b.house_code IS NOT NULL THEN 0
                            WHEN a.standard_address = b.standard_address AND a.standard_address <> '' THEN 90 ELSE 0 END AS place,
                       ${back('REPEAT_COMPLAINT')} AS repeat_from, ${back('DUPLICATE')} AS duplicate_from,
                       ${back('MERGE_CANDIDATE')} AS merge_from
                  FROM (SELECT earlier, later, max(person) AS person FROM (${found}) f WHERE place_in_turn <= ${mostPairs} GROUP BY earlier, later) p
                  JOIN ticket a ON a.ticket_no = p.earlier JOIN ticket b ON b.ticket_no = p.later) q) r
 WHERE kind IS NOT NULL`;
}

/** The time that lies the kind's days before another one, both as the store writes them. */
function daysBefore(client: StoreClient, time: string, kind: PairKind): string {
  const days = `(SELECT w.days FROM finding_window w WHERE w.kind = '${kind}')`;
  return client === 'sqlite'
    ? `strftime('%Y-%m-%dT%H:%M:%S', ${time}, '-' || ${days} || ' days', '+8 hours') || '+08:00'`
    : `concat(date_format(cast(replace(left(${time}, 19), 'T', ' ') AS DATETIME) - INTERVAL ${days} DAY, '%Y-%m-%dT%H:%i:%s'), '+08:00')`;
}
