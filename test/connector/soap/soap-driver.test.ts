import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { integer, text } from '../../../src/connector/codings.ts';
import type { EntitySource, KeyLoad } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { column, UNREADABLE } from '../../../src/connector/mapping.ts';
import { sourceSettings } from '../../../src/connector/settings/source-settings.ts';
import type { SoapEntity, SoapService } from '../../../src/connector/soap/declaration.ts';
import { soapDriver } from '../../../src/connector/soap/soap-driver.ts';
import type { MappedEntity } from '../../../src/connector/source.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { wsdlFile } from '../../../src/scaffold/wsdl-file.ts';
import { namesOf } from '../../../src/scaffold/names.ts';
import { oddServer, type OddAnswer, type OddServer } from '../../kit/odd-server.ts';

/* A SOAP service by its WSDL, over real sockets: what it is asked, and what becomes of answers that it should not give. */

const opened: { close(): Promise<void> }[] = [];
let folder: string;
let wsdl: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-soap-'));
  wsdl = join(folder, 'water.wsdl');
  writeFileSync(wsdl, wsdlFile(namesOf({ agency: 'water', source: 'soap', type: 'Repair' })));
  writeFileSync(join(folder, 'password'), 'geheim-42\n');
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const repair: MappedEntity = {
  type: 'Repair',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: {
    no: column('BH', text),
    ticket: column('GDBH', text),
    at: column('FSSJ', text),
    state: column('ZT', integer),
    note: column('NR', text),
  },
};
const plain: SoapEntity = {
  list: {
    operation: 'QueryRepair',
    rows: ['items', 'item'],
    columns: ['columns', 'column'],
    filters: { FSSJ: { from: ['from'], before: ['before'] } },
    paging: { kind: 'none' },
  },
  keys: { BH: { element: ['numbers', 'number'], most: 50 } },
};

interface Service {
  readonly repairs: EntitySource;
  readonly server: OddServer;
  readonly statements: string[];
}

async function service(
  answer: OddAnswer,
  more: { entity?: SoapEntity; service?: Partial<SoapService>; settings?: object } = {},
): Promise<Service> {
  const server = await oddServer(answer);
  const statements: string[] = [];
  const driver = soapDriver({ wsdl, entities: { Repair: more.entity ?? plain }, ...more.service });
  const source = driver.open({
    agency: 'water',
    source: 'water',
    entities: [repair],
    settings: sourceSettings.parse({
      kind: 'soap',
      url: `${server.url}/records`,
      answerMilliseconds: 10_000,
      ...more.settings,
    }),
    dataDir: '.',
    batchKeys: 500,
    onStatement: (said) => void statements.push(said),
  });
  opened.push(server, source);
  const repairs = source.sources.get('Repair');
  if (repairs === undefined) throw new Error('no repairs');
  return { repairs, server, statements };
}

const xml = (items: string, envelope = 'http://schemas.xmlsoap.org/soap/envelope/'): string =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="${envelope}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>` +
  `<n:QueryRepairResponse xmlns:n="urn:water:records">${items}</n:QueryRepairResponse></e:Body></e:Envelope>`;
const item = (no: string, more = ''): string => `<n:item><n:BH>${no}</n:BH>${more}</n:item>`;
const says =
  (body: string, status = 200): OddAnswer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' });
    response.end(body);
  };
const items = (...list: string[]): OddAnswer => says(xml(`<n:items>${list.join('')}</n:items>`));

const load = (keys: readonly string[], more: Partial<KeyLoad> = {}): KeyLoad => ({
  key: 'no',
  keys,
  fields: ['no'],
  rows: always,
  order: repair.order,
  limitPerKey: 10,
  signal: AbortSignal.timeout(5_000),
  ...more,
});

async function faultOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error.fault;
    throw error;
  }
  return 'answered';
}

