import type { MatchKind } from '../../src/connector/connector.ts';
import { defineConnector } from '../../src/connector/define-connector.ts';
import type { RestEntity } from '../../src/connector/rest/declaration.ts';
import { restDriver } from '../../src/connector/rest/rest-driver.ts';
import { sqlDriver } from '../../src/connector/sql/sql-driver.ts';
import { dispatchRecord, incidentFeedback, involvedParty, policeIncident, policeReceipt } from './mapping.ts';

const byIncident: readonly MatchKind[] = [
  {
    matchedBy: 'INCIDENT_NUMBER',
    confidence: 1,
    fuzzy: false,
    parent: 'incidentNo',
    child: 'incidentNo',
    as: 'plain',
  },
];

/** Records that belong to an incident: the dispatch system's interface has one collection for each kind. */
const ofIncident = (path: string): RestEntity => ({
  list: {
    method: 'GET',
    path,
    columns: { name: 'fields', separator: ',' },
    paging: { kind: 'page', page: 'page', size: 'size', first: 1, most: 500, total: ['data', 'total'] },
  },
  keys: { JJDBH: { kind: 'batch', parameter: { name: 'jjdbh', separator: ',' }, most: 100 } },
  rows: ['data', 'list'],
});

const service = restDriver({
  health: '/api/v1/health',
  success: { at: ['code'], is: [0] },
  entities: {
    PoliceIncident: {
      list: {
        method: 'POST',
        path: '/api/v1/jjd/search',
        columns: { name: 'fields' },
        filters: {
          SFBM: { in: { name: 'sfbm' } },
          FJW: { in: { name: 'fjw' } },
          XZQHDM: { prefix: { name: 'xzqhdmPrefix' } },
          BJSJ: { from: 'bjsjFrom', before: 'bjsjBefore' },
        },
        paging: { kind: 'cursor', cursor: 'cursor', limit: 'limit', next: ['data', 'next'], most: 500 },
      },
      keys: {
        JJDBH: { kind: 'batch', parameter: { name: 'jjdbh' }, most: 500 },
        BJDH_ZY: { kind: 'batch', parameter: { name: 'bjdhZy' }, most: 500 },
        BZDZ: { kind: 'batch', parameter: { name: 'bzdz' }, most: 200 },
      },
      rows: ['data', 'list'],
    },
    DispatchRecord: ofIncident('/api/v1/cjd'),
    IncidentFeedback: ofIncident('/api/v1/fkd'),
    InvolvedParty: ofIncident('/api/v1/dsr'),
    PoliceReceipt: {
      list: {
        method: 'GET',
        path: '/api/v1/zwgd',
        columns: { name: 'fields', separator: ',' },
        paging: { kind: 'page', page: 'page', size: 'size', first: 1, most: 500, total: ['data', 'total'] },
      },
      keys: { ZWGDBH: { kind: 'batch', parameter: { name: 'zwgdbh', separator: ',' }, most: 100 } },
      rows: ['data', 'list'],
    },
  },
});

const database = sqlDriver({
  PoliceIncident: 'JJD',
  DispatchRecord: 'CJD',
  IncidentFeedback: 'FKD',
  InvolvedParty: 'DSR',
  PoliceReceipt: 'ZWGD',
});

export default defineConnector({
  agency: 'police',
  sources: [
    {
      name: 'police',
      entities: [
        {
          type: 'PoliceIncident',
          key: 'incidentNo',
          order: [
            { field: 'callTime', direction: 'DESC' },
            { field: 'incidentNo', direction: 'DESC' },
          ],
          mapping: policeIncident,
        },
        {
          type: 'DispatchRecord',
          key: 'dispatchNo',
          order: [{ field: 'dispatchNo', direction: 'ASC' }],
          mapping: dispatchRecord,
        },
        {
          type: 'IncidentFeedback',
          key: 'feedbackNo',
          order: [{ field: 'feedbackNo', direction: 'ASC' }],
          mapping: incidentFeedback,
        },
        {
          type: 'InvolvedParty',
          key: 'partyNo',
          order: [{ field: 'partyNo', direction: 'ASC' }],
          mapping: involvedParty,
        },
        {
          type: 'PoliceReceipt',
          key: 'receiptNo',
          order: [{ field: 'receiptNo', direction: 'ASC' }],
          mapping: policeReceipt,
        },
      ],
      drivers: [service, database],
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: 'policeIncidents',
      to: 'PoliceIncident',
      shape: { kind: 'matches', wrapper: 'PoliceIncidentMatch', node: 'incident', max: 50 },
      by: [
        {
          matchedBy: 'INCIDENT_NUMBER',
          confidence: 1,
          fuzzy: false,
          parent: 'policeIncidentNo',
          child: 'incidentNo',
          as: 'plain',
        },
        {
          matchedBy: 'CALLER_NUMBER',
          confidence: 0.8,
          fuzzy: false,
          parent: 'reporterPhone',
          child: 'callerDigest',
          as: 'phoneDigest',
          window: { parent: 'receivedAt', child: 'callTime', days: 7 },
        },
        {
          matchedBy: 'STANDARD_ADDRESS',
          confidence: 0.4,
          fuzzy: true,
          parent: 'standardAddress',
          child: 'standardAddress',
          as: 'plain',
          window: { parent: 'receivedAt', child: 'callTime', days: 30 },
        },
      ],
    },
    {
      on: 'PoliceIncident',
      field: 'dispatches',
      to: 'DispatchRecord',
      shape: { kind: 'list', max: 50 },
      by: byIncident,
    },
    {
      on: 'PoliceIncident',
      field: 'feedbacks',
      to: 'IncidentFeedback',
      shape: { kind: 'list', max: 50 },
      by: byIncident,
    },
    {
      on: 'PoliceIncident',
      field: 'involvedParties',
      to: 'InvolvedParty',
      shape: { kind: 'list', max: 50 },
      by: byIncident,
    },
    {
      on: 'PoliceIncident',
      field: 'divertedTicket',
      to: 'Ticket',
      shape: { kind: 'one' },
      by: [
        {
          matchedBy: 'TICKET_NUMBER',
          confidence: 1,
          fuzzy: false,
          parent: 'divertedTicketNo',
          child: 'ticketNo',
          as: 'plain',
        },
      ],
    },
    {
      on: 'Ticket',
      field: 'policeReceipts',
      to: 'PoliceReceipt',
      shape: { kind: 'list', max: 50 },
      by: [
        { matchedBy: 'TICKET_NUMBER', confidence: 1, fuzzy: false, parent: 'ticketNo', child: 'ticketNo', as: 'plain' },
      ],
    },
  ],
  receipts: { field: 'policeReceipts' },
  roots: [
    { kind: 'lookup', field: 'policeIncident', type: 'PoliceIncident', argument: 'incidentNo', binding: 'ticket' },
  ],
  cases: [],
  statistics: [
    {
      field: 'policeIncidentStatistics',
      type: 'PoliceIncident',
      time: 'callTime',
      dimensions: {
        DISTRICT: [{ field: 'divisionCode', prefix: 6 }],
        CATEGORY: [{ field: 'categoryCode' }],
        STATE: [{ field: 'state' }],
        DISTRICT_BY_STATE: [{ field: 'divisionCode', prefix: 6 }, { field: 'state' }],
      },
    },
  ],
});
