import fc from 'fast-check';
import knex, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeTable, flag, integer, phone, text, zonedDateTime } from '../../src/connector/codings.ts';
import { all, always, any, filterFields, matches, never, not, type Filter } from '../../src/connector/filter.ts';
import { column, jsonList, readRecord, type SourceValue } from '../../src/connector/mapping.ts';
import type { Condition } from '../../src/connector/sql/condition.ts';
import { canPushDown, pushAfter, pushDown } from '../../src/connector/sql/push-down.ts';
import { quoteOf } from '../../src/connector/sql/quote.ts';
import { sqliteTerms } from '../../src/connector/sql/sqlite/terms.ts';
import type { SqlTerms } from '../../src/connector/sql/column-terms.ts';
import type { SqlEntity } from '../../src/connector/sql/sql-entity.ts';
import type { SortKey } from '../../src/connector/connector.ts';

/* A filter means the same in the source and in the gate: judged on generated records in a real table, nulls included. */

const entity: SqlEntity = {
  type: 'Thing',
  table: 'thing',
  key: 'no',
  order: [],
  mapping: {
    no: column('no', text),
    name: column('nm', text),
    size: column('sz', integer),
    open: column('op', flag('Y', 'N')),
    state: column('st', codeTable({ '1': 'NEW', '2': 'OLD' }, 'number')),
    at: column('t', zonedDateTime),
    parties: jsonList('ps', { table: 'thing_party', key: 'thing_no', member: 'agency', where: { role: 'CO' } }),
    phone: column('ph', phone),
    tags: jsonList('tg'),
  },
};

const names = ['a', 'ab', 'abc', 'b', 'B', '福', '福州', '福州市', '%', 'a%', '_', null];
const times = ['2026-11-05T10:00:00+08:00', '2026-11-05T10:00:01+08:00', '2025-01-01T00:00:00+08:00', null];
const agencies = ['police', 'grid', 'market'];

interface Row {
  readonly nm: string | null;
  readonly sz: number | null;
  readonly op: string | null;
  readonly st: number | null;
  readonly t: string | null;
  readonly ps: readonly string[] | null;
  readonly other: readonly string[];
}

const row: fc.Arbitrary<Row> = fc.record({
  nm: fc.constantFrom(...names),
  sz: fc.constantFrom(0, 1, 2, -5, null),
  op: fc.constantFrom('Y', 'N', 'X', null),
  st: fc.constantFrom(1, 2, 3, null),
  t: fc.constantFrom(...times),
  ps: fc.option(fc.subarray(agencies), { nil: null }),
  other: fc.subarray(agencies),
});

const strings = fc.array(fc.constantFrom(...names.filter((n) => n !== null)), { maxLength: 3 });
const time = fc.constantFrom(...times.filter((t) => t !== null));
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.constantFrom(always, never),
  strings.map((values): Filter => ({ kind: 'in', field: 'name', values })),
  fc.array(fc.constantFrom(0, 1, 7), { maxLength: 2 }).map((values): Filter => ({ kind: 'in', field: 'size', values })),
  fc.array(fc.boolean(), { maxLength: 2 }).map((values): Filter => ({ kind: 'in', field: 'open', values })),
  fc
    .array(fc.constantFrom('NEW', 'OLD', 'NONE'), { maxLength: 2 })
    .map((values): Filter => ({ kind: 'in', field: 'state', values })),
  strings.map((prefixes): Filter => ({ kind: 'prefix', field: 'name', prefixes })),
  fc.subarray([...agencies, 'nobody']).map((values): Filter => ({ kind: 'contains', field: 'parties', values })),
  fc
    .record({ from: fc.option(time, { nil: undefined }), before: fc.option(time, { nil: undefined }) })
    .map(({ from, before }): Filter => ({
      kind: 'range',
      field: 'at',
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
    })),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('filter').map(not),
    fc.array(tie('filter'), { maxLength: 3 }).map(all),
    fc.array(tie('filter'), { maxLength: 3 }).map(any),
  ),
}));

let db: Knex;
let terms: SqlTerms;
beforeAll(async () => {
  db = knex({
    client: 'better-sqlite3',
    useNullAsDefault: true,
    connection: { filename: ':memory:' },
    pool: { min: 1, max: 1 },
  });
  terms = sqliteTerms(quoteOf(db));
  await db.raw(
    'CREATE TABLE thing (no TEXT PRIMARY KEY, nm TEXT, sz INTEGER, op TEXT, st INTEGER, t TEXT, ps TEXT, ph TEXT, tg TEXT)',
  );
  await db.raw('CREATE TABLE thing_party (thing_no TEXT, agency TEXT, role TEXT)');
});
afterAll(() => db.destroy());

