import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Filter } from '../../../src/connector/filter.ts';
import type { SoapEntity } from '../../../src/connector/soap/declaration.ts';
import { oddServer, type OddAnswer, type OddRequest, type OddServer } from '../../kit/odd-server.ts';
import { faultOf, item, load, open, page, plain, says, wsdlFolder, xml } from './soap-kit.ts';
import type { Opened } from './soap-kit.ts';

/* Whatever a key, a filter or a user's name holds, it arrives as that text, and nothing else of the message changes. */

const opened: { close(): Promise<void> }[] = [];
let folder: string;
let wsdl: string;
beforeAll(() => {
  folder = wsdlFolder();
  wsdl = join(folder, 'water.wsdl');
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names and texts of the elements that hold no others, in their order. */
function leavesOf({ body }: OddRequest): [string, string][] {
  const parser = new SaxesParser({ xmlns: true });
  const leaves: [string, string][] = [];
  let text = '';
  let open = '';
  parser.on('opentag', ({ local }) => ([open, text] = [local, '']));
  parser.on('text', (more) => (text += more));
  parser.on('cdata', (more) => (text += more));
  parser.on('closetag', ({ local }) => {
    if (open === local) leaves.push([local, text]);
    open = '';
  });
  parser.write(body).close();
  return leaves;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');

/** Gives a row for each number that it understands. */
const echo: OddAnswer = (request, response) => {
  const numbers = leavesOf(request).filter(([name]) => name === 'number');
  response.end(xml(`<n:items>${numbers.map(([, no]) => item(escaped(no))).join('')}</n:items>`));
};

async function service(
  answer: OddAnswer = echo,
  settings: object = {},
  entity: SoapEntity = plain,
): Promise<Opened & { server: OddServer }> {
  const server = await oddServer(answer);
  const of = open(server.url, { wsdl, entities: { Repair: entity } }, settings);
  opened.push(server, of.source);
  return { ...of, server };
}

const odd = [
  '<![CDATA[a]]>',
  '<![CDATA[a]]></n:number><n:number>b</n:number><n:number><![CDATA[c]]>',
  '<![CDATA[]]>',
  ']]>',
  '</number><number>b',
  '&amp;',
  '&lt;!--',
  '<!-- a -->',
  '<?xml version="1.0"?>',
  `"'`,
  ' a ',
  'a\tb\nc\rd\r\ne',
  '𠮷😀',
  '$&$1$$',
  '__proto__',
  '\u0085\u2028\ufffd',
];

describe('a key', () => {
  test.each(odd)('%j arrives as it is', async (key) => {
    const { repairs, server } = await service();
    expect(await repairs.loadByKeys(load([key]))).toEqual([[{ no: key }]]);
    const [asked] = server.requests;
    if (asked === undefined) throw new Error('nothing was asked');
    expect(leavesOf(asked)).toEqual([
      ['number', key],
      ['column', 'BH'],
    ]);
  });

  test('all of them arrive together', async () => {
    const { repairs, server } = await service();
    expect(await repairs.loadByKeys(load(odd))).toEqual(odd.map((no) => [{ no }]));
    expect(server.requests).toHaveLength(1);
  });

  test.each(['\0', 'a\u0001', '\u001f', '\ud800', 'a\udc00b', '\ufffe', '\uffff'])(
    '%j, which XML cannot say, has no records and is not asked for',
    async (key) => {
      const { repairs, server } = await service();
      expect(await repairs.loadByKeys(load([key]))).toEqual([[]]);
      expect(server.requests).toHaveLength(0);
      expect(await repairs.loadByKeys(load(['a', key, 'b']))).toEqual([[{ no: 'a' }], [], [{ no: 'b' }]]);
      expect(server.requests.map((one) => leavesOf(one).length)).toEqual([3]);
    },
  );
});

describe('a filter', () => {
  const by = {
    ...plain,
    list: { ...plain.list, filters: { FSSJ: { in: ['tickets', 'ticket'], from: ['from'], before: ['before'] } } },
  };
  const rows = (...at: string[]): OddAnswer =>
    says(xml(`<n:items>${at.map((one, i) => item(`n${i}`, `<n:FSSJ>${escaped(one)}</n:FSSJ>`)).join('')}</n:items>`));
  const ask = async (
    filter: Filter,
    answer: OddAnswer,
  ): Promise<{ found: readonly unknown[]; told: [string, string][] }> => {
    const { repairs, server } = await service(answer, {}, by);
    const found = await repairs.loadPage(page({ rows: filter }));
    const [asked] = server.requests;
    if (asked === undefined) throw new Error('nothing was asked');
    return { found, told: leavesOf(asked).filter(([name]) => name !== 'column') };
  };

  test.each(odd)('by %j tells it as it is', async (value) => {
    const among = await ask({ kind: 'in', field: 'at', values: [value, 'x'] }, rows(value, 'y', 'x'));
    expect(among.told).toEqual([
      ['ticket', value],
      ['ticket', 'x'],
    ]);
    expect(among.found).toEqual([{ no: 'n0' }, { no: 'n2' }]);
    const range = await ask({ kind: 'range', field: 'at', from: value, before: '\u{10ffff}' }, rows(value));
    expect(range.told).toEqual([
      ['from', value],
      ['before', '\u{10ffff}'],
    ]);
    expect(range.found).toEqual([{ no: 'n0' }]);
  });

  test('by what XML cannot say is judged here, and loses no row', async () => {
    const among = await ask({ kind: 'in', field: 'at', values: ['\0', 'x'] }, rows('x', 'y'));
    expect(among).toEqual({ found: [{ no: 'n0' }], told: [['ticket', 'x']] });
    const none = await ask({ kind: 'in', field: 'at', values: ['\0'] }, rows('x'));
    expect(none).toEqual({ found: [], told: [] });
    const range = await ask({ kind: 'range', field: 'at', from: '\u0001', before: 'm\ud800' }, rows('a', 'z'));
    expect(range).toEqual({ found: [{ no: 'n0' }], told: [] });
  });
});

describe('a UsernameToken', () => {
  const token = async (
    form: 'digest' | 'text',
    user: string,
    password: string,
  ): Promise<{ fault: string; leaves: [string, string][] }> => {
    writeFileSync(join(folder, 'secret'), password);
    const auth = { scheme: 'usernameToken', user, password: { file: join(folder, 'secret') }, form };
    const { repairs, server } = await service(echo, { auth });
    const fault = await faultOf(repairs.loadByKeys(load(['a'])));
    return { fault, leaves: server.requests.flatMap(leavesOf) };
  };

  test('says user and password as they are', async () => {
    const user = '<![CDATA[x]]></wsse:Username><![CDATA[y]]>';
    const { leaves } = await token('text', user, '<![CDATA[<&]]>');
    expect(leaves).toContainEqual(['Username', user]);
    expect(leaves).toContainEqual(['Password', '<![CDATA[<&]]>']);
    expect((await token('digest', user, 'p')).leaves).toContainEqual(['Username', user]);
  });

  test('that XML cannot say is refused, without being said', async () => {
    expect(await token('text', 'hub', 'a\u0001')).toEqual({ fault: 'REFUSED', leaves: [] });
    expect(await token('digest', 'h\u0001', 'a')).toEqual({ fault: 'REFUSED', leaves: [] });
    expect((await token('digest', 'hub', 'a\u0001')).fault).toBe('answered');
  });
});

test('a password that is gone is refused at once, and asked for again', async () => {
  const secret = join(folder, 'gone');
  writeFileSync(secret, 'a');
  const auth = { scheme: 'usernameToken', user: 'hub', password: { file: secret }, form: 'text' };
  const { repairs, server } = await service(echo, { auth });
  rmSync(secret);
  expect(await faultOf(repairs.loadByKeys(load(['a'])))).toBe('REFUSED');
  expect(server.requests).toHaveLength(0);
  writeFileSync(secret, 'b');
  expect(await faultOf(repairs.loadByKeys(load(['a'])))).toBe('answered');
  expect(server.requests.flatMap(leavesOf)).toContainEqual(['Password', 'b']);
});

test('a header has its attributes', async () => {
  const server = await oddServer(echo);
  const element = { 'h:Caller': { $attributes: { system: '<"&' }, 'h:name': { $attributes: { n: 1 }, $value: 'a' } } };
  const { source, repairs } = open(server.url, { wsdl, headers: [{ element, namespace: 'urn:h' }] });
  opened.push(server, source);
  await repairs.loadByKeys(load(['a']));
  expect(server.requests[0]?.body).toMatch(/<h:Caller system="&lt;&quot;&amp;"[^>]*><h:name n="1">a<\/h:name>/);
});

describe('the WSDL', () => {
  test('of several ports is that of SOAP, where others follow', async () => {
    const other = wsdlFolder((of) =>
      of
        .replace(
          '<wsdl:service',
          `<wsdl:message name="Get"><wsdl:part name="numbers" type="xs:string"/></wsdl:message>
           <wsdl:portType name="GetPort"><wsdl:operation name="QueryRepair"><wsdl:input message="tns:Get"/><wsdl:output message="tns:Get"/></wsdl:operation></wsdl:portType>
           <wsdl:binding name="GetBinding" type="tns:GetPort"><http:binding xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" verb="GET"/>
           <wsdl:operation name="QueryRepair"><http:operation xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" location="/QueryRepair"/><wsdl:input/><wsdl:output/></wsdl:operation></wsdl:binding>
           <wsdl:service`,
        )
        .replace('</wsdl:service>', '<wsdl:port name="Get" binding="tns:GetBinding"/></wsdl:service>'),
    );
    const server = await oddServer(echo);
    const { source, repairs } = open(server.url, { wsdl: join(other, 'water.wsdl') });
    opened.push(server, source);
    expect(await repairs.loadByKeys(load(['a']))).toEqual([[{ no: 'a' }]]);
    expect(server.requests[0]?.headers['soapaction']).toBe('"urn:water:records#QueryRepair"');
    rmSync(other, { recursive: true });
  });

  test('that would be read over the network is refused', async () => {
    const other = wsdlFolder((of) =>
      of.replace('<wsdl:types>', '<wsdl:import namespace="urn:x" location="http://127.0.0.1:9/x.wsdl"/><wsdl:types>'),
    );
    const server = await oddServer(echo);
    const { source, repairs } = open(server.url, { wsdl: join(other, 'water.wsdl') });
    opened.push(server, source);
    expect(await faultOf(repairs.loadByKeys(load(['a'])))).toBe('REFUSED');
    expect(server.requests).toHaveLength(0);
    rmSync(other, { recursive: true });
  });
});
