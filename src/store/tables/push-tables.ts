import { keyLength, type ColumnTypes } from '../column-types.ts';
import { onlyAddedTo } from '../only-added-to.ts';

/**
 * What pushes leave beside tickets and handoffs, in the same transaction. `push_version` holds the versions of tickets
 * that were taken over, `push_handoff` the source's own numbers of handoffs, `push_conflict` what was not taken over,
 * `push_call` the batches. All of it is only ever added to; of what was pushed a digest is kept, no value.
 */
export function pushTables(types: ColumnTypes): readonly string[] {
  const { client, key, text, time, whole, serial, end, lean } = types;
  const { ticketNo, sourceSystem, sourceRunId, runId, agency, code, digest, subject, issuer, idempotencyKey } =
    keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS push_version (
  ticket_no ${key(ticketNo)} NOT NULL, source_at ${time} NOT NULL, source_version ${whole} NOT NULL,
  digest ${key(digest)} NOT NULL,
  PRIMARY KEY (ticket_no, source_at, source_version)
) ${lean}`,
    `CREATE TABLE IF NOT EXISTS push_handoff (
  source_system ${key(sourceSystem)} NOT NULL, source_run_id ${key(sourceRunId)} NOT NULL,
  run_id ${key(runId)} NOT NULL UNIQUE, digest ${key(digest)} NOT NULL,
  PRIMARY KEY (source_system, source_run_id),
  FOREIGN KEY (run_id) REFERENCES handoff (run_id)
) ${lean}`,
    `CREATE TABLE IF NOT EXISTS push_conflict (
  seq ${serial}, kind ${key(code)} NOT NULL, ticket_no ${key(ticketNo)} NOT NULL,
  source_run_id ${key(sourceRunId)} NOT NULL, code ${key(code)} NOT NULL, fields ${text} NOT NULL,
  source_at ${time} NOT NULL, source_version ${whole} NOT NULL, digest ${key(digest)} NOT NULL, at ${time} NOT NULL,
  UNIQUE (ticket_no, kind, source_run_id, source_at, source_version, digest, code)
) ${end}`,
    `CREATE TABLE IF NOT EXISTS push_call (
  agency ${key(agency)} NOT NULL, issuer ${key(issuer)} NOT NULL, subject ${key(subject)} NOT NULL,
  idempotency_key ${key(idempotencyKey)} NOT NULL, digest ${key(digest)} NOT NULL, answer ${text} NOT NULL,
  at ${time} NOT NULL,
  PRIMARY KEY (agency, issuer, subject, idempotency_key)
) ${lean}`,
    ...onlyAddedTo(client, {
      push_version: 'ticket_no = NEW.ticket_no AND source_at = NEW.source_at AND source_version = NEW.source_version',
      push_handoff: 'run_id = NEW.run_id OR (source_system = NEW.source_system AND source_run_id = NEW.source_run_id)',
      push_conflict: 'seq = NEW.seq',
      push_call: `agency = NEW.agency AND issuer = NEW.issuer AND subject = NEW.subject
     AND idempotency_key = NEW.idempotency_key`,
    }),
  ];
}
