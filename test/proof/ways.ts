import { not } from '../../src/connector/filter.ts';
import type { SchemaModel } from './model.ts';

/** The roots: a lookup, a list by keys and a page of tickets; direct lookups and pages of the rest; the cases; the counts. */
export function waysOf(ownerOf: Readonly<Record<string, string>>): Pick<SchemaModel, 'roots' | 'cases' | 'statistics'> {
  const others = ['Account', 'Meter', 'Alarm'].flatMap((type): SchemaModel['roots'][number][] => {
    const owner = ownerOf[type] ?? 'water';
    const field = type.toLowerCase();
    return [
      {
        kind: 'lookup',
        owner,
        field,
        type,
        argument: 'no',
        binding: type === 'Meter' ? 'ticketOrOwnGrid' : 'ticket',
      },
      {
        kind: 'page',
        owner,
        field: `${field}s`,
        type,
        filters: [
          { argument: 'state', field: 'state', test: 'in' },
          { argument: 'name', field: 'name', test: 'in' },
          { argument: 'division', field: 'divisionCode', test: 'division' },
          { argument: 'readFrom', field: 'readOn', test: 'from' },
          { argument: 'before', field: 'at', test: 'before' },
        ],
        orders: { AT: 'at' },
        order: [
          { field: 'at', direction: 'DESC' },
          { field: 'no', direction: 'DESC' },
        ],
        max: 9,
      },
    ];
  });
  return {
    roots: [
      { kind: 'lookup', owner: 'hotline', field: 'ticket', type: 'Ticket', argument: 'ticketNo', binding: 'self' },
      { kind: 'byKeys', owner: 'hotline', field: 'ticketsByNo', type: 'Ticket', argument: 'ticketNos', max: 9 },
      {
        kind: 'page',
        owner: 'hotline',
        field: 'tickets',
        type: 'Ticket',
        filters: [
          { argument: 'state', field: 'status', test: 'in' },
          { argument: 'name', field: 'reporterName', test: 'in' },
          { argument: 'division', field: 'divisionCode', test: 'division' },
          { argument: 'readFrom', field: 'updatedAt', test: 'from' },
          { argument: 'before', field: 'receivedAt', test: 'before' },
        ],
        orders: { AT: 'updatedAt' },
        order: [
          { field: 'receivedAt', direction: 'DESC' },
          { field: 'ticketNo', direction: 'DESC' },
        ],
        max: 9,
      },
      ...others,
    ],
    cases: [
      {
        owner: 'hotline',
        type: 'Ticket',
        grid: 'gridCode',
        agencies: [
          { field: 'leadAgency', list: false },
          { field: 'coAgencies', list: true },
        ],
        changedAt: 'updatedAt',
        open: not({ kind: 'in', field: 'status', values: ['DONE', 'VOID'] }),
      },
      {
        owner: ownerOf['Alarm'] ?? 'water',
        type: 'Alarm',
        grid: 'gridCode',
        agencies: [{ field: 'agency', list: false }],
        changedAt: 'at',
        open: { kind: 'in', field: 'state', values: ['OPEN'] },
      },
    ],
    statistics: [
      {
        owner: 'hotline',
        field: 'ticketStatistics',
        by: 'TicketDimension',
        type: 'Ticket',
        time: 'receivedAt',
        dimensions: {
          TYPE: [{ field: 'type' }],
          STATUS: [{ field: 'status' }],
          DISTRICT: [{ field: 'divisionCode', prefix: 6 }],
          LEAD: [{ field: 'leadAgency' }],
          TYPE_BY_DISTRICT: [{ field: 'type' }, { field: 'divisionCode', prefix: 6 }],
          LEAD_BY_STATUS: [{ field: 'leadAgency' }, { field: 'status' }],
        },
      },
      ...['Account', 'Alarm'].map((type) => ({
        owner: ownerOf[type] ?? 'water',
        field: `${type.toLowerCase()}Statistics`,
        by: `${type}Dimension`,
        type,
        time: 'at',
        dimensions: {
          STATE: [{ field: 'state' }],
          DISTRICT: [{ field: 'divisionCode', prefix: 6 }],
          SECRET: [{ field: 'confidential' }],
          GRID: [{ field: 'gridCode' }],
          STATE_BY_DISTRICT: [{ field: 'state' }, { field: 'divisionCode', prefix: 6 }],
          GRID_BY_SECRET: [{ field: 'gridCode' }, { field: 'confidential' }],
        } as const,
      })),
    ],
  };
}
