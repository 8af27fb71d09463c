/** The disclosure log. It holds who, why and which records and fields; never a value of one. Lists are JSON text. */
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
  records TEXT NOT NULL, record_count INTEGER NOT NULL, duration_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS disclosure_member (
  disclosure_no TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('TICKET', 'OWNER')), member TEXT NOT NULL,
  PRIMARY KEY (kind, member, disclosure_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS disclosure_at ON disclosure (at, disclosure_no);
CREATE INDEX IF NOT EXISTS disclosure_agency ON disclosure (agency, at, disclosure_no);
`;

/** Columns that the first form of the table did not have, each a list. */
export const laterColumns = ['areas', 'grids', 'given'] as const;
