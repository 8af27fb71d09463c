import { flag, integer, text, zonedDateTime } from '../connector/codings.ts';
import { column, jsonList, type Mapping } from '../connector/mapping.ts';
import { defineSqlConnector } from '../connector/sql/sql-connector.ts';
import type { Disclosure } from '../generated/audit-records.ts';

const members = (name: string, kind: 'TICKET' | 'OWNER') =>
  jsonList(name, { table: 'disclosure_member', key: 'disclosure_no', member: 'member', where: { kind } });

const disclosure = {
  disclosureNo: column('disclosure_no', text),
  at: column('at', zonedDateTime),
  agency: column('agency', text),
  role: column('role', text),
  unit: column('unit', text),
  operator: column('operator', text),
  purpose: column('purpose', text),
  reason: column('reason', text),
  boundTicketNo: column('bound_ticket_no', text),
  sealed: column('sealed', flag(1, 0)),
  documentHash: column('document_hash', text),
  policyVersion: column('policy_version', text),
  ticketNos: members('ticket_nos', 'TICKET'),
  owners: members('owners', 'OWNER'),
  disclosedFields: jsonList('disclosed'),
  maskedFields: jsonList('masked'),
  deniedFields: jsonList('denied'),
  unavailableFields: jsonList('unavailable'),
  recordCount: column('record_count', integer),
} satisfies Mapping<Disclosure>;

/** The hub's own log as one more source: its records pass the same gate under a policy of their own. */
export const auditConnector = defineSqlConnector({
  agency: 'audit',
  entities: [
    {
      type: 'Disclosure',
      table: 'disclosure',
      key: 'disclosureNo',
      order: [
        { field: 'at', direction: 'DESC' },
        { field: 'disclosureNo', direction: 'DESC' },
      ],
      mapping: disclosure,
    },
  ],
  relations: [],
  roots: [
    {
      kind: 'page',
      field: 'disclosures',
      type: 'Disclosure',
      filters: [
        { argument: 'agency', field: 'agency', test: 'in' },
        { argument: 'purpose', field: 'purpose', test: 'in' },
        { argument: 'from', field: 'at', test: 'from' },
        { argument: 'before', field: 'at', test: 'before' },
      ],
      orders: {},
      order: [
        { field: 'at', direction: 'DESC' },
        { field: 'disclosureNo', direction: 'DESC' },
      ],
      max: 100,
      ticket: { argument: 'ticketNo', field: 'ticketNos' },
    },
  ],
  cases: [],
});
