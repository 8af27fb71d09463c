import { describe, expect, test } from 'vitest';
import { codeTable, text } from '../../../src/connector/codings.ts';
import type { KeyLoad, PageLoad } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { column, UNREADABLE } from '../../../src/connector/mapping.ts';
import { rowSource } from '../../../src/connector/rows/row-source.ts';
import type { Row, RowWire, ScanAsk } from '../../../src/connector/rows/row-wire.ts';
import type { MappedEntity } from '../../../src/connector/source.ts';

/* Exact answers over a wire that gives rows too many, twice, or out of their order. */

const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: { no: column('NO', text), state: column('STATE', codeTable({ '1': 'OPEN', '2': 'DONE' })) },
};

function over(
  pages: readonly (readonly Row[])[],
  ordered: boolean,
): ReturnType<typeof rowSource> & { asks: ScanAsk[] } {
  const asks: ScanAsk[] = [];
  const give = async function* (): AsyncGenerator<readonly Row[]> {
    yield* pages;
  };
  const wire: RowWire = {
    keysByCall: () => 100,
    byKeys: give,
    scan(ask) {
      asks.push(ask);
      return give();
    },
    inOrder: () => ordered,
  };
  return { ...rowSource(thing, wire, { agency: 'fire', mostRows: 1_000, mostPages: 10, batchKeys: 100 }), asks };
}

const page = (more: Partial<PageLoad> = {}): PageLoad => ({
  fields: ['no'],
  rows: always,
  order: thing.order,
  limit: 2,
  signal: AbortSignal.timeout(5_000),
  ...more,
});
const row = (no: unknown, state: string | null = '1'): Row => ({ NO: no as string, STATE: state });

test('a page of a source without that order looks through all rows, in pages as large as they come', async () => {
  const things = over([[row('c'), row('a')], [row('b')]], false);
  expect(await things.loadPage(page())).toEqual([{ no: 'a' }, { no: 'b' }]);
  expect(things.asks.map((ask) => ask.wanted)).toEqual([1_000]);
});

test('a page of a source with that order ends with the rows that are wanted', async () => {
  const things = over([[row('a'), row('b')], [row('a')]], true);
  expect(await things.loadPage(page())).toEqual([{ no: 'a' }, { no: 'b' }]);
  expect(things.asks.map((ask) => ask.wanted)).toEqual([2]);
});

test('a source that says it sorts and does not is told, not believed', async () => {
  const things = over([[row('b'), row('a'), row('c')]], true);
  await expect(things.loadPage(page())).rejects.toMatchObject({ fault: 'MALFORMED' });
});

test('rows that do not match count for the order too', async () => {
  const things = over([[row('c', '2'), row('a')]], true);
  const rows = { kind: 'in', field: 'state', values: ['OPEN'] } as const;
  await expect(things.loadPage(page({ rows }))).rejects.toMatchObject({ fault: 'MALFORMED' });
});

test('a page that moved gives rows twice: they are no break of the order, and come once', async () => {
  const things = over(
    [
      [row('a'), row('b')],
      [row('a'), row('b'), row('c')],
    ],
    true,
  );
  expect(await things.loadPage(page({ limit: 3 }))).toEqual([{ no: 'a' }, { no: 'b' }, { no: 'c' }]);
});

test('a row without a value to sort by has no place that could be wrong', async () => {
  const things = over([[row('a'), row('b', null), row('c', '9')]], true);
  const order = [
    { field: 'state', direction: 'ASC' },
    { field: 'no', direction: 'ASC' },
  ] as const;
  expect(await things.loadPage(page({ limit: 3, order }))).toHaveLength(3);
});

test('records whose key cannot be read are none less', async () => {
  const unreadable = [[row(Number.NaN), row(undefined), row('a')]];
  const signal = AbortSignal.timeout(5_000);
  expect(await over(unreadable, false).loadPage(page({ limit: 10 }))).toEqual(
    expect.arrayContaining([{ no: UNREADABLE }, { no: UNREADABLE }, { no: 'a' }]),
  );
  expect(await over(unreadable, false).count(always, signal)).toBe(3);
  expect(await over(unreadable, false).countBy(['state'], always, signal)).toEqual([{ values: ['OPEN'], count: 3 }]);
});

