import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type SqlDatabase } from '../../../src/connector/sql/database.ts';
import { written } from './written.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { testDatabase, type Client, type TestDatabase } from '../../kit/test-database.ts';

/* What a mapping gets of each type of column: the server's own text for times and amounts, numbers where none is rounded. */

type Value = readonly [type: string, literal: string, value: unknown];

const values: Readonly<Record<Exclude<Client, 'sqlite'>, readonly Value[]>> = {
  mysql: [
    ['date', "'2026-11-05'", '2026-11-05'],
    ['datetime', "'2026-11-05 10:12:30'", '2026-11-05 10:12:30'],
    ['datetime(3)', "'2026-11-05 10:12:30.5'", '2026-11-05 10:12:30.500'],
    // Written in Greenwich time, read in Beijing's.
    ['timestamp null', "'2026-11-05 02:12:30'", '2026-11-05 10:12:30'],
    ['time', "'10:12:30'", '10:12:30'],
    ['year', '2026', 2026],
    ['decimal(20, 2)', '123456789012345678.90', '123456789012345678.90'],
    ['decimal(5, 0)', '12', '12'],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint unsigned', '18446744073709551615', '18446744073709551615'],
    ['bigint', '12', 12],
    ['tinyint(1)', 'true', 1],
    ['smallint', '-3', -3],
    ['float', '0.1', 0.1],
    ['float', '16777216', 16_777_216],
    ['double', '0.1', 0.1],
    ['char(6)', "'福 '", '福'],
    ['varchar(6)', "'福 '", '福 '],
    ['varchar(6) character set gbk', "'福州'", '福州'],
    ['text', "'😀'", '😀'],
    ["enum('b', 'a')", "'a'", 'a'],
    ['json', `'["police", "grid"]'`, '["police", "grid"]'],
    ['blob', "x'00ff'", Buffer.from([0, 255])],
    ['varbinary(4)', "x'e7a6'", Buffer.from([0xe7, 0xa6])],
    ['integer', 'null', null],
  ],
  postgres: [
    ['date', "'2026-11-05'", '2026-11-05'],
    ['timestamp', "'2026-11-05 10:12:30'", '2026-11-05 10:12:30'],
    ['timestamp', "'2026-11-05 10:12:30.5'", '2026-11-05 10:12:30.5'],
    ['timestamp', "'infinity'", 'infinity'],
    ['timestamptz', "'2026-11-05 02:12:30+00'", '2026-11-05 10:12:30'],
    ['time', "'10:12:30'", '10:12:30'],
    ['numeric(20, 2)', '123456789012345678.90', '123456789012345678.90'],
    ['numeric', "'NaN'", 'NaN'],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint', '12', 12],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['smallint', '-3', -3],
    ['real', '0.1', 0.1],
    ['double precision', '0.1', 0.1],
    ['char(6)', "'福 '", '福'],
    ['varchar(6)', "'福 '", '福 '],
    ['text', "'😀'", '😀'],
    ['uuid', "'0F9619FF-8B86-D011-B42D-00CF4FC964FF'", '0f9619ff-8b86-d011-b42d-00cf4fc964ff'],
    ['json', `'["police", "grid"]'`, ['police', 'grid']],
    ['json', `'"police"'`, '"police"'],
    ['jsonb', `'{"a": 1}'`, undefined],
    ['jsonb', `'[[1]]'`, undefined],
    ['jsonb', `'["police","grid"]'`, ['police', 'grid']],
    ['text[]', `'{police,"a b",NULL}'`, ['police', 'a b', null]],
    ['varchar(9)[]', `'{}'`, []],
    ['integer[]', `'{1,2}'`, ['1', '2']],
    ['interval', "'1 day'", '1 day'],
    ['bytea', `'\\x00ff'`, Buffer.from([0, 255])],
    ['integer', 'null', null],
  ],
};

for (const client of ['mysql', 'postgres'] as const) {
  describeOn(client, `values of ${client}`, () => {
    let database: TestDatabase;
    let opened: SqlDatabase;
    beforeAll(async () => {
      database = await testDatabase(client);
      if (client === 'mysql') await database.exec("set session time_zone = '+00:00'");
      const columns = values[client].map(([type], i) => `c${i} ${type}`).join(', ');
      await database.exec(`create table kinds (${columns})`);
      await database.exec(`insert into kinds values (${values[client].map(([, literal]) => literal).join(', ')})`);
      const settings = database.settings();
      opened = openDatabase({ agency: 'things', settings, fileAt: (f) => f, onStatement: () => undefined });
    });
    afterAll(async () => {
      await opened?.close();
      await database?.drop();
    });

    test.each(values[client].map((v, i) => [...v, i] as const))('%s %s', async (_type, _literal, value, i) => {
      const [row] = await opened.run(written(opened.db('kinds').select(`kinds.c${i}`)), new AbortController().signal);
      expect(row).toEqual([value]);
    });

    if (client === 'postgres') {
      test('tables lie in the schema of the settings', async () => {
        await database.exec('create schema "Agency 1"');
        await database.exec('create table "Agency 1".kinds (c0 text not null)');
        await database.exec(`insert into "Agency 1".kinds values ('own')`);
        const settings = database.settings({ schema: 'Agency 1' });
        const own = openDatabase({ agency: 'things', settings, fileAt: (f) => f, onStatement: () => undefined });
        const { signal } = new AbortController();
        expect(await own.run(written(own.db('kinds').select('kinds.c0')), signal)).toEqual([['own']]);
        expect((await own.terms(['kinds'], signal)).column('kinds', 'c0', false).order).toEqual(['"kinds"."c0"']);
        await own.close();
      });
    }
  });
}
