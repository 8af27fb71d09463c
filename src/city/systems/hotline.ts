import { sqliteTypes } from '../../store/column-types.ts';
import { sqliteFindings } from '../../store/find-everything.ts';
import { sqliteIndexes } from '../../store/indexes.ts';
import { lostTables } from '../../store/tables/lost-tables.ts';
import { findingTables } from '../../store/tables/finding-tables.ts';
import { ticketTables } from '../../store/tables/ticket-tables.ts';
import type { RowOf, SourceSystem } from '../source-file.ts';

/** The hub's own ticket tables: defined with the tickets, the columns that a seed fills listed here. */
const tables = {
  ticket: columns([
    'ticket_no',
    'source_system',
    'source_no',
    'channel',
    'type',
    'title',
    'content',
    'category_path',
    'urgency',
    'status',
    'division_code',
    'street',
    'community',
    'address',
    'standard_address',
    'grid_code',
    'house_code',
    'uscc',
    'police_incident_no',
    'longitude',
    'latitude',
    'crs',
    'reporter_name',
    'reporter_phone',
    'reporter_id_number',
    'anonymous',
    'confidential',
    'first_receiver',
    'lead_agency',
    'lead_unit',
    'co_agencies',
    'confirmed_co_agencies',
    'former_agencies',
    'received_at',
    'accepted_at',
    'dispatched_at',
    'signed_at',
    'handled_at',
    'visited_at',
    'closed_at',
    'due_at',
    'updated_at',
    'result',
    'reply_text',
    'factual',
    'out_of_remit',
    'resolved',
    'unresolved_reason',
    'satisfaction',
    'satisfaction_raw',
    'urge_count',
    'returned',
    'joint_handling',
    'extended',
    'difficult',
  ]),
  ticket_party: columns(['ticket_no', 'agency', 'role']),
  handoff: columns([
    'run_id',
    'ticket_no',
    'seq',
    'node_name',
    'kind',
    'from_agency',
    'to_agency',
    'at',
    'by',
    'reason',
    'is110',
    'police_no',
    'due_at',
    'sign_by',
    'site_visit',
    'evidence_count',
  ]),
};

export const hotlineSystem: SourceSystem<typeof tables> = {
  agency: 'hotline',
  tables,
  ddl: [...ticketTables(sqliteTypes), ...lostTables(sqliteTypes), ...findingTables(sqliteTypes)].join(';\n'),
  indexes: [...sqliteIndexes, ...sqliteFindings],
};

export type TicketRow = RowOf<(typeof tables)['ticket']>;
export type TicketPartyRow = RowOf<(typeof tables)['ticket_party']>;
export type HandoffRow = RowOf<(typeof tables)['handoff']>;

function columns<const C extends string>(names: readonly C[]): Readonly<Record<C, string>> {
  return Object.fromEntries(names.map((name) => [name, ''])) as Record<C, string>;
}
