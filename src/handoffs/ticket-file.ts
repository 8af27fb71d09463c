import type { Knex } from 'knex';
import { z } from 'zod';
import { openOutbox, tellChange, tellReceiver, type Outbox } from '../events/outbox.ts';
import { hasPairDays, setPairDays, type PairDays } from '../store/pair-findings.ts';
import { openTicketDatabase, type TicketDatabase, type TicketPlace } from '../store/ticket-database.ts';
import { findTicket, ticketStore, type StoredTicket, type TicketStore } from '../tickets/ticket-store.ts';
import { keptConflicts, pushFile, type PushedConflicts, type PushFile } from './push/push-file.ts';
import { callBook, type CallBook } from './call-book.ts';
import type { Action, HandoffKind, Party } from './machine.ts';
import { stages, type Stage } from './stages.ts';
import { levels, ticketCase, type TicketCase, type TicketProcess } from './ticket-case.ts';
import type { Principal } from '../identity/principal.ts';
import type { TicketContent } from '../tickets/ticket-columns.ts';

/** A step as it is written down: the handoff, and what it says beyond the handoff's own columns. */
export interface Step {
  readonly action: Action;
  readonly kind: HandoffKind;
  readonly node: string;
  readonly party: Party;
  readonly principal: Principal;
  readonly from: string;
  readonly to: string;
  readonly toUnit: string | null;
  /** RFC 3339 in +08:00. */
  readonly at: string;
  readonly late: boolean;
  readonly reason: string | null;
  readonly is110: boolean;
  readonly policeNo: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a step makes of its ticket. */
export interface After {
  readonly stage: Stage;
  readonly status: string;
  readonly content: TicketContent;
  readonly process: TicketProcess;
}

/** Tickets, their handoffs and what was done on them. */
export interface TicketFile {
  /** For what is kept beside them and changes by transactions of its own. */
  readonly database: TicketDatabase;
  /** The ticket as it stands now. */
  find(ticketNo: string): Promise<TicketCase | null>;
  /** Conflicts of pushes, the newest first; `before` is a `seq`. */
  conflicts(before: number | null, limit: number): Promise<PushedConflicts>;
  /**
   * Runs the work in one transaction: all of it is written, or nothing. It may run again from its beginning, where another
   * writer won: nothing but what it writes may depend on how often it runs.
   */
  transaction<T>(work: (writing: TicketWriting) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What a transaction reads and writes. A ticket that was asked for is nobody else's until the transaction ends. */
export interface TicketWriting {
  find(ticketNo: string): Promise<TicketCase | null>;
  lastHandoffAt(ticketNo: string): Promise<string | null>;
  /** Writes one step: the ticket's next version, its handoff and what it says. The handoff's number. */
  write(ticket: TicketCase, step: Step, after: After): Promise<string>;
  readonly calls: CallBook;
  readonly pushes: PushFile;
  /** What others are told of, once the transaction has ended. */
  readonly outbox: Outbox;
  /** For own tables that must change in the same transaction. */
  readonly trx: Knex;
}

/** Does the work with the open file. Throws `SOURCE_UNAVAILABLE` and `OPERATION_NOT_SUPPORTED` where there is none to use. */
export type WithTicketFile = <T>(work: (file: TicketFile) => Promise<T>) => Promise<T>;

const flag = z.number().transform((value) => value === 1);
const processRow = z
  .object({
    stage: z.enum(stages),
    version: z.number(),
    return_settled: flag,
    extension_days: z.number().nullable(),
    level: z.enum(levels).nullable(),
    sign_by: z.string().nullable(),
    late_signings: z.number(),
    due_provisional: flag,
    site_visit: flag,
    evidence: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  })
  .transform((row) => ({
    stage: row.stage,
    process: {
      returnSettled: row.return_settled,
      extensionDays: row.extension_days,
      level: row.level,
      signBy: row.sign_by,
      lateSignings: row.late_signings,
      dueProvisional: row.due_provisional,
      siteVisit: row.site_visit,
      evidence: row.evidence,
    },
  }));

/**
 * Opens the tickets that are kept there, with their pairs found within these days. Tables are made when missing. `onEvents`
 * is called when there are new events.
 */
export async function openTicketFile(
  place: TicketPlace,
  days: PairDays,
  onEvents: () => void = () => undefined,
): Promise<TicketFile> {
  const database = await openTicketDatabase(place);
  const { db } = database;
  try {
    if (!(await hasPairDays(db, days))) await database.transaction((trx) => setPairDays(trx, days));
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    database,
    find: async (ticketNo) => ticketOf(db, ticketNo, await findTicket(db, ticketNo)),
    conflicts: (before, limit) => keptConflicts(db, before, limit),
    async transaction(work) {
      const { answer, told } = await database.transaction(async (trx) => {
        const store = ticketStore(trx);
        const outbox = openOutbox(trx);
        const pushes = pushFile(trx, store, outbox);
        const answer = await work({ ...writing(trx, store, outbox), pushes, trx });
        await store.settle();
        await pushes.settle();
        await store.review();
        return { answer, told: await outbox.settle() };
      });
      if (told) onEvents();
      return answer;
    },
    close: () => database.close(),
  };
}

async function ticketOf(db: Knex, ticketNo: string, stored: StoredTicket | null): Promise<TicketCase | null> {
  if (stored === null) return null;
  const row: unknown = await db('ticket_process').where('ticket_no', ticketNo).first();
  return ticketCase(stored, row === undefined ? null : processRow.parse(row));
}

function writing(trx: Knex, store: TicketStore, outbox: Outbox): Omit<TicketWriting, 'pushes' | 'trx'> {
  return {
    outbox,
    find: async (ticketNo) => ticketOf(trx, ticketNo, await store.find(ticketNo)),
    async lastHandoffAt(ticketNo) {
      const row: unknown = await trx('handoff').where('ticket_no', ticketNo).max({ at: 'at' }).first();
      return z.object({ at: z.string().nullable() }).parse(row).at;
    },
    async write({ ticketNo, version, fields, process: before }, step, { stage, status, content, process: way }) {
      const { principal, at, action, kind, party, toUnit } = step;
      await store.change(ticketNo, version, { ...content, status }, at);
      const seq = await nextSeq(trx, ticketNo);
      const runId = `H${ticketNo}-${String(seq).padStart(6, '0')}`;
      const answer = kind === 'FEEDBACK' || kind === 'CLOSE';
      await trx('handoff').insert({
        run_id: runId,
        ticket_no: ticketNo,
        seq,
        node_name: step.node,
        kind,
        from_agency: step.from,
        to_agency: step.to,
        at,
        by: principal.operator ?? principal.subject,
        reason: step.reason,
        is110: Number(step.is110),
        police_no: step.policeNo,
        due_at: content.dueAt === undefined ? fields.dueAt : content.dueAt,
        // Once it is signed for there is no such time any more; what counts is the one that it had.
        sign_by: kind === 'SIGN_FOR' ? before.signBy : way.signBy,
        site_visit: answer ? Number(way.siteVisit) : null,
        evidence_count: answer ? way.evidence.length : null,
      });
      const { agency, role, unit, operator, issuer, subject } = principal;
      const next = { ticket_no: ticketNo, version: version + 1, stage };
      const who = { agency, role, unit, operator, issuer, subject };
      const said = { action, party, at, late: Number(step.late), to_unit: toUnit, detail: JSON.stringify(step.detail) };
      await trx('ticket_action').insert({ run_id: runId, ...next, ...who, ...said });
      await trx('ticket_process')
        .insert({
          ...next,
          return_settled: Number(way.returnSettled),
          extension_days: way.extensionDays,
          level: way.level,
          sign_by: way.signBy,
          late_signings: way.lateSignings,
          due_provisional: Number(way.dueProvisional),
          site_visit: Number(way.siteVisit),
          evidence: JSON.stringify(way.evidence),
        })
        .onConflict('ticket_no')
        .merge();
      tellChange(outbox, ticketNo, runId, at);
      tellReceiver(outbox, { ticketNo, runId, from: step.from, to: step.to }, at);
      return runId;
    },
    calls: callBook(trx, ['ticket_call', 'run_id']),
  };
}

async function nextSeq(trx: Knex, ticketNo: string): Promise<number> {
  const row: unknown = await trx('handoff').where('ticket_no', ticketNo).max({ seq: 'seq' }).first();
  return (z.object({ seq: z.number().nullable() }).parse(row).seq ?? 0) + 1;
}