async function store(rows: readonly Row[]): Promise<void> {
  await db('thing').delete();
  await db('thing_party').delete();
  for (const [i, { ps, other, ...columns }] of rows.entries()) {
    await db('thing').insert({ no: `n${i}`, ...columns, ps: ps === null ? null : JSON.stringify(ps) });
    for (const agency of ps ?? []) await db('thing_party').insert({ thing_no: `n${i}`, agency, role: 'CO' });
    for (const agency of other) await db('thing_party').insert({ thing_no: `n${i}`, agency, role: 'FORMER' });
  }
}

function where(statement: Knex.QueryBuilder, condition: Condition | null): Knex.QueryBuilder {
  return condition === null ? statement : statement.whereRaw(condition.sql, condition.values as Knex.RawBinding[]);
}

async function found(f: Filter): Promise<string[]> {
  const statement = where(db('thing').select('thing.no').orderBy('no'), pushDown(f, entity, terms));
  return ((await statement) as { no: string }[]).map((r) => r.no);
}

test('the source finds exactly the records that the filter matches', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 4, maxLength: 10 }),
      fc.array(filter, { minLength: 6, maxLength: 12 }),
      async (rows, filters) => {
        await store(rows);
        const stored = (await db('thing').select().orderBy('no')) as Record<string, SourceValue>[];
        const records = stored.map((r) =>
          readRecord(entity.mapping, ['no', 'name', 'size', 'open', 'state', 'at', 'parties'], r),
        );
        for (const f of filters) {
          expect(canPushDown(f, entity)).toBe(true);
          expect({ f, found: await found(f) }).toEqual({
            f,
            found: records.filter((r) => matches(f, r)).map((r) => r['no']),
          });
        }
      },
    ),
    { numRuns: 120 },
  );
});

