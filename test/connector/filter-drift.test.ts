import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { codeTable, flag, text } from '../../src/connector/codings.ts';
import type { KeyLoad } from '../../src/connector/connector.ts';
import { always, not, type Filter } from '../../src/connector/filter.ts';
import { column } from '../../src/connector/mapping.ts';
import { fewestBad } from '../../src/connector/filter-drift.ts';
import { rowSource } from '../../src/connector/rows/row-source.ts';
import type { Row, RowWire } from '../../src/connector/rows/row-wire.ts';
import type { MappedEntity } from '../../src/connector/source.ts';

/* A column that filters read and that has changed is told as a fault of the source; one value that cannot be read is not. */

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: {
    no: column('NO', text),
    secret: column('SECRET', flag('1', '0')),
    state: column('STATE', codeTable({ '1': 'OPEN', '2': 'DONE' })),
  },
};

const row = (no: string, secret: Row[string], state: Row[string] = '1'): Row => ({
  NO: no,
  ...(secret === undefined ? {} : { SECRET: secret }),
  STATE: state,
});

/** So many rows that all of them being bad is a sign. */
const allBad = (secret: Row[string], count = fewestBad): Row[] =>
  Array.from({ length: count }, (_, i) => row(String.fromCharCode(97 + i), secret));

/** A source whose table is `rows`, which a test may change. */
function source(...rows: Row[]) {
  const table = [...rows];
  const problems: string[] = [];
  const unreadable: string[] = [];
  let looks = 0;
  const wire: RowWire = {
    keysByCall: () => 100,
    byKeys: async function* ({ keys }) {
      yield table.filter((r) => keys.includes(String(r['NO'])));
    },
    scan: async function* ({ wanted }) {
      looks += 1;
      yield table.slice(0, wanted);
    },
    inOrder: () => false,
  };
  const opened = rowSource(thing, wire, {
    ...{ agency: 'fire', mostRows: 1_000, mostPages: 10, batchKeys: 100 },
    onProblem: (message) => void problems.push(message),
    onUnreadable: (type, field, values) => void unreadable.push(`${type}.${field} ${values}`),
  });
  const load = (keys: readonly string[], filter: Filter = isOpen): KeyLoad => ({
    key: 'no',
    keys,
    fields: ['no'],
    rows: filter,
    order: thing.order,
    limitPerKey: 10,
    signal: AbortSignal.timeout(5_000),
  });
  return {
    table,
    problems,
    unreadable,
    looks: () => looks,
    ask: async (keys: readonly string[], filter?: Filter) => opened.loadByKeys(load(keys, filter)),
    count: async (filter: Filter) => opened.count(filter, AbortSignal.timeout(5_000)),
  };
}

const isOpen: Filter = { kind: 'in', field: 'secret', values: [false] };
const drift = {
  fault: 'REFUSED',
  retryAfter: null,
  message:
    'the fire source has no readable value of Thing.secret (column SECRET), by which records are filtered: has its schema changed?',
};

test.each([
  ['is gone', undefined],
  ['holds numbers in place of texts', 0],
  ['holds another code', '否'],
])('a column that %s refuses whoever filters by it', async (_, secret) => {
  const things = source(...allBad(secret));
  await expect(things.ask(['a'])).rejects.toMatchObject(drift);
  await expect(things.ask(['a', 'b'], not(isOpen))).rejects.toMatchObject(drift);
  await expect(things.count(isOpen)).rejects.toMatchObject(drift);
  expect(await things.ask(['a'], always)).toEqual([[{ no: 'a' }]]);
  expect(things.problems.filter((line) => line === drift.message)).toHaveLength(1);
});

test('whether a caller asks for a record that is there makes no difference then', async () => {
  const things = source(...allBad(0));
  await expect(things.ask(['a'])).rejects.toMatchObject(drift);
  await expect(things.ask(['nobody'])).rejects.toMatchObject(drift);
  vi.advanceTimersByTime(60_000);
  await expect(things.ask(['nobody'])).rejects.toMatchObject(drift);
});

test('fewer bad records than tell of drift hide themselves, whoever asks', async () => {
  const things = source(...allBad(0, fewestBad - 1));
  for (const keys of [['a'], ['a', 'b'], ['nobody']]) expect((await things.ask(keys)).flat()).toEqual([]);
  expect(things.problems).not.toContain(drift.message);
  expect(things.unreadable).not.toEqual([]);
  // A column that is empty throughout says nothing of its form.
  const empty = source(...allBad(null, 20), row('z', 0));
  expect((await empty.ask(['z'])).flat()).toEqual([]);
});

test('one value that cannot be read hides its record as if there were none, and is told', async () => {
  const things = source(row('a', 'maybe'), row('b', '0'), row('c', null));
  for (const keys of [['a'], ['nobody'], ['a', 'c']]) expect((await things.ask(keys)).flat()).toEqual([]);
  expect(await things.ask(['a', 'b'])).toEqual([[], [{ no: 'b' }]]);
  expect(things.problems).toEqual([
    'the fire source gave 1 Thing records without a readable value of Thing.secret (column SECRET)',
  ]);
  expect(things.unreadable).toEqual(Array.from({ length: 3 }, () => 'Thing.secret 1'));
});

test('the source is looked at seldom, whatever is asked', async () => {
  const things = source(row('a', 'maybe'), row('b', '0'));
  for (let i = 0; i < 10; i++) await things.ask(['a']);
  expect(things.looks()).toBe(1);
  vi.advanceTimersByTime(5_000);
  await things.ask(['a']);
  expect(things.looks()).toBe(2);
});

test('a column that is well again serves at once, and is told of again when it drifts again', async () => {
  const things = source(...allBad(0));
  await expect(things.ask(['a'])).rejects.toMatchObject(drift);
  things.table.splice(0, 1, row('a', '0'));
  expect(await things.ask(['a'])).toEqual([[{ no: 'a' }]]);
  expect(await things.ask(['nobody'])).toEqual([[]]);
  things.table.splice(0, 1, row('a', 0));
  await expect(things.ask(['a'])).rejects.toMatchObject(drift);
  expect(things.problems.filter((line) => line === drift.message)).toHaveLength(2);
});

test('a field that is shown is told of once, until it was well for a while', async () => {
  const things = source(row('a', '0', '9'), row('b', '0', '1'));
  const problems = (): number => things.problems.length;
  const read = async (no: string) => {
    const opened = await things.count({ kind: 'all', of: [isOpen, { kind: 'in', field: 'state', values: ['OPEN'] }] });
    expect([opened, no]).toEqual([1, no]);
  };
  for (const no of ['a', 'b']) await read(no);
  expect(problems()).toBe(1);
  things.table[0] = row('a', '0', '2');
  await read('a');
  things.table[0] = row('a', '0', '9');
  await read('a');
  expect(problems()).toBe(1);
  things.table[0] = row('a', '0', '2');
  await read('a');
  vi.advanceTimersByTime(600_000);
  things.table[0] = row('a', '0', '9');
  await read('a');
  expect(things.problems).toEqual(
    Array.from(
      { length: 2 },
      () => 'the fire source gave 1 Thing records without a readable value of Thing.state (column STATE)',
    ),
  );
});
