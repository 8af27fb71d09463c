import { onlyAddedTo } from '../tables.ts';

/**
 * What pushes leave beside tickets and handoffs, in the same file and the same transaction. `push_version` holds the
 * versions of tickets that were taken over, `push_handoff` the source's own numbers of handoffs, `push_conflict` what was
 * not taken over, `push_call` the batches. All of it is only ever added to; of what was pushed a digest is kept, no value.
 */
export const pushTables = `
CREATE TABLE IF NOT EXISTS push_version (
  ticket_no TEXT NOT NULL, source_at TEXT NOT NULL, source_version INTEGER NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (ticket_no, source_at, source_version)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS push_handoff (
  source_system TEXT NOT NULL, source_run_id TEXT NOT NULL, run_id TEXT NOT NULL UNIQUE REFERENCES handoff (run_id),
  digest TEXT NOT NULL,
  PRIMARY KEY (source_system, source_run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS push_conflict (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, ticket_no TEXT NOT NULL, source_run_id TEXT NOT NULL,
  code TEXT NOT NULL, fields TEXT NOT NULL, source_at TEXT NOT NULL, source_version INTEGER NOT NULL, digest TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (ticket_no, kind, source_run_id, source_at, source_version, digest, code)
) STRICT;

CREATE TABLE IF NOT EXISTS push_call (
  agency TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  digest TEXT NOT NULL, answer TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (agency, issuer, subject, idempotency_key)
) STRICT, WITHOUT ROWID;

${onlyAddedTo({
  push_version: 'ticket_no = NEW.ticket_no AND source_at = NEW.source_at AND source_version = NEW.source_version',
  push_handoff: 'run_id = NEW.run_id OR (source_system = NEW.source_system AND source_run_id = NEW.source_run_id)',
  push_conflict: 'seq = NEW.seq',
  push_call: `agency = NEW.agency AND issuer = NEW.issuer AND subject = NEW.subject
     AND idempotency_key = NEW.idempotency_key`,
})}
`;
