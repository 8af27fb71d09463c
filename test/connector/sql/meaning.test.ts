import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EntitySource, SortKey } from '../../../src/connector/connector.ts';
import { all, always, matches, type Filter } from '../../../src/connector/filter.ts';
import { sqlDriver } from '../../../src/connector/sql/sql-driver.ts';
import type { OpenSource } from '../../../src/connector/source.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { testDatabase, type TestDatabase } from '../../kit/test-database.ts';
import {
  createTables,
  fields,
  filter,
  names,
  readable,
  recordOf,
  row,
  store,
  tables,
  thing,
  variants,
  type StoredThing,
  type ThingRow,
} from './thing.ts';

/* What a source finds is what `matches` says of each record, whatever the database and its collations. */

const { signal } = new AbortController();
const runs = Number(process.env['LIANQIAO_SQL_RUNS'] ?? 25);

for (const variant of variants) {
  describeOn(variant.client, variant.name, () => {
    let database: TestDatabase;
    let open: OpenSource;
    let source: EntitySource;
    const openWith = (batchKeys: number): OpenSource =>
      sqlDriver(tables).open({
        agency: 'things',
        source: 'things',
        entities: [thing],
        settings: database.settings(),
        dataDir: '/',
        batchKeys,
        onStatement: () => undefined,
      });
    beforeAll(async () => {
      database = await testDatabase(variant.client);
      await createTables(database, variant);
      open = openWith(500);
      source = open.sources.get('Thing')!;
    });
    afterAll(async () => {
      await open?.close();
      await database?.drop();
    });

    const page = (rows: Filter, order: readonly SortKey[], limit: number, after?: readonly string[]) =>
      source.loadPage({ fields, rows, order, limit, signal, ...(after === undefined ? {} : { after }) });

    test('pages and counts', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 4, maxLength: 12 }),
          fc.array(filter, { minLength: 8, maxLength: 8 }),
          async (rows, filters) => {
            const stored = keyed([readable, ...rows]);
            await store(database, stored);
            const records = stored.map(recordOf);
            for (const f of filters) {
              const expected = records.filter((r) => matches(f, r));
              const found = await page(f, thing.order, 1_000);
              expect({ f, n: await source.count(f, signal), found }).toEqual({
                f,
                n: expected.length,
                found: expected,
              });
            }
          },
        ),
        { numRuns: runs },
      );
    });

    test.each(['name', 'legacy', 'padded', 'code', 'long', 'at', 'stamp', 'price', 'day'])(
      'records by %s',
      async (key) => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(row, { minLength: 8, maxLength: 16 }),
            filter,
            fc.integer({ min: 1, max: 3 }),
            async (rows, f, limitPerKey) => {
              const stored = keyed([readable, ...rows]);
              await store(database, stored);
              const records = stored.map(recordOf);
              const values = records.map((r) => r[key]).filter((v) => typeof v === 'string');
              const keys = [
                ...new Set([...values, 'a', 'A', 'a ', '012', '', 'a\0', '\0', '2025-01-01T00:00:00+08:00']),
              ];
              const byKey = keys.map((k) => records.filter((r) => r[key] === k && k !== '' && matches(f, r)));
              const order = thing.order;
              expect(await source.loadByKeys({ key, keys, fields, rows: f, order, limitPerKey, signal })).toEqual(
                byKey.map((of) => of.slice(0, limitPerKey)),
              );
              expect(await source.countByKeys(key, keys, f, signal)).toEqual(byKey.map((of) => of.length));
            },
          ),
          { numRuns: Math.ceil(runs / 4) },
        );
      },
    );

    test('counts by values', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 10, maxLength: 30 }), async (rows) => {
          const stored = rows.map((r, i): StoredThing => ({ ...r, no: `n${i}` }));
          await store(database, stored);
          const records = stored.map(recordOf);
          for (const by of [['name'], ['state', 'padded'], ['done', 'at'], ['stamp'], ['legacy', 'open']]) {
            const tally = (groups: readonly (readonly [readonly unknown[], number])[]) => {
              const sums = new Map<string, number>();
              for (const [values, n] of groups) {
                const name = JSON.stringify(values.map((v) => (typeof v === 'symbol' ? { unreadable: true } : v)));
                sums.set(name, (sums.get(name) ?? 0) + n);
              }
              return sums;
            };
            const found = (await source.countBy(by, always, signal)).map((g) => [g.values, g.count] as const);
            expect(tally(found)).toEqual(tally(records.map((r) => [by.map((field) => r[field]), 1] as const)));
          }
        }),
        { numRuns: Math.ceil(runs / 4) },
      );
    });

    const orders: readonly (readonly [name: string, order: readonly SortKey[]])[] = [
      [
        'name, no',
        [
          { field: 'name', direction: 'ASC' },
          { field: 'no', direction: 'ASC' },
        ],
      ],
      [
        'name down, no down',
        [
          { field: 'name', direction: 'DESC' },
          { field: 'no', direction: 'DESC' },
        ],
      ],
      [
        'at down, no',
        [
          { field: 'at', direction: 'DESC' },
          { field: 'no', direction: 'ASC' },
        ],
      ],
      [
        'stamp, name down, no',
        [
          { field: 'stamp', direction: 'ASC' },
          { field: 'name', direction: 'DESC' },
          { field: 'no', direction: 'ASC' },
        ],
      ],
      [
        'code down, no down',
        [
          { field: 'code', direction: 'DESC' },
          { field: 'no', direction: 'DESC' },
        ],
      ],
      ['no', [{ field: 'no', direction: 'ASC' }]],
      ['no down', [{ field: 'no', direction: 'DESC' }]],
    ];
    test.each(orders)('pages walk all records by %s', async (_name, order) => {
      const [sample] = fc.sample(row, { numRuns: 1, seed: 7 });
      const stored = walked.map(({ nm, t, ts, cd, no }): StoredThing => ({ ...sample!, nm, t, ts, cd, no }));
      await store(database, stored);
      const expected = stored.map(recordOf).sort(comparing(order));
      for (const size of [1, 7, 50]) {
        const found: unknown[] = [];
        for (let after: string[] | undefined; ;) {
          const next = await page(always, order, size, after);
          if (next.length === 0) break;
          found.push(...next.map((r) => r['no']));
          after = order.map((k) => String(next.at(-1)![k.field]));
          expect(found.length).toBeLessThanOrEqual(stored.length);
        }
        expect({ size, found }).toEqual({ size, found: expected.map((r) => r['no']) });
      }
    });

    test('each name as a value, as a beginning and as a bound', async () => {
      const [sample] = fc.sample(row, { numRuns: 1, seed: 7 });
      await store(database, keyed(names.map((nm) => ({ ...sample!, nm }))));
      const found = async (f: Filter) => (await page(f, thing.order, 1_000)).map((r) => r['name']);
      const records = (await page(always, thing.order, 1_000)).filter((r) => r['name'] !== null);
      for (const name of names) {
        const filters: Filter[] = [
          { kind: 'in', field: 'name', values: [name] },
          { kind: 'prefix', field: 'name', prefixes: [name] },
        ];
        // Above the surrogates JavaScript's units sort otherwise than code points.
        if (!/[\uD800-\uFFFF]/.test(name)) filters.push({ kind: 'range', field: 'name', before: name });
        for (const f of filters)
          expect({ f, found: await found(f) }).toEqual({
            f,
            found: records.filter((r) => matches(f, r)).map((r) => r['name']),
          });
      }
    });

    test.each(['ASC', 'DESC'] as const)('null is sorted before all values, %s', async (direction) => {
      const [sample] = fc.sample(row, { numRuns: 1, seed: 7 });
      const stored = ['b', null, 'a', '', null].map((nm, i): StoredThing => ({ ...sample!, nm, no: `n${i}` }));
      await store(database, stored);
      const order: SortKey[] = [
        { field: 'name', direction },
        { field: 'no', direction },
      ];
      const up = ['n1', 'n4', 'n3', 'n2', 'n0'];
      const found = (await page(always, order, 10)).map((r) => r['no']);
      expect(found).toEqual(direction === 'ASC' ? up : up.toReversed());
    });

    test('one page for each key goes on after a position', async () => {
      const [sample] = fc.sample(row, { numRuns: 1, seed: 7 });
      await store(
        database,
        walked.map(({ nm, t, ts, cd, no }): StoredThing => ({ ...sample!, nm, t, ts, cd, no })),
      );
      const order: SortKey[] = [
        { field: 'at', direction: 'DESC' },
        { field: 'no', direction: 'DESC' },
      ];
      const keys = ['a', 'A', 'nobody'];
      const load = (after?: string[]) =>
        source.loadByKeys({
          key: 'name',
          keys,
          fields: ['no', 'at'],
          rows: always,
          order,
          limitPerKey: 2,
          signal,
          ...(after === undefined ? {} : { after }),
        });
      const [first] = await load();
      const last = first!.at(-1)!;
      const [second] = await load([String(last['at']), String(last['no'])]);
      const whole = walked
        .filter((w) => w.nm === 'a')
        .map((w) => ({ no: w.no, at: w.t }))
        .sort(comparing(order));
      expect([...first!, ...second!]).toEqual(whole.slice(0, 4));
    });

    test('20,000 keys, of which many are there, in chunks', async () => {
      const [sample] = fc.sample(row, { numRuns: 1, seed: 9 });
      const stored = Array.from({ length: 3_000 }, (_, i): StoredThing => ({
        ...sample!,
        ps: [],
        other: [],
        no: `k${i * 3}`,
        nm: `v${i % 100}`,
      }));
      await store(database, stored);
      const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`);
      const rows = all([{ kind: 'in', field: 'name', values: Array.from({ length: 5_000 }, (_, i) => `v${i}`) }]);
      for (const batch of [500, 10_000]) {
        const own = openWith(batch);
        try {
          const of = own.sources.get('Thing')!;
          const found = await of.loadByKeys({
            key: 'no',
            keys,
            fields: ['no'],
            rows,
            order: thing.order,
            limitPerKey: 1,
            signal,
          });
          expect(found.map((r) => r[0]?.['no'] ?? null)).toEqual(
            keys.map((k, i) => (i % 3 === 0 && i / 3 < 3_000 ? k : null)),
          );
        } finally {
          await own.close();
        }
      }
    });
  });
}

/** With keys of which each two differ in their case alone, in the order that every source has. */
function keyed(rows: readonly ThingRow[]): StoredThing[] {
  const stored = rows.map((r, i): StoredThing => ({ ...r, no: `${i % 2 === 0 ? 'n' : 'N'}${Math.floor(i / 2) + 10}` }));
  return stored.sort((a, b) => Buffer.compare(Buffer.from(a.no), Buffer.from(b.no)));
}

/** Every name several times, at several times: what ties in one column differs in the next. */
const walked = names
  .filter((n) => n !== '')
  .flatMap((nm, i) =>
    [0, 1, 2, 3].map((j) => ({
      nm,
      t: `2026-11-0${1 + ((i + j) % 5)}T10:00:00+08:00`,
      ts: `2026-11-0${1 + ((i + j) % 4)} 10:00:00`,
      cd: (i * 7 + j) % 120,
      no: `${['x', 'X', 'é', '福'][j]}${i % 2 === 0 ? i : -i}`,
    })),
  );

/** By code point, as every source sorts; numbers as numbers. */
function comparing(order: readonly SortKey[]) {
  return (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number => {
    for (const { field, direction } of order) {
      const [x, y] = [String(a[field]), String(b[field])];
      const less = field === 'code' ? Number(x) - Number(y) : Buffer.compare(Buffer.from(x), Buffer.from(y));
      if (less !== 0) return direction === 'ASC' ? less : -less;
    }
    return 0;
  };
}
