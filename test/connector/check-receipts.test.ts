import { expect, test } from 'vitest';
import grid from '../../connectors/grid/connector.ts';
import { defineConnector } from '../../src/connector/define-connector.ts';
import type { RelationDeclaration } from '../../src/connector/connector.ts';

/* Receipts that could not be compared are refused when the connector is made. */

const relation = grid.relations.find((r) => r.field === 'gridReceipts') as RelationDeclaration;

function define(own: RelationDeclaration | null, field = 'gridReceipts', sources = grid.sources): void {
  const others = grid.relations.filter((r) => r.field !== 'gridReceipts');
  defineConnector({ ...grid, sources, relations: own === null ? others : [...others, own], receipts: { field } });
}

test('those of the grid centre are fit', () => {
  expect(() => define(relation)).not.toThrow();
});

test('the relation must be its own, on Ticket, a list, and found by the number alone', () => {
  expect(() => define(null)).toThrow('the receipts of grid are Ticket.gridReceipts, which it does not declare');
  expect(() => define({ ...relation, on: 'Grid' })).toThrow('which it does not declare');
  const list = 'the receipts of grid must be a list that is found by ticketNo alone';
  expect(() => define({ ...relation, shape: { kind: 'one' } })).toThrow(list);
  expect(() => define({ ...relation, by: relation.by.map((m) => ({ ...m, child: 'caseNo' })) })).toThrow(list);
});

test('its records must lie in a source of the agency, and say all that is compared', () => {
  expect(() => define({ ...relation, to: 'PoliceReceipt' })).toThrow('no source of its own has PoliceReceipt');
  const lacking = grid.sources.map((source) => ({
    ...source,
    entities: source.entities.map((e) => {
      const { receivedAt: _, ...mapping } = e.mapping;
      return e.type === 'GridReceipt' ? { ...e, mapping } : e;
    }),
  }));
  expect(() => define(relation, 'gridReceipts', lacking)).toThrow('GridReceipt lacks the field receivedAt');
});
