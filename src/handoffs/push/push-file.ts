import type { Knex } from 'knex';
import { z } from 'zod';
import { chunks, insertRows } from '../../store/insert-rows.ts';
import { tellChange, tellReceiver, type Outbox } from '../../events/outbox.ts';
import type { TicketStore, TicketRow, UpsertCounts } from '../../tickets/ticket-store.ts';
import type { SourceRecord } from '../../connector/connector.ts';
import { callBook, type CallBook } from '../call-book.ts';
import { heldHandoffs, type HeldHandoffs } from './held-handoffs.ts';
import { runIdOf, type PushedHandoff, type SourcePlace } from './push-input.ts';
import type { ConflictCode } from './push-outcome.ts';

/** A conflict to be kept. */
export interface NewConflict extends SourcePlace {
  readonly kind: 'TICKET' | 'HANDOFF';
  readonly ticketNo: string;
  /** The source's own number of a handoff; null of a ticket. */
  readonly sourceRunId: string | null;
  readonly code: ConflictCode;
  readonly fields: readonly string[];
}

/** A conflict as it is kept; `seq` rises. */
export interface KeptConflict extends Omit<NewConflict, 'digest'> {
  readonly seq: number;
  /** When it was first met: RFC 3339 in +08:00. */
  readonly at: string;
}

/** Conflicts, and which of their tickets may be reports (举报). */
export interface PushedConflicts {
  readonly conflicts: readonly KeptConflict[];
  readonly reports: ReadonlySet<string>;
}

/** What pushes read and write within one transaction. What is written is seen here at once, and reaches the database by `settle`. */
export interface PushFile {
  readonly calls: CallBook;
  /** Handoffs that wait for their tickets. */
  readonly held: HeldHandoffs;
  /** Asks for all that a batch of tickets needs: before any of them is taken. */
  expectTickets(ticketNos: readonly string[]): Promise<void>;
  /** The same of a batch of handoffs. */
  expectHandoffs(handoffs: readonly PushedHandoff[]): Promise<void>;
  /** The ticket as it stands; null where it has not come yet. */
  record(ticketNo: string): Promise<SourceRecord | null>;
  /** A ticket that is a report (举报), or of which that is not known yet. */
  mayBeReport(ticketNo: string): Promise<boolean>;
  /** An agency has acted on it in the hub. */
  isActedOn(ticketNo: string): boolean;
  /** The newest version that was taken over. */
  newest(ticketNo: string): SourcePlace | null;
  hasVersion(ticketNo: string, place: SourcePlace): Promise<boolean>;
  /** The ticket as `put` would leave it at this time, and the fields that it would change. */
  foresee(row: TicketRow, at: string): Promise<{ readonly record: SourceRecord; readonly changes: readonly string[] }>;
  /** Writes the ticket and notes its version. `at` becomes its time of change. */
  put(row: TicketRow, ticketNo: string, place: SourcePlace, at: string): Promise<keyof UpsertCounts>;
  /** These agencies have to do with the ticket from now on: each is told of the last handoff to it, where that came before. */
  tellParties(ticketNo: string, agencies: ReadonlySet<string>, at: string): void;
  /** The handoff that was recorded under the source's number. */
  handoffOf(handoff: PushedHandoff): { readonly digest: string } | null;
  /** Adds the handoff to its ticket, which counts as changed. */
  putHandoff(handoff: PushedHandoff, at: string): Promise<void>;
  putConflict(conflict: NewConflict, at: string): void;
  /** Writes what was put: after the tickets, before the transaction ends. */
  settle(): Promise<void>;
}

