import { takeHandoff } from './take-handoff.ts';
import type { PushDesk } from './push-desk.ts';

/** A desk that takes for whoever pushed, and not for one caller. */
export type HeldDesk = Omit<PushDesk, 'pusher' | 'sight'>;

/**
 * Takes what waited for the ticket, in the order in which it came: each as if it were pushed now by who pushed it, with the
 * areas that it had then. One that does not hold is kept as a conflict.
 */
export async function takeHeld(desk: HeldDesk, ticketNo: string): Promise<void> {
  const { file, at, sightOf } = desk;
  for (const { handoff, pusher } of file.held.release(ticketNo)) {
    const { outcome } = await takeHandoff({ ...desk, pusher, sight: sightOf(pusher) }, handoff);
    if (outcome !== 'REJECTED') continue;
    const { sourceRunId, sourceAt, sourceVersion, digest } = handoff;
    const place = { sourceAt, sourceVersion, digest };
    file.putConflict({ kind: 'HANDOFF', ticketNo, sourceRunId, code: 'OUT_OF_AREA', fields: [], ...place }, at);
  }
}

/**
 * The same for tickets that have come by another way than a push, so many handoffs at most: an import knows no pushers. True
 * where there may be more.
 */
export async function takeArrived(desk: HeldDesk, limit: number): Promise<boolean> {
  const ticketNos = await desk.file.held.arrived(limit);
  await desk.file.expectTickets(ticketNos);
  for (const ticketNo of ticketNos) await takeHeld(desk, ticketNo);
  return ticketNos.length === limit;
}