test('one record, each filter and its negation: exactly one of the two, and never both where it cannot be read', async () => {
  await fc.assert(
    fc.asyncProperty(row, fc.array(filter, { minLength: 5, maxLength: 8 }), async (one, filters) => {
      await store([one]);
      const readable = one.op !== 'X' && one.st !== 3;
      for (const f of filters) {
        const both = (await found(f)).length + (await found(not(f))).length;
        if (readable) expect(both).toBe(1);
        else expect(both).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});

describe('null never matches, and its negation does', () => {
  const nothing: Row = { nm: null, sz: null, op: null, st: null, t: null, ps: null, other: ['police'] };
  const tests: readonly Filter[] = [
    { kind: 'in', field: 'name', values: ['a'] },
    { kind: 'in', field: 'open', values: [true, false] },
    { kind: 'prefix', field: 'name', prefixes: ['a'] },
    { kind: 'contains', field: 'parties', values: ['police'] },
    { kind: 'range', field: 'at' },
    { kind: 'range', field: 'at', from: '2000-01-01T00:00:00+08:00' },
    { kind: 'range', field: 'at', before: '2100-01-01T00:00:00+08:00' },
  ];
  test.each(tests)('%o', async (f) => {
    await store([nothing]);
    expect([await found(f), await found({ kind: 'not', of: f })]).toEqual([[], ['n0']]);
  });

  test('a code that cannot be read satisfies neither a test nor its negation', async () => {
    await store([{ ...nothing, op: 'X', st: 3 }]);
    for (const values of [['NEW'], ['NEW', 'OLD'], []]) {
      expect(await found({ kind: 'in', field: 'state', values })).toEqual([]);
      expect(await found(not({ kind: 'in', field: 'state', values }))).toEqual([]);
    }
    expect(await found({ kind: 'in', field: 'open', values: [true, false] })).toEqual([]);
  });
});

// A column's empty text is read as null, so it must not be found as a value either.
test.each<Filter>([
  { kind: 'in', field: 'name', values: [''] },
  { kind: 'range', field: 'at', before: '2100-01-01T00:00:00+08:00' },
  { kind: 'range', field: 'at' },
])('empty text is null to the source as to the gate: %o', async (f) => {
  await store([{ nm: '', sz: 1, op: 'Y', st: 1, t: '', ps: [], other: [] }]);
  expect([await found(f), await found(not(f))]).toEqual([[], ['n0']]);
});

// Filters are built by `all`, `any` and `not`, which fold these away; one that was not must not open the table.
test.each<readonly [what: string, f: Filter]>([
  ['no alternative', { kind: 'any', of: [] }],
  ['no alternative, twice negated', { kind: 'not', of: { kind: 'not', of: { kind: 'any', of: [] } } }],
  ['not all of nothing', { kind: 'not', of: { kind: 'all', of: [] } }],
  ['never among alternatives', { kind: 'any', of: [never, never] }],
  ['not always', { kind: 'not', of: { kind: 'any', of: [always, { kind: 'in', field: 'name', values: ['zzz'] }] } }],
])('a constant that was not folded finds nothing: %s', async (_what, f) => {
  await store([{ nm: 'a', sz: 1, op: 'Y', st: 1, t: null, ps: [], other: [] }]);
  expect([matches(f, { name: 'a' }), await found(f)]).toEqual([false, []]);
});

test('values travel as bindings, whatever they hold', () => {
  const hostile = "'; DROP TABLE thing; --";
  const condition = pushDown(
    {
      kind: 'any',
      of: [
        { kind: 'in', field: 'name', values: [hostile] },
        { kind: 'prefix', field: 'name', prefixes: [hostile] },
        { kind: 'contains', field: 'parties', values: [hostile] },
      ],
    },
    entity,
    terms,
  );
  const { sql, values } = condition!;
  expect(sql).not.toContain('DROP');
  expect(values.filter((b) => b === hostile)).toHaveLength(3);
});

describe('what the source cannot compare', () => {
  const unable: readonly Filter[] = [
    { kind: 'in', field: 'phone', values: ['13800590517'] },
    { kind: 'contains', field: 'tags', values: ['x'] },
    { kind: 'in', field: 'parties', values: ['x'] },
    { kind: 'prefix', field: 'nothing', prefixes: ['x'] },
  ];
  test.each(unable)('is refused, alone or inside another: %o', (f) => {
    for (const one of [
      f,
      not(f),
      { kind: 'all', of: [always, f] } as const,
      { kind: 'any', of: [never, { kind: 'not', of: f } as const] } as const,
    ]) {
      expect(canPushDown(one, entity)).toBe(false);
      expect(() => pushDown(one, entity, terms)).toThrow(TypeError);
    }
  });
});

test('constants are folded without a change of meaning', () => {
  fc.assert(
    fc.property(
      fc.array(leaf, { maxLength: 4 }),
      fc.record({
        name: fc.constantFrom(...names),
        size: fc.constantFrom(0, 1, null),
        parties: fc.subarray(agencies),
        at: fc.constantFrom(...times),
      }),
      (of, record) => {
        expect(matches(all(of), record)).toBe(matches({ kind: 'all', of }, record));
        expect(matches(any(of), record)).toBe(matches({ kind: 'any', of }, record));
        for (const f of of) expect(matches(not(f), record)).toBe(!matches(f, record));
      },
    ),
  );
  expect([all([]), any([]), all([always, never]), any([always, never]), not(always), not(never)]).toEqual([
    always,
    never,
    never,
    always,
    never,
    always,
  ]);
});

test('the fields that a filter reads', () => {
  const f: Filter = all([
    { kind: 'in', field: 'a', values: [1] },
    any([{ kind: 'prefix', field: 'b', prefixes: ['x'] }, not({ kind: 'contains', field: 'c', values: ['x'] })]),
    { kind: 'range', field: 'd' },
  ]);
  expect(filterFields(f)).toEqual(new Set(['a', 'b', 'c', 'd']));
});

test('keyset paging goes on after a position, by any order', async () => {
  const rows = Array.from({ length: 12 }, (_, i): Row => ({
    nm: ['a', 'b', 'c'][i % 3] ?? 'a',
    sz: i,
    op: 'Y',
    st: 1,
    t: times[i % 3] ?? null,
    ps: [],
    other: [],
  }));
  await store(rows);
  const orders: readonly SortKey[][] = [
    [
      { field: 'at', direction: 'ASC' },
      { field: 'name', direction: 'DESC' },
      { field: 'no', direction: 'ASC' },
    ],
    [
      { field: 'name', direction: 'DESC' },
      { field: 'no', direction: 'DESC' },
    ],
    [{ field: 'no', direction: 'ASC' }],
  ];
  for (const order of orders) {
    const sort = order.map((k) => ({
      column: `thing.${{ at: 't', name: 'nm', no: 'no' }[k.field]}`,
      order: k.direction === 'ASC' ? ('asc' as const) : ('desc' as const),
    }));
    const everything = (await db('thing').select().orderBy(sort)) as Record<string, SourceValue>[];
    const walked: unknown[] = [];
    for (let after: string[] | null = null; ;) {
      const first = db('thing').select().orderBy(sort).limit(5);
      const page = (await where(first, after === null ? null : pushAfter(order, after, entity, terms))) as Record<
        string,
        SourceValue
      >[];
      if (page.length === 0) break;
      walked.push(...page.map((r) => r['no']));
      const last = readRecord(
        entity.mapping,
        order.map((k) => k.field),
        page.at(-1) ?? {},
      );
      after = order.map((k) => String(last[k.field]));
    }
    expect(walked).toEqual(everything.map((r) => r['no']));
  }
});
