import { findingIndexes, findingView } from './finding-view.ts';

/**
 * The shared ticket record and its handoffs, as the hub stores them. Times are RFC 3339 text in +08:00, so that text
 * order is time order; lists are JSON text; flags are 0, 1 or null.
 */
export const ticketTables = `
CREATE TABLE IF NOT EXISTS ticket (
  ticket_no TEXT PRIMARY KEY, source_system TEXT NOT NULL, source_no TEXT NOT NULL, channel TEXT,
  type TEXT, title TEXT, content TEXT, category_path TEXT NOT NULL DEFAULT '[]', urgency TEXT, status TEXT NOT NULL,
  division_code TEXT, street TEXT, community TEXT, address TEXT, standard_address TEXT,
  grid_code TEXT, house_code TEXT, uscc TEXT, police_incident_no TEXT,
  longitude REAL, latitude REAL, crs TEXT,
  reporter_name TEXT, reporter_phone TEXT, reporter_id_number TEXT,
  anonymous INTEGER, confidential INTEGER,
  first_receiver TEXT, lead_agency TEXT, lead_unit TEXT,
  co_agencies TEXT NOT NULL DEFAULT '[]', confirmed_co_agencies TEXT NOT NULL DEFAULT '[]',
  former_agencies TEXT NOT NULL DEFAULT '[]',
  received_at TEXT NOT NULL, accepted_at TEXT, dispatched_at TEXT, signed_at TEXT, handled_at TEXT, visited_at TEXT,
  closed_at TEXT, due_at TEXT, updated_at TEXT NOT NULL,
  result TEXT, reply_text TEXT, factual INTEGER, out_of_remit INTEGER, resolved INTEGER, unresolved_reason TEXT,
  satisfaction TEXT, satisfaction_raw TEXT, urge_count INTEGER NOT NULL DEFAULT 0,
  returned INTEGER NOT NULL DEFAULT 0, joint_handling INTEGER NOT NULL DEFAULT 0,
  extended INTEGER NOT NULL DEFAULT 0, difficult INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE (source_system, source_no)
) STRICT;

-- One row for each agency that leads, co-handles or once held a ticket: what row rules search.
CREATE TABLE IF NOT EXISTS ticket_party (
  ticket_no TEXT NOT NULL, agency TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('CO', 'CO_CONFIRMED', 'FORMER')),
  PRIMARY KEY (ticket_no, role, agency)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS handoff (
  run_id TEXT PRIMARY KEY, ticket_no TEXT NOT NULL, seq INTEGER NOT NULL, node_name TEXT, kind TEXT NOT NULL,
  from_agency TEXT, to_agency TEXT, at TEXT NOT NULL, by TEXT, reason TEXT, is110 INTEGER NOT NULL DEFAULT 0, police_no TEXT,
  -- What stood after the step, null where its source does not say. On a SIGN_FOR sign_by is the time that it had to be made by.
  due_at TEXT, sign_by TEXT, site_visit INTEGER, evidence_count INTEGER,
  UNIQUE (ticket_no, seq)
) STRICT;
${findingView}`;

/** Made after a bulk load, which is then several times as fast. */
export const ticketIndexes = `
CREATE INDEX IF NOT EXISTS ticket_received ON ticket (received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_updated ON ticket (updated_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_lead ON ticket (lead_agency, received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_division ON ticket (division_code, received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_grid ON ticket (grid_code, received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_uscc ON ticket (uscc, received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_house ON ticket (house_code, received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_phone ON ticket (reporter_phone, received_at, ticket_no);
CREATE INDEX IF NOT EXISTS ticket_party_agency ON ticket_party (agency, role, ticket_no);
CREATE INDEX IF NOT EXISTS handoff_ticket ON handoff (ticket_no, seq);
CREATE INDEX IF NOT EXISTS handoff_to ON handoff (to_agency, at);
${findingIndexes}`;

/** Columns of `handoff` that files of earlier versions lack. */
export const laterHandoffColumns = {
  due_at: 'TEXT',
  sign_by: 'TEXT',
  site_visit: 'INTEGER',
  evidence_count: 'INTEGER',
} as const;
