import type { Knex } from 'knex';
import { z } from 'zod';
import type { TicketDatabase } from './ticket-database.ts';
import { prunedTables, type PrunedTable } from './tables/retention-tables.ts';

/** Before which time each table's rows are old: RFC 3339 in +08:00. */
export type OldBefore = Readonly<Record<PrunedTable, string>>;

/** Rows that one transaction takes out. */
const batch = 500;

const markRow = z.object({ looked_at: z.string(), looked_seq: z.number(), gone_seq: z.number() });
type Mark = z.infer<typeof markRow>;
const marks = ['looked_at', 'looked_seq', 'gone_seq'] as const;
const eventRow = z.object({ seq: z.number(), at: z.string() });
const versionRow = z.object({ ticket_no: z.string(), source_at: z.string(), source_version: z.number() });
const positionRow = z.object({ position: z.number().nullable() });

/**
 * Takes out what is old: of each table one batch, in one transaction. Of events none that an endpoint has yet to get or that
 * was set aside; of versions never the newest of a ticket. `webhooks` are the endpoints in use. True where there may be more.
 */
export async function prune(
  { transaction }: Pick<TicketDatabase, 'transaction'>,
  old: OldBefore,
  webhooks: readonly string[],
): Promise<boolean> {
  let more = false;
  for (const table of Object.keys(prunedTables) as PrunedTable[]) {
    const full = await transaction(async (trx) => {
      const mark = await begin(trx, table, old[table]);
      switch (table) {
        case 'ticket_event':
          return pruneEvents(trx, old.ticket_event, mark, webhooks);
        case 'push_version':
          return pruneVersions(trx, mark, old.push_version);
        case 'push_call':
        case 'due_warning':
          return pruneByTime(trx, table, old[table]);
      }
    });
    more ||= full;
  }
  return more;
}

/** The greatest place of an event that is no longer kept; 0 where all are. */
export async function lastPruned(db: Knex): Promise<number> {
  const found: unknown = await db('retention')
    .where({ name: 'ticket_event' })
    .first(...marks);
  return found === undefined ? 0 : markRow.parse(found).gone_seq;
}

/** Says to the database what may be taken out; where the one before ended. */
async function begin(trx: Knex, name: PrunedTable, before: string): Promise<Mark> {
  const first = { name, before_at: before, looked_at: '', looked_seq: 0, gone_seq: 0 };
  await trx('retention').insert(first).onConflict('name').ignore();
  const mark = markRow.parse(
    await trx('retention')
      .where({ name })
      .forUpdate()
      .first(...marks),
  );
  await trx('retention').where({ name }).update({ before_at: before });
  return mark;
}

/** Events of before are in the order of their places: old ones stand first. */
async function pruneEvents(trx: Knex, before: string, mark: Mark, webhooks: readonly string[]): Promise<boolean> {
  const delivered = await deliveredTo(trx, webhooks);
  const names = await trx('webhook').pluck<string[]>('name');
  const isOwed = trx('webhook_delivery as d')
    .whereIn('d.webhook', names)
    .whereRaw('d.seq = e.seq')
    .select(trx.raw('1'));
  // Those that waited when they were looked at, and wait no longer.
  const late = await trx('ticket_event as e')
    .where('e.seq', '<=', mark.looked_seq)
    .whereNotExists(isOwed.clone())
    .orderBy('e.seq')
    .limit(batch)
    .pluck<number[]>('e.seq');
  const next: unknown = await trx('ticket_event')
    .where('seq', '>', mark.looked_seq)
    .where((upTo) => void (delivered === null ? upTo : upTo.where('seq', '<=', delivered)))
    .orderBy('seq')
    .limit(batch)
    .select('seq', 'at');
  const rows = z.array(eventRow).parse(next);
  const young = rows.findIndex(({ at }) => at >= before);
  const old = rows.slice(0, young === -1 ? rows.length : young).map(({ seq }) => seq);
  const free = await trx('ticket_event as e').whereIn('e.seq', old).whereNotExists(isOwed).pluck<number[]>('e.seq');
  const gone = [...late, ...free];
  await trx('ticket_event').whereIn('seq', gone).delete();
  await trx('retention')
    .where({ name: 'ticket_event' })
    .update({ looked_seq: old.at(-1) ?? mark.looked_seq, gone_seq: Math.max(mark.gone_seq, ...gone) });
  return old.length === batch || late.length === batch;
}

/** The place up to which all endpoints in use have had their events taken out of the outbox; null where there is none. */
async function deliveredTo(trx: Knex, webhooks: readonly string[]): Promise<number | null> {
  const row: unknown = await trx('webhook').whereIn('name', webhooks).min({ position: 'position' }).first();
  return positionRow.parse(row).position;
}

/** One that was the newest when it was looked at stays. */
async function pruneVersions(trx: Knex, { looked_at: from }: Mark, before: string): Promise<boolean> {
  const rows: unknown = await trx('push_version as v')
    .where('v.source_at', '>=', from)
    .where('v.source_at', '<', before)
    .whereExists(
      trx('push_version as n')
        .whereRaw('n.ticket_no = v.ticket_no')
        .whereRaw('(n.source_at > v.source_at OR (n.source_at = v.source_at AND n.source_version > v.source_version))')
        .select(trx.raw('1')),
    )
    .orderBy('v.source_at')
    .limit(batch)
    .select('v.ticket_no', 'v.source_at', 'v.source_version');
  const old = z.array(versionRow).parse(rows);
  for (const version of old) await trx('push_version').where(version).delete();
  const full = old.length === batch;
  const looked = full ? (old.at(-1)?.source_at ?? from) : before;
  await trx('retention').where({ name: 'push_version' }).update({ looked_at: looked });
  return full;
}

async function pruneByTime(trx: Knex, table: 'push_call' | 'due_warning', before: string): Promise<boolean> {
  const columns = { push_call: callColumns, due_warning: warningColumns }[table];
  const old = (await trx(table)
    .where(prunedTables[table], '<', before)
    .orderBy(prunedTables[table])
    .limit(batch)
    .select(...columns)) as Readonly<Record<string, string>>[];
  for (const row of old) await trx(table).where(row).delete();
  return old.length === batch;
}

const callColumns = ['agency', 'issuer', 'subject', 'idempotency_key'] as const;
const warningColumns = ['ticket_no', 'due_at'] as const;
