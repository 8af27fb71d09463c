import { describe, expect, test } from 'vitest';
import type { GraphqlEntity, GraphqlList, GraphqlPaging } from '../../../src/connector/graphql/declaration.ts';
import { UNREADABLE } from '../../../src/connector/mapping.ts';
import { json, type OddAnswer } from '../../kit/odd-server.ts';
import { byKeys, page, row } from '../rest/rest-kit.ts';
import { aliasesOf, askedOf, each, faultOf, plain, service, strings } from './graphql-kit.ts';

/* What a service, a key or a declaration should not do: no row is lost without a word, nothing is read that was not asked for. */

const signal = (): AbortSignal => AbortSignal.timeout(20_000);
const rows = Array.from({ length: 25 }, (_, i) => row(`n${String(i).padStart(2, '0')}`));
const listing = (list: Partial<GraphqlList>): GraphqlEntity => ({ ...plain, list: { ...plain.list, ...list } });
const byOffset: GraphqlPaging = {
  kind: 'offset',
  offset: { name: 'skip', type: 'Int' },
  limit: { name: 'take', type: 'Int' },
  most: 10,
};
const relay: GraphqlPaging = { kind: 'relay', most: 10 };
const everything = { kind: 'always' } as const;

describe('pages by offset', () => {
  test('smaller than they were asked for: all rows are read none the less, by keys too', async () => {
    const { calls, server } = await service(
      each((a, { variables }) => {
        const from = Number(variables[`${a}_skip`]);
        return rows.slice(from, from + 4);
      }),
      listing({ paging: byOffset }),
    );
    expect(await calls.count(everything, signal())).toBe(25);
    const skips = server.requests.map(({ body }) => askedOf(body).variables['p0_skip']);
    expect(skips).toEqual([0, 4, 8, 12, 16, 20, 24, 25]);
    const found = await calls.loadByKeys(byKeys(rows.map((one) => String(one['NO']))));
    expect(found.map((of) => of.length)).toEqual(rows.map(() => 1));
  });

  const counted = listing({ rows: ['items'], paging: { ...byOffset, total: 'total' } });
  const answer = (size: number, total: unknown) =>
    each((a, { variables }) => {
      const from = Number(variables[`${a}_skip`]);
      return { items: rows.slice(from, from + size), total };
    });

  test('end with the number of all rows, where the service tells it', async () => {
    const { calls, server } = await service(answer(10, 25), counted);
    expect(await calls.count(everything, signal())).toBe(25);
    expect(server.requests).toHaveLength(3);
    expect(askedOf(server.requests[0]?.body ?? '').query).toContain('{ items { NO } total }');
  });

  test.each([[30], [null], ['many'], [-1], [undefined]])('and %j rows in all are not 25', async (total) => {
    const { calls } = await service(answer(10, total), counted);
    expect(await faultOf(calls.count(everything, signal()))).toBe('MALFORMED');
  });

  test('are in some order of the service’s, whatever is wanted: rows without one could be left out', async () => {
    const order = { argument: { name: 'sort', type: 'Sort' }, values: { 'at DESC, no DESC': 'NEWEST' } };
    const { calls, server } = await service(
      each((a, { variables }) => rows.slice(Number(variables[`${a}_skip`])).slice(0, 10)),
      listing({ paging: byOffset, order }),
    );
    await calls.count(everything, signal());
    await calls.loadByKeys(byKeys(['n01']));
    const sorts = server.requests.map(({ body }) => askedOf(body).variables['p0_sort']);
    expect(new Set(sorts)).toEqual(new Set(['NEWEST']));
  });

  test('are as large as they come where this service neither sorts nor filters for the one that is wanted', async () => {
    const order = { argument: { name: 'sort', type: 'Sort' }, values: { 'at DESC, no DESC': 'NEWEST' } };
    const filters = { PLACE: { in: { name: 'places', ...strings } } };
    const sizes = async (list: Partial<GraphqlList>, field: string, after?: readonly string[]): Promise<unknown[]> => {
      const { calls, server } = await service(
        each((a, { variables }) => {
          const from = Number(variables[`${a}_skip`]);
          return rows.toReversed().slice(from, from + Number(variables[`${a}_take`]));
        }),
        listing({ paging: { ...byOffset, most: 500 }, ...list }),
      );
      const of = { limit: 1, rows: { kind: 'in', field, values: ['福州'] } as const };
      await calls.loadPage(page(after === undefined ? of : { ...of, after }));
      return server.requests.map(({ body }) => askedOf(body).variables['p0_take']);
    };
    expect(await sizes({ order, filters }, 'place')).toEqual([1]);
    expect(await sizes({ order, filters }, 'note')).toEqual([500, 500]);
    expect(await sizes({ filters }, 'place')).toEqual([500, 500]);
    const after = ['2026-11-05T10:00:00+08:00', 'n10'];
    expect(await sizes({ order, filters }, 'place', after)).toEqual([500]);
  });

  test('that go on begin at the last one’s value, where the service compares it', async () => {
    const order = { argument: { name: 'sort', type: 'Sort' }, values: { 'at DESC, no DESC': 'NEWEST' } };
    const { calls, server } = await service(
      each((a, { variables }) => {
        const from = Number(variables[`${a}_skip`]);
        return rows.toReversed().slice(from, from + Number(variables[`${a}_take`]));
      }),
      listing({ paging: byOffset, order, filters: { AT: { upTo: { name: 'until', type: 'String' } } } }),
    );
    const after = ['2026-11-05T10:00:00+08:00', 'n10'];
    expect(await calls.loadPage(page({ after, limit: 2 }))).toEqual([{ no: 'n09' }, { no: 'n08' }]);
    expect(askedOf(server.requests[0]?.body ?? '').variables['p0_until']).toBe('2026-11-05T10:00:00+08:00');
  });
});

