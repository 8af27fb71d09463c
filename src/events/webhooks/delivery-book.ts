import type { Knex } from 'knex';
import { z } from 'zod';
import type { TicketDatabase } from '../../store/ticket-database.ts';
import { eventColumns, eventsOf, type OpenDatabase } from '../event-log.ts';
import type { TicketEvent, TicketEventKind } from '../ticket-event.ts';
import type { DeliveryFailure } from './webhook-client.ts';

/** Which events an endpoint is to get. */
export interface WantedEvents {
  readonly kinds: readonly TicketEventKind[];
  /** Of what was handed on it gets that of this agency alone. */
  readonly agency: string;
}

/** An event that an endpoint is to get now. */
export interface DueDelivery {
  readonly event: TicketEvent;
  /** How often it was tried. */
  readonly tries: number;
}

/** A try that was not taken. */
export interface FailedTry {
  readonly tries: number;
  readonly failure: DeliveryFailure | null;
  /** Milliseconds until the next one; null where there is none: the event is set aside. */
  readonly wait: number | null;
}

/** How far one endpoint is with its events, kept in the database: whoever goes on begins where the last one ended. */
export interface DeliveryBook {
  /**
   * Takes the endpoint, or keeps it, for so many milliseconds: no other instance delivers to it meanwhile. False where
   * another one has it. An endpoint that is new begins with the events to come.
   */
  lease(milliseconds: number): Promise<boolean>;
  release(): Promise<void>;
  /** Takes the next events out of the outbox; those that are not wanted are passed over. True where there may be more. */
  collect(wanted: WantedEvents): Promise<boolean>;
  /** What is due now: of each ticket the oldest event alone. */
  due(limit: number): Promise<readonly DueDelivery[]>;
  /** The endpoint has the event, or is not to have it. */
  settle(seq: number): Promise<void>;
  put(seq: number, failed: FailedTry): Promise<void>;
}

const collected = 500;
const dueRow = z.object({ tries: z.number() });
const webhookRow = z.object({ position: z.number() });

/** `owner` is this instance's own name. Of what another instance has taken meanwhile nothing is changed. */
export function deliveryBook(open: OpenDatabase, name: string, owner: string): DeliveryBook {
  const ours = (on: Knex): Knex.QueryBuilder => on('webhook').where({ name, lease_owner: owner });
  const change = async (work: (trx: Knex, now: Knex.Raw) => Promise<unknown>): Promise<void> => {
    const database = await open();
    await database.transaction(async (trx) => {
      const held: unknown = await ours(trx).forUpdate().first('name');
      if (held !== undefined) await work(trx, nowOf(database));
    });
  };
  const row = (trx: Knex, seq: number): Knex.QueryBuilder => trx('webhook_delivery').where({ webhook: name, seq });
  return {
    async lease(milliseconds) {
      const database = await open();
      const now = nowOf(database);
      return database.transaction(async (trx) => {
        await addWebhook(trx, name);
        const taken = await trx('webhook')
          .where({ name })
          .andWhere((free) => void free.where({ lease_owner: owner }).orWhere('lease_until', '<', now))
          .update({ lease_owner: owner, lease_until: trx.raw('? + ?', [now, milliseconds]) });
        return taken === 1;
      });
    },
    release: () => change((trx) => ours(trx).update({ lease_until: 0 })),
    async collect(wanted) {
      let more = false;
      await change(async (trx) => {
        const { position } = webhookRow.parse(await ours(trx).first('position'));
        const next: unknown = await trx('ticket_event')
          .where('seq', '>', position)
          .orderBy('seq')
          .limit(collected)
          .pluck('seq');
        const places = z.array(z.number()).parse(next);
        const to = places.at(-1);
        if (to === undefined) return;
        await addDeliveries(trx, name, wanted, { after: position, to });
        await ours(trx).update({ position: to });
        more = places.length === collected;
      });
      return more;
    },
    async due(limit) {
      const database = await open();
      const { db } = database;
      const rows: unknown[] = await db('webhook_delivery as d')
        .join('ticket_event as e', 'e.seq', 'd.seq')
        .where({ 'd.webhook': name, 'd.state': 'PENDING' })
        .andWhere('d.next_at', '<=', nowOf(database))
        .whereNotExists(
          db('webhook_delivery as b')
            .whereRaw('b.webhook = d.webhook AND b.ticket_no = d.ticket_no AND b.seq < d.seq')
            .andWhere('b.state', 'PENDING')
            .select(db.raw('1')),
        )
        .orderBy('d.seq')
        .limit(limit)
        .select(...eventColumns.map((column) => `e.${column}`), 'd.tries');
      const tries = z.array(dueRow).parse(rows);
      return eventsOf(rows).map((event, i) => ({ event, tries: tries[i]?.tries ?? 0 }));
    },
    settle: (seq) => change((trx) => row(trx, seq).delete()),
    put: (seq, { tries, failure, wait }) =>
      change((trx, now) =>
        row(trx, seq).update({
          tries,
          ...(failure === null ? {} : { failure }),
          state: wait === null ? 'DEAD' : 'PENDING',
          next_at: trx.raw('? + ?', [now, Math.round(wait ?? 0)]),
        }),
      ),
  };
}

async function addWebhook(trx: Knex, name: string): Promise<void> {
  const known: unknown = await trx('webhook').where({ name }).first('name');
  if (known !== undefined) return;
  const last = z.object({ last: z.number().nullable() }).parse(await trx('ticket_event').max({ last: 'seq' }).first());
  await trx('webhook')
    .insert({ name, position: last.last ?? 0, lease_until: 0 })
    .onConflict('name')
    .ignore();
}

/** Adds what the endpoint is to get of the events in this part of the outbox. How many. */
export async function addDeliveries(
  trx: Knex,
  webhook: string,
  { kinds, agency }: WantedEvents,
  { after, to }: { readonly after: number; readonly to: number },
): Promise<number> {
  const of = trx('ticket_event')
    .where('seq', '>', after)
    .where('seq', '<=', to)
    .whereIn('kind', kinds)
    .andWhere((mine) => void mine.where('kind', '<>', 'HANDED_TO_AGENCY').orWhere({ agency }));
  const [{ added }] = z.tuple([z.object({ added: z.coerce.number() })]).parse(await of.clone().count({ added: 'seq' }));
  const columns = ['webhook', 'seq', 'ticket_no', 'state', 'tries', 'next_at'];
  await trx
    .into(trx.raw(`webhook_delivery (${columns.join(', ')})`))
    .insert(of.select(trx.raw("?, seq, ticket_no, 'PENDING', 0, 0", [webhook])));
  return added;
}

/** The database's own clock in epoch milliseconds: instances need not agree on the time. */
function nowOf({ client, db }: TicketDatabase): Knex.Raw {
  return db.raw(
    client === 'sqlite'
      ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
      : 'CAST(unix_timestamp(now(3)) * 1000 AS SIGNED)',
  );
}
