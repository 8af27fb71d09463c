import { z } from 'zod';
import type { TicketStore, TicketRow, UpsertCounts } from '../../tickets/ticket-store.ts';
import type { SourceRecord } from '../../connector/connector.ts';
import { openCallBook, type CallBook } from '../call-book.ts';
import type { PushedHandoff, SourcePlace } from './push-input.ts';
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

/** What pushes read and write. All that writes runs inside the ticket file's transaction. */
export interface PushFile {
  readonly calls: CallBook;
  /** The ticket as it stands; null where it has not come yet. */
  record(ticketNo: string): SourceRecord | null;
  /** A ticket that is a report (举报), or of which that is not known yet. */
  mayBeReport(ticketNo: string): boolean;
  /** An agency has acted on it in the hub. */
  isActedOn(ticketNo: string): boolean;
  /** The newest version that was taken over. */
  newest(ticketNo: string): SourcePlace | null;
  hasVersion(ticketNo: string, place: SourcePlace): boolean;
  /** The ticket as `put` would leave it at this time, and the fields that it would change. */
  foresee(row: TicketRow, at: string): { readonly record: SourceRecord; readonly changes: readonly string[] };
  /** Writes the ticket and notes its version. `at` becomes its time of change. */
  put(row: TicketRow, ticketNo: string, place: SourcePlace, at: string): keyof UpsertCounts;
  /** The handoff that was recorded under the source's number. */
  handoffOf(handoff: PushedHandoff): { readonly runId: string; readonly digest: string } | null;
  /** Adds the handoff; its ticket, where it has come, counts as changed. The handoff's number in the hub. */
  putHandoff(handoff: PushedHandoff, at: string): string;
  putConflict(conflict: NewConflict, at: string): void;
  /** The newest first; `before` is a `seq`. */
  conflicts(before: number | null, limit: number): readonly KeptConflict[];
}

const placeRow = z.object({ sourceAt: z.string(), sourceVersion: z.number(), digest: z.string() });
const handoffRow = z.object({ runId: z.string(), digest: z.string() });
const conflictRow = z.object({
  seq: z.number(),
  kind: z.enum(['TICKET', 'HANDOFF']),
  ticketNo: z.string(),
  sourceRunId: z.string().transform((text) => (text === '' ? null : text)),
  code: z.enum(['LATE', 'SAME_VERSION', 'ACTED_ON', 'ALREADY_RECORDED']),
  fields: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  sourceAt: z.string(),
  sourceVersion: z.number(),
  at: z.string(),
});

/** The pushes of an open ticket store. `setClock` tells the store the time of the next change. */
export function openPushFile(store: TicketStore, setClock: (at: string) => void): PushFile {
  const db = store.database;
  const type = db.prepare('SELECT type FROM ticket WHERE ticket_no = ?').raw();
  const action = db.prepare('SELECT 1 FROM ticket_action WHERE ticket_no = ? LIMIT 1');
  const newest = db.prepare(
    `SELECT source_at AS sourceAt, source_version AS sourceVersion, digest FROM push_version WHERE ticket_no = ?
      ORDER BY source_at DESC, source_version DESC LIMIT 1`,
  );
  const version = db.prepare(
    'SELECT 1 FROM push_version WHERE ticket_no = ? AND source_at = ? AND source_version = ? AND digest = ?',
  );
  const putVersion = db.prepare(
    'INSERT INTO push_version (ticket_no, source_at, source_version, digest) VALUES (?, ?, ?, ?)',
  );
  const handoff = db.prepare(
    'SELECT run_id AS runId, digest FROM push_handoff WHERE source_system = ? AND source_run_id = ?',
  );
  const putNumber = db.prepare(
    'INSERT INTO push_handoff (source_system, source_run_id, run_id, digest) VALUES (?, ?, ?, ?)',
  );
  const addHandoff = db.prepare(
    `INSERT INTO handoff (run_id, ticket_no, seq, node_name, kind, from_agency, to_agency, at, by, reason, is110, police_no)
     SELECT @runId, @ticketNo, coalesce(max(seq), 0) + 1, @node, @kind, @from, @to, @at, @by, @reason, @is110, @policeNo
       FROM handoff WHERE ticket_no = @ticketNo`,
  );
  const touch = db.prepare('UPDATE ticket SET updated_at = max(updated_at, ?) WHERE ticket_no = ?');
  const known = db.prepare(
    `SELECT 1 FROM push_conflict WHERE ticket_no = @ticketNo AND kind = @kind AND source_run_id = @run
       AND source_at = @sourceAt AND source_version = @sourceVersion AND digest = @digest AND code = @code`,
  );
  const addConflict = db.prepare(
    `INSERT INTO push_conflict (kind, ticket_no, source_run_id, code, fields, source_at, source_version, digest, at)
     VALUES (@kind, @ticketNo, @run, @code, @fields, @sourceAt, @sourceVersion, @digest, @at)`,
  );
  const conflicts = db.prepare(
    `SELECT seq, kind, ticket_no AS ticketNo, source_run_id AS sourceRunId, code, fields, source_at AS sourceAt,
            source_version AS sourceVersion, at
       FROM push_conflict WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  return {
    calls: openCallBook(db, ['push_call', 'at']),
    record: (ticketNo) => store.find(ticketNo)?.record ?? null,
    mayBeReport(ticketNo) {
      const row = z.tuple([z.string().nullable()]).optional().parse(type.get(ticketNo));
      return row === undefined || row[0] === 'REPORT';
    },
    isActedOn: (ticketNo) => action.get(ticketNo) !== undefined,
    newest: (ticketNo) => placeRow.optional().parse(newest.get(ticketNo)) ?? null,
    hasVersion: (ticketNo, { sourceAt, sourceVersion, digest }) =>
      version.get(ticketNo, sourceAt, sourceVersion, digest) !== undefined,
    foresee(row, at) {
      setClock(at);
      return store.foresee(row);
    },
    put(row, ticketNo, { sourceAt, sourceVersion, digest }, at) {
      setClock(at);
      const counts = store.upsert([row]);
      putVersion.run(ticketNo, sourceAt, sourceVersion, digest);
      if (counts.inserted > 0) return 'inserted';
      return counts.updated > 0 ? 'updated' : 'unchanged';
    },
    handoffOf: ({ sourceSystem, sourceRunId }) =>
      handoffRow.optional().parse(handoff.get(sourceSystem, sourceRunId)) ?? null,
    putHandoff(pushed, at) {
      const { ticketNo, sourceSystem, sourceRunId, sourceVersion, sourceAt, digest } = pushed;
      // No number of the hub's own begins with P. Steps of one second are read in the order of their numbers.
      const runId = `P${ticketNo}-${String(sourceVersion).padStart(10, '0')}-${sourceRunId}`;
      const { node, kind, from, to, by, reason, policeNo, is110 } = pushed;
      const step = { node, kind, from, to, by, reason, policeNo, is110: Number(is110) };
      addHandoff.run({ runId, ticketNo, at: sourceAt, ...step });
      putNumber.run(sourceSystem, sourceRunId, runId, digest);
      touch.run(at, ticketNo);
      return runId;
    },
    putConflict({ sourceRunId, fields, ...conflict }, at) {
      const row = { ...conflict, run: sourceRunId ?? '' };
      if (known.get(row) === undefined) addConflict.run({ ...row, fields: JSON.stringify(fields), at });
    },
    conflicts: (before, limit) => z.array(conflictRow).parse(conflicts.all(before ?? Number.MAX_SAFE_INTEGER, limit)),
  };
}
