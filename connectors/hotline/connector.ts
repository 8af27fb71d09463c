import type { MatchKind } from '../../src/connector/connector.ts';
import { not } from '../../src/connector/filter.ts';
import { defineSqlConnector } from '../../src/connector/sql/sql-connector.ts';
import { comparedSelection, reconciliationOf } from '../../src/reconciliation/reconciliation.ts';
import { deadlineStates } from '../../src/tickets/deadline-states.ts';
import { relatedTickets } from '../../src/tickets/related-tickets.ts';
import { traceSource } from '../../src/tickets/trace-source.ts';
import { handoff, handoffFinding, ticket } from './mapping.ts';

const by = (parent: string, child: string): readonly MatchKind[] => [
  { matchedBy: 'TICKET_NUMBER', confidence: 1, fuzzy: false, parent, child, as: 'plain' },
];

/** Days that the configuration can ask for at most, from one ticket's coming in to the next one's. */
const [personDays, placeDays] = [731, 92];

/** Tickets that came in within these days and have the same value. */
const sameValue = (matchedBy: string, field: string, days: number): MatchKind => ({
  matchedBy,
  confidence: 1,
  fuzzy: false,
  parent: field,
  child: field,
  as: 'plain',
  window: { parent: 'receivedAt', child: 'receivedAt', days },
});

const district = { field: 'divisionCode', prefix: 6 };