const signal = (): AbortSignal => AbortSignal.timeout(5_000);
const keyed = (keys: readonly string[], more: Partial<KeyLoad> = {}): KeyLoad => ({
  key: 'no',
  keys,
  fields: ['no'],
  rows: always,
  order: thing.order,
  limitPerKey: 1,
  signal: signal(),
  ...more,
});

test('blanks that fill up a key are no part of it, where no key that was asked for has them', async () => {
  const filled = (): ReturnType<typeof over> => over([[row('a   '), row('b '), row('c')]], false);
  expect(await filled().loadByKeys(keyed(['a', 'b ', 'b', 'c ']))).toEqual([
    [{ no: 'a' }],
    [{ no: 'b ' }],
    [],
    [{ no: 'c ' }],
  ]);
  expect(await filled().countByKeys('no', ['a', 'b'], always, signal())).toEqual([1, 1]);
});

test('a row without a value in the column that it was found by is refused', async () => {
  for (const without of [null, undefined]) {
    const things = over([[row('a'), row(without)]], false);
    await expect(things.loadByKeys(keyed(['a']))).rejects.toMatchObject({
      fault: 'MALFORMED',
      message: expect.stringContaining('Thing row without a value in the column NO') as string,
    });
  }
});

test('a row with an empty key beside a good one is refused', async () => {
  const things = over([[row('a'), row('')]], false);
  await expect(things.loadByKeys(keyed(['a']))).rejects.toMatchObject({ fault: 'MALFORMED' });
});

describe('two different rows of one key', () => {
  const refused = {
    fault: 'MALFORMED',
    message: 'the fire source gave Thing records that repeat a value of Thing.no (column NO)',
  };
  const rows = { kind: 'in', field: 'state', values: ['OPEN'] } as const;

  test('are refused, whatever the limit', async () => {
    const things = over([[row('a'), row('a', '2'), row('a')]], false);
    await expect(things.loadByKeys(keyed(['a']))).rejects.toMatchObject(refused);
    await expect(things.loadPage(page())).rejects.toMatchObject(refused);
    await expect(things.count(always, signal())).rejects.toMatchObject(refused);
  });

  test.each([
    ['the second', [row('a'), row('a', '2')]],
    ['the first', [row('a', '2'), row('a')]],
    ['the one that cannot be read', [row('a'), row('a', '9')]],
  ] as const)('are refused where the filter hides %s', async (_, both) => {
    const things = over([both], false);
    await expect(things.loadByKeys(keyed(['a'], { rows }))).rejects.toMatchObject(refused);
    await expect(things.loadPage(page({ rows }))).rejects.toMatchObject(refused);
    await expect(things.countByKeys('no', ['a'], rows, signal())).rejects.toMatchObject(refused);
  });

  test('tell nobody of a record that both of them hide', async () => {
    const things = over([[row('a', '2'), row('a', '9'), row('b')]], false);
    expect(await things.loadByKeys(keyed(['a', 'b'], { rows }))).toEqual([[], [{ no: 'b' }]]);
  });
});

test('further pages of one load are bounded, over all its batches of keys', async () => {
  const one = Array.from({ length: 11 }, (_, i) => [row(`a${i}`)]);
  expect(await over(one, false).count(always, signal())).toBe(11);
  await expect(over([...one, [row('b')]], false).count(always, signal())).rejects.toMatchObject({ fault: 'REFUSED' });
  const batches = (keys: number): Promise<unknown> =>
    over(one.slice(0, 6), false).loadByKeys(keyed(Array.from({ length: keys }, (_, i) => `k${i}`)));
  await expect(batches(200)).resolves.toBeDefined();
  await expect(batches(201)).rejects.toMatchObject({ fault: 'REFUSED' });
});
