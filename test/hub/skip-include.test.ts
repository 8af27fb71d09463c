import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines } from './askers.ts';

/* `@skip`, `@include` and aliases: what is not in the answer is not fetched either, under the JIT as without it. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const no = showcase.ticketNo;

async function asked(
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ data: unknown; agencies: string[]; errors: string[] }> {
  hub.takeStatements();
  const answer = await hub.ask(askers.housing, query, { no, ...variables });
  return {
    data: answer.data,
    agencies: hub
      .takeStatements()
      .map((s) => s.agency)
      .toSorted(),
    errors: errorLines(answer),
  };
}

describe('a skipped relation causes no statement', () => {
  const grid = { matchedBy: 'GRID_CODE' };
  const forms: readonly (readonly [form: string, query: string])[] = [
    [
      '@include on the field',
      'query($no: ID!, $on: Boolean!) { ticket(ticketNo: $no) { ticketNo grid @include(if: $on) { matchedBy } } }',
    ],
    [
      '@skip on the field',
      'query($no: ID!, $off: Boolean!) { ticket(ticketNo: $no) { ticketNo grid @skip(if: $off) { matchedBy } } }',
    ],
    [
      '@include on a spread',
      'query($no: ID!, $on: Boolean!) { ticket(ticketNo: $no) { ticketNo ...G @include(if: $on) } } fragment G on Ticket { grid { matchedBy } }',
    ],
    [
      '@include on an inline fragment',
      'query($no: ID!, $on: Boolean!) { ticket(ticketNo: $no) { ticketNo ... on Ticket @include(if: $on) { grid { matchedBy } } } }',
    ],
    [
      '@include inside a fragment',
      'query($no: ID!, $on: Boolean!) { ticket(ticketNo: $no) { ticketNo ...G } } fragment G on Ticket { grid @include(if: $on) { matchedBy } }',
    ],
    [
      'both directives',
      'query($no: ID!, $on: Boolean!, $off: Boolean!) { ticket(ticketNo: $no) { ticketNo grid @include(if: $on) @skip(if: $off) { matchedBy } } }',
    ],
    [
      'nested spreads',
      'query($no: ID!, $on: Boolean!) { ticket(ticketNo: $no) { ticketNo ...H } } fragment H on Ticket { ...G @include(if: $on) } fragment G on Ticket { grid { matchedBy } }',
    ],
  ];
  test.each(forms)('%s', async (_form, query) => {
    const variables = (on: boolean) => ({
      ...(query.includes('$on') ? { on } : {}),
      ...(query.includes('$off') ? { off: !on } : {}),
    });
    for (const on of [true, false, false, true, false]) {
      const expected = on
        ? { data: { ticket: { ticketNo: no, grid } }, agencies: ['grid', 'hotline'] }
        : { data: { ticket: { ticketNo: no } }, agencies: ['hotline'] };
      expect(await asked(query, variables(on))).toEqual({ ...expected, errors: [] });
    }
  });

  test('a literal rules it out of the plan', async () => {
    const query =
      'query($no: ID!) { ticket(ticketNo: $no) { ticketNo grid @include(if: false) { matchedBy } houses @skip(if: true) { matchedBy } } }';
    expect(await asked(query)).toEqual({ data: { ticket: { ticketNo: no } }, agencies: ['hotline'], errors: [] });
  });

  test('a root too, and one that is given twice stays if either is wanted', async () => {
    const query =
      'query($no: ID!, $a: Boolean!, $b: Boolean!) { ticket(ticketNo: $no) @include(if: $a) { ticketNo } ticket(ticketNo: $no) @include(if: $b) { type } }';
    expect(await asked(query, { a: false, b: false })).toEqual({ data: {}, agencies: [], errors: [] });
    expect(await asked(query, { a: true, b: false })).toMatchObject({
      data: { ticket: { ticketNo: no } },
      agencies: ['hotline'],
    });
    expect(await asked(query, { a: false, b: true })).toMatchObject({ data: { ticket: { type: 'COMPLAINT' } } });
    expect(await asked(query, { a: true, b: true })).toMatchObject({
      data: { ticket: { ticketNo: no, type: 'COMPLAINT' } },
    });
  });

  test('a denied field that is skipped is no error', async () => {
    const query =
      'query($no: ID!, $on: Boolean!) { ticket(ticketNo: $no) { ticketNo reporterIdNumber @include(if: $on) } }';
    expect((await asked(query, { on: false })).errors).toEqual([]);
    expect((await asked(query, { on: true })).errors).toEqual([
      'FIELD_DENIED Ticket.reporterIdNumber ticket.reporterIdNumber',
    ]);
  });

  test('a variable with a default that is left out', async () => {
    const query =
      'query($no: ID!, $on: Boolean! = false) { ticket(ticketNo: $no) { ticketNo grid @include(if: $on) { matchedBy } } }';
    expect(await asked(query)).toEqual({ data: { ticket: { ticketNo: no } }, agencies: ['hotline'], errors: [] });
  });
});

describe('one fragment in two places', () => {
  test('under two aliases, of which one is skipped', async () => {
    const query = `query($no: ID!, $a: Boolean!, $b: Boolean!) {
      one: ticket(ticketNo: $no) { ...F @include(if: $a) ticketNo } two: ticket(ticketNo: $no) { ...F @include(if: $b) ticketNo }
    } fragment F on Ticket { handoffs { runId } }`;
    const handoffs = Array.from({ length: 9 }, (_, i) => ({ runId: `H20261105000000010${i + 1}` }));
    for (const [a, b] of [
      [true, false],
      [false, true],
      [true, true],
      [false, false],
    ]) {
      const { data, agencies } = await asked(query, { a, b });
      expect(data).toEqual({
        one: { ...(a === true ? { handoffs } : {}), ticketNo: no },
        two: { ...(b === true ? { handoffs } : {}), ticketNo: no },
      });
      expect(agencies).toHaveLength(2 + Number(a) + Number(b));
    }
  });

  test('below two aliases of one relation, with a test of its own in each', async () => {
    const query = `query($no: ID!, $a: Boolean!) { ticket(ticketNo: $no) { x: houses { ...H @include(if: $a) } y: houses { ...H @skip(if: $a) } } }
      fragment H on HouseMatch { house { houseCode leases { leaseNo } } }`;
    const house = { house: { houseCode: showcase.houseCode, leases: [{ leaseNo: 'ZL350102199999980' }] } };
    expect((await asked(query, { a: true })).data).toEqual({ ticket: { x: [house], y: [{}] } });
    expect((await asked(query, { a: false })).data).toEqual({ ticket: { x: [{}], y: [house] } });
  });
});

describe('aliases', () => {
  test('of one root with different arguments', async () => {
    const query = `{ a: ticket(ticketNo: "${no}") { ticketNo } b: ticket(ticketNo: "${showcase.confidentialTicketNo}") { ticketNo } c: ticket(ticketNo: "x:1") { ticketNo } }`;
    expect(await asked(query)).toMatchObject({
      data: { a: { ticketNo: no }, b: { ticketNo: showcase.confidentialTicketNo }, c: null },
      errors: ['NOT_FOUND c'],
    });
  });

  test('of one connection with different pages', async () => {
    const query = `query($n: Int) { a: tickets(first: 1) { nodes { ticketNo } } b: tickets(first: $n) { nodes { ticketNo } } c: tickets(first: 2, orderBy: { field: RECEIVED_AT, direction: ASC }) { nodes { ticketNo } } }`;
    const { data } = await asked(query, { n: 3 });
    const { a, b, c } = data as Record<'a' | 'b' | 'c', { nodes: { ticketNo: string }[] }>;
    expect([a.nodes.length, b.nodes.length, c.nodes.length]).toEqual([1, 3, 2]);
    expect(b.nodes[0]).toEqual(a.nodes[0]);
    expect(c.nodes[0]).not.toEqual(a.nodes[0]);
  });

  test('of one connection below a record, with different pages and selections', async () => {
    const query =
      'query($no: ID!) { ticket(ticketNo: $no) { grid { grid { few: tickets(first: 1) { nodes { no: ticketNo } } more: tickets(first: 2) { totalCount nodes { status ticketNo } } } } } }';
    const { data, errors } = await asked(query);
    const { few, more } = (
      data as {
        ticket: { grid: { grid: Record<'few' | 'more', { nodes: Record<string, unknown>[]; totalCount?: number }> } };
      }
    ).ticket.grid.grid;
    expect(errors).toEqual([]);
    expect(few.nodes.map((n) => Object.keys(n))).toEqual([['no']]);
    expect(more.nodes.length).toBeGreaterThan(0);
    expect(more.nodes.every((n) => Object.keys(n).join() === 'status,ticketNo')).toBe(true);
    expect(more.totalCount).toBeGreaterThanOrEqual(more.nodes.length);
  });

  test('of a field change nothing of its verdict', async () => {
    const query =
      'query($no: ID!) { ticket(ticketNo: $no) { a: reporterIdNumber b: reporterPhone reporterPhone c: __typename access { field status } d: access { field } } }';
    const { data, errors } = await asked(query);
    expect(data).toEqual({
      ticket: {
        a: null,
        b: showcase.reporterPhone,
        reporterPhone: showcase.reporterPhone,
        c: 'Ticket',
        access: [
          { field: 'reporterIdNumber', status: 'DENIED' },
          { field: 'reporterPhone', status: 'ALLOWED' },
        ],
        d: [{ field: 'reporterIdNumber' }, { field: 'reporterPhone' }],
      },
    });
    expect(errors).toEqual(['FIELD_DENIED Ticket.reporterIdNumber ticket.a']);
  });
});
