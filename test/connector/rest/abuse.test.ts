import { afterEach, describe, expect, test } from 'vitest';
import type { RestCall, RestEntity, RestPaging, RestService } from '../../../src/connector/rest/declaration.ts';
import { UNREADABLE } from '../../../src/connector/mapping.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { json, oddServer, type OddAnswer, type OddServer } from '../../kit/odd-server.ts';
import { byKeys, call, open, page, plain, row, type Opened } from './rest-kit.ts';

/* What a service, a key or a declaration should not do: no row is lost without a word, nothing is read that was not asked for. */

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function service(
  answer: OddAnswer,
  entity: RestEntity = plain,
  more: Partial<RestService> = {},
  settings: object = {},
): Promise<Opened & { server: OddServer }> {
  const server = await oddServer(answer);
  const of = open(server.url, entity, settings, 500, more);
  opened.push(server, of.source);
  return { ...of, server };
}

const signal = (): AbortSignal => AbortSignal.timeout(5_000);
const listing = (list: Partial<RestCall>): RestEntity => ({ ...plain, list: { ...plain.list, ...list } });
const asked = (target: string): URLSearchParams => new URL(target, 'http://h').searchParams;
const rows = Array.from({ length: 25 }, (_, i) => row(`n${String(i).padStart(2, '0')}`));

async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error.fault;
    throw error;
  }
  return 'answered';
}

describe('pages', () => {
  const byPage: RestPaging = { kind: 'page', page: 'p', size: 'n', first: 1, most: 10 };
  const byOffset: RestPaging = { kind: 'offset', offset: 'o', limit: 'n', most: 10 };
  const byCursor: RestPaging = { kind: 'cursor', cursor: 'c', limit: 'n', next: ['next'], most: 10 };

  test.each([
    [byPage, (q: URLSearchParams): number => (Number(q.get('p')) - 1) * 4],
    [byOffset, (q: URLSearchParams): number => Number(q.get('o'))],
  ] as const)('smaller than they were asked for ($kind): all rows are read none the less', async (paging, from) => {
    const { calls } = await service(({ target }, response) => {
      const start = from(asked(target));
      json(response, { items: rows.slice(start, start + 4) });
    }, listing({ paging }));
    expect(await calls.count({ kind: 'always' }, signal())).toBe(25);
  });

  test.each([byPage, byOffset, byCursor] as const)(
    'of one row each ($kind) are given up at the bound of one load',
    async (paging) => {
      let next = 0;
      const { calls, server } = await service(
        (_, response) => json(response, { items: [row(`n${(next += 1)}`)], next }),
        listing({ paging }),
        {},
        { loadPages: 20 },
      );
      expect(await faultOf(calls.count({ kind: 'always' }, signal()))).toBe('REFUSED');
      expect(server.requests.length).toBeLessThanOrEqual(22);
    },
  );

  test('that end before the number of rows is reached are refused', async () => {
    const { calls, server } = await service(
      ({ target }, response) =>
        json(response, { items: asked(target).get('p') === '1' ? rows.slice(0, 5) : [], n: 25 }),
      listing({ paging: { ...byPage, total: ['n'] } }),
    );
    expect(await faultOf(calls.count({ kind: 'always' }, signal()))).toBe('MALFORMED');
    expect(server.requests).toHaveLength(2);
  });

  test.each([undefined, null, -1, 'many', 2.5, {}])('whose number of rows is %j are refused', async (n) => {
    const { calls } = await service(
      (_, response) => json(response, { items: [], n }),
      listing({ paging: { ...byPage, total: ['n'] } }),
    );
    expect(await faultOf(calls.count({ kind: 'always' }, signal()))).toBe('MALFORMED');
  });

  test('whose number of rows stops at a limit of the service’s are read on', async () => {
    const { calls } = await service(
      ({ target }, response) => {
        const start = (Number(asked(target).get('p')) - 1) * 10;
        json(response, { items: rows.slice(start, start + 10), n: 10 });
      },
      listing({ paging: { ...byPage, total: ['n'] } }),
    );
    expect(await calls.count({ kind: 'always' }, signal())).toBe(25);
  });

  test.each([
    ['a number that is ignored, each answer with a time of its own', byPage],
    ['new cursors to the same page', byCursor],
  ])('%s: refused', async (_, paging) => {
    let time = 0;
    const { calls, server } = await service(
      (__, response) => json(response, { items: rows.slice(0, 10), next: `c${time}`, time: (time += 1) }),
      listing({ paging }),
    );
    expect(await faultOf(calls.count({ kind: 'always' }, signal()))).toBe('MALFORMED');
    expect(server.requests).toHaveLength(2);
  });

  test('without rows may come before others, not for ever', async () => {
    let n = 0;
    const sparse = await service(
      (_, response) => json(response, { items: n === 20 ? rows : [], next: n < 20 ? `c${(n += 1)}` : null }),
      listing({ paging: { ...byCursor, most: 100 } }),
    );
    expect(await sparse.calls.count({ kind: 'always' }, signal())).toBe(25);
    let more = 0;
    const endless = await service(
      (_, response) => json(response, { items: [], next: `c${(more += 1)}` }),
      listing({ paging: byCursor }),
    );
    expect(await faultOf(endless.calls.count({ kind: 'always' }, signal()))).toBe('MALFORMED');
    expect(endless.server.requests.length).toBeLessThan(200);
  });

  test('are as large as they come where this service neither sorts nor filters for the one that is wanted', async () => {
    const sorted = {
      filters: { PLACE: { in: { name: 'place' } } },
      order: { name: 'sort', values: { 'at DESC, no DESC': 'newest' } },
      paging: { ...byOffset, most: 500 },
    };
    const answer: OddAnswer = ({ target }, response) =>
      json(response, {
        items: asked(target).get('o') === '0' ? rows.toReversed().slice(0, Number(asked(target).get('n'))) : [],
      });
    const sizes = async (list: Partial<RestCall>, field: string): Promise<(string | null)[]> => {
      const { calls, server } = await service(answer, listing(list));
      await calls.loadPage(page({ limit: 1, rows: { kind: 'in', field, values: ['福州'] } }));
      return server.requests.map((r) => asked(r.target).get('n'));
    };
    expect(await sizes(sorted, 'place')).toEqual(['1']);
    expect(await sizes(sorted, 'note')).toEqual(['500', '500']);
    expect(await sizes({ paging: sorted.paging }, 'place')).toEqual(['500', '500']);
  });
});