export default defineSqlConnector({
  agency: 'hotline',
  entities: [
    {
      type: 'Ticket',
      table: 'ticket',
      key: 'ticketNo',
      order: [
        { field: 'receivedAt', direction: 'DESC' },
        { field: 'ticketNo', direction: 'DESC' },
      ],
      mapping: ticket,
    },
    {
      type: 'Handoff',
      table: 'handoff',
      key: 'runId',
      order: [
        { field: 'at', direction: 'ASC' },
        { field: 'runId', direction: 'ASC' },
      ],
      mapping: handoff,
    },
    {
      type: 'HandoffFinding',
      table: 'handoff_finding',
      key: 'findingId',
      order: [
        { field: 'at', direction: 'DESC' },
        { field: 'findingId', direction: 'DESC' },
      ],
      mapping: handoffFinding,
    },
  ],
  derived: [
    {
      declaration: { type: 'Trace', key: 'ticketNo', order: [{ field: 'ticketNo', direction: 'ASC' }] },
      from: ['Handoff', 'Ticket'],
      derive: traceSource,
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: 'handoffs',
      to: 'Handoff',
      shape: { kind: 'list', max: 500 },
      by: by('ticketNo', 'ticketNo'),
    },
    {
      on: 'Ticket',
      field: 'relatedTickets',
      to: 'Ticket',
      shape: { kind: 'matches', wrapper: 'RelatedTicket', node: 'ticket', max: 20 },
      by: [
        { ...sameValue('PERSON_DOCUMENT', 'reporterIdNumber', personDays), person: true },
        { ...sameValue('PERSON_NUMBER', 'reporterPhone', personDays), person: true },
        sameValue('HOUSE_CODE', 'houseCode', placeDays),
        { ...sameValue('STANDARD_ADDRESS', 'standardAddress', placeDays), fuzzy: true },
      ],
      comparison: relatedTickets,
    },
    { on: 'Ticket', field: 'trace', to: 'Trace', shape: { kind: 'one' }, by: by('ticketNo', 'ticketNo') },
    {
      on: 'Trace',
      field: 'heldAt',
      to: 'TraceHop',
      shape: { kind: 'instant', of: 'hops', argument: 'at', from: 'since', until: 'until' },
      by: [],
    },
    {
      on: 'Trace',
      field: 'reconciliation',
      to: 'Ticket',
      shape: { kind: 'computed', selection: comparedSelection, compute: reconciliationOf },
      by: by('ticketNo', 'ticketNo'),
    },
    { on: 'HandoffFinding', field: 'ticket', to: 'Ticket', shape: { kind: 'one' }, by: by('ticketNo', 'ticketNo') },
    {
      on: 'HandoffFinding',
      field: 'relatedTicket',
      to: 'Ticket',
      shape: { kind: 'one' },
      by: by('relatedTicketNo', 'ticketNo'),
    },
    {
      on: 'Grid',
      field: 'tickets',
      to: 'Ticket',
      shape: { kind: 'connection', max: 100 },
      by: by('gridCode', 'gridCode'),
    },
    {
      on: 'MarketEntity',
      field: 'tickets',
      to: 'Ticket',
      shape: { kind: 'connection', max: 100 },
      by: by('uscc', 'uscc'),
    },
  ],
  roots: [
    { kind: 'lookup', field: 'ticket', type: 'Ticket', argument: 'ticketNo', binding: 'self' },
    { kind: 'byKeys', field: 'ticketsByNo', type: 'Ticket', argument: 'ticketNos', max: 100 },
    {
      kind: 'page',
      field: 'tickets',
      type: 'Ticket',
      filters: [
        { argument: 'status', field: 'status', test: 'in' },
        { argument: 'type', field: 'type', test: 'in' },
        { argument: 'leadAgency', field: 'leadAgency', test: 'in' },
        { argument: 'divisionCode', field: 'divisionCode', test: 'division' },
        { argument: 'gridCode', field: 'gridCode', test: 'in' },
        { argument: 'sourceSystem', field: 'sourceSystem', test: 'in' },
        { argument: 'reporterPhone', field: 'reporterPhone', test: 'is' },
        { argument: 'uscc', field: 'uscc', test: 'in' },
        { argument: 'houseCode', field: 'houseCode', test: 'in' },
        { argument: 'receivedFrom', field: 'receivedAt', test: 'from' },
        { argument: 'receivedBefore', field: 'receivedAt', test: 'before' },
        { argument: 'changedSince', field: 'updatedAt', test: 'from' },
      ],
      states: [deadlineStates],
      orders: { RECEIVED_AT: 'receivedAt', UPDATED_AT: 'updatedAt', DUE_AT: 'dueAt' },
      sparse: ['dueAt'],
      order: [
        { field: 'receivedAt', direction: 'DESC' },
        { field: 'ticketNo', direction: 'DESC' },
      ],
      max: 100,
    },
    {
      kind: 'page',
      field: 'handoffFindings',
      type: 'HandoffFinding',
      filters: [
        { argument: 'ticketNo', field: 'ticketNo', test: 'is' },
        { argument: 'kind', field: 'kind', test: 'in' },
        { argument: 'agency', field: 'agency', test: 'in' },
        { argument: 'area', field: 'divisionCode', test: 'division' },
        { argument: 'settled', field: 'settled', test: 'is' },
        { argument: 'from', field: 'at', test: 'from' },
        { argument: 'before', field: 'at', test: 'before' },
      ],
      orders: {},
      order: [
        { field: 'at', direction: 'DESC' },
        { field: 'findingId', direction: 'DESC' },
      ],
      max: 100,
    },
  ],
  cases: [
    {
      type: 'Ticket',
      grid: 'gridCode',
      agencies: [
        { field: 'leadAgency', list: false },
        { field: 'coAgencies', list: true },
      ],
      changedAt: 'updatedAt',
      open: not({ kind: 'in', field: 'status', values: ['CLOSED', 'ARCHIVED'] }),
    },
  ],
  statistics: [
    {
      field: 'ticketStatistics',
      type: 'Ticket',
      time: 'receivedAt',
      dimensions: {
        TYPE: [{ field: 'type' }],
        STATUS: [{ field: 'status' }],
        DISTRICT: [district],
        LEAD_AGENCY: [{ field: 'leadAgency' }],
        CHANNEL: [{ field: 'channel' }],
        URGENCY: [{ field: 'urgency' }],
        SATISFACTION: [{ field: 'satisfaction' }],
        TYPE_BY_DISTRICT: [{ field: 'type' }, district],
        LEAD_AGENCY_BY_STATUS: [{ field: 'leadAgency' }, { field: 'status' }],
      },
    },
  ],
});
