import { describe, expect, test } from 'vitest';
import type { GraphqlEntity, GraphqlPaging } from '../../../src/connector/graphql/declaration.ts';
import { UNREADABLE } from '../../../src/connector/mapping.ts';
import { json } from '../../kit/odd-server.ts';
import { byKeys, page, row } from '../rest/rest-kit.ts';
import { aliasesOf, askedOf, each, faultOf, plain, service, strings } from './graphql-kit.ts';

/* A remote GraphQL service by declaration, over real sockets: what it is asked, and what becomes of answers that it should not give. */

describe('keys', () => {
  test('travel as a variable, the columns as a selection, the rows to their places', async () => {
    const { calls, server, statements } = await service(each(() => [row('b'), row('a'), row('z'), row('a')]));
    const odd = "a' } } # 😀";
    expect(await calls.loadByKeys(byKeys(['a', odd, 'b']))).toEqual([
      [{ no: 'a', place: '福州' }],
      [],
      [{ no: 'b', place: '福州' }],
    ]);
    const query = 'query ($p0_nos: [String!]) { p0: calls(nos: $p0_nos) { NO PLACE AT } }';
    expect(server.requests.map((r) => askedOf(r.body))).toEqual([{ query, variables: { p0_nos: ['a', odd, 'b'] } }]);
    expect(statements).toEqual([query]);
    expect(server.requests[0]?.target).toBe('/graphql');
  });

  test('beyond a call’s most go in several; none goes nowhere', async () => {
    const { calls, server } = await service(
      each((alias, { variables }) => (variables[`${alias}_nos`] as string[]).map((no) => row(no))),
    );
    const keys = Array.from({ length: 1_234 }, (_, i) => `k${i}`);
    const found = await calls.loadByKeys(byKeys(keys));
    expect(found.map(([one]) => one?.['no'])).toEqual(keys);
    expect(await calls.loadByKeys(byKeys([]))).toEqual([]);
    expect(server.requests).toHaveLength(Math.ceil(1_234 / 50));
  });

  test('of a service that knows one at a time go under one alias each', async () => {
    const single: GraphqlEntity = {
      ...plain,
      keys: { NO: { kind: 'single', field: 'call', argument: { name: 'no', type: 'String!' }, most: 200 } },
    };
    const { calls, server } = await service(
      each((alias, { variables }) => {
        const no = String(variables[`${alias}_no`]);
        return no === 'gone' ? null : row(no);
      }),
      single,
    );
    const keys = ['gone', ...Array.from({ length: 119 }, (_, i) => `k${i}`)];
    const found = await calls.loadByKeys(byKeys(keys));
    expect(found.map(([one]) => one?.['no'])).toEqual([undefined, ...keys.slice(1)]);
    // 50 fields in one document at most.
    expect(server.requests).toHaveLength(3);
  });
});