describe('links', () => {
  const linked = listing({ paging: { kind: 'link', limit: 'n', most: 10 } });
  const walk = async (header: (url: string) => string, under = ''): Promise<string[]> => {
    const server = await oddServer(({ target }, response) => {
      const first = asked(target).get('from') === null;
      if (first) response.setHeader('link', header(server.url));
      json(response, { items: first ? rows.slice(0, 10) : rows.slice(10) });
    });
    const of = open(`${server.url}${under}`, linked);
    opened.push(server, of.source);
    const fault = await faultOf(of.calls.count({ kind: 'always' }, signal()));
    return [fault, ...server.requests.slice(1).map((r) => r.target)];
  };

  test.each([
    ['</calls?from=10>; rel=next', '/calls?from=10'],
    ['<?from=10>;rel="next"', '/calls?from=10'],
    ['</calls>; rel="first", </calls?from=10>; title="a, b"; rel="last next"', '/calls?from=10'],
    ['</calls?from=10&q=a,b>; REL=NEXT', '/calls?from=10&q=a%2Cb'],
  ])('%s is followed', async (header, target) => {
    expect(await walk(() => header)).toEqual(['answered', target]);
  });

  test.each([
    '</calls?from=10>; rel=nextish',
    '</calls?from=10>; rel="prev"; title="; rel=next"',
    '</calls?from=10>; rel=prev; rel=next',
    '</calls?from=10>',
    'rel=next',
  ])('%s is no next page', async (header) => {
    expect(await walk(() => header)).toEqual(['answered']);
  });

  test.each([
    ['another port', () => '<http://127.0.0.1:1/calls?from=1>; rel=next'],
    ['another scheme', (url: string) => `<${url.replace('http:', 'ftp:')}/calls?from=1>; rel=next`],
    ['another user', (url: string) => `<${url.replace('//', '//x@')}.evil.test/calls?from=1>; rel=next`],
    ['no address', () => '<http://[>; rel=next'],
  ])('%s is refused', async (_, header) => {
    expect(await walk(header)).toEqual(['MALFORMED']);
  });

  test('below the source’s own path only', async () => {
    expect(await walk(() => '</api/v2/calls?from=10>; rel=next', '/api/v2/')).toEqual([
      'answered',
      '/api/v2/calls?from=10',
    ]);
    expect(await walk(() => '<../../admin?from=10>; rel=next', '/api/v2')).toEqual(['MALFORMED']);
    expect(await walk(() => '</api/v22/calls?from=10>; rel=next', '/api/v2')).toEqual(['MALFORMED']);
  });
});

