import { afterEach, describe, expect, test } from 'vitest';
import { UNREADABLE } from '../../../src/connector/mapping.ts';
import type { RestEntity, RestPaging } from '../../../src/connector/rest/declaration.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { json, oddServer, type OddAnswer, type OddServer } from '../../kit/odd-server.ts';
import { byKeys, open, page, plain, row, type Opened } from './rest-kit.ts';

/* One service by declaration, over real sockets: what is asked of it, and what becomes of the answers that it should not give. */

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function service(
  answer: OddAnswer,
  entity: RestEntity = plain,
  settings: object = {},
  batchKeys?: number,
): Promise<Opened & { server: OddServer }> {
  const server = await oddServer(answer);
  const of = open(server.url, entity, settings, batchKeys);
  opened.push(server, of.source);
  return { ...of, server };
}

const items =
  (...rows: readonly unknown[]): OddAnswer =>
  (_, response) =>
    json(response, { items: rows });

async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error.fault;
    throw error;
  }
  return 'answered';
}

describe('keys', () => {
  test('are asked for in one call, and the answers put in their places', async () => {
    const { calls, server, statements } = await service(items(row('b'), row('a'), row('z'), row('b')));
    const found = await calls.loadByKeys(byKeys(['a', 'x', 'b']));
    expect(found).toEqual([[{ no: 'a', place: '福州' }], [], [{ no: 'b', place: '福州' }]]);
    const fields = 'fields=NO%2CPLACE%2CAT';
    expect(server.requests.map((r) => r.target)).toEqual([`/calls?no=a&no=x&no=b&${fields}`]);
    expect(statements).toEqual(['GET /calls?no=?&fields=NO,PLACE,AT']);
  });

  test('beyond a call’s most go in several, none goes nowhere', async () => {
    const echo: OddAnswer = ({ target }, response) =>
      json(response, { items: new URL(target, 'http://h').searchParams.getAll('no').map((no) => row(no)) });
    const { calls, server } = await service(echo);
    const keys = Array.from({ length: 1_234 }, (_, i) => `k${i}`);
    const found = await calls.loadByKeys(byKeys(keys));
    expect(found.map(([one]) => one?.['no'])).toEqual(keys);
    expect(server.requests).toHaveLength(Math.ceil(1_234 / 50));
    expect(await calls.loadByKeys(byKeys([]))).toEqual([]);
    expect(server.requests).toHaveLength(Math.ceil(1_234 / 50));
  });

  test('are never more in one call than the source’s settings say', async () => {
    const { calls, server } = await service(items(), plain, {}, 7);
    await calls.loadByKeys(byKeys(Array.from({ length: 20 }, (_, i) => `k${i}`)));
    expect(server.requests).toHaveLength(3);
  });

  test('of a person or place travel as they are, whatever they hold', async () => {
    const odd = ['a&b=c', '😀𠮷', "' OR 1=1 --", '100%', 'a,b', '#?/', ' '];
    const { calls, server } = await service(({ target }, response) =>
      json(response, { items: new URL(target, 'http://h').searchParams.getAll('no').map((no) => row(no)) }),
    );
    const found = await calls.loadByKeys(byKeys(odd));
    expect(found.map(([one]) => one?.['no'])).toEqual(odd);
    expect(server.requests).toHaveLength(1);
  });

  const single: RestEntity = {
    ...plain,
    keys: {
      NO: {
        kind: 'single',
        path: '/calls/{key}',
        sideBySide: 3,
        rows: ['item'],
        columns: { name: 'fields', separator: ',' },
      },
    },
  };

  test('are asked for one by one where the service knows no batch, so many side by side', async () => {
    const { calls, server, statements } = await service(async ({ target }, response) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const no = decodeURIComponent(target.slice('/calls/'.length).replace(/\?.*/, ''));
      if (no === 'gone') json(response, { error: 'none' }, 404);
      else json(response, { item: no === 'null' ? null : row(no) });
    }, single);
    const keys = ['a/b', 'gone', 'null', '..', ...Array.from({ length: 20 }, (_, i) => `k${i}`)];
    const found = await calls.loadByKeys(byKeys(keys));
    expect(found.map((of) => of.map((one) => one['no']))).toEqual(
      keys.map((key) => (['gone', 'null', '..'].includes(key) ? [] : [key])),
    );
    expect(server.requests.map((r) => r.target).filter((t) => !t.startsWith('/calls/'))).toEqual([]);
    expect(server.load.most).toBeLessThanOrEqual(3);
    expect(new Set(statements)).toEqual(new Set(['GET /calls/{key}?fields=NO,PLACE,AT']));
    expect(new Set(server.requests.map((r) => r.target.split('?')[1]))).toEqual(new Set(['fields=NO%2CPLACE%2CAT']));
  });

  test('one of them failing fails the load: nothing half is given', async () => {
    const { calls } = await service(
      ({ target }, response) => json(response, { item: row('a') }, target.includes('/b?') ? 500 : 200),
      single,
    );
    expect(await faultOf(calls.loadByKeys(byKeys(['a', 'b'])))).toBe('FAILED');
  });
});

