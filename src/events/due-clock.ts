import type { Knex } from 'knex';
import { z } from 'zod';
import { formatDateTime } from '../codes/date-time.ts';
import { lockOrder, type Outbox } from './outbox.ts';

const HOUR_MS = 3_600_000;
/** Tickets in one transaction. */
const batch = 500;

const found = z.array(z.object({ ticket_no: z.string(), due_at: z.string(), lead_agency: z.string().nullable() }));

/**
 * Tells of each open ticket whose due time has come near and which was not told of yet for this due time, in this transaction. Finds
 * them by the database alone, so that a restart forgets none; a ticket whose due time passed while no hub ran is overdue,
 * and no longer about to be. `now` is epoch milliseconds. True where there may be more.
 */
export async function warnOfDueTimes(trx: Knex, outbox: Outbox, now: number, warningHours: number): Promise<boolean> {
  // Before it looks: another instance would otherwise find the same tickets.
  await lockOrder(trx);
  const tickets = found.parse(
    await trx('ticket')
      .leftJoin('due_warning', (on) =>
        on.on('due_warning.ticket_no', 'ticket.ticket_no').andOn('due_warning.due_at', 'ticket.due_at'),
      )
      .whereNull('due_warning.ticket_no')
      .whereNull('ticket.handled_at')
      .whereNotIn('ticket.status', ['CLOSED', 'ARCHIVED'])
      .where('ticket.due_at', '>', formatDateTime(now))
      .where('ticket.due_at', '<=', formatDateTime(now + warningHours * HOUR_MS))
      .orderBy([{ column: 'ticket.due_at' }, { column: 'ticket.ticket_no' }])
      .limit(batch)
      .select('ticket.ticket_no', 'ticket.due_at', 'ticket.lead_agency'),
  );
  if (tickets.length === 0) return false;
  await trx('due_warning').insert(tickets.map(({ ticket_no, due_at }) => ({ ticket_no, due_at })));
  const at = formatDateTime(now);
  for (const { ticket_no: ticketNo, lead_agency: agency } of tickets)
    outbox.tell({ kind: 'ABOUT_TO_BE_OVERDUE', ticketNo, agency, runId: null, at });
  return tickets.length === batch;
}
