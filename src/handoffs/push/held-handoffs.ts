import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Principal } from '../../identity/principal.ts';
import { LostRace } from '../../store/faults.ts';
import { chunks, insertRows } from '../../store/insert-rows.ts';
import type { PushedHandoff } from './push-input.ts';

/** A system of the hotline's that pushes: what tells it from others, and what the row rules ask of it, as its token says. */
export type Pusher = Pick<Principal, 'issuer' | 'subject' | 'unit' | 'areas' | 'grids'>;

/** A handoff that waits for its ticket, and who pushed it: by what it was then it is judged when the ticket comes. */
export interface HeldHandoff {
  readonly handoff: PushedHandoff;
  readonly pusher: Pusher;
}

/**
 * The handoffs that wait for their tickets, within one transaction. Each pusher has its own place for a number: one whose
 * ticket turns out to be nothing of its own keeps nobody from the number.
 */
export interface HeldHandoffs {
  /** Asks for those that wait for these tickets: before any of the tickets is taken. */
  expectTickets(ticketNos: readonly string[]): Promise<readonly PushedHandoff[]>;
  /** Asks for those that wait under the numbers of these: before any of them is added. */
  expectHandoffs(handoffs: readonly PushedHandoff[]): Promise<void>;
  /** What this pusher has waiting under the handoff's number: the digest of what it says. */
  digestOf(handoff: PushedHandoff, pusher: Pusher): string | null;
  add(held: HeldHandoff, at: string): void;
  /** Tickets that have come while handoffs wait for them, so many at most. */
  arrived(limit: number): Promise<readonly string[]>;
  /** Those that waited for this ticket, in the order in which they came. They wait no longer. */
  release(ticketNo: string): readonly HeldHandoff[];
  /**
   * Writes what was changed, when the transaction's tickets are written; `come` are the new ones among these. Throws
   * `LostRace` where a ticket and its handoff have passed each other.
   */
  settle(come: readonly string[]): Promise<void>;
}

const text = z.string().nullable();
const handoffForm = z.object({
  ticketNo: z.string(),
  sourceSystem: z.string(),
  sourceNo: z.string(),
  sourceRunId: z.string(),
  sourceAt: z.string(),
  sourceVersion: z.number(),
  digest: z.string(),
  kind: z.string(),
  node: text,
  from: text,
  to: text,
  by: text,
  reason: text,
  is110: z.boolean(),
  policeNo: text,
});
const pusherForm = z.object({
  issuer: z.string(),
  subject: z.string(),
  unit: text,
  areas: z.array(z.string()),
  grids: z.array(z.string()),
});
const parsed = (json: string): unknown => JSON.parse(json) as unknown;
const heldRow = z.object({
  seq: z.number(),
  handoff: z.string().transform((json) => handoffForm.parse(parsed(json))),
  pusher: z.string().transform((json) => pusherForm.parse(parsed(json))),
});
const columns = { seq: 'seq', handoff: 'handoff', pusher: 'pusher' };

/** The waiting handoffs on the connection of one transaction. */
export function heldHandoffs(trx: Knex): HeldHandoffs {
  const waiting = new Map<string, z.infer<typeof heldRow>[]>();
  /** By the pusher's place for the number. */
  const digests = new Map<string, string>();
  const released: number[] = [];
  const added: { readonly ticket_no: string }[] = [];
  return {
    async expectTickets(ticketNos) {
      for (const some of chunks(new Set(ticketNos))) {
        const rows: unknown = await trx('push_held').whereIn('ticket_no', some).orderBy('seq').select(columns);
        for (const row of z.array(heldRow).parse(rows)) {
          const { ticketNo } = row.handoff;
          waiting.set(ticketNo, [...(waiting.get(ticketNo) ?? []), row]);
        }
      }
      return [...waiting.values()].flat().map(({ handoff }) => handoff);
    },
    async expectHandoffs(handoffs) {
      for (const sourceSystem of new Set(handoffs.map((one) => one.sourceSystem))) {
        const own = handoffs.filter((one) => one.sourceSystem === sourceSystem);
        for (const numbers of chunks(new Set(own.map((one) => one.sourceRunId)))) {
          const rows: unknown = await trx('push_held')
            .where('source_system', sourceSystem)
            .whereIn('source_run_id', numbers)
            .select(columns);
          for (const { handoff, pusher } of z.array(heldRow).parse(rows))
            digests.set(placeOf(handoff, pusher), handoff.digest);
        }
      }
    },
    digestOf: (handoff, pusher) => digests.get(placeOf(handoff, pusher)) ?? null,
    add({ handoff, pusher }, at) {
      digests.set(placeOf(handoff, pusher), handoff.digest);
      added.push(heldCells(handoff, pusher, at));
    },
    arrived: (limit) =>
      trx('push_held')
        .join('ticket', 'ticket.ticket_no', 'push_held.ticket_no')
        .distinct()
        .limit(limit)
        .pluck<string[]>('push_held.ticket_no'),
    release(ticketNo) {
      const rows = waiting.get(ticketNo) ?? [];
      waiting.delete(ticketNo);
      released.push(...rows.map(({ seq }) => seq));
      return rows;
    },
    async settle(come) {
      for (const some of chunks(released.splice(0))) await trx('push_held').whereIn('seq', some).delete();
      const held = added.splice(0);
      await insertRows(trx, 'push_held', held);
      // Each writes its own first and then looks for the other: in MySQL one of two at once finds what the other wrote.
      for (const some of chunks(new Set(held.map((row) => row.ticket_no)))) await none(trx, 'ticket', some);
      for (const some of chunks(come)) await none(trx, 'push_held', some);
    },
  };
}

async function none(trx: Knex, table: 'ticket' | 'push_held', ticketNos: readonly string[]): Promise<void> {
  const found: unknown = await trx(table).whereIn('ticket_no', ticketNos).forUpdate().first('ticket_no');
  if (found !== undefined) throw new LostRace('a ticket and a handoff of it came at one moment');
}

/** The same pusher with other areas is another one. */
function placeOf({ sourceSystem, sourceRunId }: PushedHandoff, pusher: Pusher): string {
  return `${sourceSystem}:${sourceRunId} ${digestOfPusher(pusher)}`;
}

function digestOfPusher({ issuer, subject, unit, areas, grids }: Pusher): string {
  const says = JSON.stringify([issuer, subject, unit, areas.toSorted(), grids.toSorted()]);
  return createHash('sha256').update(says).digest('hex');
}

function heldCells(handoff: PushedHandoff, pusher: Pusher, at: string) {
  const { issuer, subject, unit, areas, grids } = pusher;
  return {
    ticket_no: handoff.ticketNo,
    source_system: handoff.sourceSystem,
    source_run_id: handoff.sourceRunId,
    pusher_digest: digestOfPusher(pusher),
    pusher: JSON.stringify({ issuer, subject, unit, areas, grids }),
    handoff: JSON.stringify(handoff),
    at,
  };
}