describe('a request', () => {
  test('has keys and columns in their elements, in the service’s namespace, and goes to the settings’ address', async () => {
    const { repairs, server, statements } = await service(items(item('a'), item('b')));
    const odd = '<&"\'>😀';
    expect(await repairs.loadByKeys(load(['b', odd, 'a']))).toEqual([[{ no: 'b' }], [], [{ no: 'a' }]]);
    const [asked] = server.requests;
    if (asked === undefined) throw new Error('nothing was asked');
    const { target, body, headers } = asked;
    expect(target).toBe('/records');
    expect(headers['soapaction']).toBe('"urn:water:records#QueryRepair"');
    expect(headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(body).toContain('&lt;&amp;');
    expect(body).not.toContain(odd);
    expect(body.match(/<[^/>]*number>[^<]*</g)).toHaveLength(3);
    expect(body).toMatch(/column>BH<\//);
    expect(body).toContain('urn:water:records');
    expect(statements).toEqual(['SOAP QueryRepair numbers.number=? columns=BH']);
  });

  test('is SOAP 1.2 with headers where the declaration says so', async () => {
    const envelope = 'http://www.w3.org/2003/05/soap-envelope';
    const { repairs, server } = await service(says(xml(`<n:items>${item('a')}</n:items>`, envelope)), {
      service: { soap12: true, headers: [{ element: { 'h:Caller': { 'h:system': 'lianqiao' } }, namespace: 'urn:h' }] },
    });
    expect(await repairs.loadByKeys(load(['a']))).toEqual([[{ no: 'a' }]]);
    const [{ body, headers } = { body: '', headers: {} }] = server.requests;
    expect(headers['content-type']).toMatch(/^application\/soap\+xml/);
    expect(body).toContain(envelope);
    expect(body).toMatch(/Header>.*<h:Caller.*<h:system>lianqiao<\/h:system>/s);
  });

  test.each(['digest', 'text'] as const)('shows who asks by a UsernameToken (%s), fresh each time', async (form) => {
    const password = { file: join(folder, 'password') };
    const { repairs, server, statements } = await service(items(item('a')), {
      settings: { auth: { scheme: 'usernameToken', user: 'hub', password, form } },
    });
    await repairs.loadByKeys(load(['a']));
    await repairs.loadByKeys(load(['a']));
    const nonces = server.requests.map(({ body }) => {
      const part = (name: string): string => new RegExp(`<wsse:${name}(?:\\s[^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
      const token = body.slice(body.indexOf('UsernameToken'));
      const created = /<wsu:Created>([^<]*)</.exec(token)?.[1] ?? '';
      const nonce = part('Nonce');
      expect(part('Username')).toBe('hub');
      const digest = createHash('sha1')
        .update(Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(`${created}geheim-42`)]))
        .digest('base64');
      expect(part('Password')).toBe(form === 'digest' ? digest : 'geheim-42');
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
    expect(statements.join()).not.toContain('geheim');
  });

  test('tells the filters that the service knows, and judges again', async () => {
    const { repairs, server } = await service(
      items(item('a', '<n:FSSJ>2026-11-05</n:FSSJ>'), item('b', '<n:FSSJ>2025-01-01</n:FSSJ>')),
    );
    const rows = { kind: 'range', field: 'at', from: '2026-01-01' } as const;
    const page = { fields: ['no'], rows, order: repair.order, limit: 5, signal: AbortSignal.timeout(5_000) };
    expect(await repairs.loadPage(page)).toEqual([{ no: 'a' }]);
    expect(server.requests[0]?.body).toMatch(/from>2026-01-01</);
  });

  test('of more keys than one takes is several; of none is none', async () => {
    const echo: OddAnswer = ({ body }, response) =>
      void response.end(
        xml(`<n:items>${[...body.matchAll(/number>([^<]+)<\//g)].map(([, no = '']) => item(no)).join('')}</n:items>`),
      );
    const { repairs, server } = await service(echo);
    const keys = Array.from({ length: 234 }, (_, i) => `k${i}`);
    expect((await repairs.loadByKeys(load(keys))).map(([one]) => one?.['no'])).toEqual(keys);
    expect(await repairs.loadByKeys(load([]))).toEqual([]);
    expect(server.requests).toHaveLength(5);
  });
});

describe('a response', () => {
  test.each([
    ['one row', `<n:items>${item('a')}</n:items>`, ['a']],
    ['several rows', `<n:items>${item('a')}${item('b')}</n:items>`, ['a', 'b']],
    ['an empty list', '<n:items/>', []],
    ['no list', '', []],
    ['CDATA', `<n:items>${item('<![CDATA[a]]>')}</n:items>`, ['a']],
    ['entities', `<n:items>${item('&#x61;&amp;&lt;')}</n:items>`, ['a&<']],
  ])('with %s', async (_, body, expected) => {
    const { repairs } = await service(says(xml(body)));
    const page = { fields: ['no'], rows: always, order: repair.order, limit: 5, signal: AbortSignal.timeout(5_000) };
    expect((await repairs.loadPage(page)).map((r) => r['no'])).toEqual(expected);
  });

  test('under other prefixes reads the same', async () => {
    const body = xml('')
      .replaceAll('n:', 'x9:')
      .replaceAll('xmlns:n', 'xmlns:x9')
      .replace('></x9:Query', '><x9:items><x9:item><x9:BH>a</x9:BH></x9:item></x9:items></x9:Query');
    const { repairs } = await service(says(body));
    expect(await repairs.loadByKeys(load(['a']))).toEqual([[{ no: 'a' }]]);
  });

  test('keeps texts as they stand, tells nil, empty and absent apart', async () => {
    const { repairs } = await service(
      items(
        item('007', '<n:ZT>1</n:ZT><n:NR xsi:nil="true"/><n:GDBH> 1e5 </n:GDBH>'),
        item('2', '<n:ZT>x</n:ZT><n:NR></n:NR>'),
        item('3', '<n:ZT>3</n:ZT><n:NR lang="zh">管道 😀</n:NR><n:GDBH><n:de>x</n:de></n:GDBH>'),
      ),
    );
    const found = await repairs.loadByKeys(load(['007', '2', '3'], { fields: ['no', 'state', 'note', 'ticket'] }));
    expect(found.flat()).toEqual([
      { no: '007', state: 1, note: null, ticket: ' 1e5 ' },
      { no: '2', state: UNREADABLE, note: null, ticket: UNREADABLE },
      { no: '3', state: 3, note: '管道 😀', ticket: UNREADABLE },
    ]);
  });

  test('what the service leaves out is empty only where its declaration says so', async () => {
    const { repairs } = await service(items(item('a')), { entity: { ...plain, omitsNulls: true } });
    expect(await repairs.loadByKeys(load(['a'], { fields: ['note'] }))).toEqual([[{ note: null }]]);
  });

  test('has columns where the declaration says, attributes too', async () => {
    const entity: SoapEntity = { ...plain, at: { NR: ['LXR'], GDBH: ['ZT', '@no'] } };
    const { repairs } = await service(items(item('a', '<n:LXR>x</n:LXR><n:ZT no="T1">5</n:ZT>')), { entity });
    const found = await repairs.loadByKeys(load(['a'], { fields: ['note', 'ticket', 'state'] }));
    expect(found).toEqual([[{ note: 'x', ticket: 'T1', state: 5 }]]);
  });
});

describe('what goes wrong is told apart', () => {
  const fault = (code: string): string =>
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>${code}</faultcode><faultstring>13800590517</faultstring></e:Fault></e:Body></e:Envelope>`;
  const fault12 = (code: string): string =>
    `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>${code}</e:Value></e:Code><e:Reason><e:Text xml:lang="en">13800590517</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`;
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${xml(`<n:items>${item('&b;')}</n:items>`)}`;
  const cases: readonly (readonly [string, OddAnswer, string])[] = [
    ['a fault of ours', says(fault('e:Client'), 500), 'REFUSED'],
    ['a fault of ours (1.2)', says(fault12('e:Sender'), 400), 'REFUSED'],
    ['a fault of theirs', says(fault('e:Server'), 500), 'FAILED'],
    ['a fault of theirs (1.2)', says(fault12('e:Receiver'), 500), 'FAILED'],
    ['a fault with the status 200', says(fault('e:Server')), 'FAILED'],
    ['half a message', says(xml(`<n:items>${item('a')}`).slice(0, -40)), 'MALFORMED'],
    ['HTML', says('<html><body>登录</body></html>'), 'MALFORMED'],
    ['JSON', says('{"items":[]}'), 'MALFORMED'],
    ['nothing', says(''), 'MALFORMED'],
    ['another message', says(xml('').replaceAll('QueryRepairResponse', 'OtherResponse')), 'MALFORMED'],
    ['a document type', says(bomb), 'MALFORMED'],
    ['text where rows should be', says(xml('<n:items><n:item>x</n:item></n:items>')), 'MALFORMED'],
    ['401', says('', 401), 'REFUSED'],
    ['429', says('', 429), 'OVERLOADED'],
    ['500 without a fault', says('<html/>', 500), 'FAILED'],
    ['503', says('', 503), 'OVERLOADED'],
    ['a closed connection', (_, response) => void response.destroy(), 'UNREACHABLE'],
    ['silence', () => undefined, 'TIMEOUT'],
    ['too much', says('x'.repeat(2_000_000)), 'MALFORMED'],
  ];
  test.each(cases)('%s', async (_, answer, expected) => {
    const { repairs } = await service(answer, { settings: { answerBytes: 1_000_000 } });
    const work = repairs.loadByKeys(load(['13800590517']));
    const error: unknown = await work.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as SourceError).fault).toBe(expected);
    expect((error as SourceError).message).not.toMatch(/13800590517|127\.0\.0\.1/);
  });

  test('pages that come round again are refused', async () => {
    const entity: SoapEntity = {
      ...plain,
      list: { ...plain.list, paging: { kind: 'page', page: ['page'], size: ['size'], first: 1, most: 2 } },
    };
    const { repairs, server } = await service(items(item('a'), item('b')), { entity });
    expect(await faultOf(repairs.count(always, AbortSignal.timeout(5_000)))).toBe('MALFORMED');
    expect(server.requests).toHaveLength(2);
  });

  test('who gives up ends the call', async () => {
    const { repairs, server } = await service(() => undefined);
    expect(await faultOf(repairs.loadByKeys(load(['a'], { signal: AbortSignal.timeout(60) })))).toBe('TIMEOUT');
    await expect.poll(() => server.load.now).toBe(0);
  });

  test('a WSDL that is not there, and an operation that it lacks, stop at once', async () => {
    await expect(service(items(), { service: { wsdl: 'connectors/none.wsdl' } })).rejects.toThrow(
      'the WSDL connectors/none.wsdl is not there',
    );
    const entity = { ...plain, list: { ...plain.list, operation: 'Other' } };
    const { repairs } = await service(items(), { entity });
    await expect(repairs.loadByKeys(load(['a']))).rejects.toThrow('has no operation Other');
  });
});
