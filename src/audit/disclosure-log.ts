import Database from 'better-sqlite3';
import { chmodSync } from 'node:fs';
import { formatDateTime } from '../codes/date-time.ts';
import { disclosureTables, laterColumns } from './tables.ts';

/** Records of one type of which the same fields were given, plainly or masked. */
export interface DisclosedRecords {
  readonly type: string;
  readonly owner: string;
  readonly fields: readonly string[];
  readonly ids: readonly string[];
}

/** One answer, as the log keeps it. */
export interface Disclosure {
  /** UUID */
  readonly disclosureNo: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly issuer: string;
  readonly subject: string;
  readonly tokenId: string;
  readonly agency: string;
  readonly role: string;
  readonly unit: string | null;
  /** The token's `areas` and `grids`: what row rules and conditions compared with. */
  readonly areas: readonly string[];
  readonly grids: readonly string[];
  readonly operator: string | null;
  readonly purpose: string | null;
  /** `Lianqiao-Reason` of an emergency. */
  readonly reason: string | null;
  readonly boundTicketNo: string | null;
  /** SHA-256 of the query's text, hex. */
  readonly documentHash: string;
  readonly policyVersion: string;
  /** It tells who read a report (举报), and so who may handle it. */
  readonly sealed: boolean;
  /** Coordinates: `Type.field`. */
  readonly disclosed: readonly string[];
  readonly masked: readonly string[];
  readonly denied: readonly string[];
  readonly unavailable: readonly string[];
  /** The lines of the policy that gave the disclosed and masked fields. */
  readonly given: readonly { readonly coordinate: string; readonly rule: string; readonly mask: string | null }[];
  /** The agencies whose records were given or counted. */
  readonly owners: readonly string[];
  readonly records: readonly DisclosedRecords[];
  readonly durationMs: number;
}

export interface DisclosureLog {
  /** Returns when all entries are on disk; throws when they cannot be written, and then no answer may leave. */
  append(entries: readonly Disclosure[]): void;
  close(): void;
}

/** Opens the log of this file, and makes it where there is none. */
export function openDisclosureLog(file: string): DisclosureLog {
  const db = new Database(file);
  chmodSync(file, 0o600);
  db.pragma('journal_mode = WAL');
  // FULL: a commit that has returned survives a power cut.
  db.pragma('synchronous = FULL');
  // A busy wait stops the whole process: a log that somebody holds is given up soon, and nothing is disclosed.
  db.pragma('busy_timeout = 250');
  db.exec(disclosureTables);
  addMissing(db);
  const columns = [
    'disclosure_no',
    'at',
    'issuer',
    'subject',
    'token_id',
    'agency',
    'role',
    'unit',
    'areas',
    'grids',
    'operator',
    'purpose',
    'reason',
    'bound_ticket_no',
    'sealed',
    'document_hash',
    'policy_version',
    'ticket_nos',
    'owners',
    'disclosed',
    'masked',
    'denied',
    'unavailable',
    'given',
    'records',
    'record_count',
    'duration_ms',
  ];
  const insert = db.prepare(
    `INSERT INTO disclosure (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const member = db.prepare('INSERT OR IGNORE INTO disclosure_member (disclosure_no, kind, member) VALUES (?, ?, ?)');
  const write = (entry: Disclosure): void => {
    const tickets = ticketsOf(entry);
    const { owners } = entry;
    insert.run(
      entry.disclosureNo,
      formatDateTime(entry.at),
      entry.issuer,
      entry.subject,
      entry.tokenId,
      entry.agency,
      entry.role,
      entry.unit,
      JSON.stringify(entry.areas),
      JSON.stringify(entry.grids),
      entry.operator,
      entry.purpose,
      entry.reason,
      entry.boundTicketNo,
      entry.sealed ? 1 : 0,
      entry.documentHash,
      entry.policyVersion,
      JSON.stringify(tickets),
      JSON.stringify(owners),
      JSON.stringify(entry.disclosed),
      JSON.stringify(entry.masked),
      JSON.stringify(entry.denied),
      JSON.stringify(entry.unavailable),
      JSON.stringify(entry.given),
      JSON.stringify(entry.records),
      new Set(entry.records.flatMap((r) => r.ids.map((id) => `${r.type} ${id}`))).size,
      entry.durationMs,
    );
    for (const ticketNo of tickets) member.run(entry.disclosureNo, 'TICKET', ticketNo);
    for (const owner of owners) member.run(entry.disclosureNo, 'OWNER', owner);
  };
  const append = db.transaction((entries: readonly Disclosure[]) => entries.forEach(write));
  return { append: (entries) => append.immediate(entries), close: () => db.close() };
}

/** A log of an earlier form has not all columns: its entries say nothing of what they did not keep. */
function addMissing(db: Database.Database): void {
  const present = new Set(
    (db.pragma('table_info(disclosure)') as readonly { readonly name: string }[]).map((c) => c.name),
  );
  for (const column of laterColumns)
    if (!present.has(column)) db.exec(`ALTER TABLE disclosure ADD COLUMN ${column} TEXT NOT NULL DEFAULT '[]'`);
}

/** The tickets that were read, and the one that the read was bound to. */
function ticketsOf(entry: Disclosure): string[] {
  const read = entry.records.filter((r) => r.type === 'Ticket').flatMap((r) => r.ids);
  return [...new Set([...read, ...(entry.boundTicketNo === null ? [] : [entry.boundTicketNo])])];
}
