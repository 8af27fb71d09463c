import type Database from 'better-sqlite3';

/**
 * What readers search answers by: who, why and which records and fields; never a value of one. Lists are JSON text. Rows
 * of before there was a ledger have no entry.
 */
export const disclosureTables = `
CREATE TABLE IF NOT EXISTS disclosure (
  disclosure_no TEXT PRIMARY KEY, at TEXT NOT NULL,
  issuer TEXT NOT NULL, subject TEXT NOT NULL, token_id TEXT NOT NULL,
  agency TEXT NOT NULL, role TEXT NOT NULL, unit TEXT,
  areas TEXT NOT NULL DEFAULT '[]', grids TEXT NOT NULL DEFAULT '[]', operator TEXT,
  purpose TEXT, reason TEXT, bound_ticket_no TEXT, sealed INTEGER NOT NULL,
  document_hash TEXT NOT NULL, policy_version TEXT NOT NULL,
  ticket_nos TEXT NOT NULL, owners TEXT NOT NULL,
  disclosed TEXT NOT NULL, masked TEXT NOT NULL, denied TEXT NOT NULL, unavailable TEXT NOT NULL,
  given TEXT NOT NULL DEFAULT '[]',
  records TEXT NOT NULL, record_count INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  ledger_log TEXT, ledger_seq INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS disclosure_member (
  disclosure_no TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('TICKET', 'OWNER')), member TEXT NOT NULL,
  PRIMARY KEY (kind, member, disclosure_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS disclosure_settled (last INTEGER NOT NULL) STRICT;
INSERT INTO disclosure_settled SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM disclosure_settled);
CREATE INDEX IF NOT EXISTS disclosure_at ON disclosure (at, disclosure_no);
CREATE INDEX IF NOT EXISTS disclosure_agency ON disclosure (agency, at, disclosure_no);
`;

/**
 * Which tickets and owners the rows speak of that came since the last time, sorted: one at a time each would change a page
 * of its own.
 */
export const settleMembers = [
  `INSERT OR IGNORE INTO disclosure_member (disclosure_no, kind, member)
   SELECT disclosure_no, kind, member FROM (
     SELECT d.disclosure_no, 'TICKET' AS kind, t.value AS member
       FROM disclosure d, json_each(d.ticket_nos) t WHERE d.rowid > (SELECT last FROM disclosure_settled)
     UNION ALL
     SELECT d.disclosure_no, 'OWNER', o.value
       FROM disclosure d, json_each(d.owners) o WHERE d.rowid > (SELECT last FROM disclosure_settled))
   ORDER BY kind, member, disclosure_no`,
  'UPDATE disclosure_settled SET last = (SELECT coalesce(max(rowid), 0) FROM disclosure)',
] as const;

/** In the order of a row's values. The last two, which entry it is of, are the log's to fill in. */
export const disclosureColumns = [
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
  'ledger_log',
  'ledger_seq',
] as const;

/** Columns that earlier forms of the table did not have. */
const laterColumns: readonly (readonly [name: string, type: string])[] = [
  ['areas', "TEXT NOT NULL DEFAULT '[]'"],
  ['grids', "TEXT NOT NULL DEFAULT '[]'"],
  ['given', "TEXT NOT NULL DEFAULT '[]'"],
  ['ledger_log', 'TEXT'],
  ['ledger_seq', 'INTEGER'],
];

/** A table of an earlier form has not all columns: its rows say nothing of what they did not keep. */
export function addMissing(db: Database.Database): void {
  const present = new Set(
    (db.pragma('table_info(disclosure)') as readonly { readonly name: string }[]).map((c) => c.name),
  );
  for (const [column, type] of laterColumns)
    if (!present.has(column)) db.exec(`ALTER TABLE disclosure ADD COLUMN ${column} ${type}`);
}
