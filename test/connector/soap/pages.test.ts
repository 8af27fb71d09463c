import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { always } from '../../../src/connector/filter.ts';
import type { SoapCall, SoapEntity } from '../../../src/connector/soap/declaration.ts';
import { oddServer, type OddAnswer, type OddRequest, type OddServer } from '../../kit/odd-server.ts';
import { faultOf, item, load, open, plain, says, wsdlFolder, xml } from './soap-kit.ts';
import type { Opened } from './soap-kit.ts';

/* Pages of a service that gives fewer rows than it is asked for, more, the same again, or none: no row is lost without a word. */

const opened: { close(): Promise<void> }[] = [];
let folder: string;
beforeAll(() => (folder = wsdlFolder()));
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const by = (total?: readonly string[]): SoapEntity => ({
  ...plain,
  list: {
    ...plain.list,
    paging: {
      kind: 'page',
      page: ['page'],
      size: ['size'],
      first: 1,
      most: 10,
      ...(total === undefined ? {} : { total }),
    },
  },
});

async function service(
  answer: OddAnswer,
  entity: SoapEntity,
  settings: object = {},
): Promise<Opened & { server: OddServer }> {
  const server = await oddServer(answer);
  const of = open(server.url, { wsdl: join(folder, 'water.wsdl'), entities: { Repair: entity } }, settings);
  opened.push(server, of.source);
  return { ...of, server };
}

const rows = Array.from({ length: 25 }, (_, i) => item(`n${String(i).padStart(2, '0')}`));
const numberOf = ({ body }: OddRequest, name: string): number => Number(new RegExp(`${name}>(\\d+)<`).exec(body)?.[1]);
const pageOf = (request: OddRequest, size: number): string[] => {
  const start = (numberOf(request, 'page') - 1) * size;
  return rows.slice(start, start + size);
};
const answered = (list: readonly string[], more = ''): string => xml(`<n:items>${list.join('')}</n:items>${more}`);
const count = ({ repairs }: Opened): Promise<number> => repairs.count(always, AbortSignal.timeout(5_000));

describe('pages', () => {
  test.each([10, 5, 4, 1])('of %d rows, where 10 are asked for, are all read', async (size) => {
    const of = await service((request, response) => void response.end(answered(pageOf(request, size))), by());
    expect(await count(of)).toBe(25);
    expect(numberOf(of.server.requests[0]!, 'size')).toBe(10);
    expect(of.server.requests).toHaveLength(Math.ceil(25 / size) + 1);
  });

  test('smaller than the keys that were asked for: each key has its record', async () => {
    const { repairs } = await service((request, response) => void response.end(answered(pageOf(request, 4))), by());
    const keys = Array.from({ length: 25 }, (_, i) => `n${String(i).padStart(2, '0')}`);
    expect(await repairs.loadByKeys(load(keys))).toEqual(keys.map((no) => [{ no }]));
  });

  test('of one row each are given up at the bound of one load', async () => {
    const answer: OddAnswer = (request, response) =>
      void response.end(answered([item(`n${numberOf(request, 'page')}`)]));
    const of = await service(answer, by(), { loadPages: 20 });
    expect(await faultOf(count(of))).toBe('REFUSED');
    expect(of.server.requests.length).toBeLessThanOrEqual(22);
  });

  test('that fill the last one end exactly', async () => {
    const of = await service((request, response) => {
      const start = (numberOf(request, 'page') - 1) * 10;
      response.end(answered(rows.slice(0, 20).slice(start, start + 10)));
    }, by());
    expect(await count(of)).toBe(20);
    expect(of.server.requests).toHaveLength(3);
  });

  test('with the number of all rows take no call more', async () => {
    const of = await service(
      (request, response) => void response.end(answered(pageOf(request, 10), '<n:total> 25 </n:total>')),
      by(['total']),
    );
    expect(await count(of)).toBe(25);
    expect(of.server.requests).toHaveLength(3);
  });

  test.each([
    ['that end before that number', ['total'], '<n:total>25</n:total>'],
    ['that lack it', ['total'], ''],
    ['whose number is none', ['total'], '<n:total>many</n:total>'],
    ['whose number is nil', ['total'], '<n:total xsi:nil="true"/>'],
    ['with two numbers', ['total'], '<n:total>5</n:total><n:total>5</n:total>'],
  ])('%s are refused', async (_, total, more) => {
    const answer: OddAnswer = (request, response) =>
      void response.end(answered(numberOf(request, 'page') === 1 ? rows.slice(0, 5) : [], more));
    expect(await faultOf(count(await service(answer, by(total))))).toBe('MALFORMED');
  });

  test('that come round again are refused, whatever else changes in the answer', async () => {
    let time = 0;
    const of = await service(
      (_, response) => void response.end(answered(rows.slice(0, 10), `<n:time>${(time += 1)}</n:time>`)),
      by(),
    );
    expect(await faultOf(count(of))).toBe('MALFORMED');
    expect(of.server.requests).toHaveLength(2);
  });

  test('with more rows than were asked for are refused', async () => {
    await expect(count(await service(says(answered(rows)), by()))).rejects.toMatchObject({
      fault: 'MALFORMED',
      message: 'the water source gave an answer that holds more rows than a page may have',
    });
  });
});

describe('a declaration that cannot work', () => {
  const list = (change: Partial<SoapCall>): Partial<SoapEntity> => ({ list: { ...plain.list, ...change } });
  const paging = { kind: 'page', page: ['page'], size: ['size'], first: 1, most: 10 } as const;
  const cases: readonly (readonly [string, Partial<SoapEntity>, string])[] = [
    ['keys of no column', { keys: { XX: { element: ['x'], most: 1 } } }, 'no field is read from the column XX'],
    ['a place for no column', { at: { XX: ['x'] } }, 'no field is read from the column XX'],
    ['no key a call', { keys: { BH: { element: ['x'], most: 0 } } }, 'a call for BH takes at least one key'],
    ['a filter by no column', list({ filters: { XX: { from: ['x'] } } }), 'no field is compared by the column XX'],
    ['an empty page', list({ paging: { ...paging, most: 0 } }), 'a page has at least one row'],
    ['no element for keys', { keys: { BH: { element: [], most: 1 } } }, 'leads to no element'],
    ['an attribute in a request', { keys: { BH: { element: ['@x'], most: 1 } } }, 'is no element of a request'],
    ['an attribute on the way', { at: { BH: ['@x', 'y'] } }, 'an attribute holds no elements'],
    ['rows in an attribute', list({ rows: ['items', '@item'] }), 'an attribute holds no rows'],
  ];
  test.each(cases)('%s: the start is refused', (_, change, message) => {
    const entities = { Repair: { ...plain, ...change } };
    expect(() => open('http://127.0.0.1:9', { wsdl: join(folder, 'water.wsdl'), entities })).toThrow(message);
  });
});
