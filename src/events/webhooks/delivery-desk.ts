import type { Knex } from 'knex';
import { z } from 'zod';
import { lastPruned } from '../../store/retention.ts';
import type { TicketDatabase } from '../../store/ticket-database.ts';
import { ticketEventKinds } from '../ticket-event.ts';
import { addDeliveries, type WantedEvents } from './delivery-book.ts';

/** An event that was set aside. */
export interface DeadLetter {
  readonly webhook: string;
  readonly seq: number;
  readonly eventId: string;
  readonly kind: string;
  readonly at: string;
  readonly tries: number;
  readonly failure: string | null;
}

const deadRow = z.object({
  webhook: z.string(),
  seq: z.number(),
  eventId: z.string(),
  kind: z.enum(ticketEventKinds),
  at: z.string(),
  tries: z.number(),
  failure: z.string().nullable(),
});

/** The events that were set aside, of one endpoint or of all, the oldest first. Without their tickets: one may be a report. */
export async function deadLetters(db: Knex, name: string | null, limit: number): Promise<readonly DeadLetter[]> {
  const rows: unknown = await db('webhook_delivery as d')
    .join('ticket_event as e', 'e.seq', 'd.seq')
    .where({ 'd.state': 'DEAD', ...(name === null ? {} : { 'd.webhook': name }) })
    .orderBy([{ column: 'd.webhook' }, { column: 'd.seq' }])
    .limit(limit)
    .select('d.webhook', 'd.seq', 'e.event_id as eventId', 'e.kind', 'e.at', 'd.tries', 'd.failure');
  return z.array(deadRow).parse(rows);
}

/** Some of the events that were asked for are no longer kept. */
export class EventsPruned extends Error {
  override readonly name = 'EventsPruned';

  constructor(kept: number) {
    super(
      `EVENTS_PRUNED: events up to ${kept} are no longer all kept (eventRetentionDays). Replay from ${kept}; for what was before, the agency asks tickets(filter: { changedSince: … })`,
    );
  }
}

/** How far an endpoint is. */
export interface WebhookState {
  readonly webhook: string;
  /** The place in the outbox up to which its events were taken out. */
  readonly cursor: number;
  readonly pending: number;
  readonly dead: number;
}

const stateRow = z.object({
  webhook: z.string(),
  cursor: z.coerce.number(),
  pending: z.coerce.number(),
  dead: z.coerce.number(),
});

export async function webhookStates(db: Knex): Promise<readonly WebhookState[]> {
  const rows: unknown = await db('webhook as w')
    .leftJoin('webhook_delivery as d', 'd.webhook', 'w.name')
    .groupBy('w.name', 'w.position')
    .orderBy('w.name')
    .select(
      'w.name as webhook',
      'w.position as cursor',
      db.raw("count(CASE WHEN d.state = 'PENDING' THEN 1 END) AS pending"),
      db.raw("count(CASE WHEN d.state = 'DEAD' THEN 1 END) AS dead"),
    );
  return z.array(stateRow).parse(rows);
}

/**
 * Puts events before an endpoint again, those that it got as well: all after this place in the outbox that it has been past
 * already. They are judged anew when they are delivered. How many; null for an endpoint that the database does not know.
 * Throws `EventsPruned`.
 */
export async function replayFrom(
  database: TicketDatabase,
  name: string,
  wanted: WantedEvents,
  after: number,
): Promise<number | null> {
  return database.transaction(async (trx) => {
    const position = await positionOf(trx, name);
    if (position === null) return null;
    const pruned = await lastPruned(trx);
    if (after < pruned) throw new EventsPruned(pruned);
    await trx('webhook_delivery').where({ webhook: name }).andWhere('seq', '>', after).delete();
    return addDeliveries(trx, name, wanted, { after, to: position });
  });
}

/** The same for those that were set aside. */
export async function replayDead(database: TicketDatabase, name: string): Promise<number | null> {
  return database.transaction(async (trx) => {
    if ((await positionOf(trx, name)) === null) return null;
    const again = { state: 'PENDING', tries: 0, next_at: 0 };
    return trx('webhook_delivery').where({ webhook: name, state: 'DEAD' }).update(again);
  });
}

async function positionOf(trx: Knex, name: string): Promise<number | null> {
  const found: unknown = await trx('webhook').where({ name }).forUpdate().first('position');
  return found === undefined ? null : z.object({ position: z.number() }).parse(found).position;
}
