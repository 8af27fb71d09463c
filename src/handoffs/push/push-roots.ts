import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { SchemaFacts } from '../../access/facts.ts';
import type { Policy } from '../../access/policy.ts';
import { formatDateTime } from '../../codes/date-time.ts';
import { codedError } from '../../errors/coded-error.ts';
import { cursorList } from '../../gate/cursor-list.ts';
import type { CursorSeal } from '../../gate/cursor.ts';
import type { HubRoot, RootCaller } from '../../hub/hub-root.ts';
import { pageOf, pageStart } from '../../requests/request-page.ts';
import type { WithTicketFile } from '../ticket-file.ts';
import { ticketSight } from '../ticket-sight.ts';
import type { PushFile } from './push-file.ts';
import {
  handoffReader,
  readBatch,
  readTicket,
  type PushedHandoff,
  type PushedTicket,
  type PushReading,
} from './push-input.ts';
import { pushAnswer, type HandoffOutcome, type PushAnswer, type PushOutcome } from './push-outcome.ts';
import { takeHandoff } from './take-handoff.ts';
import { takeTicket } from './take-ticket.ts';
import type { PushDesk } from './push-desk.ts';
import { shownConflicts } from './shown-conflicts.ts';
import { checkPusher, conflictPurpose, pusherSight } from './who-may-push.ts';

export interface PushParts {
  readonly facts: SchemaFacts;
  readonly policies: { readonly current: { readonly policy: Policy } };
  readonly seal: CursorSeal;
  readonly withFile: WithTicketFile;
}

/** The root fields by which the hotline's system pushes tickets and handoffs. */
export function pushRoots(parts: PushParts): readonly HubRoot[] {
  const readHandoff = handoffReader(parts.facts.enums.get('HandoffKind') ?? []);
  return [
    {
      operation: 'mutation',
      field: 'pushTickets',
      roles: ['SYSTEM'],
      answer: (args, caller) =>
        push<PushedTicket, PushOutcome>(
          parts,
          { field: 'pushTickets', list: 'tickets', args, caller },
          {
            read: (raw) => readTicket(raw, caller.at),
            expect: (file, items) => file.expectTickets(items.map(({ ticketNo }) => ticketNo)),
            take: async (desk, item, index) => ({ index, ticketNo: item.ticketNo, ...(await takeTicket(desk, item)) }),
            reject: (read, index) => ({ index, ...rejection(read) }),
          },
        ),
    },
    {
      operation: 'mutation',
      field: 'pushHandoffs',
      roles: ['SYSTEM'],
      answer: (args, caller) =>
        push<PushedHandoff, HandoffOutcome>(
          parts,
          { field: 'pushHandoffs', list: 'handoffs', args, caller },
          {
            read: (raw) => readHandoff(raw, caller.at),
            expect: (file, items) => file.expectHandoffs(items),
            take: async (desk, item, index) => ({ index, ticketNo: item.ticketNo, ...(await takeHandoff(desk, item)) }),
            reject: (read, index) => ({ index, runId: null, held: false, ...rejection(read) }),
          },
        ),
    },
    conflictList(parts),
  ];
}

interface Batch {
  readonly field: string;
  readonly list: 'tickets' | 'handoffs';
  readonly args: Readonly<Record<string, unknown>>;
  readonly caller: RootCaller;
}

/** What is done with each item of a batch. */
interface ItemWork<T, O> {
  readonly read: (raw: unknown) => PushReading<T>;
  /** Asks for all that the items will need. */
  readonly expect: (file: PushFile, items: readonly T[]) => Promise<void>;
  readonly take: (desk: PushDesk, item: T, index: number) => Promise<O>;
  readonly reject: (read: Rejected, index: number) => O;
}

type Rejected = Extract<PushReading<never>, { ok: false }>;

/** Items after which others get their turn: a long batch must not keep the whole process waiting. */
const itemsAtOnce = 25;

/**
 * Does one batch, once: all of it and its answer in one transaction. Throws `IDEMPOTENCY_CONFLICT` and what refuses the
 * whole batch; then nothing is changed.
 */
