import Database from 'better-sqlite3';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import police from '../../../connectors/police/connector.ts';
import type { EntitySource } from '../../../src/connector/connector.ts';
import { all, any, not, type Filter } from '../../../src/connector/filter.ts';
import { sameAnswers, openBoth, type Both } from '../same-answers.ts';

/* The police's service gives what their database gives: the same records, order, counts, for the loads that the gate makes. */

let both: Both;
let city: Database.Database;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-served-'));
  city = new Database(join(inject('city'), 'police.db'), { readonly: true });
  both = await openBoth(police, 'police', inject('city'), folder);
});
afterAll(async () => {
  await both.close();
  city.close();
  rmSync(folder, { recursive: true, force: true });
});

const values = (sql: string): string[] =>
  city
    .prepare(sql)
    .pluck()
    .all()
    .filter((v): v is string => typeof v === 'string');

describe('incidents', () => {
  const fields = [
    'incidentNo',
    'callTime',
    'callerPhone',
    'categoryPath',
    'state',
    'nonPolice',
    'longitude',
    'narrative',
  ];
  const rows = [
    { kind: 'always' },
    {
      kind: 'all',
      of: [
        { kind: 'in', field: 'confidential', values: [false] },
        { kind: 'in', field: 'nonPolice', values: [true] },
      ],
    },
    { kind: 'not', of: { kind: 'in', field: 'state', values: ['FINISHED', 'DIVERTED'] } },
    { kind: 'prefix', field: 'divisionCode', prefixes: ['350102'] },
    { kind: 'range', field: 'callTime', from: '2026-06-01T00:00:00+08:00', before: '2026-10-01T00:00:00+08:00' },
  ] as const;

  test.each(rows)('under $kind', async (filter) => {
    await sameAnswers(both, 'PoliceIncident', {
      fields,
      rows: filter,
      keys: {
        incidentNo: values('SELECT JJDBH FROM JJD LIMIT 700'),
        callerDigest: values('SELECT DISTINCT BJDH_ZY FROM JJD LIMIT 300'),
        standardAddress: values('SELECT DISTINCT BZDZ FROM JJD LIMIT 300'),
      },
      countBy: ['state'],
    });
  });
});

test.each([
  ['DispatchRecord', ['dispatchNo', 'incidentNo', 'unit', 'dispatchTime', 'crew']],
  ['IncidentFeedback', ['feedbackNo', 'incidentNo', 'outcome', 'content']],
  ['InvolvedParty', ['partyNo', 'name', 'idNumber', 'ethnicity']],
])('%s of incidents', async (type, fields) => {
  await sameAnswers(both, type, {
    fields,
    rows: { kind: 'always' },
    keys: { incidentNo: values('SELECT JJDBH FROM JJD LIMIT 700') },
  });
});

describe('three hundred loads by chance', () => {
  const day = fc
    .integer({ min: 0, max: 400 })
    .map((n) => `${new Date(Date.UTC(2025, 9, 20 + n)).toISOString().slice(0, 10)}T09:30:00+08:00`);
  const within = (field: string, values: readonly (string | boolean)[]): fc.Arbitrary<Filter> =>
    fc.subarray([...values], { minLength: 1 }).map((some) => ({ kind: 'in', field, values: some }));
  const leaf: fc.Arbitrary<Filter> = fc.oneof(
    within('confidential', [true, false]),
    within('nonPolice', [true, false]),
    within('state', ['RECEIVED', 'HANDLING', 'FINISHED', 'DIVERTED']),
    within('incidentGrade', ['ONE', 'FOUR']),
    fc
      .constantFrom('350102', '3501', '350104', '36', '')
      .map((prefix): Filter => ({ kind: 'prefix', field: 'divisionCode', prefixes: [prefix] })),
    fc.tuple(day, day).map(([from, before]): Filter => ({ kind: 'range', field: 'callTime', from, before })),
    day.map((from): Filter => ({ kind: 'range', field: 'callTime', from })),
  );
  const filter = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }).map(all),
    fc.array(leaf, { maxLength: 3 }).map(any),
    leaf.map(not),
    fc.tuple(leaf, fc.array(leaf, { maxLength: 2 }).map(any)).map(all),
  );
  const direction = fc.constantFrom('ASC', 'DESC');
  const order = direction.map(
    (of) =>
      [
        { field: 'callTime', direction: of },
        { field: 'incidentNo', direction: of },
      ] as const,
  );
  const fields = fc.subarray(['incidentNo', 'callTime', 'callerPhone', 'narrative', 'categoryPath', 'latitude', 'crs']);

  const same = async <T>(ask: (source: EntitySource) => Promise<T>): Promise<void> => {
    const [database, service] = [both.byDatabase, both.byService].map((c) => c.sources.get('PoliceIncident'));
    if (database === undefined || service === undefined) throw new Error('no incidents');
    expect(await ask(service)).toEqual(await ask(database));
  };
  const runs = { numRuns: 100, seed: 110 };

  test('by keys', async () => {
    const known = {
      incidentNo: values('SELECT JJDBH FROM JJD'),
      callerDigest: values('SELECT DISTINCT BJDH_ZY FROM JJD'),
      standardAddress: values('SELECT DISTINCT BZDZ FROM JJD'),
    };
    const keys = fc.constantFrom('incidentNo', 'callerDigest', 'standardAddress').chain((key) =>
      fc.record({
        key: fc.constant(key),
        keys: fc.uniqueArray(
          fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known[key]) }, fc.string({ unit: 'binary' })),
          {
            minLength: 1,
            maxLength: 30,
          },
        ),
      }),
    );
    const load = fc.record({ of: keys, rows: filter, order, fields, limitPerKey: fc.integer({ min: 1, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(load, async ({ of, ...more }) => {
        await same((s) => s.loadByKeys({ ...of, ...more, signal: AbortSignal.timeout(30_000) }));
        await same((s) => s.countByKeys(of.key, of.keys, more.rows, AbortSignal.timeout(30_000)));
      }),
      runs,
    );
  });

  test('of pages', async () => {
    const after = fc.option(fc.tuple(day, fc.constantFrom(...values('SELECT JJDBH FROM JJD LIMIT 99'))), { nil: null });
    const load = fc.record({ rows: filter, order, fields, after, limit: fc.integer({ min: 1, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(load, async ({ after: at, ...more }) => {
        const position = at === null ? {} : { after: at };
        await same((s) => s.loadPage({ ...more, ...position, signal: AbortSignal.timeout(30_000) }));
      }),
      runs,
    );
  });

  test('that count', async () => {
    const by = fc.subarray(['divisionCode', 'categoryCode', 'state', 'nonPolice'], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(filter, by, async (rows, groups) => {
        await same((s) => s.count(rows, AbortSignal.timeout(30_000)));
        await same(async (s) => {
          const found = await s.countBy(groups, rows, AbortSignal.timeout(30_000));
          return found.map((g) => JSON.stringify(g)).toSorted();
        });
      }),
      runs,
    );
  });
});
