import { afterAll, beforeAll, expect, test } from 'vitest';
import { text } from '../../../src/connector/codings.ts';
import type { EntitySource, KeyLoad } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import type { MappedEntity } from '../../../src/connector/source.ts';
import { sqlDriver } from '../../../src/connector/sql/sql-driver.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { testDatabase, type TestDatabase } from '../../kit/test-database.ts';

/* Rows belong to the key by which the database found them, however their column shows it, or their load fails. */

const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: { no: column('no', text), filled: column('filled', text), truth: column('truth', text) },
};

const load = (key: string, keys: readonly string[]): KeyLoad => ({
  key,
  keys,
  fields: ['no'],
  rows: always,
  order: thing.order,
  limitPerKey: 10,
  signal: AbortSignal.timeout(10_000),
});

for (const client of ['mysql', 'postgres'] as const) {
  describeOn(client, `what ${client} finds`, () => {
    let database: TestDatabase;
    let things: EntitySource;
    let close: () => Promise<void>;
    beforeAll(async () => {
      database = await testDatabase(client);
      await database.exec('create table thing (no varchar(9) primary key, filled char(6), truth boolean)');
      await database.exec(`insert into thing values ('1', 'ab', true), ('2', 'ab  ', false), ('3', '', null)`);
      const opened = sqlDriver({ Thing: 'thing' }).open({
        agency: 'things',
        source: 'things',
        entities: [thing],
        settings: database.settings(),
        dataDir: '.',
        batchKeys: 100,
        onStatement: () => undefined,
      });
      close = () => opened.close();
      things = opened.sources.get('Thing')!;
    });
    afterAll(async () => {
      await close?.();
      await database?.drop();
    });

    test('by a column of fixed width comes without its padding', async () => {
      expect(await things.loadByKeys(load('filled', ['ab', 'a', 'abc']))).toEqual([[{ no: '1' }, { no: '2' }], [], []]);
      expect(await things.countByKeys('filled', ['ab', 'a'], always, AbortSignal.timeout(10_000))).toEqual([2, 0]);
    });

    test('by a truth value as a text is refused where the row shows none of the keys', async () => {
      const found = things.loadByKeys(load('truth', ['1']));
      if (client === 'mysql') expect(await found).toEqual([[{ no: '1' }]]);
      else
        await expect(found).rejects.toMatchObject({
          fault: 'MALFORMED',
          message: expect.stringContaining('a Thing row whose column truth is none of the keys') as string,
        });
    });
  });
}