describe('filters', () => {
  const filtered: RestEntity = {
    ...plain,
    list: {
      ...plain.list,
      method: 'POST',
      filters: {
        PLACE: { in: { name: 'places' }, prefix: { name: 'under' } },
        AT: { from: 'since', before: 'until' },
      },
    },
  };
  const at = (hour: number): string => `2026-11-05T${hour}:00:00+08:00`;

  test('that the service knows are told, and judged again where it does not keep to them', async () => {
    const { calls, server } = await service(
      items(row('a', { AT: at(10) }), row('b', { AT: at(12) }), row('c', { PLACE: '厦门' }), row('d', { SIZE: 9 })),
      filtered,
    );
    const found = await calls.loadPage(
      page({
        rows: {
          kind: 'all',
          of: [
            { kind: 'in', field: 'place', values: ['福州'] },
            { kind: 'range', field: 'at', from: at(10), before: at(12) },
            { kind: 'not', of: { kind: 'in', field: 'size', values: [9] } },
          ],
        },
      }),
    );
    expect(found).toEqual([{ no: 'a' }]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      places: ['福州'],
      since: at(10),
      until: at(12),
      fields: ['NO', 'AT', 'PLACE', 'SIZE'],
    });
  });

  test('under any or not are never told: the service would leave rows out', async () => {
    const { calls, server } = await service(items(row('a')), filtered);
    const places = { kind: 'in', field: 'place', values: ['福州'] } as const;
    await calls.loadPage(page({ rows: { kind: 'any', of: [places, { kind: 'in', field: 'no', values: ['a'] }] } }));
    await calls.loadPage(page({ rows: { kind: 'not', of: places } }));
    expect(server.requests.map((r) => Object.keys(JSON.parse(r.body) as object))).toEqual([['fields'], ['fields']]);
  });

  test('two on one column are told once', async () => {
    const { calls, server } = await service(items(row('a')), filtered);
    const within = (values: readonly string[]) => ({ kind: 'in', field: 'place', values }) as const;
    const found = await calls.loadPage(
      page({ rows: { kind: 'all', of: [within(['福州', '厦门']), within(['厦门'])] } }),
    );
    expect(found).toEqual([]);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ places: ['福州', '厦门'] });
  });
});

