import { keyLength, type ColumnTypes } from '../column-types.ts';
import { onlyAddedTo } from '../only-added-to.ts';

/**
 * What actions on tickets leave beside the ticket and its handoff, in the same transaction. `ticket_process` holds how
 * each ticket stands among the links; `ticket_action` what each handoff says beyond the handoff's own columns;
 * `ticket_call` the calls that changed something, so that a repeated one changes nothing again. Handoffs, actions and
 * calls are only ever added to. Times are RFC 3339 in +08:00, lists and details JSON text.
 */
export function actionTables(types: ColumnTypes): readonly string[] {
  const { client, key, text, time, whole, lean } = types;
  const { ticketNo, runId, agency, code, digest, subject, issuer, idempotencyKey } = keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS ticket_process (
  ticket_no ${key(ticketNo)} NOT NULL PRIMARY KEY, stage ${key(code)} NOT NULL, version ${whole} NOT NULL,
  return_settled ${whole} NOT NULL, extension_days ${whole}, level ${key(code)}, sign_by ${time},
  late_signings ${whole} NOT NULL, due_provisional ${whole} NOT NULL, site_visit ${whole} NOT NULL, evidence ${text} NOT NULL,
  FOREIGN KEY (ticket_no) REFERENCES ticket (ticket_no)
) ${lean}`,
    `CREATE TABLE IF NOT EXISTS ticket_action (
  run_id ${key(runId)} NOT NULL PRIMARY KEY, ticket_no ${key(ticketNo)} NOT NULL, version ${whole} NOT NULL,
  action ${key(code)} NOT NULL, party ${key(code)} NOT NULL, stage ${key(code)} NOT NULL, at ${time} NOT NULL,
  late ${whole} NOT NULL, agency ${key(agency)} NOT NULL, role ${key(code)} NOT NULL, unit ${text}, operator ${text},
  issuer ${key(issuer)} NOT NULL, subject ${key(subject)} NOT NULL, to_unit ${text}, detail ${text} NOT NULL,
  UNIQUE (ticket_no, version),
  FOREIGN KEY (run_id) REFERENCES handoff (run_id)
) ${lean}`,
    `CREATE TABLE IF NOT EXISTS ticket_call (
  agency ${key(agency)} NOT NULL, issuer ${key(issuer)} NOT NULL, subject ${key(subject)} NOT NULL,
  idempotency_key ${key(idempotencyKey)} NOT NULL, digest ${key(digest)} NOT NULL, run_id ${key(runId)} NOT NULL UNIQUE,
  answer ${text} NOT NULL,
  PRIMARY KEY (agency, issuer, subject, idempotency_key),
  FOREIGN KEY (run_id) REFERENCES handoff (run_id)
) ${lean}`,
    ...onlyAddedTo(client, {
      handoff: 'run_id = NEW.run_id OR (ticket_no = NEW.ticket_no AND seq = NEW.seq)',
      ticket_action: 'run_id = NEW.run_id OR (ticket_no = NEW.ticket_no AND version = NEW.version)',
      ticket_call: `run_id = NEW.run_id OR (agency = NEW.agency AND issuer = NEW.issuer AND subject = NEW.subject
     AND idempotency_key = NEW.idempotency_key)`,
    }),
  ];
}
