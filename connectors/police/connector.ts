import type { MatchKind } from '../../src/connector/connector.ts';
import { defineSqlConnector } from '../../src/connector/sql/sql-connector.ts';
import { dispatchRecord, incidentFeedback, involvedParty, policeIncident } from './mapping.ts';

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

export default defineSqlConnector({
  agency: 'police',
  entities: [
    {
      type: 'PoliceIncident',
      table: 'JJD',
      key: 'incidentNo',
      order: [
        { field: 'callTime', direction: 'DESC' },
        { field: 'incidentNo', direction: 'DESC' },
      ],
      mapping: policeIncident,
    },
    {
      type: 'DispatchRecord',
      table: 'CJD',
      key: 'dispatchNo',
      order: [{ field: 'dispatchNo', direction: 'ASC' }],
      mapping: dispatchRecord,
    },
    {
      type: 'IncidentFeedback',
      table: 'FKD',
      key: 'feedbackNo',
      order: [{ field: 'feedbackNo', direction: 'ASC' }],
      mapping: incidentFeedback,
    },
    {
      type: 'InvolvedParty',
      table: 'DSR',
      key: 'partyNo',
      order: [{ field: 'partyNo', direction: 'ASC' }],
      mapping: involvedParty,
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
  ],
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
