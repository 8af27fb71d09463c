import { keyLength, type ColumnTypes } from '../column-types.ts';

/**
 * Lost handoffs that reconciliation found, and its runs. `subject` is what tells one of a ticket and agency from another,
 * and stays in the store: the hotline's step, or the agency's own record. `state`: `OPEN`; `SETTLED` since the records
 * agree; `WITHDRAWN` since the agency grants its receipts no longer: then nothing is told of it. Rows are added and change
 * their state; none is taken out. What is told of them stands in `ticket_finding`.
 */
export function lostTables({ key, text, time, whole, real, serial, end }: ColumnTypes): readonly string[] {
  const { ticketNo, agency, code, runId } = keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS lost_handoff (
  lost_no ${serial}, kind ${key(code)} NOT NULL, ticket_no ${key(ticketNo)} NOT NULL, agency ${key(agency)} NOT NULL,
  subject ${key(runId)} NOT NULL, at ${time} NOT NULL, grounds ${text} NOT NULL, confidence ${real} NOT NULL,
  state ${key(code)} NOT NULL CHECK (state IN ('OPEN', 'SETTLED', 'WITHDRAWN')),
  found_at ${time} NOT NULL, seen_at ${time} NOT NULL, settled_at ${time},
  UNIQUE (ticket_no, agency, kind, subject)
) ${end}`,
    `CREATE TABLE IF NOT EXISTS reconciliation_run (
  run_no ${serial}, since ${time}, purpose ${key(code)} NOT NULL, started_at ${time} NOT NULL, ended_at ${time},
  after ${time}, compared ${whole} NOT NULL DEFAULT 0, found ${whole} NOT NULL DEFAULT 0, settled ${whole} NOT NULL DEFAULT 0
) ${end}`,
  ];
}

export const lostIndexes = {
  lost_state: ['lost_handoff', 'state, ticket_no'],
  lost_agency: ['lost_handoff', 'agency, state'],
} as const;
