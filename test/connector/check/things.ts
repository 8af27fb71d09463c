import {
  codeTable,
  decimal,
  flag,
  integer,
  looseDateTime,
  money,
  phone,
  spacedDateTime,
  text,
} from '../../../src/connector/codings.ts';
import type { Connector } from '../../../src/connector/connector.ts';
import { defineConnector } from '../../../src/connector/define-connector.ts';
import { column } from '../../../src/connector/mapping.ts';
import { restDriver } from '../../../src/connector/rest/rest-driver.ts';
import type { MappedEntity, SourceDriver } from '../../../src/connector/source.ts';

/** A record type with a field of every sort that the kit looks at. */
const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [
    { field: 'at', direction: 'DESC' },
    { field: 'no', direction: 'DESC' },
  ],
  mapping: {
    no: column('NO', text),
    ticketNo: column('TICKET', text),
    at: column('AT', spacedDateTime),
    seen: column('SEEN', looseDateTime),
    state: column('STATE', codeTable({ '1': 'OPEN', '2': 'DONE' })),
    open: column('OPEN', flag('Y', 'N')),
    size: column('SIZE', integer),
    share: column('SHARE', decimal),
    fee: column('FEE', money('元')),
    phone: column('PHONE', phone),
    note: column('NOTE', text),
  },
};

/** A service that does what a good one does: batches, columns, filters, pages by cursor. */
export const goodDriver: SourceDriver = restDriver({
  health: '/health',
  entities: {
    Thing: {
      list: {
        method: 'POST',
        path: '/things/search',
        columns: { name: 'fields' },
        filters: { STATE: { in: { name: 'states' } }, AT: { from: 'from', before: 'before' } },
        paging: { kind: 'cursor', cursor: 'cursor', limit: 'limit', next: ['next'], most: 100 },
      },
      keys: {
        NO: { kind: 'batch', parameter: { name: 'numbers' }, most: 50 },
        TICKET: { kind: 'batch', parameter: { name: 'tickets' }, most: 50 },
      },
      rows: ['items'],
    },
  },
});

/** A connector that asks all that the hub can ask of its one record type: keys, relations, pages, counts. */
export function thingsBy(driver: SourceDriver): Connector {
  const byTicket = {
    matchedBy: 'TICKET_NUMBER',
    confidence: 1,
    fuzzy: false,
    parent: 'ticketNo',
    child: 'ticketNo',
    as: 'plain',
  } as const;
  return defineConnector({
    agency: 'things',
    sources: [{ name: 'things', entities: [thing], drivers: [driver] }],
    relations: [
      { on: 'Ticket', field: 'things', to: 'Thing', shape: { kind: 'connection', max: 100 }, by: [byTicket] },
    ],
    roots: [],
    cases: [],
  });
}