test.each([
  [byOffset, (from: number) => [row(`n${from}`)]],
  [
    relay,
    (from: number) => ({ nodes: [row(`n${from}`)], pageInfo: { hasNextPage: true, endCursor: String(from + 1) } }),
  ],
] as const)('pages of one row each ($kind) are given up at the bound of one load', async (paging, answer) => {
  const { calls, server } = await service(
    each((a, { variables }) => answer(Number(variables[`${a}_skip`] ?? variables[`${a}_after`] ?? 0))),
    listing({ paging, rows: paging.kind === 'relay' ? ['nodes'] : [] }),
    { loadPages: 20 },
  );
  expect(await faultOf(calls.count(everything, signal()))).toBe('REFUSED');
  expect(server.requests.length).toBeLessThanOrEqual(22);
});

describe('pages by cursor', () => {
  const paged = listing({ rows: ['nodes'], paging: relay });

  test.each([
    ['no pageInfo', undefined],
    ['a pageInfo that is null', null],
    ['no hasNextPage', { endCursor: 'x' }],
    ['a hasNextPage that is null', { hasNextPage: null, endCursor: 'x' }],
    ['a hasNextPage that is a text', { hasNextPage: 'true', endCursor: 'x' }],
    ['an endCursor that is empty', { hasNextPage: true, endCursor: '' }],
  ])('%s: refused, since more may come', async (_, pageInfo) => {
    const { calls, server } = await service(
      each(() => ({ nodes: rows.slice(0, 10), pageInfo })),
      paged,
    );
    expect(await faultOf(calls.count(everything, signal()))).toBe('MALFORMED');
    expect(server.requests).toHaveLength(1);
  });

  test('new cursors to the same page: refused', async () => {
    let n = 0;
    const { calls, server } = await service(
      each(() => ({ nodes: rows.slice(0, 10), pageInfo: { hasNextPage: true, endCursor: `c${(n += 1)}` } })),
      paged,
    );
    expect(await faultOf(calls.count(everything, signal()))).toBe('MALFORMED');
    expect(server.requests).toHaveLength(2);
  });

  test('without rows may come before others, not for ever', async () => {
    let n = 0;
    const sparse = await service(
      each(() => ({ nodes: n === 20 ? rows : [], pageInfo: { hasNextPage: n < 20, endCursor: `c${(n += 1)}` } })),
      paged,
    );
    expect(await sparse.calls.count(everything, signal())).toBe(25);
    const endless = await service(
      each(() => ({ nodes: [], pageInfo: { hasNextPage: true, endCursor: `c${(n += 1)}` } })),
      paged,
    );
    expect(await faultOf(endless.calls.count(everything, signal()))).toBe('MALFORMED');
    expect(endless.server.requests.length).toBeLessThan(200);
  });

  const edges: GraphqlEntity = {
    ...listing({ rows: ['edges'], paging: relay }),
    at: Object.fromEntries(['NO', 'PLACE', 'AT', 'SIZE', 'NOTE'].map((c) => [c, ['node', c]])),
  };
  const pageInfo = { hasNextPage: false, endCursor: null };

  test('as edges are read through their nodes', async () => {
    const { calls } = await service(
      each(() => ({ edges: rows.map((node) => ({ node })), pageInfo })),
      edges,
    );
    expect(await calls.count(everything, signal())).toBe(25);
  });

  test.each([
    ['an edge that is null', edges, { edges: [{ node: row('a') }, null], pageInfo }],
    ['an edge whose node is null', edges, { edges: [{ node: row('a') }, { node: null }], pageInfo }],
    ['a node that is null', paged, { nodes: [row('a'), null], pageInfo }],
  ])('%s stands for a record that nothing is said of: refused', async (_, entity, value) => {
    const { calls } = await service(
      each(() => value),
      entity,
    );
    expect(await faultOf(calls.count(everything, signal()))).toBe('MALFORMED');
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
  });
});

