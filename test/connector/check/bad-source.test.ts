import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { allChecks } from '../../../src/connector/check/all-checks.ts';
import { checkConnector } from '../../../src/connector/check/check-connector.ts';
import type { EntitySource, KeyLoad, SourceRecord } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { UNREADABLE } from '../../../src/connector/mapping.ts';
import type { SourceDriver } from '../../../src/connector/source.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { goodDriver, thingsBy } from './things.ts';

/*
 * Each check can fail: for each there is a source with one mistake, around a good one, that fails it by name. The good one
 * passes them all.
 */

// What a mistake prints is looked at, and is nothing to read.
beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => void vi.restoreAllMocks());

type Lists = readonly (readonly SourceRecord[])[];

/** A driver whose sources have a mistake. */
function badly(change: (source: EntitySource) => EntitySource): SourceDriver {
  return {
    ...goodDriver,
    open(opening) {
      const open = goodDriver.open(opening);
      return { ...open, sources: new Map([...open.sources].map(([type, source]) => [type, change(source)])) };
    },
  };
}

/** The lists of a load by keys come changed. */
const lists = (change: (found: Lists, load: KeyLoad) => Lists): SourceDriver =>
  badly((source) => ({ ...source, loadByKeys: async (load) => change(await source.loadByKeys(load), load) }));

/** Each value comes changed. */
const values = (change: (value: unknown, field: string) => unknown): SourceDriver =>
  lists((found) =>
    found.map((of) =>
      of.map((record) => Object.fromEntries(Object.entries(record).map(([field, v]) => [field, change(v, field)]))),
    ),
  );

const load = (change: (load: KeyLoad) => KeyLoad): SourceDriver =>
  badly((source) => ({ ...source, loadByKeys: (of) => source.loadByKeys(change(of)) }));

/** What goes wrong becomes an empty answer. */
const swallowing = badly((source) => {
  const swallow = async <T>(work: Promise<T>, nothing: T): Promise<T> => work.catch(() => nothing);
  return {
    ...source,
    loadByKeys: (of) =>
      swallow<Lists>(
        source.loadByKeys(of),
        of.keys.map(() => []),
      ),
    loadPage: (of) => swallow<readonly SourceRecord[]>(source.loadPage(of), []),
    count: (rows, signal) => swallow(source.count(rows, signal), 0),
    countByKeys: (key, keys, rows, signal) =>
      swallow<readonly number[]>(
        source.countByKeys(key, keys, rows, signal),
        keys.map(() => 0),
      ),
  };
});

const unreadableIsNull = values((v) => (v === UNREADABLE ? null : v));
const fresh = (): AbortSignal => new AbortController().signal;
const hoard: unknown[] = [];

