import { afterAll, beforeAll, expect, test } from 'vitest';
import { integer, text } from '../../../src/connector/codings.ts';
import { always } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import { openDatabase, type SqlDatabase } from '../../../src/connector/sql/database.ts';
import { sqlSource } from '../../../src/connector/sql/sql-source.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { clients, testDatabase, type TestDatabase } from '../../kit/test-database.ts';

/* Records by a key that few share cost one plain statement; they are ranked on the server only where they are many. */

const entity = {
  type: 'Bill',
  table: 'bill',
  key: 'no',
  order: [],
  mapping: { no: column('no', text), owner: column('owner', text), amount: column('amount', integer) },
};
const { signal } = new AbortController();

for (const client of clients) {
  describeOn(client, `records by key on ${client}`, () => {
    let database: TestDatabase;
    let opened: SqlDatabase;
    const statements: string[] = [];
    beforeAll(async () => {
      database = await testDatabase(client);
      await database.exec('create table bill (no varchar(8) primary key, owner varchar(8), amount integer)');
      const bills: string[] = [];
      for (const [owner, bill] of [
        ['a', 3],
        ['b', 1],
        ['many', 40],
      ] as const)
        for (let i = 0; i < bill; i++) bills.push(`('${owner}${i}', '${owner}', ${(i * 7) % 40})`);
      await database.exec(`insert into bill (no, owner, amount) values ${bills.join(', ')}`);
      const onStatement = (sql: string): void => void statements.push(sql);
      opened = openDatabase({ agency: 'bills', settings: database.settings(), fileAt: (f) => f, onStatement });
    });
    afterAll(async () => {
      await opened?.close();
      await database?.drop();
    });

    /** The amounts of each owner's bills, highest first, and whether each statement ranked. */
    async function amounts(owners: readonly string[], limitPerKey: number): Promise<readonly [unknown, boolean[]]> {
      const source = sqlSource(opened, entity, 500, { agency: 'bills' });
      await opened.terms(['bill'], signal);
      statements.length = 0;
      const lists = await source.loadByKeys({
        key: 'owner',
        keys: owners,
        fields: ['no'],
        rows: always,
        order: [{ field: 'amount', direction: 'DESC' }],
        limitPerKey,
        signal,
      });
      const ranked = statements.filter((sql) => sql.includes('bill')).map((sql) => sql.includes('row_number'));
      return [lists.map((list) => list.map((record) => record['no'])), ranked];
    }

    test('few: one statement, cut for each key', async () => {
      expect(await amounts(['a', 'b', 'nobody'], 2)).toEqual([[['a2', 'a1'], ['b0'], []], [false]]);
    });

    test('many: ranked, the same cut for each key', async () => {
      const [lists, ranked] = await amounts(['a', 'many'], 3);
      expect(lists).toEqual([
        ['a2', 'a1', 'a0'],
        ['many17', 'many34', 'many11'],
      ]);
      expect(ranked).toEqual([false, true]);
    });
  });
}
