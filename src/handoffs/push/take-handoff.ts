import { isWithin, type PushDesk } from './push-desk.ts';
import { runIdOf, type PushedHandoff } from './push-input.ts';
import { outOfArea, type HandoffOutcome } from './push-outcome.ts';

type Taken = Omit<HandoffOutcome, 'index' | 'ticketNo'>;

/**
 * Adds one handoff, whenever it comes: readers sort by time. One that comes before its ticket is held, with who pushed it:
 * it is judged and added when the ticket comes.
 */
export async function takeHandoff(desk: PushDesk, handoff: PushedHandoff): Promise<Taken> {
  const { file, pusher, at } = desk;
  const ticket = await file.record(handoff.ticketNo);
  const held = ticket === null;
  if (ticket !== null && !isWithin(desk, ticket))
    return { outcome: 'REJECTED', runId: null, held: false, problems: [outOfArea] };
  const recorded = file.handoffOf(handoff)?.digest ?? (held ? file.held.digestOf(handoff, pusher) : null);
  const runId = runIdOf(handoff);
  if (recorded === handoff.digest) return { outcome: 'UNCHANGED', runId, held, problems: [] };
  if (recorded === null) {
    if (held) file.held.add({ handoff, pusher }, at);
    else await file.putHandoff(handoff, at);
    return { outcome: 'INSERTED', runId, held, problems: [] };
  }
  const { ticketNo, sourceRunId, sourceAt, sourceVersion, digest } = handoff;
  const code = 'ALREADY_RECORDED';
  file.putConflict({ kind: 'HANDOFF', ticketNo, sourceRunId, code, fields: [], sourceAt, sourceVersion, digest }, at);
  const reason = 'the number holds another step, and a step is never changed; push what was meant under a new number';
  return { outcome: 'CONFLICT', runId: null, held: false, problems: [{ code, field: 'runId', reason }] };
}
