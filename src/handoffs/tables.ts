/**
 * What actions on tickets leave beside the ticket and its handoff, in the same file and the same transaction.
 * `ticket_process` holds how each ticket stands among the links; `ticket_action` what each handoff says beyond the
 * handoff's own columns; `ticket_call` the calls that changed something, so that a repeated one changes nothing again.
 * Handoffs, actions and calls are only ever added to. Times are RFC 3339 in +08:00, lists and details JSON text.
 */
export const handoffTables = `
CREATE TABLE IF NOT EXISTS ticket_process (
  ticket_no TEXT PRIMARY KEY REFERENCES ticket (ticket_no), stage TEXT NOT NULL, version INTEGER NOT NULL,
  return_settled INTEGER NOT NULL, extension_days INTEGER, level TEXT, sign_by TEXT, late_signings INTEGER NOT NULL,
  due_provisional INTEGER NOT NULL, site_visit INTEGER NOT NULL, evidence TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ticket_action (
  run_id TEXT PRIMARY KEY REFERENCES handoff (run_id), ticket_no TEXT NOT NULL, version INTEGER NOT NULL,
  action TEXT NOT NULL, party TEXT NOT NULL, stage TEXT NOT NULL, at TEXT NOT NULL, late INTEGER NOT NULL,
  agency TEXT NOT NULL, role TEXT NOT NULL, unit TEXT, operator TEXT, issuer TEXT NOT NULL, subject TEXT NOT NULL,
  to_unit TEXT, detail TEXT NOT NULL,
  UNIQUE (ticket_no, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ticket_call (
  agency TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  digest TEXT NOT NULL, run_id TEXT NOT NULL UNIQUE REFERENCES handoff (run_id), answer TEXT NOT NULL,
  PRIMARY KEY (agency, issuer, subject, idempotency_key)
) STRICT, WITHOUT ROWID;

${onlyAddedTo({
  handoff: 'run_id = NEW.run_id OR (ticket_no = NEW.ticket_no AND seq = NEW.seq)',
  ticket_action: 'run_id = NEW.run_id OR (ticket_no = NEW.ticket_no AND version = NEW.version)',
  ticket_call: `run_id = NEW.run_id OR (agency = NEW.agency AND issuer = NEW.issuer AND subject = NEW.subject
     AND idempotency_key = NEW.idempotency_key)`,
})}
`;

/** Triggers that let rows of these tables be added alone. Each table comes with what makes an own row `NEW` the same. */
export function onlyAddedTo(tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables)
    .map(
      ([table, same]) => `
CREATE TRIGGER IF NOT EXISTS ${table}_kept BEFORE UPDATE ON ${table}
BEGIN SELECT RAISE(ABORT, 'what was handed on is never changed'); END;
CREATE TRIGGER IF NOT EXISTS ${table}_stays BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, 'what was handed on is never taken out'); END;
-- REPLACE would take a row out without the trigger above.
CREATE TRIGGER IF NOT EXISTS ${table}_once BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${same})
BEGIN SELECT RAISE(ABORT, 'what was handed on is never replaced'); END;`,
    )
    .join('\n');
}
