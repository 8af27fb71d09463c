import type { TicketFile } from '../ticket-file.ts';
import { isWithin, type PushDesk } from './push-desk.ts';
import type { KeptConflict, PushedConflicts } from './push-file.ts';

/** Conflicts that are read at once. */
const chunk = 200;

/**
 * So many of the conflicts before this `seq`, the newest first, as the row rules show their tickets to the reader. One whose
 * ticket has not come is shown: the pusher must learn of it.
 */
export async function shownConflicts(
  file: Pick<TicketFile, 'conflicts' | 'find'>,
  reader: Pick<PushDesk, 'sight' | 'pusher'>,
  before: number | null,
  most: number,
): Promise<PushedConflicts> {
  const shown: KeptConflict[] = [];
  const reports = new Set<string>();
  const known = new Map<string, boolean>();
  const isShown = async (ticketNo: string): Promise<boolean> => {
    const ticket = await file.find(ticketNo);
    return ticket === null || isWithin(reader, ticket.record);
  };
  for (let from = before; ;) {
    const read = await file.conflicts(from, chunk);
    for (const conflict of read.conflicts) {
      const { ticketNo } = conflict;
      const so = known.get(ticketNo) ?? (await isShown(ticketNo));
      known.set(ticketNo, so);
      if (!so) continue;
      if (read.reports.has(ticketNo)) reports.add(ticketNo);
      shown.push(conflict);
      if (shown.length === most) return { conflicts: shown, reports };
    }
    const last = read.conflicts.at(-1);
    if (last === undefined || read.conflicts.length < chunk) return { conflicts: shown, reports };
    from = last.seq;
  }
}
