import { parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { sections } from '../../src/console/app/console/sections.ts';
import { answerable, ticketQuery } from '../../src/console/app/console/ticket-query.ts';

test('asks every record for its access, once', () => {
  const shapes = sections.filter((section) => section.id === 'handoffs');
  expect(print(parse(ticketQuery(shapes)))).toBe(`query ConsoleTicket($ticketNo: ID!) {
  ticket(ticketNo: $ticketNo) {
    handoffs {
      at
      kind
      from
      to
      by
      reason
      access {
        field
        status
        rule
      }
    }
    access {
      field
      status
      rule
    }
  }
}`);
});

test('keeps the sections and fields that the hub has', () => {
  const known = answerable(sections, new Set(['ticketNo', 'title', 'grid']));
  expect(known.map(({ id, nodes }) => [id, nodes.map((node) => node.field)])).toEqual([
    ['ticket', ['ticketNo', 'title']],
    ['grid', ['grid']],
  ]);
});
