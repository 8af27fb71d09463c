import type { MatchKind } from '../../src/connector/connector.ts';
import { not } from '../../src/connector/filter.ts';
import { defineSqlConnector } from '../../src/connector/sql/sql-connector.ts';
import { grid, gridCell, gridEvent, gridReceipt, gridWorker, managedComponent } from './mapping.ts';

const byGrid: readonly MatchKind[] = [
  { matchedBy: 'GRID_CODE', confidence: 1, fuzzy: false, parent: 'gridCode', child: 'gridCode', as: 'plain' },
];

export default defineSqlConnector({
  agency: 'grid',
  entities: [
    {
      type: 'Grid',
      table: 'wg_info',
      key: 'gridCode',
      order: [{ field: 'gridCode', direction: 'ASC' }],
      mapping: grid,
    },
    {
      type: 'GridCell',
      table: 'wg_cell',
      key: 'cellCode',
      order: [{ field: 'cellCode', direction: 'ASC' }],
      mapping: gridCell,
    },
    {
      type: 'ManagedComponent',
      table: 'wg_part',
      key: 'componentCode',
      order: [{ field: 'componentCode', direction: 'ASC' }],
      mapping: managedComponent,
    },
    {
      type: 'GridWorker',
      table: 'wg_member',
      key: 'workerNo',
      order: [{ field: 'workerNo', direction: 'ASC' }],
      mapping: gridWorker,
    },
    {
      type: 'GridEvent',
      table: 'wg_event',
      key: 'eventNo',
      order: [
        { field: 'reportedAt', direction: 'DESC' },
        { field: 'eventNo', direction: 'DESC' },
      ],
      mapping: gridEvent,
    },
    {
      type: 'GridReceipt',
      table: 'wg_receipt',
      key: 'receiptNo',
      order: [{ field: 'receiptNo', direction: 'ASC' }],
      mapping: gridReceipt,
    },
  ],
  relations: [
    {
      on: 'Ticket',
      field: 'grid',
      to: 'Grid',
      shape: { kind: 'match', wrapper: 'GridMatch', node: 'grid' },
      by: byGrid,
    },
    { on: 'Grid', field: 'workers', to: 'GridWorker', shape: { kind: 'list', max: 50 }, by: byGrid },
    { on: 'Grid', field: 'cells', to: 'GridCell', shape: { kind: 'list', max: 200 }, by: byGrid },
    { on: 'Grid', field: 'events', to: 'GridEvent', shape: { kind: 'connection', max: 100 }, by: byGrid },
    {
      on: 'GridCell',
      field: 'components',
      to: 'ManagedComponent',
      shape: { kind: 'list', max: 200 },
      by: [{ matchedBy: 'CELL_CODE', confidence: 1, fuzzy: false, parent: 'cellCode', child: 'cellCode', as: 'plain' }],
    },
    {
      on: 'GridEvent',
      field: 'linkedTicket',
      to: 'Ticket',
      shape: { kind: 'one' },
      by: [
        {
          matchedBy: 'TICKET_NUMBER',
          confidence: 1,
          fuzzy: false,
          parent: 'linkedTicketNo',
          child: 'ticketNo',
          as: 'plain',
        },
      ],
    },
    {
      on: 'Ticket',
      field: 'gridReceipts',
      to: 'GridReceipt',
      shape: { kind: 'list', max: 50 },
      by: [
        { matchedBy: 'TICKET_NUMBER', confidence: 1, fuzzy: false, parent: 'ticketNo', child: 'ticketNo', as: 'plain' },
      ],
    },
  ],
  receipts: { field: 'gridReceipts' },
  roots: [{ kind: 'lookup', field: 'gridByCode', type: 'Grid', argument: 'code', binding: 'ticketOrOwnGrid' }],
  cases: [
    {
      type: 'GridEvent',
      grid: 'gridCode',
      agencies: [],
      changedAt: 'updatedAt',
      open: not({ kind: 'in', field: 'status', values: ['CLOSED'] }),
    },
  ],
});
