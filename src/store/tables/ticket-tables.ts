import { keyLength, type ColumnTypes } from '../column-types.ts';

/**
 * The shared ticket record and its handoffs, as the hub stores them. Times are RFC 3339 text in +08:00, so that text
 * order is time order; lists are JSON text; flags are 0, 1 or null.
 */
export function ticketTables({ key, text, time, whole, real, end, lean }: ColumnTypes): readonly string[] {
  const { place, ticketNo, sourceSystem, sourceNo, runId, agency, code, other } = keyLength;
  return [
    `CREATE TABLE IF NOT EXISTS ticket (
  ticket_no ${key(ticketNo)} NOT NULL PRIMARY KEY, source_system ${key(sourceSystem)} NOT NULL,
  source_no ${key(sourceNo)} NOT NULL, channel ${text}, type ${key(code)}, title ${text}, content ${text},
  category_path ${text} NOT NULL DEFAULT ('[]'), urgency ${key(code)}, status ${key(code)} NOT NULL,
  division_code ${key(code)}, street ${text}, community ${text}, address ${text}, standard_address ${key(place)},
  grid_code ${key(other)}, house_code ${key(other)}, uscc ${key(other)}, police_incident_no ${key(other)},
  longitude ${real}, latitude ${real}, crs ${text},
  reporter_name ${text}, reporter_phone ${key(other)}, reporter_id_number ${key(other)},
  anonymous ${whole}, confidential ${whole},
  first_receiver ${key(agency)}, lead_agency ${key(agency)}, lead_unit ${text},
  co_agencies ${text} NOT NULL DEFAULT ('[]'), confirmed_co_agencies ${text} NOT NULL DEFAULT ('[]'),
  former_agencies ${text} NOT NULL DEFAULT ('[]'),
  received_at ${time} NOT NULL, accepted_at ${time}, dispatched_at ${time}, signed_at ${time}, handled_at ${time},
  visited_at ${time}, closed_at ${time}, due_at ${time}, updated_at ${time} NOT NULL,
  result ${text}, reply_text ${text}, factual ${whole}, out_of_remit ${whole}, resolved ${whole},
  unresolved_reason ${text}, satisfaction ${key(code)}, satisfaction_raw ${text}, urge_count ${whole} NOT NULL DEFAULT 0,
  returned ${whole} NOT NULL DEFAULT 0, joint_handling ${whole} NOT NULL DEFAULT 0,
  extended ${whole} NOT NULL DEFAULT 0, difficult ${whole} NOT NULL DEFAULT 0,
  version ${whole} NOT NULL DEFAULT 1,
  UNIQUE (source_system, source_no)
) ${end}`,
    // One row for each agency that leads, co-handles or once held a ticket: what row rules search.
    `CREATE TABLE IF NOT EXISTS ticket_party (
  ticket_no ${key(ticketNo)} NOT NULL, agency ${key(agency)} NOT NULL,
  role ${key(code)} NOT NULL CHECK (role IN ('CO', 'CO_CONFIRMED', 'FORMER')),
  PRIMARY KEY (ticket_no, role, agency)
) ${lean}`,
    // due_at to evidence_count: what stood after the step, null where its source does not say. On a SIGN_FOR sign_by is
    // the time that it had to be made by.
    `CREATE TABLE IF NOT EXISTS handoff (
  run_id ${key(runId)} NOT NULL PRIMARY KEY, ticket_no ${key(ticketNo)} NOT NULL, seq ${whole} NOT NULL, node_name ${text},
  kind ${key(code)} NOT NULL, from_agency ${key(agency)}, to_agency ${key(agency)}, at ${time} NOT NULL, \`by\` ${text},
  reason ${text}, is110 ${whole} NOT NULL DEFAULT 0, police_no ${text},
  due_at ${time}, sign_by ${time}, site_visit ${whole}, evidence_count ${whole},
  UNIQUE (ticket_no, seq)
) ${end}`,
  ];
}

/** Name, table and columns of each index. Made after a bulk load, which is then several times as fast. */
export const ticketIndexes = {
  ticket_received: ['ticket', 'received_at, ticket_no'],
  ticket_updated: ['ticket', 'updated_at, ticket_no'],
  ticket_lead: ['ticket', 'lead_agency, received_at, ticket_no'],
  ticket_division: ['ticket', 'division_code, received_at, ticket_no'],
  ticket_grid: ['ticket', 'grid_code, received_at, ticket_no'],
  ticket_uscc: ['ticket', 'uscc, received_at, ticket_no'],
  ticket_house: ['ticket', 'house_code, received_at, ticket_no'],
  ticket_phone: ['ticket', 'reporter_phone, received_at, ticket_no'],
  ticket_document: ['ticket', 'reporter_id_number, received_at, ticket_no'],
  ticket_place: ['ticket', 'standard_address, received_at, ticket_no'],
  ticket_due: ['ticket', 'due_at, ticket_no'],
  ticket_party_agency: ['ticket_party', 'agency, role, ticket_no'],
  handoff_trail: ['handoff', 'ticket_no, at, run_id'],
  handoff_to: ['handoff', 'to_agency, at'],
} as const;

/** Columns of `handoff` that files of earlier versions lack. */
export const laterHandoffColumns = ['due_at TEXT', 'sign_by TEXT', 'site_visit INTEGER', 'evidence_count INTEGER'];
