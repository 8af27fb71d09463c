import { z } from 'zod';
import type { TicketDatabase } from '../store/ticket-database.ts';
import { ticketEventKinds, type TicketEvent } from './ticket-event.ts';

/** The database of the ticket store, opened where it was not. Rejects where it cannot be used now. */
export type OpenDatabase = () => Promise<TicketDatabase>;

/** The outbox as its readers see it. */
export interface EventLog {
  /** The place of the newest event; 0 where there is none. */
  last(): Promise<number>;
  /** The events after this place in their order, so many at most. */
  after(seq: number, limit: number): Promise<readonly TicketEvent[]>;
}

const row = z
  .object({
    seq: z.number(),
    event_id: z.string(),
    kind: z.enum(ticketEventKinds),
    ticket_no: z.string(),
    agency: z.string().nullable(),
    at: z.string(),
  })
  .transform(({ event_id: eventId, ticket_no: ticketNo, ...rest }): TicketEvent => ({ eventId, ticketNo, ...rest }));
const last = z.object({ last: z.number().nullable() });

export const eventColumns = ['seq', 'event_id', 'kind', 'ticket_no', 'agency', 'at'] as const;

/** Rows of `ticket_event` as events. */
export function eventsOf(rows: unknown): readonly TicketEvent[] {
  return z.array(row).parse(rows);
}

/** The outbox of the database that is open when it is asked. */
export function eventLog(open: OpenDatabase): EventLog {
  return {
    async last() {
      const { db } = await open();
      return last.parse(await db('ticket_event').max({ last: 'seq' }).first()).last ?? 0;
    },
    async after(seq, limit) {
      const { db } = await open();
      return eventsOf(
        await db('ticket_event')
          .where('seq', '>', seq)
          .orderBy('seq')
          .limit(limit)
          .select(...eventColumns),
      );
    },
  };
}
