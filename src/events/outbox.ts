import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { insertRows } from '../store/insert-rows.ts';
import type { NewTicketEvent } from './ticket-event.ts';

/** The events of one transaction. */
export interface Outbox {
  /** The event is written with the transaction. */
  tell(event: NewTicketEvent): void;
  /**
   * Writes what was told. Call it last: until the transaction ends no other writes events, so that their places rise in the
   * order in which readers come to see them. Whether there was anything.
   */
  settle(): Promise<boolean>;
}

/** The outbox on the connection of one transaction: its events come to be seen with what else it wrote, or not at all. */
export function openOutbox(trx: Knex): Outbox {
  const told: NewTicketEvent[] = [];
  return {
    tell: (event) => void told.push(event),
    async settle() {
      if (told.length === 0) return false;
      await lockOrder(trx);
      const rows = told.splice(0).map(({ kind, ticketNo, agency, runId, at }) => ({
        event_id: randomUUID(),
        kind,
        ticket_no: ticketNo,
        agency,
        run_id: runId,
        at,
      }));
      await insertRows(trx, 'ticket_event', rows);
      return true;
    },
  };
}

/** Keeps other writers of events out until the transaction ends; a SQLite transaction does so from its beginning. */
export async function lockOrder(trx: Knex): Promise<void> {
  await trx('event_order').where({ id: 1 }).forUpdate().first('id');
}

/** A step that was written down. */
export interface ToldStep {
  readonly ticketNo: string;
  readonly runId: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** That the ticket changed, by a step or by a push. `at` is RFC 3339 in +08:00. */
export function tellChange(outbox: Outbox, ticketNo: string, runId: string | null, at: string): void {
  outbox.tell({ kind: 'TICKET_CHANGED', ticketNo, agency: null, runId, at });
}

/** That a step handed the ticket to an agency, where it did. */
export function tellReceiver(outbox: Outbox, { ticketNo, runId, from, to }: ToldStep, at: string): void {
  if (to !== null && to !== from) outbox.tell({ kind: 'HANDED_TO_AGENCY', ticketNo, agency: to, runId, at });
}