describe('keys', () => {
  const joined: RestEntity = {
    ...plain,
    keys: { NO: { kind: 'batch', parameter: { name: 'no', separator: ',' }, most: 50 } },
  };
  const single: RestEntity = {
    ...plain,
    keys: { PLACE: { kind: 'single', path: '/at/{key}/calls', sideBySide: 2, rows: ['items'] } },
  };

  test('that hold the separator have no rows, and are not asked for as the two that they would be', async () => {
    const { calls, server } = await service(
      ({ target }, response) =>
        json(response, { items: (asked(target).get('no') ?? '').split(',').map((no) => row(no)) }),
      joined,
    );
    expect(await calls.loadByKeys(byKeys(['a,b']))).toEqual([[]]);
    expect(server.requests).toEqual([]);
    const found = await calls.loadByKeys(byKeys(['a,b', 'c', '𠮷']));
    expect(found.map((of) => of.map((one) => one['no']))).toEqual([[], ['c'], ['𠮷']]);
    expect(server.requests.map((r) => asked(r.target).get('no'))).toEqual(['c,𠮷']);
  });

  test('in a body may hold it', async () => {
    const { calls, server } = await service(
      ({ body }, response) => json(response, { items: (JSON.parse(body) as { no: string[] }).no.map((no) => row(no)) }),
      { ...joined, list: { ...joined.list, method: 'POST' } },
    );
    expect((await calls.loadByKeys(byKeys(['a,b']))).flat()).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  test('of which half a character is left, or that are dots, are in no path', async () => {
    const { calls, server } = await service((_, response) => json(response, { items: [] }), single);
    const keys = ['\ud842', 'x\udfb7', '..', '.'];
    expect(await calls.loadByKeys(byKeys(keys, { key: 'place' }))).toEqual([[], [], [], []]);
    expect(server.requests).toEqual([]);
  });

  test('in a path find the rows below it, which need not say the key again', async () => {
    const { PLACE: _, ...without } = row('a');
    const { calls, server } = await service((__, response) => json(response, { items: [without, row('b')] }), single);
    const found = await calls.loadByKeys(byKeys(['福州'], { key: 'place' }));
    expect(found).toEqual([
      [
        { no: 'b', place: '福州' },
        { no: 'a', place: '福州' },
      ],
    ]);
    expect(server.requests.map((r) => r.target)).toEqual([`/at/${encodeURIComponent('福州')}/calls`]);
  });

  test('one by one: the first that fails ends the others', async () => {
    const { calls, server } = await service((_, response) => json(response, {}, 500), single);
    const keys = Array.from({ length: 400 }, (_, i) => `k${i}`);
    expect(await faultOf(calls.loadByKeys(byKeys(keys, { key: 'place' })))).toBe('FAILED');
    // Those that were under way may still arrive; no further one is sent.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test('whose column is gone from the rows have not none', async () => {
    const { NO: _, ...without } = row('a');
    const { calls } = await service((__, response) => json(response, { items: [row('a'), without] }));
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
  });

  test.each([[['a']], [true], [{ no: 'a' }], [null]])('whose column holds %j have not none either', async (NO) => {
    const { calls } = await service((_, response) => json(response, { items: [row('a', { NO })] }));
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
  });

  test('five thousand of them come back to their places, each once', async () => {
    const { calls, server } = await service(({ target }, response) =>
      json(response, {
        items: asked(target)
          .getAll('no')
          .toReversed()
          .flatMap((no) => [row(no), row(no)]),
      }),
    );
    const keys = Array.from({ length: 5_000 }, (_, i) => `𠮷${i}`);
    const found = await calls.loadByKeys(byKeys(keys));
    expect(found.map((of) => of.map((one) => one['no']))).toEqual(keys.map((key) => [key]));
    expect(server.requests).toHaveLength(100);
  });
});

describe('parameters', () => {
  test('with dots lead into a body, next to those that are the same in every call', async () => {
    const { calls, server, statements } = await service((_, response) => json(response, { items: [row('a')] }), {
      ...plain,
      list: {
        method: 'POST',
        path: '/calls/search',
        fixed: { 'head.system': 'LQ', trace: true },
        columns: { name: 'head.fields' },
        filters: { PLACE: { in: { name: 'query.place' } }, AT: { from: 'query.at.from', before: 'query.at.before' } },
        paging: { kind: 'offset', offset: 'page.offset', limit: 'page.limit', most: 10 },
      },
    });
    await calls
      .loadPage(
        page({
          rows: {
            kind: 'all',
            of: [
              { kind: 'in', field: 'place', values: ['福州'] },
              { kind: 'range', field: 'at', from: '2026-11-05T10:00:00+08:00' },
            ],
          },
        }),
      )
      .catch(() => undefined);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      head: { system: 'LQ', fields: ['NO', 'AT', 'PLACE'] },
      trace: true,
      query: { place: ['福州'], at: { from: '2026-11-05T10:00:00+08:00' } },
      page: { offset: 0, limit: 10 },
    });
    expect(statements[0]).toBe(
      'POST /calls/search?head.system=?&trace=?&query.place=?&query.at.from=?&head.fields=NO,AT,PLACE&page.limit=?&page.offset=?',
    );
  });

  test('with a separator do not take values that hold it: those rows are looked for here', async () => {
    const { calls, server } = await service(
      (_, response) => json(response, { items: [row('a', { PLACE: '福州,鼓楼' }), row('b')] }),
      listing({ filters: { PLACE: { in: { name: 'place', separator: ',' } } } }),
    );
    const found = await calls.loadPage(page({ rows: { kind: 'in', field: 'place', values: ['福州,鼓楼', '厦门'] } }));
    expect(found).toEqual([{ no: 'a' }]);
    expect(asked(server.requests[0]?.target ?? '').has('place')).toBe(false);
  });
});

