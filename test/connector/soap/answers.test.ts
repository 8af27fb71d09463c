import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { text } from '../../../src/connector/codings.ts';
import { column, jsonList, UNREADABLE } from '../../../src/connector/mapping.ts';
import type { SoapEntity } from '../../../src/connector/soap/declaration.ts';
import { oddServer, type OddAnswer } from '../../kit/odd-server.ts';
import { faultOf, item, items, load, open, page, plain, repair, says, soap11, wsdlFolder, xml } from './soap-kit.ts';
import type { Opened } from './soap-kit.ts';

/* Values as they stand in an answer: none is cut, none is mixed with another's, none is read where it cannot be. */

const opened: { close(): Promise<void> }[] = [];
let folder: string;
let wsdl: string;
beforeAll(() => {
  // State is a number and labels repeat, so that both have their own white space and their own lists.
  folder = wsdlFolder((of) =>
    of
      .replace('name="ZT" type="xs:string"', 'name="ZT" type="xs:int"')
      .replace('name="LXR" type="xs:string" minOccurs="0"', 'name="LXR" type="xs:string" maxOccurs="unbounded"'),
  );
  wsdl = join(folder, 'water.wsdl');
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const labelled = { ...repair, mapping: { ...repair.mapping, labels: jsonList('LXR') } };

async function service(answer: OddAnswer, entity: SoapEntity = plain, settings: object = {}): Promise<Opened> {
  const server = await oddServer(answer);
  const of = open(server.url, { wsdl, entities: { Repair: entity } }, settings, labelled);
  opened.push(server, of.source);
  return of;
}

const refusal = (why: string): object => ({
  fault: 'MALFORMED',
  message: `the water source gave an answer that ${why}`,
});

/** What is read of a record with this in it. */
async function read(inside: string, field: string, entity: SoapEntity = plain, attributes = ''): Promise<unknown> {
  const { repairs } = await service(items(`<n:item${attributes}><n:BH>a</n:BH>${inside}</n:item>`), entity);
  const [[found] = []] = await repairs.loadByKeys(load(['a'], { fields: [field] }));
  return found?.[field];
}

describe('a value is read whole', () => {
  const long = '管道漏水😀&<>'.repeat(12_000);
  const written = long.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  test.each([
    ['of more than 64 KB', `<n:NR>${written}</n:NR>`, long],
    ['of more than 64 KB, in an element with an attribute', `<n:NR lang="zh">${written}</n:NR>`, long],
    ['of 64 KB of blanks and a letter', `<n:NR>${' '.repeat(70_000)}x</n:NR>`, `${' '.repeat(70_000)}x`],
    ['of text, CDATA and text', '<n:NR>a<![CDATA[<b>]]>&amp;c</n:NR>', 'a<b>&c'],
    ['of the same, with an attribute', '<n:NR x="1">a<![CDATA[<b>]]>&amp;c</n:NR>', 'a<b>&c'],
    ['of two CDATA sections, with an attribute', '<n:NR x="1"><![CDATA[]]]]><![CDATA[>]]></n:NR>', ']]>'],
    ['with a comment and an instruction inside', '<n:NR x="1">a<!-- b -->c<?d e?>f</n:NR>', 'acf'],
    [
      'that is a message in itself',
      '<n:NR><![CDATA[<?xml version="1.0"?><BH>z</BH>]]></n:NR>',
      '<?xml version="1.0"?><BH>z</BH>',
    ],
    ['that speaks of a document type', '<n:NR><![CDATA[<!DOCTYPE html>]]></n:NR>', '<!DOCTYPE html>'],
    ['of characters by number', '<n:NR>&#x1F600;&#128512;&#x20BB7;&#13;&#10;&#9;</n:NR>', '😀😀𠮷\r\n\t'],
    ['of lines', '<n:NR>a\r\nb\rc</n:NR>', 'a\nb\nc'],
    ['with blanks around it', '<n:NR>\n a \n</n:NR>', '\n a \n'],
    ['of blanks', '<n:NR>  </n:NR>', '  '],
    ['of blanks in CDATA, with an attribute', '<n:NR x="1"><![CDATA[  ]]></n:NR>', '  '],
    [
      'of a type of its own',
      '<n:NR xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:string"> 01 </n:NR>',
      ' 01 ',
    ],
  ])('%s', async (_, inside, expected) => {
    expect(await read(inside, 'note')).toBe(expected);
  });

  test('a number may stand on a line of its own', async () => {
    const said = '<n:NR xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:int">\n 12 \n</n:NR>';
    expect(await read(said, 'note')).toBe('12');
    expect(await read('<n:ZT>\n  12\n</n:ZT>', 'state')).toBe(12);
    expect(await read('<n:ZT><![CDATA[1]]>2</n:ZT>', 'state')).toBe(12);
    // As long as white space is, it takes no longer than its length.
    expect(await read(`<n:ZT>1${' '.repeat(500_000)}2</n:ZT>`, 'state')).toBe(UNREADABLE);
  });

  test.each(['', 'x'])('of several pieces, which end within a character or a line’s end, after %j', async (before) => {
    const faces = `${before}${'😀'.repeat(400_000)}`;
    expect((await read(`<n:NR>${faces}</n:NR>`, 'note')) === faces).toBe(true);
    expect(
      (await read(`<n:NR>${before}${'\r\n'.repeat(300_000)}</n:NR>`, 'note')) === `${before}${'\n'.repeat(300_000)}`,
    ).toBe(true);
    expect(
      (await read(`<n:NR>${before}${'&#13;'.repeat(150_000)}</n:NR>`, 'note')) === `${before}${'\r'.repeat(150_000)}`,
    ).toBe(true);
    expect(
      (await read(`<n:NR>${before}${'<![CDATA[]]>a'.repeat(60_000)}</n:NR>`, 'note')) ===
        `${before}${'a'.repeat(60_000)}`,
    ).toBe(true);
  });

  test('many are read, each in its place', async () => {
    const list = Array.from({ length: 5_000 }, (_, i) =>
      item(`k${i}`, `<n:NR a="${i}">${i}&amp;${'述'.repeat(60)}</n:NR>`),
    );
    const { repairs } = await service(items(...list), plain, { answerMilliseconds: 20_000 });
    const found = await repairs.loadPage(
      page({ fields: ['no', 'note'], limit: 5_000, signal: AbortSignal.timeout(20_000) }),
    );
    expect(found).toHaveLength(5_000);
    for (const { no, note } of found) expect(note).toBe(`${String(no).slice(1)}&${'述'.repeat(60)}`);
  });
});

describe('nothing, in its forms', () => {
  test.each([
    ['nil', '<n:NR xsi:nil="true"/>', null],
    ['nil as 1', '<n:NR xsi:nil="1"></n:NR>', null],
    ['not nil', '<n:NR xsi:nil="false">a</n:NR>', 'a'],
    ['another’s nil', '<n:NR xmlns:o="urn:o" o:nil="true">a</n:NR>', 'a'],
    ['nil with a text', '<n:NR xsi:nil="true">a</n:NR>', UNREADABLE],
    ['empty', '<n:NR/>', null],
    ['empty with an attribute', '<n:NR a="b"></n:NR>', null],
    ['missing', '', UNREADABLE],
    ['an element inside', '<n:NR><n:a/></n:NR>', UNREADABLE],
    ['text and an element', '<n:NR>a<n:b/></n:NR>', UNREADABLE],
    ['twice', '<n:NR>a</n:NR><n:NR>b</n:NR>', UNREADABLE],
    [
      'an attachment',
      '<n:NR><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:1"/></n:NR>',
      UNREADABLE,
    ],
  ])('%s', async (_, inside, expected) => {
    expect(await read(inside, 'note')).toBe(expected);
  });

  test.each([
    ['renamed', '<n:list><n:item><n:BH>a</n:BH></n:item></n:list>'],
    ['of other rows', '<n:items><n:record><n:BH>a</n:BH></n:record></n:items>'],
    ['an error', '<n:error>db down</n:error>'],
  ])('in the place of the rows, %s, is not none', async (_what, body) => {
    const { repairs } = await service(says(xml(body)));
    await expect(repairs.loadByKeys(load(['a']))).rejects.toMatchObject({ fault: 'MALFORMED' });
  });

  test('what cannot be read is not empty where the service leaves out what is', async () => {
    const leaving = { ...plain, omitsNulls: true };
    expect(await read('', 'note', leaving)).toBeNull();
    expect(await read('<n:NR><n:a/></n:NR>', 'note', leaving)).toBe(UNREADABLE);
    expect(await read('<n:NR>a</n:NR><n:NR>b</n:NR>', 'note', leaving)).toBe(UNREADABLE);
    expect(await read('<n:GDBH>x</n:GDBH>', 'note', { ...leaving, at: { NR: ['GDBH', 'NR'] } })).toBe(UNREADABLE);
  });

  test('on the way to a value', async () => {
    const within = { ...plain, at: { NR: ['GDBH', 'text'] } };
    expect(await read('<n:GDBH xsi:nil="true"/>', 'note', within)).toBeNull();
    expect(await read('<n:GDBH/>', 'note', within)).toBe(UNREADABLE);
    expect(await read('<n:GDBH><n:text>a</n:text></n:GDBH>', 'note', within)).toBe('a');
  });

  test('a list is one as the WSDL says, also of one', async () => {
    expect(await read('<n:LXR>a</n:LXR>', 'labels')).toEqual(['a']);
    expect(await read('<n:LXR>a</n:LXR><n:LXR/><n:LXR>"b"</n:LXR>', 'labels')).toEqual(['a', '', '"b"']);
    expect(await read('<n:LXR>a</n:LXR><n:LXR xsi:nil="true"/>', 'labels')).toBe(UNREADABLE);
    expect(await read('<n:LXR xsi:nil="true"/>', 'labels')).toEqual([]);
    expect(await read('', 'labels')).toBe(UNREADABLE);
  });
});

test.each(['<n:items xsi:nil="true"/>', '<n:items/>', ''])('a list of rows that is %j has none', async (body) => {
  const { repairs } = await service(says(xml(body)));
  expect(await repairs.loadByKeys(load(['a']))).toEqual([[]]);
});

describe('a record’s value shows in no other', () => {
  const all = async (answer: OddAnswer, entity: SoapEntity = plain): Promise<readonly unknown[]> =>
    (await service(answer, entity)).repairs.loadPage(page({ fields: ['no', 'ticket', 'note'] }));

  test('by attributes that look like references', async () => {
    const found = await all(
      items(
        '<n:item id="1"><n:BH>a</n:BH><n:GDBH/><n:NR>secret</n:NR></n:item>',
        '<n:item href="#1"><n:BH>b</n:BH><n:GDBH href="#1"/><n:NR href="#1">own</n:NR></n:item>',
      ),
    );
    expect(found).toEqual([
      { no: 'a', ticket: null, note: 'secret' },
      { no: 'b', ticket: null, note: 'own' },
    ]);
  });

  test('by elements that are named like what every object has', async () => {
    const found = await all(items(item('a', '<n:__proto__><n:NR>x</n:NR><n:GDBH>y</n:GDBH></n:__proto__>'), item('b')));
    expect(found).toEqual([
      { no: 'a', ticket: UNREADABLE, note: UNREADABLE },
      { no: 'b', ticket: UNREADABLE, note: UNREADABLE },
    ]);
  });

  test('attributes named id and href are data', async () => {
    const at = { GDBH: ['@id'], NR: ['BH', '@href'] };
    const found = await all(
      items('<n:item id="T1"><n:BH href="#T1">a</n:BH></n:item>', '<n:item id="T1"><n:BH href="x">b</n:BH></n:item>'),
      { ...plain, at },
    );
    expect(found).toEqual([
      { no: 'a', ticket: 'T1', note: '#T1' },
      { no: 'b', ticket: 'T1', note: 'x' },
    ]);
  });

  test('elements of one name in two namespaces are told apart, or refused', async () => {
    const answer = items(item('a', '<n:GDBH>1</n:GDBH><n:NR>ours</n:NR><o:NR xmlns:o="urn:other">theirs</o:NR>'));
    expect(await all(answer, { ...plain, at: { NR: ['{urn:water:records}NR'] } })).toMatchObject([{ note: 'ours' }]);
    expect(await all(answer, { ...plain, at: { NR: ['{urn:other}NR'] } })).toMatchObject([{ note: 'theirs' }]);
    expect(await faultOf(all(answer))).toBe('MALFORMED');
  });

  test('rows in several lists are all read', async () => {
    const list = (no: string): string => `<n:items>${item(no, '<n:GDBH/><n:NR/>')}</n:items>`;
    expect(await all(says(xml(`${list('a')}${list('b')}`)))).toMatchObject([{ no: 'a' }, { no: 'b' }]);
  });

  test('a row without the number that it was found by is refused', async () => {
    const { repairs } = await service(items(item('a'), '<n:item><n:NR>x</n:NR></n:item>'));
    expect(await faultOf(repairs.loadByKeys(load(['a', 'b'])))).toBe('MALFORMED');
  });
});

describe('references of SOAP’s own encoding', () => {
  const encoding = 'http://schemas.xmlsoap.org/soap/encoding/';
  const encoded = (body: string): string =>
    `<e:Envelope xmlns:e="${soap11}" xmlns:n="urn:water:records"><e:Body>` +
    `<n:QueryRepairResponse e:encodingStyle="${encoding}">${body}</e:Body></e:Envelope>`;
  const of = (body: string): Promise<unknown> =>
    service(says(encoded(body))).then(({ repairs }) => repairs.loadPage(page({ fields: ['no', 'note'] })));

  test('lead to the element that they name', async () => {
    expect(
      await of(
        '<n:items><n:item href="#r1"/><n:item href="#r2"/></n:items></n:QueryRepairResponse>' +
          '<multiRef id="r2"><n:BH>b</n:BH><n:NR href="#t"/></multiRef><multiRef id="r1"><n:BH>a</n:BH><n:NR href="#t"/></multiRef>' +
          '<multiRef id="t">same</multiRef>',
      ),
    ).toEqual([
      { no: 'a', note: 'same' },
      { no: 'b', note: 'same' },
    ]);
  });

  test.each([
    [
      'to nothing',
      'has references that lead nowhere',
      '<n:items><n:item href="#r1"/></n:items></n:QueryRepairResponse>',
    ],
    [
      'to itself',
      'has references that lead nowhere',
      '<n:items><n:item href="#r1"/></n:items></n:QueryRepairResponse><m id="r1"><n:BH href="#r1"/></m>',
    ],
    [
      'to two',
      'has no single response',
      '<n:items><n:item href="#r"/></n:items></n:QueryRepairResponse><m id="r"/><m id="r"/>',
    ],
    [
      'to twice as many each time',
      'has more elements than are read',
      `<n:items><n:item href="#r0"/></n:items></n:QueryRepairResponse>${Array.from({ length: 30 }, (_, i) => `<m id="r${i}"><m href="#r${i + 1}"/><m href="#r${i + 1}"/></m>`).join('')}<m id="r30"/>`,
    ],
    [
      'to one long text over and over',
      'has more elements than are read',
      `<n:items><n:item>${'<n:NR href="#t"/>'.repeat(1_000)}</n:item></n:items></n:QueryRepairResponse><m id="t">${'y'.repeat(1_000_000)}</m>`,
    ],
    [
      'on and on',
      'has more elements than are read',
      `<n:items><n:item href="#r0"/></n:items></n:QueryRepairResponse>${Array.from({ length: 50_000 }, (_, i) => `<m id="r${i}"><m href="#r${i + 1}"/></m>`).join('')}<m id="r50000"/>`,
    ],
    ['and something else', 'has no single response', '<n:items/></n:QueryRepairResponse><n:other/>'],
  ])('that lead %s: it %s', async (_, why, body) => {
    await expect(of(body)).rejects.toMatchObject(refusal(why));
  });
});

describe('the charset', () => {
  const body = xml(`<n:items>${item('a', '<n:NR>管道漏水</n:NR>')}</n:items>`);
  const declared = (name: string): string => body.replace('"1.0"?>', `"1.0" encoding="${name}"?>`);
  const utf16be = (of: string): Buffer => Buffer.from(of, 'utf16le').swap16();
  // 管道漏水 in GBK, as a service of that coding writes it.
  const gbk = (of: string): Buffer => {
    const [before = '', after = ''] = of.split('管道漏水');
    return Buffer.concat([Buffer.from(before), Buffer.from('b9dcb5c0c2a9cbae', 'hex'), Buffer.from(after)]);
  };
  test.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${body}`), 'text/xml'],
    ['UTF-8 in a declaration', Buffer.from(declared('utf-8')), 'text/xml'],
    ['GB18030 in the header', gbk(body), 'text/xml; charset=GB18030'],
    ['GBK in the header, another in the declaration', gbk(declared('utf-8')), 'text/xml;charset="GBK"'],
    ['GB2312 in the declaration', gbk(declared('GB2312')), 'text/xml'],
    ['GBK in the declaration, without a content type', gbk(declared('GBK')), ''],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le'), 'text/xml'],
    ['UTF-16 with the other mark, in the header', utf16be(`\ufeff${body}`), 'text/xml; charset=utf-16'],
    ['UTF-16 without a mark', utf16be(declared('UTF-16')), 'text/xml'],
    ['UTF-16 in a declaration that cannot be', Buffer.from(declared('utf-16')), 'text/xml'],
  ])('%s', async (_, bytes, type) => {
    const { repairs } = await service(says(bytes, 200, type));
    expect(await repairs.loadByKeys(load(['a'], { fields: ['note'] }))).toEqual([[{ note: '管道漏水' }]]);
  });

  test.each([
    ['bytes that are none of it', gbk(body), 'text/xml; charset=utf-8'],
    ['one that nobody knows', Buffer.from(declared('klingon')), 'text/xml'],
  ])('%s: refused', async (_, bytes, type) => {
    const { repairs } = await service(says(bytes, 200, type));
    expect(await faultOf(repairs.loadByKeys(load(['a'])))).toBe('MALFORMED');
  });
});

describe('refused, rather than read', () => {
  const rows = `<n:items>${item('a')}</n:items>`;
  const whole = xml(rows);
  const parts = `--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\n\r\n${whole}\r\n--b--\r\n`;
  const cases: readonly (readonly [string, string, OddAnswer])[] = [
    [
      'an answer in parts',
      'comes in parts (MTOM)',
      says(parts, 200, 'multipart/related; boundary=b; type="application/xop+xml"'),
    ],
    [
      'a document type',
      'has a document type',
      says(`<!DOCTYPE e [<!ENTITY a "b">]>${whole.replace(/^<\?.*?\?>/, '')}`),
    ],
    ['an entity that is not there', 'is no XML', items(item('&nbsp;'))],
    ['a prefix that is not there', 'is no XML', items(item('a', '<o:NR>x</o:NR>'))],
    ['an attribute that is there twice', 'is no XML', items(item('a', '<n:NR x="1" x="2"/>'))],
    ['a character that XML does not have', 'is no XML', items(item('a', '<n:NR>&#1;</n:NR>'))],
    ['two messages', 'is no XML', says(`${whole}${whole.replace(/^<\?.*?\?>/, '')}`)],
    ['an envelope of another kind', 'is no SOAP response', says(xml(rows, 'urn:other'))],
    [
      'another operation’s response',
      'is not the response of what was asked',
      says(whole.replaceAll('QueryRepairResponse', 'QueryRepairRequest')),
    ],
    [
      'a response of another service',
      'is not the response of what was asked',
      says(whole.replaceAll('urn:water:records', 'urn:fire:records')),
    ],
    ['two responses', 'has no single response', says(whole.replace(/(<n:Query.*Response>)/s, '$1$1'))],
    ['two bodies', 'is no SOAP response', says(whole.replace(/(<e:Body>.*<\/e:Body>)/s, '$1$1'))],
    ['a text in place of rows', 'has something else where rows should be', says(xml('<n:items>系统繁忙</n:items>'))],
    ['a text beside rows', 'has something else where rows should be', items(item('a'), '系统繁忙')],
    [
      'a nil list with rows',
      'has something else where rows should be',
      says(xml(rows.replace('<n:items>', '<n:items xsi:nil="true">'))),
    ],
    ['a nil among rows', 'has a row that is nil', items(item('a'), '<n:item xsi:nil="true"/>')],
    ['a nil in place of the one row', 'has a row that is nil', items('<n:item xsi:nil="1"/>')],
    [
      'elements in elements, very deep',
      'has more elements than are read',
      items(item('a', `${'<n:x>'.repeat(5_000)}${'</n:x>'.repeat(5_000)}`)),
    ],
    [
      'more elements than an answer of rows can have',
      'has more elements than are read',
      items(item('a', '<n:x/>'.repeat(2_100_000))),
    ],
  ];
  test.each(cases)('%s: it %s', async (_, why, answer) => {
    const { repairs } = await service(answer, { ...plain, omitsNulls: true }, { answerMilliseconds: 20_000 });
    const signal = AbortSignal.timeout(20_000);
    await expect(repairs.loadPage(page({ signal }))).rejects.toMatchObject(refusal(why));
  });

  test('a busy service is overloaded, whatever fault it gives', async () => {
    const fault = `<e:Envelope xmlns:e="${soap11}"><e:Body><e:Fault><faultcode>e:Server</faultcode></e:Fault></e:Body></e:Envelope>`;
    const { repairs } = await service(says(fault, 503));
    expect(await faultOf(repairs.loadByKeys(load(['a'])))).toBe('OVERLOADED');
  });

  test('who gives up ends the reading', async () => {
    const { repairs } = await service(items(item('a', '<n:x/>'.repeat(1_500_000))));
    const begun = Date.now();
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 150);
    await expect(repairs.loadByKeys(load(['a'], { signal: gone.signal }))).rejects.toThrow();
    expect(Date.now() - begun).toBeLessThan(900);
  });
});

test('a column is found by its own name alone', async () => {
  const named = { ...repair, mapping: { ...repair.mapping, note: column('constructor', text) } };
  const server = await oddServer(items(item('a')));
  const { source, repairs } = open(server.url, { wsdl }, {}, named);
  opened.push(server, source);
  expect(await repairs.loadByKeys(load(['a'], { fields: ['note'] }))).toEqual([[{ note: UNREADABLE }]]);
});