const mistakes: Readonly<Record<string, SourceDriver>> = {
  'key-alignment': lists((found) => found.toReversed()),
  'missing-keys': lists((found) => {
    const some = found.find((of) => of.length > 0) ?? [];
    return found.map((of) => (of.length > 0 ? of : some));
  }),
  'duplicate-keys': lists((found) => found.map((of) => of.slice(0, 1))),
  'reordered-keys': load((of) => ({ ...of, keys: of.keys.toSorted() })),
  'empty-batch': load((of) => {
    if (of.keys.length === 0) throw new TypeError('no keys');
    return of;
  }),
  'batched-keys': badly((source) => ({
    ...source,
    loadByKeys: async (of) =>
      (await Promise.all(of.keys.map((key) => source.loadByKeys({ ...of, keys: [key] })))).map((one) => one[0] ?? []),
  })),
  'asked-once': badly((source) => ({
    ...source,
    async loadByKeys(of) {
      await source.loadByKeys(of);
      return source.loadByKeys(of);
    },
  })),
  'concurrent-loads': badly((source) => {
    let current: KeyLoad | undefined;
    return {
      ...source,
      async loadByKeys(of) {
        current = of;
        // As if a connection had to be waited for.
        await new Promise((resolve) => setTimeout(resolve, 1));
        return source.loadByKeys(current);
      },
    };
  }),
  'huge-batch': lists((found) => found.map((of, i) => (i < 500 ? of : []))),
  unicode: values((v) => (typeof v === 'string' ? v.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?') : v)),
  'exact-texts': values((v) => (typeof v === 'string' ? v.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '') : v)),
  'long-texts': values((v) => (typeof v === 'string' ? v.slice(0, 4_000) : v)),
  nulls: values((v) => (v === null ? '' : v)),
  'dates-and-zones': values((v) => (typeof v === 'string' ? v.replace(/T(\d\d):(.*)\+08:00$/, 'T00:$2+08:00') : v)),
  'phone-numbers': values((v, field) => (field === 'phone' && typeof v === 'string' ? v.replaceAll('-', '') : v)),
  'exact-numbers': values((v) => (typeof v === 'number' ? Math.round(v / 10) * 10 : v)),
  'code-table': values((v) => (v === 'OPEN' ? 'DONE' : v)),
  'unknown-code': unreadableIsNull,
  'only-asked-fields': lists((found) => found.map((of) => of.map((record) => ({ note: null, ...record })))),
  'row-filter': load((of) => ({ ...of, rows: always })),
  'limit-per-key': load((of) => ({ ...of, limitPerKey: 1_000 })),
  'keyset-paging': badly((source) => ({
    ...source,
    loadPage: ({ after: _, ...of }) => source.loadPage(of),
  })),
  'full-pages': lists((found) => found.map((of) => of.filter((_, i) => i % 100 !== 99))),
  counts: badly((source) => ({ ...source, count: async (rows, signal) => (await source.count(rows, signal)) + 1 })),
  'column-gone': unreadableIsNull,
  'type-changed': unreadableIsNull,
  'new-enum-value': unreadableIsNull,
  'malformed-answer': swallowing,
  'half-answer': swallowing,
  'huge-answer': swallowing,
  'slow-answer': badly((source) => ({
    ...source,
    loadByKeys: async (of) => source.loadByKeys(of).catch(() => new Promise<never>(() => undefined)),
  })),
  'trickling-answer': swallowing,
  'connection-reset': swallowing,
  unreachable: swallowing,
  refused: swallowing,
  failed: swallowing,
  'too-many-requests': badly((source) => ({
    ...source,
    loadByKeys: async (of) =>
      source.loadByKeys(of).catch((error: unknown) => {
        // The hint is lost on the way.
        throw new SourceError('things', 'too busy', { fault: 'OVERLOADED', cause: error });
      }),
  })),
  'paging-loop': swallowing,
  'abort-stops': load((of) => ({ ...of, signal: fresh() })),
  'secrets-unsaid': badly((source) => ({
    ...source,
    loadByKeys: async (of) =>
      source.loadByKeys(of).catch(() => {
        throw new SourceError('things', `nothing came for ${of.keys.join(', ')}`);
      }),
  })),
  'nothing-printed': badly((source) => ({
    ...source,
    loadByKeys: async (of) => {
      process.stderr.write(`loading ${of.keys.join(', ')}\n`);
      return source.loadByKeys(of);
    },
  })),
  heals: badly((source) => {
    let broken: Error | null = null;
    return {
      ...source,
      async loadByKeys(of) {
        if (broken !== null) throw broken;
        try {
          return await source.loadByKeys(of);
        } catch (error) {
          broken = error as Error;
          throw error;
        }
      },
    };
  }),
  closes: {
    ...goodDriver,
    open(opening) {
      const open = goodDriver.open(opening);
      return { ...open, close: () => Promise.resolve() };
    },
  },
  'million-rows': badly((source) => ({
    ...source,
    async loadByKeys(of) {
      hoard.push(Array.from({ length: 4_000_000 }, (_, i) => `${i}`));
      return source.loadByKeys(of);
    },
  })),
};

test('there is a mistake for each check', () => {
  expect(Object.keys(mistakes).toSorted()).toEqual(allChecks.map((c) => c.name).toSorted());
});

test('the good source passes all of them', async () => {
  const results = await checkConnector(thingsBy(goodDriver), { quick: true });
  expect(
    results.filter((r) => r.result !== 'passed').map((r) => `${r.check}: ${r.result}: ${r.problems.join('; ')}`),
  ).toEqual([]);
  expect(results.map((r) => r.check)).toEqual(allChecks.map((c) => c.name));
}, 120_000);

test.each(Object.entries(mistakes))(
  '%s',
  async (name, driver) => {
    const [result] = await checkConnector(thingsBy(driver), { quick: true, only: [name] });
    hoard.length = 0;
    expect(result?.result).toBe('failed');
    expect(result?.problems.length).toBeGreaterThan(0);
  },
  60_000,
);

test.each(['column-gone', 'type-changed'])(
  '%s sees that a filter by such a column hides all records',
  async (name) => {
    const silent = badly((source) => ({
      ...source,
      loadByKeys: async (of) => source.loadByKeys(of).catch((): Lists => of.keys.map(() => [])),
    }));
    const [result] = await checkConnector(thingsBy(silent), { quick: true, only: [name] });
    expect(result?.problems.join()).toContain('Thing filtered by state: 0 records were given as the whole answer');
  },
  60_000,
);

test('million-rows sees what a thread of the driver holds', async () => {
  const threaded = badly((source) => ({
    ...source,
    async loadByKeys(of) {
      const thread = new Worker(
        `const { parentPort } = require('node:worker_threads');
         const held = Array.from({ length: 6_000_000 }, (_, i) => String(i));
         setTimeout(() => parentPort.postMessage(held.length), 300);`,
        { eval: true },
      );
      await once(thread, 'message');
      await thread.terminate();
      return source.loadByKeys(of);
    },
  }));
  const [result] = await checkConnector(thingsBy(threaded), { quick: true, only: ['million-rows'] });
  expect(result?.problems.join()).toMatch(
    /500 keys of Thing: \d+ MiB of memory outside this thread, more than 128 MiB/,
  );
}, 60_000);

/* Faults of the network take their time, and none of these mistakes is about them. */
const quiet = allChecks
  .map((c) => c.name)
  .filter((name) => !/answer|connection-|unreachable|refused|failed|too-many|million/.test(name));

test.each([
  'batched-keys',
  'asked-once',
  'concurrent-loads',
  'exact-texts',
  'long-texts',
  'full-pages',
  'nothing-printed',
  'closes',
])(
  'the mistake for %s fails on nothing else',
  async (name) => {
    const results = await checkConnector(thingsBy(mistakes[name]!), { quick: true, only: quiet });
    expect(results.filter((r) => r.result === 'failed').map((r) => r.check)).toEqual([name]);
  },
  60_000,
);

test('a delivery that takes its time is waited for: only then can what is loaded be judged', async () => {
  const slow: SourceDriver = {
    ...goodDriver,
    open(opening) {
      const open = goodDriver.open(opening);
      const taken = new Promise((resolve) => setTimeout(resolve, 500));
      let isTaken = false;
      const early = (): void => {
        if (!isTaken) throw new SourceError('things', 'nothing is delivered yet', { fault: 'UNREACHABLE' });
      };
      const later = (source: EntitySource): EntitySource => ({
        ...source,
        loadByKeys: async (of) => (early(), source.loadByKeys(of)),
        loadPage: async (of) => (early(), source.loadPage(of)),
        count: async (rows, signal) => (early(), source.count(rows, signal)),
      });
      return {
        ...open,
        sources: new Map([...open.sources].map(([type, source]) => [type, later(source)])),
        ready: async () => {
          await taken;
          isTaken = true;
        },
      };
    },
  };
  const results = await checkConnector(thingsBy(slow), { quick: true, only: ['million-rows', 'huge-batch', 'counts'] });
  expect(results.map((r) => `${r.check}: ${r.result}: ${r.problems.join('; ')}`)).toEqual([
    'huge-batch: passed: ',
    'counts: passed: ',
    'million-rows: passed: ',
  ]);
}, 60_000);
