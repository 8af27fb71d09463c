import { createHash } from 'node:crypto';
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
import { handoffReader, readBatch, readTicket, type PushReading } from './push-input.ts';
import { pushAnswer, type HandoffOutcome, type PushAnswer, type PushOutcome } from './push-outcome.ts';
import { takeHandoff } from './take-handoff.ts';
import { takeTicket, type PushDesk } from './take-ticket.ts';
import { checkConflictReader, pusherPurpose } from './who-may-push.ts';

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
        push(parts, { field: 'pushTickets', list: 'tickets', args, caller }, (desk, raw, index): PushOutcome => {
          const read = readTicket(raw, caller.at);
          if (!read.ok) return { index, ...rejection(read) };
          return { index, ticketNo: read.item.ticketNo, ...takeTicket(desk, read.item) };
        }),
    },
    {
      operation: 'mutation',
      field: 'pushHandoffs',
      roles: ['SYSTEM'],
      answer(args, caller) {
        const batch = { field: 'pushHandoffs', list: 'handoffs', args, caller } as const;
        const answer = push(parts, batch, (desk, raw, index): HandoffOutcome => {
          const read = readHandoff(raw, caller.at);
          if (!read.ok) return { index, runId: null, held: false, ...rejection(read) };
          return { index, ticketNo: read.item.ticketNo, ...takeHandoff(desk, read.item) };
        });
        return answer;
      },
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

/**
 * Does one batch, once: all of it and its answer in one transaction. Throws `IDEMPOTENCY_CONFLICT` and what refuses the
 * whole batch; then nothing is changed.
 */
function push<O extends PushOutcome>(
  { facts, policies, withFile }: PushParts,
  { field, list, args, caller }: Batch,
  take: (desk: PushDesk, raw: unknown, index: number) => O,
): PushAnswer<O> {
  const { principal, at } = caller;
  const { policy } = policies.current;
  const purpose = pusherPurpose(field, caller, policy);
  const { idempotencyKey, items } = readBatch(list, args);
  const digest = createHash('sha256')
    .update(JSON.stringify([field, principal.unit, items]))
    .digest('hex');
  const key = { principal, idempotencyKey, digest };
  return withFile((file) =>
    file.transaction(() => {
      const { pushes } = file;
      const known = pushes.calls.recall(key);
      if (known !== null && known.digest !== digest)
        throw codedError(
          'IDEMPOTENCY_CONFLICT',
          'this idempotencyKey was used with another input; use a new one for each batch',
        );
      const desk: PushDesk = {
        file: pushes,
        sight: ticketSight(policy, facts, principal, purpose, at),
        at: formatDateTime(at),
      };
      const answer =
        known === null
          ? pushAnswer(items.map((raw, index) => take(desk, raw, index)))
          : (known.answer as PushAnswer<O>);
      if (known === null) pushes.calls.keep(key, desk.at, answer);
      for (const { ticketNo, outcome } of answer.outcomes)
        if (ticketNo !== null && outcome !== 'REJECTED') recordTicket(caller, ticketNo, pushes.mayBeReport(ticketNo));
      return answer;
    }),
  );
}

function rejection({ ticketNo, problems }: Extract<PushReading<never>, { ok: false }>) {
  return { ticketNo, outcome: 'REJECTED', problems } as const;
}

function conflictList({ seal, withFile }: PushParts): HubRoot {
  return {
    operation: 'query',
    field: 'pushConflicts',
    roles: ['SYSTEM', 'STEWARD'],
    answer(args, caller) {
      checkConflictReader('pushConflicts', caller);
      const list = cursorList('pushConflicts', [], args, caller);
      const start = pageStart(list, args, seal);
      return withFile(({ pushes }) => {
        const page = pageOf(list, start, pushes.conflicts(start.before, start.first + 1), () => true, seal);
        const nodes = page.nodes.map(({ seq, ...conflict }) => {
          const report = pushes.mayBeReport(conflict.ticketNo);
          recordTicket(caller, conflict.ticketNo, report);
          return { ...conflict, conflictNo: `PC-${seq}`, fields: report ? [] : conflict.fields };
        });
        return { ...page, nodes };
      });
    },
  };
}

/** That a report was pushed stays in its handling unit; so does a ticket of which that is not known yet. */
function recordTicket(caller: RootCaller, ticketNo: string, report: boolean): void {
  if (report) caller.seal(ticketNo);
  caller.record('Ticket', 'hotline', ticketNo);
}