describe('loads of one turn', () => {
  test('travel together, each with its own answer', async () => {
    const { calls, server } = await service(
      each((alias, { variables }) => [row(String((variables[`${alias}_nos`] as string[])[0]))]),
    );
    const found = await Promise.all(['a', 'b', 'c'].map((key) => calls.loadByKeys(byKeys([key]))));
    expect(found.map((of) => of[0]?.[0]?.['no'])).toEqual(['a', 'b', 'c']);
    expect(server.requests).toHaveLength(1);
  });

  test('one that fails costs itself only', async () => {
    const { calls } = await service((_, response) =>
      json(response, { data: { p0: [row('a')], p1: null }, errors: [{ message: '13800590517', path: ['p1'] }] }),
    );
    const [a, b] = await Promise.allSettled([calls.loadByKeys(byKeys(['a'])), calls.loadByKeys(byKeys(['b']))]);
    expect(a).toEqual({ status: 'fulfilled', value: [[{ no: 'a', place: '福州' }]] });
    expect(b).toMatchObject({
      status: 'rejected',
      reason: { fault: 'FAILED', message: 'the fire source answered with errors' },
    });
  });

  test('one that the service would not have costs itself only', async () => {
    const { calls, server } = await service(({ body }, response) => {
      const { query } = askedOf(body);
      if (query.includes('places')) json(response, { errors: [{ message: 'Unknown argument' }] }, 400);
      else json(response, { data: Object.fromEntries(aliasesOf(query).map((a) => [a, [row('a')]])) });
    });
    const [a, b] = await Promise.allSettled([
      calls.loadByKeys(byKeys(['a'])),
      calls.loadByKeys(byKeys(['b'], { key: 'place' })),
    ]);
    expect(a.status).toBe('fulfilled');
    expect(b).toMatchObject({ status: 'rejected', reason: { fault: 'REFUSED' } });
    expect(server.requests).toHaveLength(3);
  });

  test('one that gives up leaves the others; the last one ends the call', async () => {
    let answer: (() => void) | null = null;
    const { calls, server } = await service(({ body }, response) => {
      answer = () =>
        json(response, { data: Object.fromEntries(aliasesOf(askedOf(body).query).map((a) => [a, [row('b')]])) });
    });
    const gone = new AbortController();
    const first = calls.loadByKeys(byKeys(['a'], { signal: gone.signal }));
    const second = calls.loadByKeys(byKeys(['b']));
    await expect.poll(() => answer).not.toBeNull();
    gone.abort(new Error('gave up'));
    await expect(first).rejects.toThrow('gave up');
    (answer as unknown as () => void)();
    expect(await second).toEqual([[{ no: 'b', place: '福州' }]]);

    const both = new AbortController();
    const third = calls.loadByKeys(byKeys(['a'], { signal: both.signal }));
    await expect.poll(() => server.requests.length).toBe(2);
    both.abort(new Error('gave up too'));
    await expect(third).rejects.toThrow('gave up too');
    await expect.poll(() => server.load.now).toBe(0);
  });
});

describe('filters and pages', () => {
  const filtered: GraphqlEntity = {
    ...plain,
    list: {
      ...plain.list,
      filters: { PLACE: { in: { name: 'places', ...strings } }, AT: { from: { name: 'since', type: 'String' } } },
    },
  };

  test('what the service knows is told, and judged again', async () => {
    const { calls, server } = await service(
      each(() => [row('a'), row('c', { PLACE: '厦门' })]),
      filtered,
    );
    const rows = {
      kind: 'all',
      of: [
        { kind: 'in', field: 'place', values: ['福州'] },
        { kind: 'range', field: 'at', from: '2026-11-01T00:00:00+08:00' },
        { kind: 'not', of: { kind: 'in', field: 'size', values: [9] } },
      ],
    } as const;
    expect(await calls.loadPage(page({ rows }))).toEqual([{ no: 'a' }]);
    expect(askedOf(server.requests[0]?.body ?? '').variables).toEqual({
      p0_places: ['福州'],
      p0_since: '2026-11-01T00:00:00+08:00',
    });
    await calls.loadPage(page({ rows: { kind: 'not', of: { kind: 'in', field: 'place', values: ['福州'] } } }));
    expect(askedOf(server.requests[1]?.body ?? '').variables).toEqual({});
  });

  const all = Array.from({ length: 25 }, (_, i) => row(`n${String(i).padStart(2, '0')}`));
  const relay: GraphqlPaging = { kind: 'relay', most: 10 };
  const offset: GraphqlPaging = {
    kind: 'offset',
    offset: { name: 'skip', type: 'Int' },
    limit: { name: 'take', type: 'Int' },
    most: 10,
  };
  const paged = (paging: GraphqlPaging, rows: readonly string[] = []): GraphqlEntity => ({
    ...plain,
    list: { field: 'calls', rows, paging },
  });

  test.each([
    [
      'offset',
      paged(offset),
      each((a, { variables }) => all.slice(Number(variables[`${a}_skip`]), Number(variables[`${a}_skip`]) + 10)),
      // The last one is empty.
      4,
    ],
    [
      'Relay cursors',
      paged(relay, ['nodes']),
      each((a, { variables }) => {
        const from = Number(variables[`${a}_after`] ?? 0);
        const pageInfo = { hasNextPage: from + 10 < 25, endCursor: String(from + 10) };
        return { nodes: all.slice(from, from + 10), pageInfo };
      }),
      3,
    ],
  ] as const)('pages by %s are read to their end', async (_, entity, answer, requests) => {
    const { calls, server } = await service(answer, entity);
    expect(await calls.count({ kind: 'always' }, AbortSignal.timeout(5_000))).toBe(25);
    expect(server.requests).toHaveLength(requests);
  });

  test.each([
    ['an offset that is ignored', paged(offset), () => all.slice(0, 10)],
    ['more rows than a page may have', paged(offset), () => all],
    [
      'one cursor for ever',
      paged(relay, ['nodes']),
      () => ({ nodes: all, pageInfo: { hasNextPage: true, endCursor: 'x' } }),
    ],
    [
      'a next page without a cursor',
      paged(relay, ['nodes']),
      () => ({ nodes: all, pageInfo: { hasNextPage: true, endCursor: null } }),
    ],
    ['no list', paged(relay, ['nodes']), () => ({ nodes: null, pageInfo: { hasNextPage: false, endCursor: null } })],
    ['a row that is no object', plain, () => ['a']],
  ] as const)('%s: refused, not followed', async (_, entity, value) => {
    const { calls, server } = await service(each(value), entity);
    expect(await faultOf(calls.count({ kind: 'always' }, AbortSignal.timeout(5_000)))).toBe('MALFORMED');
    expect(server.requests.length).toBeLessThan(4);
  });
});

