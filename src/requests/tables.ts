/**
 * Access applications and correction requests. `request` holds how each stands now and is written in one transaction with
 * its event; `request_event` holds everything that ever happened to it and is never changed. Times are RFC 3339 in +08:00,
 * contents are JSON text. A correction names its record; an application does not.
 */
export const requestTables = `
CREATE TABLE IF NOT EXISTS request (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('APPLICATION', 'CORRECTION')),
  applicant TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, owner TEXT NOT NULL,
  state TEXT NOT NULL, version INTEGER NOT NULL,
  submitted_at TEXT NOT NULL, counted_from TEXT NOT NULL, answer_days INTEGER NOT NULL,
  due_on TEXT, provisional INTEGER NOT NULL, escalates_on TEXT,
  record_type TEXT, record_id TEXT, record_field TEXT,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS request_applicant ON request (kind, applicant, seq);
CREATE INDEX IF NOT EXISTS request_owner ON request (kind, owner, seq);
CREATE INDEX IF NOT EXISTS request_dispute ON request (record_type, record_id)
  WHERE kind = 'CORRECTION' AND state = 'SUBMITTED';

CREATE TABLE IF NOT EXISTS request_event (
  number TEXT NOT NULL REFERENCES request (number), version INTEGER NOT NULL, at TEXT NOT NULL,
  action TEXT NOT NULL, state TEXT NOT NULL, party TEXT NOT NULL CHECK (party IN ('APPLICANT', 'OWNER')),
  agency TEXT NOT NULL, role TEXT NOT NULL, unit TEXT, operator TEXT, issuer TEXT NOT NULL, subject TEXT NOT NULL,
  note TEXT, content TEXT NOT NULL,
  PRIMARY KEY (number, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS request_event_kept BEFORE UPDATE ON request_event
BEGIN SELECT RAISE(ABORT, 'history is never changed'); END;
CREATE TRIGGER IF NOT EXISTS request_event_stays BEFORE DELETE ON request_event
BEGIN SELECT RAISE(ABORT, 'history is never taken out'); END;

-- Calls that changed something, so that a repeated one changes nothing again.
CREATE TABLE IF NOT EXISTS request_call (
  agency TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, client_request_id TEXT NOT NULL,
  digest TEXT NOT NULL, numbers TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (agency, issuer, subject, client_request_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS request_number (
  series TEXT NOT NULL, year TEXT NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (series, year)
) STRICT, WITHOUT ROWID;
`;
