import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, errorLines, storedRows } from './askers.ts';

/* Over a limit: the code names the limit, no source is asked and nothing is written down. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

/** Asks, and expects that no source was asked and no disclosure written. */
async function refused(
  asker: Asker,
  query: string,
  variables: Record<string, unknown> = {},
  of = hub,
): Promise<Answer> {
  const entries = () => storedRows(of, 'ledger', 'SELECT disclosure_no FROM disclosure').length;
  const before = entries();
  of.takeStatements();
  const answer = await of.ask(asker, query, variables);
  expect(answer.data).toBeUndefined();
  expect(of.takeStatements()).toEqual([]);
  expect(entries()).toBe(before);
  return answer;
}

const ticketQuery = `{ ticket(ticketNo: "${showcase.ticketNo}") { ticketNo title } }`;

describe('over a limit', () => {
  const limitOf = (answer: Answer): unknown[] =>
    answer.errors.map((e) => [e.extensions['code'], e.extensions['limit']]);
  const nested = (levels: number): string =>
    levels === 0 ? '__typename' : `grid { grid { tickets(first: 1) { nodes { ${nested(levels - 1)} } } } }`;

  const documents: readonly (readonly [limit: string, query: string])[] = [
    ['tokens', `{ ${'__typename '.repeat(2_001)} }`],
    ['depth', `{ ticket(ticketNo: "x") { ${nested(4)} } }`],
    ['rootFields', `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
    [
      'rootFields',
      `{ ...F } fragment F on Query { ${Array.from({ length: 11 }, (_, i) => `a${i}: ticket(ticketNo: "x") { ticketNo }`).join(' ')} }`,
    ],
    ['directives', `{ ticket(ticketNo: "x") { ${'ticketNo @include(if: true) '.repeat(51)} } }`],
    [
      'cost',
      '{ tickets(first: 100) { nodes { grid { grid { tickets(first: 100) { nodes { policeIncidents { incident { incidentNo } } } } } } } } }',
    ],
  ];
  test.each(documents)('%s', async (limit, query) => {
    expect(limitOf(await refused(askers.police, query))).toEqual([['LIMIT_EXCEEDED', limit]]);
  });

  test('cost counts what the variables ask for, and what a skipped relation does not', async () => {
    const query =
      'query($n: Int!, $skip: Boolean!) { tickets(first: $n) { nodes { ticketNo grid @skip(if: $skip) { grid { tickets(first: 100) { nodes { houses { house { houseCode } } } } } } } } }';
    expect(limitOf(await refused(askers.police, query, { n: 100, skip: false }))).toEqual([['LIMIT_EXCEEDED', 'cost']]);
    expect((await hub.ask(askers.police, query, { n: 2, skip: false })).data).toBeDefined();
    expect((await hub.ask(askers.police, query, { n: 100, skip: true })).data).toBeDefined();
  });

  test('first, on a root and below', async () => {
    for (const [query, path] of [
      ['{ tickets(first: 101) { nodes { ticketNo } } }', 'tickets'],
      ['{ myCases(first: 101) { nodes { __typename } } }', 'myCases'],
    ]) {
      hub.takeStatements();
      const answer = await hub.ask(askers.police, query ?? '');
      expect(
        answer.errors.map((e) => [e.extensions['code'], e.extensions['limit'], e.extensions['max'], e.path?.join('.')]),
      ).toEqual([['LIMIT_EXCEEDED', 'first', 100, path]]);
      expect(hub.takeStatements()).toEqual([]);
    }
    const below = await hub.ask(
      askers.grid,
      `{ gridByCode(code: "${showcase.gridCode}") { tickets(first: 101) { nodes { ticketNo } } } }`,
    );
    expect(limitOf(below)).toEqual([['LIMIT_EXCEEDED', 'first']]);
  });

  test('a negative page, and more numbers than one may ask for', async () => {
    expect(errorLines(await hub.ask(askers.police, '{ tickets(first: -1) { nodes { ticketNo } } }'))).toEqual([
      'BAD_USER_INPUT tickets',
    ]);
    const nos = Array.from({ length: 101 }, (_, i) => `x:${i}`);
    const many = await hub.ask(askers.police, 'query($nos: [ID!]!) { ticketsByNo(ticketNos: $nos) { ticketNo } }', {
      nos,
    });
    expect(limitOf(many)).toEqual([['LIMIT_EXCEEDED', 'ticketNos']]);
  });

  test('a page of nothing is a page', async () => {
    const answer = await hub.ask(
      askers.police,
      '{ tickets(first: 0) { nodes { ticketNo } pageInfo { hasNextPage endCursor } } }',
    );
    expect(answer.data).toEqual({ tickets: { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } } });
  });

  test('the body', async () => {
    const answer = await refused(askers.police, `{ __typename } # ${'x'.repeat(300_000)}`);
    expect(answer.status).toBe(413);
    expect(limitOf(answer)).toEqual([['LIMIT_EXCEEDED', 'bodyBytes']]);
  });

  const heavy = `{ tickets(first: 100) { nodes { ticketNo handoffs { runId } policeIncidents { incident { incidentNo } } houses { house { houseCode } }
    marketEntities { entity { uscc } } grid { grid { gridCode tickets(first: 20) { nodes { ticketNo handoffs { runId } } } } } } } }`;

  test('the time, as configured: nothing is given and nothing written down', async () => {
    const hasty = await startHub({ LIANQIAO_LIMITS_MILLISECONDS: '10' });
    try {
      const answer = await hasty.ask(askers.hotlineOperator, heavy);
      expect(answer.errors.map((e) => [e.extensions['code'], e.extensions['limit']])).toEqual([
        ['DEADLINE_EXCEEDED', 'milliseconds'],
      ]);
      expect(answer.data).toBeUndefined();
      expect(storedRows(hasty, 'ledger', 'SELECT disclosure_no FROM disclosure')).toEqual([]);
    } finally {
      await hasty.close();
    }
  });

  test('operations side by side, as configured', async () => {
    const narrow = await startHub({ LIANQIAO_LIMITS_CONCURRENT: '2' });
    try {
      const principal = {
        subject: 's',
        issuer: 'i',
        tokenId: 't',
        agency: 'police',
        role: 'SYSTEM',
        unit: null,
        operator: null,
        areas: [],
        grids: [],
        purposes: ['HANDLING'],
        expiresAt: 0,
      } as const;
      const request = {
        principal,
        query: ticketQuery,
        operationName: null,
        variables: {},
        purpose: 'HANDLING',
        ticket: null,
        reason: null,
        mayChange: true,
      };
      const answers = await Promise.all([1, 2, 3, 4].map(() => narrow.hub.answer(request)));
      expect(answers.map((a) => a.kind)).toEqual(['result', 'result', 'refused', 'refused']);
      const refusals = answers.flatMap((a) => (a.kind === 'refused' ? a.errors : []));
      expect(refusals.map((e) => [e.extensions['code'], e.extensions['limit']])).toEqual([
        ['LIMIT_EXCEEDED', 'concurrent'],
        ['LIMIT_EXCEEDED', 'concurrent'],
      ]);
      expect((await narrow.hub.answer(request)).kind).toBe('result');
    } finally {
      await narrow.close();
    }
  });
});