describe('an answer that should not be', () => {
  const answers: readonly (readonly [string, number, string, string])[] = [
    ['HTML', 200, '<html>', 'MALFORMED'],
    ['half JSON', 200, '{"data":{"p0":[', 'MALFORMED'],
    ['another shape', 200, '[]', 'MALFORMED'],
    ['nothing', 200, '{}', 'MALFORMED'],
    ['no data and no error', 200, '{"data":null}', 'MALFORMED'],
    ['without what was asked', 200, '{"data":{}}', 'MALFORMED'],
    ['errors alone', 200, '{"errors":[{"message":"broken"}]}', 'FAILED'],
    ['a field that is gone', 400, '{"errors":[{"message":"Cannot query field"}]}', 'REFUSED'],
    [
      'a field that is gone, with the status 200',
      200,
      '{"errors":[{"message":"x","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}',
      'REFUSED',
    ],
    ['a proxy’s 400', 400, 'Bad Request', 'REFUSED'],
    ['a failure', 500, '{"errors":[{"message":"x"}]}', 'FAILED'],
    ['a request for patience', 503, '', 'OVERLOADED'],
  ];
  test.each(answers)('%s', async (_, status, text, fault) => {
    const { calls } = await service((__, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(text);
    });
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe(fault);
  });

  test('a value that is none of its kind cannot be read', async () => {
    const { calls } = await service(each(() => [row('a', { SIZE: 'x', NOTE: { de: 1 } })]));
    const found = await calls.loadByKeys(byKeys(['a'], { fields: ['no', 'size', 'note'] }));
    expect(found).toEqual([[{ no: 'a', size: UNREADABLE, note: UNREADABLE }]]);
  });

  test('below an object that is null everything is null', async () => {
    const { calls } = await service(
      each(() => [
        { ...row('a'), where: null },
        { ...row('b'), where: {} },
      ]),
      {
        ...plain,
        at: { PLACE: ['where', 'name'] },
      },
    );
    const found = await calls.loadByKeys(byKeys(['a', 'b']));
    expect(found).toEqual([[{ no: 'a', place: null }], [{ no: 'b', place: UNREADABLE }]]);
  });
});

test('health asks for nothing but the type’s name', async () => {
  const { ping, server } = await service(each(() => 'Query'));
  await ping(AbortSignal.timeout(20_000));
  expect(askedOf(server.requests[0]?.body ?? '').query).toBe('query { p0: __typename  }');
});

test('no key, secret or value stands in a statement or an error', async () => {
  process.env['LIANQIAO_TEST_SECRET'] = 'geheim-42';
  const { calls, statements, server } = await service(
    (_, response) => json(response, { errors: [{ message: '13800590517' }] }),
    plain,
    {
      auth: { scheme: 'bearer', token: { env: 'LIANQIAO_TEST_SECRET' } },
    },
  );
  const error: unknown = await calls.loadByKeys(byKeys(['13800590517'])).catch((e: unknown) => e);
  expect(server.requests[0]?.headers.authorization).toBe('Bearer geheim-42');
  const said = [...statements, String(error), (error as Error).stack ?? ''].join('\n');
  for (const value of ['13800590517', 'geheim-42', '127.0.0.1']) expect(said).not.toContain(value);
});