const placeRow = z.object({
  ticketNo: z.string(),
  sourceAt: z.string(),
  sourceVersion: z.number(),
  digest: z.string(),
});
const handoffRow = z.object({
  sourceSystem: z.string(),
  sourceRunId: z.string(),
  digest: z.string(),
});
const toldRow = z.object({
  ticketNo: z.string(),
  runId: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
const seqRow = z.object({ ticketNo: z.string(), seq: z.number() });
const conflictRow = z.object({
  seq: z.number(),
  kind: z.enum(['TICKET', 'HANDOFF']),
  ticketNo: z.string(),
  sourceRunId: z.string().transform((text) => (text === '' ? null : text)),
  code: z.enum(['LATE', 'SAME_VERSION', 'ACTED_ON', 'ALREADY_RECORDED', 'OUT_OF_AREA']),
  fields: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  sourceAt: z.string(),
  sourceVersion: z.number(),
  at: z.string(),
});

/** The pushes on the connection of one transaction, beside its tickets. */
export function pushFile(trx: Knex, store: TicketStore, outbox: Outbox): PushFile {
  const known: Known = { newest: new Map(), actedOn: new Set(), handoffs: new Map(), lastSeq: new Map() };
  const added: Added = {
    versions: new Map(),
    handoffs: [],
    numbers: [],
    conflicts: new Map(),
    receivers: new Map(),
    come: new Set(),
  };
  const held = heldHandoffs(trx);
  return {
    calls: callBook(trx, ['push_call', 'at']),
    held,
    async expectTickets(ticketNos) {
      await store.expect(ticketNos);
      await learnVersions(trx, known, ticketNos);
      await learnHandoffs(trx, known, await held.expectTickets(ticketNos));
    },
    async expectHandoffs(handoffs) {
      await store.expect(handoffs.map(({ ticketNo }) => ticketNo));
      await learnHandoffs(trx, known, handoffs);
      await held.expectHandoffs(handoffs);
    },
    record: async (ticketNo) => (await store.find(ticketNo))?.record ?? null,
    async mayBeReport(ticketNo) {
      const ticket = await store.find(ticketNo);
      return ticket === null || ticket.record['type'] === 'REPORT';
    },
    isActedOn: (ticketNo) => known.actedOn.has(ticketNo),
    newest: (ticketNo) => known.newest.get(ticketNo) ?? null,
    async hasVersion(ticketNo, { sourceAt, sourceVersion, digest }) {
      const version = { ticket_no: ticketNo, source_at: sourceAt, source_version: sourceVersion, digest };
      if (added.versions.has(JSON.stringify(version))) return true;
      return (await trx('push_version').where(version).first('ticket_no')) !== undefined;
    },
    foresee: (row, at) => store.foresee(row, at),
    async put(row, ticketNo, { sourceAt, sourceVersion, digest }, at) {
      const counts = await store.upsert([row], at);
      const version = { ticket_no: ticketNo, source_at: sourceAt, source_version: sourceVersion, digest };
      added.versions.set(JSON.stringify(version), version);
      known.newest.set(ticketNo, { sourceAt, sourceVersion, digest });
      if (counts.unchanged === 0) tellChange(outbox, ticketNo, null, at);
      if (counts.inserted > 0) {
        added.come.add(ticketNo);
        added.receivers.set(ticketNo, { at, agencies: null });
        return 'inserted';
      }
      return counts.updated > 0 ? 'updated' : 'unchanged';
    },
    tellParties(ticketNo, agencies, at) {
      const { agencies: before = new Set<string>() } = added.receivers.get(ticketNo) ?? {};
      if (before !== null && agencies.size > 0)
        added.receivers.set(ticketNo, { at, agencies: new Set([...before, ...agencies]) });
    },
    handoffOf: (handoff) => known.handoffs.get(numberOf(handoff)) ?? null,
    async putHandoff(pushed, at) {
      const { ticketNo, sourceSystem, sourceRunId, digest } = pushed;
      const runId = runIdOf(pushed);
      const seq = (known.lastSeq.get(ticketNo) ?? 0) + 1;
      known.lastSeq.set(ticketNo, seq);
      known.handoffs.set(numberOf(pushed), { digest });
      added.handoffs.push(handoffCells(pushed, runId, seq));
      added.numbers.push({ source_system: sourceSystem, source_run_id: sourceRunId, run_id: runId, digest });
      await store.touch(ticketNo, at);
      tellChange(outbox, ticketNo, runId, at);
      tellReceiver(outbox, { ...pushed, runId }, at);
    },
    putConflict({ sourceRunId, fields, ...conflict }, at) {
      const { kind, ticketNo, code, sourceAt, sourceVersion, digest } = conflict;
      const place = { source_at: sourceAt, source_version: sourceVersion, digest };
      const identity = { kind, ticket_no: ticketNo, source_run_id: sourceRunId ?? '', code, ...place };
      const key = JSON.stringify(identity);
      if (!added.conflicts.has(key)) added.conflicts.set(key, { ...identity, fields: JSON.stringify(fields), at });
    },
    async settle() {
      await tellReceivers(trx, outbox, added.receivers);
      added.receivers.clear();
      await insertRows(trx, 'push_version', [...added.versions.values()]);
      added.versions.clear();
      await insertRows(trx, 'handoff', added.handoffs.splice(0));
      await insertRows(trx, 'push_handoff', added.numbers.splice(0));
      await addConflicts(trx, [...added.conflicts.values()]);
      added.conflicts.clear();
      await held.settle([...added.come]);
      added.come.clear();
    },
  };
}

/** What was read for a batch, and what the batch has added to it. */
interface Known {
  readonly newest: Map<string, SourcePlace>;
  readonly actedOn: Set<string>;
  /** By the source and its own number. */
  readonly handoffs: Map<string, { readonly digest: string }>;
  readonly lastSeq: Map<string, number>;
}

/** Rows that wait to be written. */
interface Added {
  readonly versions: Map<string, object>;
  readonly handoffs: object[];
  readonly numbers: object[];
  readonly conflicts: Map<string, object>;
  /** By ticket, who is to be told of the handoffs that came before they could be. */
  readonly receivers: Map<string, Receivers>;
  /** Tickets that are new. */
  readonly come: Set<string>;
}

interface Receivers {
  readonly at: string;
  /** Those that a push made parties of the ticket; null for a ticket that has only come now: everybody that it was handed to. */
  readonly agencies: ReadonlySet<string> | null;
}

const numberOf = ({ sourceSystem, sourceRunId }: Pick<PushedHandoff, 'sourceSystem' | 'sourceRunId'>): string =>
  `${sourceSystem}:${sourceRunId}`;

async function learnVersions(trx: Knex, known: Known, ticketNos: readonly string[]): Promise<void> {
  for (const some of chunks(new Set(ticketNos))) {
    const last = trx('push_version').whereIn('ticket_no', some).groupBy('ticket_no').select('ticket_no');
    const rows: unknown = await trx({ v: 'push_version' })
      .join(last.max({ last_at: 'source_at' }).as('l'), (on) =>
        on.on('l.ticket_no', 'v.ticket_no').on('l.last_at', 'v.source_at'),
      )
      .orderBy('v.source_version')
      .select({
        ticketNo: 'v.ticket_no',
        sourceAt: 'v.source_at',
        sourceVersion: 'v.source_version',
        digest: 'v.digest',
      });
    for (const { ticketNo, ...place } of z.array(placeRow).parse(rows)) known.newest.set(ticketNo, place);
    const acted = await trx('ticket_action').whereIn('ticket_no', some).distinct().pluck<string[]>('ticket_no');
    for (const ticketNo of acted) known.actedOn.add(ticketNo);
  }
}

async function learnHandoffs(trx: Knex, known: Known, handoffs: readonly PushedHandoff[]): Promise<void> {
  for (const sourceSystem of new Set(handoffs.map((one) => one.sourceSystem))) {
    const own = handoffs.filter((one) => one.sourceSystem === sourceSystem);
    for (const numbers of chunks(new Set(own.map((one) => one.sourceRunId)))) {
      const rows: unknown = await trx('push_handoff')
        .where('source_system', sourceSystem)
        .whereIn('source_run_id', numbers)
        .select({ sourceSystem: 'source_system', sourceRunId: 'source_run_id', digest: 'digest' });
      for (const row of z.array(handoffRow).parse(rows)) known.handoffs.set(numberOf(row), { digest: row.digest });
    }
  }
  for (const some of chunks(new Set(handoffs.map((one) => one.ticketNo)))) {
    const rows: unknown = await trx('handoff')
      .whereIn('ticket_no', some)
      .groupBy('ticket_no')
      .select({ ticketNo: 'ticket_no' })
      .max({ seq: 'seq' });
    for (const { ticketNo, seq } of z.array(seqRow).parse(rows)) known.lastSeq.set(ticketNo, seq);
  }
}

function handoffCells(pushed: PushedHandoff, runId: string, seq: number): object {
  const { ticketNo, node, kind, from, to, sourceAt, by, reason, is110, policeNo } = pushed;
  return {
    run_id: runId,
    ticket_no: ticketNo,
    seq,
    node_name: node,
    kind,
    from_agency: from,
    to_agency: to,
    at: sourceAt,
    by,
    reason,
    is110: Number(is110),
    police_no: policeNo,
  };
}

/**
 * Tells of handoffs that came before their receivers could be told: all of a ticket that has come now, the last one to each
 * agency that is a party only now.
 */
async function tellReceivers(trx: Knex, outbox: Outbox, receivers: ReadonlyMap<string, Receivers>): Promise<void> {
  for (const some of chunks(receivers.keys())) {
    const rows: unknown = await trx('handoff')
      .whereIn('ticket_no', some)
      .orderBy(['ticket_no', 'seq'])
      .select({ ticketNo: 'ticket_no', runId: 'run_id', from: 'from_agency', to: 'to_agency' });
    const steps = z.array(toldRow).parse(rows);
    const last = new Map(steps.map((step) => [`${step.ticketNo} ${String(step.to)}`, step]));
    for (const step of steps) {
      const { at, agencies } = receivers.get(step.ticketNo) ?? {};
      if (at === undefined || agencies === undefined) continue;
      const isLast = last.get(`${step.ticketNo} ${String(step.to)}`) === step;
      if (agencies === null || (isLast && step.to !== null && agencies.has(step.to))) tellReceiver(outbox, step, at);
    }
  }
}

/** Each conflict is kept once, however often it is met. */
async function addConflicts(trx: Knex, conflicts: readonly object[]): Promise<void> {
  const identity = ['ticket_no', 'kind', 'source_run_id', 'source_at', 'source_version', 'digest', 'code'];
  for (const conflict of conflicts) {
    const same = Object.fromEntries(Object.entries(conflict).filter(([column]) => identity.includes(column)));
    if ((await trx('push_conflict').where(same).first('seq')) === undefined)
      await trx('push_conflict').insert(conflict);
  }
}

/** The newest conflicts first; `before` is a `seq`. Runs outside of transactions. */
export async function keptConflicts(db: Knex, before: number | null, limit: number): Promise<PushedConflicts> {
  const rows: unknown = await db('push_conflict')
    .where((which) => void (before === null ? which : which.where('seq', '<', before)))
    .orderBy('seq', 'desc')
    .limit(limit)
    .select({
      seq: 'seq',
      kind: 'kind',
      ticketNo: 'ticket_no',
      sourceRunId: 'source_run_id',
      code: 'code',
      fields: 'fields',
      sourceAt: 'source_at',
      sourceVersion: 'source_version',
      at: 'at',
    });
  const conflicts = z.array(conflictRow).parse(rows);
  const numbers = [...new Set(conflicts.map(({ ticketNo }) => ticketNo))];
  const others = await db('ticket')
    .whereIn('ticket_no', numbers)
    .where((type) => void type.whereNot('type', 'REPORT').orWhereNull('type'))
    .pluck<string[]>('ticket_no');
  const known = new Set(others);
  return { conflicts, reports: new Set(numbers.filter((no) => !known.has(no))) };
}