describe('keys', () => {
  const single = (most: number): GraphqlEntity => ({
    ...plain,
    keys: {
      NO: { kind: 'single', field: 'call', argument: { name: 'no', type: 'String!' }, most },
      PLACE: { kind: 'list', argument: { name: 'places', ...strings }, most: 50 },
    },
  });
  const one = each((alias, { variables }) => {
    const no = String(variables[`${alias}_no`]);
    return no.startsWith('gone') ? null : row(no);
  });

  test('asked twice, and of nobody, come to their places', async () => {
    const { calls, server } = await service(one, single(50));
    const keys = ['a', 'gone', 'b', 'a', 'gone', ''];
    const found = await calls.loadByKeys(byKeys(keys));
    expect(found.map((of) => of.map((r) => r['no']))).toEqual([['a'], [], ['b'], ['a'], [], []]);
    expect(aliasesOf(askedOf(server.requests[0]?.body ?? '').query)).toHaveLength(3);
  });

  test('one by one: no document holds more of them than the service takes, whoever asks', async () => {
    const { calls, server } = await service(
      each((alias, asked) =>
        asked.variables[`${alias}_places`] === undefined
          ? row(String(asked.variables[`${alias}_no`]))
          : [row('p', { PLACE: '厦门' })],
      ),
      single(4),
    );
    const [a, b, c] = await Promise.all([
      calls.loadByKeys(byKeys(['a1', 'a2', 'a3', 'a4'])),
      calls.loadByKeys(byKeys(['b1', 'b2', 'b3'])),
      calls.loadByKeys(byKeys(['厦门'], { key: 'place' })),
    ]);
    expect([a, b, c].map((lists) => lists.map((of) => of[0]?.['no']))).toEqual([
      ['a1', 'a2', 'a3', 'a4'],
      ['b1', 'b2', 'b3'],
      ['p'],
    ]);
    const counts = server.requests.map(({ body }) => askedOf(body).query.match(/: call\(/g)?.length ?? 0);
    expect(counts).toEqual([4, 3]);
  });

  test('whose column is gone from the rows have not none', async () => {
    const { NO: _, ...without } = row('a');
    const list = await service(each(() => [row('a'), without]));
    expect(await faultOf(list.calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
    const alone = await service(
      each(() => without),
      single(50),
    );
    expect(await faultOf(alone.calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
  });

  test('that are the words null and undefined do not find rows without a value, which are refused', async () => {
    const words = await service(each(() => [row('b', { PLACE: 'null' })]));
    const found = await words.calls.loadByKeys(byKeys(['null', 'undefined'], { key: 'place' }));
    expect(found.map((of) => of.map((r) => r['no']))).toEqual([['b'], []]);
    const none = await service(each(() => [row('a', { PLACE: null }), row('b', { PLACE: 'null' })]));
    expect(await faultOf(none.calls.loadByKeys(byKeys(['null'], { key: 'place' })))).toBe('MALFORMED');
  });

  test.each(['9007199254740993', '-9007199254740993', '1e400'])(
    '%s as a number is refused: it would be another one',
    async (number) => {
      const { calls } = await service((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"data":{"p0":[{"NO":${number},"PLACE":"x","AT":null}]}}`);
      });
      expect(await faultOf(calls.loadByKeys(byKeys(['9007199254740992'])))).toBe('MALFORMED');
    },
  );

  test('rows without one are there, where nobody asks by it', async () => {
    const { calls } = await service(each(() => [row('a'), row('b', { NO: null }), row('c', { NO: { x: 1 } })]));
    expect(await calls.count(everything, signal())).toBe(3);
    const found = await calls.loadByKeys(byKeys(['福州'], { key: 'place', fields: ['no'] }));
    expect(found).toEqual([expect.arrayContaining([{ no: 'a' }, { no: null }, { no: UNREADABLE }])]);
  });

  test('are values only, whatever text they hold', async () => {
    const odd = ['a"){x}', '$p0_nos', '__typename', '\\u0022', '"""'];
    const { calls, server } = await service(
      each((a, { variables }) => (variables[`${a}_nos`] as string[]).map((no) => row(no))),
    );
    const found = await calls.loadByKeys(byKeys(odd));
    expect(found.map((of) => of[0]?.['no'])).toEqual(odd);
    expect(askedOf(server.requests[0]?.body ?? '').query).toBe(
      'query ($p0_nos: [String!]) { p0: calls(nos: $p0_nos) { NO PLACE AT } }',
    );
  });
});

describe('errors beside data', () => {
  const failing =
    (...errors: readonly object[]): OddAnswer =>
    ({ body }, response) => {
      const data = aliasesOf(askedOf(body).query).map((a) => [a, a === 'p0' ? [row('a')] : []]);
      json(response, { data: Object.fromEntries(data), errors });
    };

  test.each([
    ['no path', {}],
    ['a path that is null', { path: null }],
    ['an empty path', { path: [] }],
    ['the path of another name', { path: ['calls'] }],
    ['a path that begins with a place', { path: [0] }],
  ])('with %s cost all: nobody knows what is missing', async (_, path) => {
    const { calls } = await service(failing({ message: 'x', ...path }));
    const loads = await Promise.all(['a', 'b'].map((key) => faultOf(calls.loadByKeys(byKeys([key])))));
    expect(loads).toEqual(['FAILED', 'FAILED']);
  });

  test('within one part’s rows cost that part: its rows may be fewer', async () => {
    const { calls } = await service(failing({ message: 'x', path: ['p1', 3, 'NO'] }));
    const loads = await Promise.all(['a', 'b'].map((key) => faultOf(calls.loadByKeys(byKeys([key])))));
    expect(loads).toEqual(['answered', 'FAILED']);
  });

  test('that are none are none', async () => {
    const { calls } = await service(({ body }, response) =>
      json(response, {
        data: Object.fromEntries(aliasesOf(askedOf(body).query).map((a) => [a, [row('a')]])),
        errors: null,
      }),
    );
    expect(await calls.loadByKeys(byKeys(['a']))).toEqual([[{ no: 'a', place: '福州' }]]);
  });

  test('of a field that must not be null take no other’s rows with them', async () => {
    const { calls, server } = await service(({ body }, response) => {
      const { query, variables } = askedOf(body);
      const bad = aliasesOf(query).find((a) => (variables[`${a}_nos`] as string[])[0] === 'b');
      if (bad !== undefined) return json(response, { data: null, errors: [{ message: 'x', path: [bad] }] });
      json(response, {
        data: Object.fromEntries(
          aliasesOf(query).map((a) => [a, [row(String((variables[`${a}_nos`] as string[])[0]))]]),
        ),
      });
    });
    const loads = ['a', 'b', 'c'].map((key) => faultOf(calls.loadByKeys(byKeys([key]))));
    expect(await Promise.all(loads)).toEqual(['answered', 'FAILED', 'answered']);
    expect(server.requests).toHaveLength(2);
  });

  test('data under a status that refuses is no answer', async () => {
    const { calls } = await service((_, response) => json(response, { data: { p0: [] } }, 400));
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe('REFUSED');
  });
});

test('an answer beyond all measure is given up', async () => {
  const { calls } = await service(
    each(() => rows.map((one) => ({ ...one, NOTE: 'x'.repeat(10_000) }))),
    plain,
    { answerBytes: 100_000 },
  );
  expect(await faultOf(calls.count(everything, signal()))).toBe('MALFORMED');
  const many = await service(each(() => Array.from({ length: 100_001 }, (_, i) => ({ NO: `n${i}` }))));
  expect(await faultOf(many.calls.count(everything, signal()))).toBe('REFUSED');
});

describe('a declaration that cannot work stops the start', () => {
  const filtered = (name: string, type = '[String!]'): Partial<GraphqlList> => ({
    filters: { PLACE: { in: { name, type } } },
  });
  const wrong: readonly (readonly [string, GraphqlEntity, RegExp])[] = [
    ['keys of a column that nothing reads', { ...plain, keys: { NONE: plain.keys['NO']! } }, /column NONE/],
    ['a way to a column that nothing reads', { ...plain, at: { NONE: ['x'] } }, /column NONE/],
    ['a column that is no field’s name', { ...plain, at: { PLACE: ['地点'] } }, /地点 is no way/],
    ['a way through a value', { ...plain, at: { PLACE: ['NO', 'place'] } }, /NO is both/],
    ['more in a field’s name', listing({ field: 'calls { secret }' }), /no field/],
    ['a filter on what is not compared', listing({ filters: { NONE: {} } }), /compared by the column NONE/],
    ['an argument that takes one value for many', listing(filtered('places', 'String')), /take a list/],
    ['an argument with two meanings', listing({ ...filtered('take'), paging: byOffset }), /take has two meanings/],
    [
      'a key that is the cursor',
      {
        ...plain,
        list: { ...plain.list, rows: ['nodes'], paging: relay },
        keys: { NO: { kind: 'list', argument: { name: 'after', ...strings }, most: 5 } },
      },
      /after has two meanings/,
    ],
    [
      'an order of nothing',
      listing({ order: { argument: { name: 's', type: 'S' }, values: { 'no UP': 'X' } } }),
      /no list of fields/,
    ],
    ['pages of nothing', listing({ paging: { ...byOffset, most: 0 } }), /at least one row/],
    ['cursors beside the list itself', listing({ paging: relay }), /beside the rows/],
    ['a total beside the list itself', listing({ paging: { ...byOffset, total: 'total' } }), /beside the one/],
    ['documents of no keys', { ...plain, keys: { NO: { ...plain.keys['NO']!, most: 0 } } }, /at least one key/],
  ];
  test.each(wrong)('%s', async (_, entity, why) => {
    await expect(service(() => undefined, entity)).rejects.toThrow(why);
  });
});