describe('pages', () => {
  const numbers = Array.from({ length: 25 }, (_, i) => `n${String(i).padStart(2, '0')}`);
  const rows = numbers.map((no) => row(no));
  const paged = (paging: RestPaging): RestEntity => ({ ...plain, list: { ...plain.list, paging } });
  const ask = (target: string): URLSearchParams => new URL(target, 'http://h').searchParams;

  const forms: readonly (readonly [string, RestPaging, OddAnswer, calls: number])[] = [
    [
      'by number',
      { kind: 'page', page: 'p', size: 'n', first: 1, most: 10 },
      ({ target }, response) => {
        const from = (Number(ask(target).get('p')) - 1) * 10;
        json(response, { items: rows.slice(from, from + 10) });
      },
      4,
    ],
    [
      'by number, with their number',
      { kind: 'page', page: 'p', size: 'n', first: 0, most: 10, total: ['page', 'total'] },
      ({ target }, response) => {
        const from = Number(ask(target).get('p')) * 10;
        json(response, { items: rows.slice(from, from + 10), page: { total: 25 } });
      },
      3,
    ],
    [
      'by offset',
      { kind: 'offset', offset: 'o', limit: 'n', most: 10 },
      ({ target }, response) => {
        const from = Number(ask(target).get('o'));
        json(response, { items: rows.slice(from, from + 10) });
      },
      4,
    ],
    [
      'by offset, with their number as text, in smaller pages than asked for',
      { kind: 'offset', offset: 'o', limit: 'n', most: 10, total: ['total'] },
      ({ target }, response) => {
        const from = Number(ask(target).get('o'));
        json(response, { items: rows.slice(from, from + 9), total: '25' });
      },
      3,
    ],
    [
      'by cursor',
      { kind: 'cursor', cursor: 'c', limit: 'n', next: ['next', 'at'], most: 10 },
      ({ target }, response) => {
        const from = Number(ask(target).get('c') ?? 0);
        json(response, { items: rows.slice(from, from + 10), next: from + 10 < 25 ? { at: from + 10 } : {} });
      },
      3,
    ],
    [
      'by link',
      { kind: 'link', limit: 'n', most: 10 },
      ({ target }, response) => {
        const from = Number(ask(target).get('from') ?? 0);
        if (from + 10 < 25) response.setHeader('link', `</calls?from=${from + 10}>; rel="next", </calls>; rel="first"`);
        json(response, { items: rows.slice(from, from + 10) });
      },
      3,
    ],
  ];
  test.each(forms)('%s are read to their end', async (_, paging, answer, times) => {
    const { calls, server } = await service(answer, paged(paging));
    expect(await calls.count({ kind: 'always' }, AbortSignal.timeout(5_000))).toBe(25);
    expect(server.requests).toHaveLength(times);
  });

  const loops: readonly (readonly [string, RestPaging, OddAnswer])[] = [
    ['a number that is ignored', forms[0]![1], (_, response) => json(response, { items: rows.slice(0, 10) })],
    ['an offset that is ignored', forms[2]![1], (_, response) => json(response, { items: rows.slice(0, 10) })],
    [
      'one cursor for ever',
      forms[4]![1],
      (_, response) => json(response, { items: rows.slice(0, 10), next: { at: 'x' } }),
    ],
    [
      'two links in a ring',
      forms[5]![1],
      ({ target }, response) => {
        response.setHeader('link', `</calls?from=${ask(target).get('from') === '1' ? 2 : 1}>; rel=next`);
        json(response, { items: rows.slice(0, 10) });
      },
    ],
    ['more rows than a page may have', forms[0]![1], (_, response) => json(response, { items: rows })],
    ['a cursor that is none', forms[4]![1], (_, response) => json(response, { items: rows, next: { at: {} } })],
  ];
  test.each(loops)('%s: refused, not followed', async (_, paging, answer) => {
    const { calls, server } = await service(answer, paged(paging));
    expect(await faultOf(calls.count({ kind: 'always' }, AbortSignal.timeout(5_000)))).toBe('MALFORMED');
    expect(server.requests.length).toBeLessThan(5);
  });

  test('that never end are given up at a bound', async () => {
    let next = 0;
    const { calls } = await service(
      (_, response) =>
        json(response, {
          items: Array.from({ length: 10_000 }, (__, i) => row(`${next}-${i}`)),
          next: { at: (next += 1) },
        }),
      paged({ kind: 'cursor', cursor: 'c', limit: 'n', next: ['next', 'at'], most: 10_000 }),
    );
    // It says nothing of the service's health: a load that asks for too much must not have it let alone.
    expect(await faultOf(calls.count({ kind: 'always' }, AbortSignal.timeout(20_000)))).toBe('REFUSED');
  });

  test('are never looked for on another service', async () => {
    const elsewhere = await oddServer(items(row('stolen')));
    opened.push(elsewhere);
    const { calls } = await service(
      (_, response) => {
        response.setHeader('link', `<${elsewhere.url}/calls>; rel="next"`);
        json(response, { items: [] });
      },
      paged({ kind: 'link', limit: 'n', most: 10 }),
    );
    expect(await faultOf(calls.count({ kind: 'always' }, AbortSignal.timeout(5_000)))).toBe('MALFORMED');
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('an answer that should not be', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['a page of HTML', '<html>登录</html>'],
    ['half JSON', '{"items":[{"NO":"a"'],
    ['another shape', '{"rows":[]}'],
    ['a list of texts', '{"items":["a"]}'],
    ['null', 'null'],
    ['a number that would be rounded', '{"items":[{"NO":350102198001011234}]}'],
    ['nothing', ''],
  ];
  test.each(texts)('%s is refused', async (_, text) => {
    const { calls } = await service((__, response) => void response.end(text));
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
  });

  test('a column that is gone is not empty, and one that is no value cannot be read', async () => {
    const { NOTE: _, ...gone } = row('a');
    const { calls } = await service(items(gone, row('b', { NOTE: { de: 'x' } }), row('c', { SIZE: 'many' }), row('d')));
    const found = await calls.loadByKeys(byKeys(['a', 'b', 'c', 'd'], { fields: ['no', 'size', 'note'] }));
    expect(found.flat()).toEqual([
      { no: 'a', size: 1, note: UNREADABLE },
      { no: 'b', size: 1, note: UNREADABLE },
      { no: 'c', size: UNREADABLE, note: null },
      { no: 'd', size: 1, note: null },
    ]);
  });

  test('what the service leaves out is empty only where its declaration says so', async () => {
    const { NOTE: _, ...without } = row('a');
    const { calls } = await service(items(without), { ...plain, omitsNulls: true });
    expect(await calls.loadByKeys(byKeys(['a'], { fields: ['note'] }))).toEqual([[{ note: null }]]);
  });

  test('columns are found where the declaration says', async () => {
    const { calls, server } = await service(items({ NO: 'a', where: { name: '台江' }, AT: null }), {
      ...plain,
      at: { PLACE: ['where', 'name'] },
    });
    expect(await calls.loadByKeys(byKeys(['a']))).toEqual([[{ no: 'a', place: '台江' }]]);
    expect(server.requests[0]?.target).toContain('fields=NO%2Cwhere.name%2CAT');
  });

  test.each([
    [401, 'REFUSED'],
    [404, 'REFUSED'],
    [429, 'OVERLOADED'],
    [500, 'FAILED'],
  ])('a status %i is %s', async (status, fault) => {
    const { calls } = await service((_, response) => json(response, { items: [row('a')] }, status));
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe(fault);
  });
});

test('who gives up ends the calls that are under way', async () => {
  const { calls, server } = await service(() => undefined);
  const gone = AbortSignal.timeout(30);
  expect(await faultOf(calls.loadByKeys(byKeys(['a'], { signal: gone })))).toBe('TIMEOUT');
  await expect.poll(() => server.load.now).toBe(0);
});

test('no key, secret or value stands in a statement or an error', async () => {
  process.env['LIANQIAO_TEST_SECRET'] = 'geheim-42';
  const { calls, statements } = await service((_, response) => json(response, { error: '13800590517' }, 500), plain, {
    auth: { scheme: 'bearer', token: { env: 'LIANQIAO_TEST_SECRET' } },
  });
  const error: unknown = await calls.loadByKeys(byKeys(['13800590517'])).catch((e: unknown) => e);
  const said = [...statements, String(error), (error as Error).stack ?? ''].join('\n');
  for (const value of ['13800590517', 'geheim-42', '127.0.0.1']) expect(said).not.toContain(value);
});
