import { existsSync } from 'node:fs';
import { z } from 'zod';
import { openTicketStore, type TicketStore } from '../tickets/ticket-store.ts';
import { openPushFile, type PushFile } from './push/push-file.ts';
import { pushTables } from './push/push-tables.ts';
import { openCallBook, type CallBook } from './call-book.ts';
import type { Action, HandoffKind, Party } from './machine.ts';
import { stages, type Stage } from './stages.ts';
import { handoffTables } from './tables.ts';
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

/** Tickets, their handoffs and what was done on them. Everything but `find` runs inside `transaction`. */
export interface TicketFile {
  find(ticketNo: string): TicketCase | null;
  lastHandoffAt(ticketNo: string): string | null;
  /** Writes one step: the ticket's next version, its handoff and what it says. The handoff's number. */
  write(ticket: TicketCase, step: Step, after: After): string;
  readonly calls: CallBook;
  /** Runs the work in one transaction that no other writer comes between. */
  transaction<T>(work: () => T): T;
  readonly pushes: PushFile;
  close(): void;
}

/** Does the work with the open file. Throws `SOURCE_UNAVAILABLE` and `OPERATION_NOT_SUPPORTED` where there is none to use. */
export type WithTicketFile = <T>(work: (file: TicketFile) => T) => T;

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

/** Opens the tickets of this SQLite file; null where it is not there. Its further tables are made when missing. */
export function openTicketFile(file: string): TicketFile | null {
  if (!existsSync(file)) return null;
  let clock = '';
  // A busy wait stops the whole process: a file that somebody holds is given up soon.
  const store = openTicketStore(file, { busyMilliseconds: 250, now: () => new Date(clock) });
  try {
    store.database.exec(handoffTables + pushTables);
    return prepared(store, (at) => {
      clock = at;
    });
  } catch (error) {
    store.close();
    throw error;
  }
}

function prepared(store: TicketStore, setClock: (at: string) => void): TicketFile {
  const db = store.database;
  const standing = db.prepare('SELECT * FROM ticket_process WHERE ticket_no = ?');
  const last = db.prepare('SELECT max(at) FROM handoff WHERE ticket_no = ?').pluck();
  const nextSeq = db.prepare('SELECT coalesce(max(seq), 0) + 1 FROM handoff WHERE ticket_no = ?').pluck();
  const putProcess = db.prepare(
    `INSERT OR REPLACE INTO ticket_process (ticket_no, stage, version, return_settled, extension_days, level, sign_by,
       late_signings, due_provisional, site_visit, evidence)
     VALUES (@ticketNo, @stage, @version, @returnSettled, @extensionDays, @level, @signBy, @lateSignings, @dueProvisional,
       @siteVisit, @evidence)`,
  );
  const putHandoff = db.prepare(
    `INSERT INTO handoff (run_id, ticket_no, seq, node_name, kind, from_agency, to_agency, at, by, reason, is110, police_no,
       due_at, sign_by, site_visit, evidence_count)
     VALUES (@runId, @ticketNo, @seq, @node, @kind, @from, @to, @at, @by, @reason, @is110, @policeNo, @dueAt, @signBy,
       @siteVisit, @evidenceCount)`,
  );
  const putAction = db.prepare(
    `INSERT INTO ticket_action (run_id, ticket_no, version, action, party, stage, at, late, agency, role, unit, operator,
       issuer, subject, to_unit, detail)
     VALUES (@runId, @ticketNo, @version, @action, @party, @stage, @at, @late, @agency, @role, @unit, @operator, @issuer,
       @subject, @toUnit, @detail)`,
  );
  const run = db.transaction((work: () => unknown) => work());
  return {
    find(ticketNo) {
      const stored = store.find(ticketNo);
      if (stored === null) return null;
      const row: unknown = standing.get(ticketNo);
      return ticketCase(stored, row === undefined ? null : processRow.parse(row));
    },
    lastHandoffAt: (ticketNo) => z.string().nullable().parse(last.get(ticketNo)),
    write({ ticketNo, version, fields, process: before }, step, { stage, status, content, process: way }) {
      const { principal, at } = step;
      setClock(at);
      store.change(ticketNo, version, { ...content, status });
      const seq = z.number().parse(nextSeq.get(ticketNo));
      const runId = `H${ticketNo}-${String(seq).padStart(6, '0')}`;
      const { node, kind, from, to, reason, policeNo, action, party, toUnit } = step;
      const by = principal.operator ?? principal.subject;
      const is110 = Number(step.is110);
      const dueAt = content.dueAt === undefined ? fields.dueAt : content.dueAt;
      // Once it is signed for there is no such time any more; what counts is the one that it had.
      const signBy = kind === 'SIGN_FOR' ? before.signBy : way.signBy;
      const answer = kind === 'FEEDBACK' || kind === 'CLOSE';
      const siteVisit = answer ? Number(way.siteVisit) : null;
      const evidenceCount = answer ? way.evidence.length : null;
      const moved = { runId, ticketNo, seq, node, kind, from, to, at, by, reason, is110, policeNo };
      putHandoff.run({ ...moved, dueAt, signBy, siteVisit, evidenceCount });
      const { agency, role, unit, operator, issuer, subject } = principal;
      const who = { agency, role, unit, operator, issuer, subject };
      const next = { runId, ticketNo, version: version + 1, stage };
      const detail = JSON.stringify(step.detail);
      putAction.run({ ...next, action, party, at, late: Number(step.late), ...who, toUnit, detail });
      putProcess.run({
        ...next,
        ...way,
        returnSettled: Number(way.returnSettled),
        dueProvisional: Number(way.dueProvisional),
        siteVisit: Number(way.siteVisit),
        evidence: JSON.stringify(way.evidence),
      });
      return runId;
    },
    calls: openCallBook(db, ['ticket_call', 'run_id']),
    transaction: <T>(work: () => T): T => run.immediate(work) as T,
    pushes: openPushFile(store, setClock),
    close: () => store.close(),
  };
}
