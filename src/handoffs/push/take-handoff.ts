import { isWithin, type PushDesk } from './take-ticket.ts';
import type { PushedHandoff } from './push-input.ts';
import { outOfArea, type HandoffOutcome } from './push-outcome.ts';

type Taken = Omit<HandoffOutcome, 'index' | 'ticketNo'>;

/**
 * Adds one handoff, whenever it comes: readers sort by time. Its ticket may come later; nobody reads a handoff but by way
 * of its ticket, so until then nobody sees it.
 */
export async function takeHandoff(desk: PushDesk, handoff: PushedHandoff): Promise<Taken> {
  const { file, at } = desk;
  const ticket = await file.record(handoff.ticketNo);
  const held = ticket === null;
  if (ticket !== null && !isWithin(desk, ticket))
    return { outcome: 'REJECTED', runId: null, held: false, problems: [outOfArea] };
  const recorded = file.handoffOf(handoff);
  if (recorded === null) return { outcome: 'INSERTED', runId: await file.putHandoff(handoff, at), held, problems: [] };
  if (recorded.digest === handoff.digest) return { outcome: 'UNCHANGED', runId: recorded.runId, held, problems: [] };
  const { ticketNo, sourceRunId, sourceAt, sourceVersion, digest } = handoff;
  const code = 'ALREADY_RECORDED';
  file.putConflict({ kind: 'HANDOFF', ticketNo, sourceRunId, code, fields: [], sourceAt, sourceVersion, digest }, at);
  const reason = 'the number holds another step, and a step is never changed; push what was meant under a new number';
  return { outcome: 'CONFLICT', runId: null, held: false, problems: [{ code, field: 'runId', reason }] };
}