async function push<T, O extends PushOutcome>(
  { facts, policies, withFile }: PushParts,
  { field, list, args, caller }: Batch,
  work: ItemWork<T, O>,
): Promise<PushAnswer<O>> {
  const { principal, at } = caller;
  const { policy } = policies.current;
  checkPusher(field, caller, policy);
  const { idempotencyKey, items } = readBatch(list, args);
  const digest = createHash('sha256')
    .update(JSON.stringify([field, principal.unit, items]))
    .digest('hex');
  const key = { principal, idempotencyKey, digest };
  const read = await inTurns(items, async (raw) => work.read(raw));
  const good = read.flatMap((one) => (one.ok ? [one.item] : []));
  const { answer, reports } = await withFile((file) =>
    file.transaction(async ({ pushes }) => {
      const known = await pushes.calls.recall(key);
      if (known !== null && known.digest !== digest)
        throw codedError(
          'IDEMPOTENCY_CONFLICT',
          'this idempotencyKey was used with another input; use a new one for each batch',
        );
      const sightOf = pusherSight(policy, facts, at);
      const desk: PushDesk = {
        file: pushes,
        pusher: principal,
        sight: sightOf(principal),
        sightOf,
        at: formatDateTime(at),
      };
      await work.expect(pushes, good);
      const answer =
        known === null
          ? pushAnswer(
              await inTurns(read, (one, index) =>
                one.ok ? work.take(desk, one.item, index) : Promise.resolve(work.reject(one, index)),
              ),
            )
          : (known.answer as PushAnswer<O>);
      if (known === null) await pushes.calls.keep(key, desk.at, answer);
      const reports = new Set<string>();
      for (const ticketNo of ticketsOf(answer)) if (await pushes.mayBeReport(ticketNo)) reports.add(ticketNo);
      return { answer, reports };
    }),
  );
  for (const ticketNo of ticketsOf(answer)) recordTicket(caller, ticketNo, reports.has(ticketNo));
  return answer;
}

/** The tickets of which the batch left or found something. */
function ticketsOf({ outcomes }: PushAnswer<PushOutcome>): readonly string[] {
  return outcomes.flatMap(({ ticketNo, outcome }) => (ticketNo === null || outcome === 'REJECTED' ? [] : [ticketNo]));
}

/** Does the work item by item, in their order, and lets others have their turn in between. */
async function inTurns<I, O>(items: readonly I[], work: (item: I, index: number) => Promise<O>): Promise<O[]> {
  const done: O[] = [];
  for (const [index, item] of items.entries()) {
    done.push(await work(item, index));
    if (index % itemsAtOnce === itemsAtOnce - 1) await setImmediate();
  }
  return done;
}

function rejection({ ticketNo, problems }: Rejected) {
  return { ticketNo, outcome: 'REJECTED', problems } as const;
}

function conflictList({ facts, policies, seal, withFile }: PushParts): HubRoot {
  return {
    operation: 'query',
    field: 'pushConflicts',
    roles: ['SYSTEM'],
    async answer(args, caller) {
      const { principal, at } = caller;
      const purpose = conflictPurpose('pushConflicts', caller);
      const list = cursorList('pushConflicts', [], args, caller);
      const start = pageStart(list, args, seal);
      const sight = ticketSight(policies.current.policy, facts, principal, purpose, at);
      const { conflicts, reports } = await withFile((file) =>
        shownConflicts(file, { sight, pusher: principal }, start.before, start.first + 1),
      );
      const page = pageOf(list, start, conflicts, () => true, seal);
      const nodes = page.nodes.map(({ seq, ...conflict }) => {
        const report = reports.has(conflict.ticketNo);
        recordTicket(caller, conflict.ticketNo, report);
        return { ...conflict, conflictNo: `PC-${seq}`, fields: report ? [] : conflict.fields };
      });
      return { ...page, nodes };
    },
  };
}

/** That a report was pushed stays in its handling unit; so does a ticket of which that is not known yet. */
function recordTicket(caller: RootCaller, ticketNo: string, report: boolean): void {
  if (report) caller.seal(ticketNo);
  caller.record('Ticket', 'hotline', ticketNo);
}
