import type { MatchKind } from '../../src/connector/connector.ts';
import { defineSqlConnector } from '../../src/connector/sql/sql-connector.ts';
import {
  abnormalListing,
  administrativePenalty,
  businessLicense,
  consumerComplaint,
  marketEntity,
  marketReceipt,
} from './mapping.ts';

const byUscc: readonly MatchKind[] = [
  { matchedBy: 'USCC', confidence: 1, fuzzy: false, parent: 'uscc', child: 'uscc', as: 'plain' },
];

export default defineSqlConnector({
  agency: 'market',
  entities: [
    {
      type: 'MarketEntity',
      table: 'E_BASEINFO',
      key: 'uscc',
      order: [{ field: 'uscc', direction: 'ASC' }],
      mapping: marketEntity,
    },
    {
      type: 'BusinessLicense',
      table: 'E_LICENCE',
      key: 'licenseNo',
      order: [{ field: 'licenseNo', direction: 'ASC' }],
      mapping: businessLicense,
    },
    {
      type: 'AdministrativePenalty',
      table: 'E_PUNISH',
      key: 'decisionNo',
      order: [{ field: 'decisionNo', direction: 'ASC' }],
      mapping: administrativePenalty,
    },
    {
      type: 'AbnormalListing',
      table: 'E_ABNORMITY',
      key: 'listingNo',
      order: [{ field: 'listingNo', direction: 'ASC' }],
      mapping: abnormalListing,
    },
    {
      type: 'ConsumerComplaint',
      table: 'C_COMPLAINT',
      key: 'complaintNo',
      order: [{ field: 'complaintNo', direction: 'DESC' }],
      mapping: consumerComplaint,
    },
    {
      type: 'MarketReceipt',
      table: 'C_RECEIPT',
      key: 'receiptNo',
      order: [{ field: 'receiptNo', direction: 'ASC' }],
      mapping: marketReceipt,
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: 'marketEntities',
      to: 'MarketEntity',
      shape: { kind: 'matches', wrapper: 'MarketEntityMatch', node: 'entity', max: 50 },
      by: [
        ...byUscc,
        {
          matchedBy: 'STANDARD_ADDRESS',
          confidence: 0.5,
          fuzzy: true,
          parent: 'standardAddress',
          child: 'standardAddress',
          as: 'plain',
        },
      ],
    },
    { on: 'MarketEntity', field: 'licenses', to: 'BusinessLicense', shape: { kind: 'list', max: 50 }, by: byUscc },
    {
      on: 'MarketEntity',
      field: 'penalties',
      to: 'AdministrativePenalty',
      shape: { kind: 'list', max: 50 },
      by: byUscc,
    },
    {
      on: 'MarketEntity',
      field: 'abnormalListings',
      to: 'AbnormalListing',
      shape: { kind: 'list', max: 50 },
      by: byUscc,
    },
    { on: 'MarketEntity', field: 'complaints', to: 'ConsumerComplaint', shape: { kind: 'list', max: 50 }, by: byUscc },
    {
      on: 'Ticket',
      field: 'marketReceipts',
      to: 'MarketReceipt',
      shape: { kind: 'list', max: 50 },
      by: [
        { matchedBy: 'TICKET_NUMBER', confidence: 1, fuzzy: false, parent: 'ticketNo', child: 'ticketNo', as: 'plain' },
      ],
    },
  ],
  receipts: { field: 'marketReceipts' },
  roots: [{ kind: 'lookup', field: 'marketEntity', type: 'MarketEntity', argument: 'uscc', binding: 'ticket' }],
  cases: [],
});
