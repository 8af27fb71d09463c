import { describe, expect, test } from 'vitest';
import type { EntitySource, KeyLoad, PageLoad, SourceRecord } from '../../../src/connector/connector.ts';
import { always, type Filter } from '../../../src/connector/filter.ts';
import { createGuard } from '../../../src/connector/guard/create-guard.ts';
import { guarded, type Guard } from '../../../src/connector/guard/guard.ts';
import { provenanceOf, stampLoad } from '../../../src/connector/provenance.ts';
import { setEnd, timeLeft } from '../../../src/connector/time-left.ts';
import { forever, settings } from './guard-kit.ts';

const some: Filter = { kind: 'in', field: 'no', values: ['1'] };

/** A source that answers with what it was asked. */
function source(list: (no: string) => readonly SourceRecord[] = (no) => [{ no }]): EntitySource {
  return {
    loadByKeys: async ({ keys }) => keys.map(list),
    loadPage: async ({ limit }) => list(String(limit)),
    count: async () => 7,
    countByKeys: async (_key, keys) => keys.map((_, i) => i),
    countBy: async (fields) => [{ values: fields, count: 1 }],
    canCountBy: (field) => field === 'no',
    canFilter: (rows) => rows.kind === 'always',
  };
}

const keyLoad: KeyLoad = {
  key: 'no',
  keys: ['1', '2'],
  fields: ['no'],
  rows: always,
  order: [],
  limitPerKey: 1,
  signal: forever(),
};
const pageLoad: PageLoad = { fields: ['no'], rows: always, order: [], limit: 5, signal: forever() };

test('a guarded source answers as the source does', async () => {
  const plain = source();
  const of = guarded('Account', plain, createGuard('water', settings()));
  for (const s of [plain, of]) {
    expect(await s.loadByKeys(keyLoad)).toEqual([[{ no: '1' }], [{ no: '2' }]]);
    expect(await s.loadPage(pageLoad)).toEqual([{ no: '5' }]);
    expect(await s.count(always, forever())).toBe(7);
    expect(await s.countByKeys('no', ['1', '2'], always, forever())).toEqual([0, 1]);
    expect(await s.countBy(['no'], always, forever())).toEqual([{ values: ['no'], count: 1 }]);
    expect([s.canCountBy('no'), s.canCountBy('name')]).toEqual([true, false]);
    expect([s.canFilter(always), s.canFilter(some)]).toEqual([true, false]);
  }
});

describe('the name of a load', () => {
  /** The names of the loads that `ask` makes of a source of this type. */
  async function names(ask: (s: EntitySource) => Promise<unknown>, type = 'Account'): Promise<readonly string[]> {
    const seen: string[] = [];
    const guard: Guard = {
      run: async (read, signal) => {
        seen.push(read.name.exact());
        return read.load(signal);
      },
    };
    await ask(guarded(type, source(), guard));
    return seen;
  }

  test('is the same for equal loads, whoever asks', async () => {
    const again = { ...keyLoad, signal: forever() };
    expect(await names((s) => s.loadByKeys(keyLoad))).toEqual(await names((s) => s.loadByKeys(again)));
  });

  test('differs with everything that the answer can depend on', async () => {
    const all = await Promise.all([
      names((s) => s.loadByKeys(keyLoad)),
      names((s) => s.loadByKeys(keyLoad), 'Meter'),
      names((s) => s.loadByKeys({ ...keyLoad, key: 'other' })),
      names((s) => s.loadByKeys({ ...keyLoad, keys: ['1'] })),
      names((s) => s.loadByKeys({ ...keyLoad, keys: ['2', '1'] })),
      names((s) => s.loadByKeys({ ...keyLoad, fields: ['no', 'name'] })),
      names((s) => s.loadByKeys({ ...keyLoad, rows: some })),
      names((s) => s.loadByKeys({ ...keyLoad, order: [{ field: 'no', direction: 'ASC' }] })),
      names((s) => s.loadByKeys({ ...keyLoad, limitPerKey: 2 })),
      names((s) => s.loadByKeys({ ...keyLoad, after: ['1'] })),
      names((s) => s.loadPage(pageLoad)),
      names((s) => s.loadPage({ ...pageLoad, fields: ['name'] })),
      names((s) => s.loadPage({ ...pageLoad, rows: some })),
      names((s) => s.loadPage({ ...pageLoad, after: ['1'] })),
      names((s) => s.loadPage({ ...pageLoad, limit: 6 })),
      names((s) => s.count(always, forever())),
      names((s) => s.count(some, forever())),
      names((s) => s.countByKeys('no', ['1'], always, forever())),
      names((s) => s.countByKeys('no', ['2'], always, forever())),
      names((s) => s.countByKeys('no', ['1'], some, forever())),
      names((s) => s.countBy(['no'], always, forever())),
      names((s) => s.countBy(['name'], always, forever())),
      names((s) => s.countBy(['no'], some, forever())),
    ]);
    expect(new Set(all.flat()).size).toBe(all.length);
  });
});

describe('provenance', () => {
  test('each list of an answer says when it was fetched', async () => {
    const of = guarded('Account', source(), createGuard('water', settings()));
    const before = Date.now();
    const lists = [...(await of.loadByKeys(keyLoad)), await of.loadPage(pageLoad)];
    for (const list of lists) {
      expect(provenanceOf(list)).toEqual({ fetchedAt: expect.any(Number), staleSince: null });
      expect(provenanceOf(list)!.fetchedAt).toBeGreaterThanOrEqual(before);
      expect(Object.isFrozen(list)).toBe(true);
    }
  });

  test('what a source says of its own lists stays', async () => {
    const file = { fetchedAt: 1_000, staleSince: 2_000 };
    const own: readonly SourceRecord[] = [{ no: '1' }];
    stampLoad([own], file);
    const of = guarded(
      'Account',
      source(() => own),
      createGuard('water', settings()),
    );
    expect(provenanceOf(await of.loadPage(pageLoad))).toEqual(file);
    // The source's own list is not frozen under its hands.
    expect(Object.isFrozen(own)).toBe(false);
  });

  test('a list that nobody has stamped says nothing', () => {
    expect(provenanceOf([])).toBeNull();
  });
});

test('what is left of a signal is known where somebody said so', () => {
  const signal = forever();
  expect(timeLeft(signal)).toBe(Infinity);
  setEnd(signal, performance.now() + 1_000);
  expect(timeLeft(signal)).toBeGreaterThan(900);
  expect(timeLeft(signal)).toBeLessThanOrEqual(1_000);
  setEnd(signal, performance.now() - 1);
  expect(timeLeft(signal)).toBe(0);
});