describe('values', () => {
  test.each([
    ['a list where a text should be', ['欧阳小敏'], UNREADABLE],
    ['an empty list', [], UNREADABLE],
    ['a list of lists', [['a']], UNREADABLE],
    ['an object', { name: '欧阳小敏' }, UNREADABLE],
    ['a text', '欧阳小敏', '欧阳小敏'],
  ])('%s', async (_what, NOTE, note) => {
    const { calls } = await service((__, response) => json(response, { items: [row('a', { NOTE })] }));
    expect(await calls.loadByKeys(byKeys(['a'], { fields: ['note'] }))).toEqual([[{ note }]]);
  });

  test.each([4_000, 8_000, 200_000])('%i levels deep cost the load, not the hub', async (deep) => {
    const { calls } = await service(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"items":[{"NO":"a","PLACE":null,"AT":null,"EXTRA":${'['.repeat(deep)}${']'.repeat(deep)}}]}`);
      },
      listing({ paging: { kind: 'offset', offset: 'from', limit: 'most', most: 20 } }),
    );
    expect(await faultOf(calls.loadByKeys(byKeys(['a'])))).toBe('MALFORMED');
  });
});

describe('a service that answers 200 whatever happens', () => {
  const success = { at: ['result', 'code'], is: [0, '0'] };
  test.each([
    [0, 'answered'],
    ['0', 'answered'],
    [500, 'FAILED'],
    [false, 'FAILED'],
    [null, 'FAILED'],
    [undefined, 'MALFORMED'],
  ])('is believed by its own code: %j is %s', async (code, fault) => {
    const failed = { result: { code, message: '身份证350102198001011234不存在' }, items: [] };
    const of = await service((_, response) => json(response, failed), plain, { success });
    expect(await faultOf(of.calls.loadByKeys(byKeys(['a'])))).toBe(fault);
    const alone: RestEntity = {
      ...plain,
      keys: { NO: { kind: 'single', path: '/c/{key}', sideBySide: 2, rows: ['items'] } },
    };
    const one = await service((_, response) => json(response, failed), alone, { success });
    const error: unknown = await one.calls.loadByKeys(byKeys(['a'])).catch((e: unknown) => e);
    if (fault !== 'answered') expect(error).toMatchObject({ fault });
    expect(String(error)).not.toContain('350102');
  });
});

describe('numbers', () => {
  test.each(['9007199254740993', '-9007199254740993', '1e20', '[1, 9007199254740993]'])(
    '%s in a column that was asked for is refused rather than rounded',
    async (number) => {
      const { calls } = await service((_, response) => void response.end(`{"items":[{"NO":"a","SIZE":${number}}]}`));
      expect(await faultOf(calls.loadByKeys(byKeys(['a'], { fields: ['no', 'size'] })))).toBe('MALFORMED');
    },
  );

  test('of columns that nobody asked for are nobody’s loss', async () => {
    const answer: OddAnswer = (_, response) =>
      void response.end(
        '{"items":[{"NO":"a","PLACE":"福州","AT":"2026-11-05T10:00:00+08:00","SIZE":9007199254740993}]}',
      );
    const { calls } = await service(answer);
    expect(await calls.loadByKeys(byKeys(['a']))).toEqual([[{ no: 'a', place: '福州' }]]);
  });
});

describe('a declaration that cannot work stops the opening', () => {
  const single = { kind: 'single', path: '/c/{key}', sideBySide: 2, rows: [] } as const;
  const batch = { kind: 'batch', parameter: { name: 'no' }, most: 5 } as const;
  const wrong: readonly (readonly [string, RestEntity, RegExp])[] = [
    ['keys of a column that is not read', { ...plain, keys: { NUMBER: batch } }, /column NUMBER/],
    ['a place of one', { ...plain, at: { NUMBER: ['n'] } }, /column NUMBER/],
    ['a filter on one', listing({ filters: { NUMBER: { from: 'n' } } }), /column NUMBER/],
    ['a path without its key', { ...plain, keys: { NO: { ...single, path: '/c' } } }, /\{key\} once/],
    ['a path with two', { ...plain, keys: { NO: { ...single, path: '/{key}/{key}' } } }, /\{key\} once/],
    ['no call at a time', { ...plain, keys: { NO: { ...single, sideBySide: 0 } } }, /at a time/],
    ['no key in a call', { ...plain, keys: { NO: { ...batch, most: 0 } } }, /at least one key/],
    ['a path of another call', { ...plain, keys: { NO: { ...batch, call: { ...plain.list, path: 'c' } } } }, /path c/],
    ['a path with a query', listing({ path: '/calls?all=1' }), /no query/],
    ['a page of no row', listing({ paging: { kind: 'link', limit: 'n', most: 0 } }), /at least one row/],
    ['links behind a body', listing({ method: 'POST', paging: { kind: 'link', limit: 'n', most: 5 } }), /by GET/],
    ['an order of no field', listing({ order: { name: 's', values: { 'when DESC': 'x' } } }), /order when DESC/],
    ['an order without direction', listing({ order: { name: 's', values: { at: 'x' } } }), /order at/],
  ];
  test.each(wrong)('%s', (_, entity, message) => {
    expect(() => open('http://127.0.0.1:1', entity)).toThrow(TypeError);
    expect(() => open('http://127.0.0.1:1', entity)).toThrow(message);
  });

  test('the one of this test is none of them', () => {
    const { source } = open('http://127.0.0.1:1', plain);
    opened.push(source);
    expect([...source.sources.keys()]).toEqual([call.type]);
  });
});
