import { createHash } from 'node:crypto';
import { formatDateTime, parseDateTime } from '../codes/date-time.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Principal, Purpose } from '../identity/principal.ts';
import { emergencyServices, type Deed } from './deed.ts';
import type { DueSettings } from './due-times.ts';
import { deadlineEffectOf, effectOf, isLate, type TicketChanges } from './effects.ts';
import { actorsOf, factsOf, isEverFor, ticketMachine, type Action, type HandoffKind, type Party } from './machine.ts';
import { rules } from './rules.ts';
import { statusOf } from './stages.ts';
import { hotline, type TicketCase } from './ticket-case.ts';
import type { CallKey } from './call-book.ts';
import type { TicketFile, TicketWriting } from './ticket-file.ts';
import type { TicketSight } from './ticket-sight.ts';
import { standingView, type StandingView } from './ticket-view.ts';
import { partiesOf } from './who-may.ts';

/** An action that a caller asks for. */
export interface ActionCall {
  readonly principal: Principal;
  readonly purpose: Purpose;
  readonly sight: TicketSight;
  readonly action: Action;
  readonly ticketNo: string;
  readonly expectedVersion: number;
  /** The caller's own name for it. */
  readonly idempotencyKey: string;
  readonly deed: Deed;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Refuses what does not fit the ticket as it stands. Throws `BAD_USER_INPUT`. */
  readonly fits: (ticket: TicketCase) => void;
}

/** What became of it. */
export interface ActionAnswer extends StandingView {
  readonly version: number;
  readonly action: Action;
  readonly runId: string;
  readonly kind: HandoffKind;
  readonly at: string;
  /** It was signed for after the time for that. */
  readonly late: boolean;
}

/** The answer, and whether the ticket is a report, of which the ledger says nothing to those outside. */
export interface Acted {
  readonly answer: ActionAnswer;
  readonly report: boolean;
}

/**
 * Does one action, once: the ticket's next version, its handoff and the call's answer in one transaction. Null for a
 * ticket that the caller may not know of. Throws `IDEMPOTENCY_CONFLICT`, `STALE_VERSION`, `ILLEGAL_TRANSITION` and what
 * `fits` throws; then nothing is changed.
 */
export function act(file: TicketFile, call: ActionCall, settings: DueSettings): Promise<Acted | null> {
  return file.transaction(async (writing) => {
    const ticket = await writing.find(call.ticketNo);
    const key: CallKey = { ...call, digest: digestOf(call) };
    const known = await writing.calls.recall(key);
    if (known !== null) {
      if (known.digest !== key.digest)
        throw codedError(
          'IDEMPOTENCY_CONFLICT',
          'this idempotencyKey was used with another input; use a new one for each action',
        );
      return { answer: known.answer as ActionAnswer, report: ticket?.report !== false };
    }
    if (ticket === null || !call.sight.sees(ticket)) return null;
    const at = Math.max(call.at, await lastAt(writing, ticket));
    const { party, to } = moveOf(ticket, call, at);
    call.fits(ticket);
    const { action, deed, principal } = call;
    const facts = factsOf(action);
    const late = facts.deadline === 'SIGN' && isLate(ticket.process, at);
    const changes = [
      ...facts.effects.map((effect) => effectOf(effect, ticket, deed, party, at)),
      deadlineEffectOf(facts.deadline, ticket, at, settings),
    ].reduce(together);
    const receiver = receiverOf(ticket, call);
    const runId = await writing.write(
      ticket,
      {
        action,
        kind: facts.kind,
        node: facts.node,
        party,
        principal,
        from: principal.agency,
        to: receiver,
        toUnit: deed.unit,
        at: formatDateTime(at),
        late,
        reason: deed.opinion,
        is110: deed.service === 'POLICE_110',
        policeNo: deed.policeNo,
        detail: said(deed),
      },
      {
        stage: to,
        status: statusOf[to],
        content: changes.content,
        process: { ...ticket.process, ...changes.process },
      },
    );
    const after = await writing.find(ticket.ticketNo);
    if (after === null) throw new TypeError(`${ticket.ticketNo} is gone within a transaction`);
    const answer: ActionAnswer = {
      ...standingView(after, call.sight, at, settings),
      version: after.version,
      action,
      runId,
      kind: facts.kind,
      at: formatDateTime(at),
      late,
    };
    await writing.calls.keep(key, runId, answer);
    return { answer, report: ticket.report };
  });
}

/** Which move it is, and as whom it is made. Whoever is nobody to the ticket learns neither version nor stage. */
function moveOf(
  ticket: TicketCase,
  { principal, purpose, sight, action, expectedVersion, deed }: ActionCall,
  at: number,
): { readonly party: Party; readonly to: keyof typeof ticketMachine } {
  const { report, stage } = ticket;
  const own = partiesOf(principal, purpose, ticket).filter((party) => isEverFor(action, party, report));
  if (own.length === 0)
    throw codedError('ILLEGAL_TRANSITION', `${action} on this ticket is not for you, or not for this purpose`, {
      extensions: { action, actor: null },
    });
  if (ticket.version !== expectedVersion)
    throw codedError('STALE_VERSION', `${ticket.ticketNo} has changed since; read it again and decide anew`, {
      extensions: { version: ticket.version },
    });
  const move = ticketMachine[stage][action];
  // An agency that is only asked to join may act without being given the ticket's status.
  const shown = sight.isGiven('status', ticket) ? { state: stage } : {};
  const extensions = { ...shown, action, actor: own[0] };
  if (move === undefined)
    throw codedError('ILLEGAL_TRANSITION', `${action} is no move now; ask ticketTask for those that are`, {
      extensions,
    });
  const actors = actorsOf(action, move, report);
  const party = own.find((one) => actors.includes(one));
  if (party === undefined)
    throw codedError('ILLEGAL_TRANSITION', `${action} is now for ${actors.join(', ')}`, { extensions });
  const broken = factsOf(action).rules.find((rule) => !rules[rule].holds(ticket, deed, at));
  if (broken !== undefined)
    throw codedError('ILLEGAL_TRANSITION', rules[broken].says, { extensions: { ...extensions, rule: broken } });
  return { party, to: move.to };
}

function receiverOf(ticket: TicketCase, { action, deed, principal }: ActionCall): string {
  switch (factsOf(action).to) {
    case 'NAMED':
      return deed.service === null ? (deed.agency ?? ticket.lead) : emergencyServices[deed.service];
    case 'LEAD':
      return ticket.lead;
    case 'HOTLINE':
      // What is found out about a report is handed on to nobody.
      return ticket.report ? principal.agency : hotline;
    case 'OWN':
      return principal.agency;
  }
}

/** A clock that was set back must not put a step before the one that it follows. */
async function lastAt(writing: TicketWriting, { ticketNo }: TicketCase): Promise<number> {
  const last = await writing.lastHandoffAt(ticketNo);
  return last === null ? 0 : parseDateTime(last);
}

function together(one: TicketChanges, other: TicketChanges): TicketChanges {
  return {
    content: { ...one.content, ...other.content },
    process: { ...one.process, ...other.process },
  };
}

/** What was said, without what was left out; the opinion stands in the handoff. */
function said({ opinion: _opinion, ...rest }: Deed): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

function digestOf({ action, ticketNo, expectedVersion, deed, purpose, principal }: ActionCall): string {
  return createHash('sha256')
    .update(JSON.stringify([action, ticketNo, expectedVersion, deed, purpose, principal.role, principal.unit]))
    .digest('hex');
}
