import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import hotline from '../../../connectors/hotline/connector.ts';
import type { EntitySource, KeyLoad, SortKey } from '../../../src/connector/connector.ts';
import { always, type Filter } from '../../../src/connector/filter.ts';
import { openDatabase, type SqlDatabase } from '../../../src/connector/sql/database.ts';
import { sqlSource } from '../../../src/connector/sql/sql-source.ts';
import { copyCity } from '../../kit/city-copy.ts';
import { describeOn } from '../../kit/describe-on.ts';
import type { TestDatabase } from '../../kit/test-database.ts';

/* Exact comparisons must not cost the indexes that an agency has: what the server plans for each load of tickets. */

const { signal } = new AbortController();
const order: readonly SortKey[] = [
  { field: 'receivedAt', direction: 'DESC' },
  { field: 'ticketNo', direction: 'DESC' },
];
const after = ['2026-09-28T15:57:18+08:00', '12345:2026092800000005'];
const range: Filter = {
  kind: 'range',
  field: 'receivedAt',
  from: '2026-06-01T00:00:00+08:00',
  before: '2026-06-03T00:00:00+08:00',
};
const keyLoad = (key: string, keys: readonly string[]): KeyLoad => ({
  key,
  keys,
  fields: ['ticketNo', 'title'],
  rows: always,
  order,
  limitPerKey: 3,
  signal,
});
const page = { fields: ['ticketNo', 'title'], order, limit: 20, signal };

/** Each load with the index that serves it. */
const loads: readonly (readonly [name: string, load: (tickets: EntitySource) => Promise<unknown>, index: RegExp])[] = [
  ['a first page', (t) => t.loadPage({ ...page, rows: always }), /ticket_received/],
  ['a later page', (t) => t.loadPage({ ...page, rows: always, after }), /ticket_received/],
  ['a page of some days', (t) => t.loadPage({ ...page, rows: range }), /ticket_received/],
  ['a count of some days', (t) => t.count(range, signal), /ticket_received/],
  ['records by their own key', (t) => t.loadByKeys(keyLoad('ticketNo', ['a', 'b', 'c'])), /PRIMARY|ticket_pkey/],
  ['records by another key', (t) => t.loadByKeys(keyLoad('gridCode', ['a', 'b', 'c'])), /ticket_grid/],
  ['counts by keys', (t) => t.countByKeys('gridCode', ['a', 'b', 'c'], always, signal), /ticket_grid/],
  [
    'a street',
    (t) => t.count({ kind: 'prefix', field: 'divisionCode', prefixes: ['350102001'] }, signal),
    /ticket_division/,
  ],
  ['an equal value', (t) => t.count({ kind: 'in', field: 'uscc', values: ['x'] }, signal), /ticket_uscc/],
];

for (const client of ['mysql', 'postgres'] as const) {
  describeOn(client, `plans of ${client}`, () => {
    let database: TestDatabase;
    let opened: SqlDatabase;
    let plan = '';
    beforeAll(async () => {
      database = await copyCity(client, inject('city'), ['hotline']);
      // A table of 2,000 rows is read through faster than any index: the question is which one could serve.
      if (client === 'postgres') await database.exec('set enable_seqscan = off');
      opened = openDatabase({
        agency: 'hotline',
        settings: database.settings(),
        fileAt: (f) => f,
        onStatement: () => undefined,
      });
    });
    afterAll(async () => {
      await opened?.close();
      await database?.drop();
    });

    test.each(loads)('%s', async (_name, load, index) => {
      const entity = hotline.sources.flatMap((s) => s.entities).find((e) => e.type === 'Ticket')!;
      const explained: SqlDatabase = {
        ...opened,
        async run({ sql, values }) {
          plan = (await database.exec(`explain ${sql}`, values)).map((r) => JSON.stringify(r)).join('\n');
          return [];
        },
      };
      await load(sqlSource(explained, { ...entity, table: 'ticket' }, 500, { agency: 'hotline' }));
      expect(plan).toMatch(index);
      expect(plan).not.toMatch(/"type":"ALL","possible_keys":null,"key":null.*"table":"ticket"|Seq Scan/);
    });
  });
}
