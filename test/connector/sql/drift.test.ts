import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeTable, compactDateTime, flag, text } from '../../../src/connector/codings.ts';
import type { EntitySource } from '../../../src/connector/connector.ts';
import { not, type Filter } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import { fewestBad } from '../../../src/connector/filter-drift.ts';
import { sqlDriver } from '../../../src/connector/sql/sql-driver.ts';
import type { MappedEntity, OpenSource } from '../../../src/connector/source.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { clients, testDatabase, type TestDatabase } from '../../kit/test-database.ts';

/* A column that a filter reads and that has another type than it had: the database finds nothing, and says nothing. */

const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: {
    no: column('NO', text),
    secret: column('SECRET', flag('1', '0')),
    grade: column('GRADE', codeTable({ '01': 'ONE', '02': 'TWO' })),
    at: column('AT', compactDateTime),
    note: column('NOTE', text),
  },
};
const filters: Readonly<Record<string, Filter>> = {
  secret: { kind: 'in', field: 'secret', values: [false] },
  grade: not({ kind: 'in', field: 'grade', values: ['TWO'] }),
  at: { kind: 'range', field: 'at', from: '2026-01-01T00:00:00+08:00' },
  note: { kind: 'in', field: 'note', values: ['12'] },
};

for (const client of clients)
  describeOn(client, client, () => {
    let database: TestDatabase;
    let open: OpenSource | undefined;
    beforeEach(async () => void (database = await testDatabase(client)));
    afterEach(async () => {
      await open?.close();
      await database.drop();
    });

    /** The source over a table of `count` records alike, whose columns have these types. */
    async function opened(
      types: Readonly<Record<string, string>>,
      row: readonly unknown[],
      problems: string[] = [],
      count = 1,
      asked: string[] = [],
    ): Promise<EntitySource> {
      const quote = client === 'mysql' ? '`' : '"';
      const columns = Object.entries({ NO: 'varchar(20)', ...types }).map(
        ([c, type]) => `${quote}${c}${quote} ${type}`,
      );
      await database.exec(`create table things (${columns.join(', ')})`);
      for (let i = 0; i < count; i++)
        await database.exec(
          `insert into things values (${row.map(() => '?').join(', ')})`,
          i === 0 ? row : row.with(0, `a${i}`),
        );
      open = sqlDriver({ Thing: 'things' }).open({
        agency: 'fire',
        source: 'fire',
        entities: [thing],
        settings: database.settings(),
        dataDir: '/',
        batchKeys: 100,
        onStatement: (text) => void asked.push(text),
        onProblem: (message) => void problems.push(message),
      });
      return open.sources.get('Thing')!;
    }

    const texts = { SECRET: 'varchar(2)', GRADE: 'varchar(2)', AT: 'varchar(14)', NOTE: 'varchar(20)' };
    const good = ['a', '0', '01', '20261105101230', '12'];
    const load = (source: EntitySource, rows: Filter, fields: readonly string[] = ['no'], keys = ['a']) =>
      source.loadByKeys({
        ...{ key: 'no', keys, fields, rows, order: thing.order, limitPerKey: 10 },
        signal: AbortSignal.timeout(10_000),
      });

    test('columns of text, and a code that is text in a column of numbers, are well', async () => {
      const source = await opened({ ...texts, NOTE: 'integer' }, [...good.slice(0, 4), 12]);
      for (const rows of Object.values(filters)) expect(await load(source, rows)).toEqual([[{ no: 'a' }]]);
    });

    const changes: readonly (readonly [field: string, type: string, value: unknown])[] = [
      ['secret', 'smallint', 0],
      ['grade', 'integer', 1],
      // SQLite has no type of times: it keeps the text.
      ...(client === 'sqlite' ? [] : [['at', 'timestamp', '2026-11-05 10:12:30'] as const]),
      ...(client === 'postgres' ? [['secret', 'boolean', false] as const] : []),
    ];
    test.each(changes)(
      '%s in a column of the type %s refuses the loads that filter by it',
      async (field, type, value) => {
        const problems: string[] = [];
        const at = Object.keys(thing.mapping).indexOf(field);
        const name = field.toUpperCase();
        const source = await opened({ ...texts, [name]: type }, good.with(at, value as string), problems);
        const message = `the fire source can hold no value of Thing.${field} (column ${name}), by which records are filtered: has its schema changed?`;
        const { signal } = new AbortController();
        const rows = filters[field]!;
        for (const work of [
          () => load(source, rows),
          () => load(source, rows, ['no'], ['nobody']),
          () => source.loadPage({ fields: ['no'], rows, order: thing.order, limit: 10, signal }),
          () => source.count(rows, signal),
          () => source.countByKeys('no', ['a'], rows, signal),
        ])
          await expect(work()).rejects.toMatchObject({ fault: 'REFUSED', message });
        expect(problems).toEqual([message]);
        expect(await load(source, filters['note']!)).toEqual([[{ no: 'a' }]]);
      },
    );

    const forms: readonly (readonly [field: string, text: string, rows: Filter])[] = [
      ['grade', '1', { kind: 'in', field: 'grade', values: ['ONE'] }],
      ['secret', 'N', filters['secret']!],
      ['at', '2026-11-5 1:2', { kind: 'range', field: 'at', from: '2026-11-05T00:00:00+08:00' }],
    ];
    test.each(forms)(
      '%s that is a text in another form, %s, refuses whoever finds nothing by it',
      async (field, text, rows) => {
        const problems: string[] = [];
        const at = Object.keys(thing.mapping).indexOf(field);
        const name = field.toUpperCase();
        const row = good.with(at, text);
        const source = await opened({ ...texts, [name]: 'varchar(20)' }, row, problems, fewestBad);
        const message = `the fire source has no readable value of Thing.${field} (column ${name}), by which records are filtered: has its schema changed?`;
        const { signal } = new AbortController();
        for (const work of [
          () => load(source, rows),
          () => load(source, rows, ['no'], ['nobody']),
          () => source.loadPage({ fields: ['no'], rows, order: thing.order, limit: 10, signal }),
          () => source.count(rows, signal),
          () => source.countByKeys('no', ['a'], rows, signal),
          () => source.countBy(['grade'], rows, signal),
        ])
          await expect(work()).rejects.toMatchObject({ fault: 'REFUSED', message });
        expect(problems).toEqual([message]);
        expect(await load(source, filters['note']!)).toEqual([[{ no: 'a' }]]);
      },
    );

    test('a filter that finds nothing in well columns costs one look, and a text of no form none', async () => {
      const asked: string[] = [];
      const source = await opened(texts, good, [], fewestBad, asked);
      const two: Filter = { kind: 'in', field: 'grade', values: ['TWO'] };
      for (let i = 0; i < 3; i++) expect(await load(source, two)).toEqual([[]]);
      expect(await load(source, { kind: 'in', field: 'note', values: ['13'] })).toEqual([[]]);
      expect(asked.filter((sql) => !sql.includes('where'))).toHaveLength(1);
    });

    test('rows that come and cannot be read are told as what they are', async () => {
      const source = await opened(texts, good.with(2, '9'), [], fewestBad);
      const rows = not({ kind: 'in', field: 'note', values: ['x'] });
      const both: Filter = { kind: 'any', of: [filters['grade']!, rows] };
      await expect(load(source, both, ['no', 'grade'])).rejects.toMatchObject({
        fault: 'REFUSED',
        message:
          'the fire source has no readable value of Thing.grade (column GRADE), by which records are filtered: has its schema changed?',
      });
    });
  });
