import knex from 'knex';
import { expect, test } from 'vitest';
import { paddedList, type Condition } from '../../../src/connector/sql/condition.ts';
import { StatementTexts } from '../../../src/connector/sql/statement-texts.ts';

/* The text of each shape of a statement is written once, whatever its values are; what differs in shape has its own. */

const db = knex({ client: 'pg' });

function counted(): {
  readonly page: (where: Condition | null, columns?: string[], limit?: number) => Condition;
  built: number;
} {
  const texts = new StatementTexts();
  const seen = {
    built: 0,
    page: (where: Condition | null, columns = ['a'], limit = 5): Condition =>
      texts.statement({
        form: 'page',
        columns,
        where,
        by: '"t"."a" asc',
        end: [limit],
        build(filtered) {
          seen.built += 1;
          return filtered(db('t').select(columns)).orderByRaw('"t"."a" asc').limit(1);
        },
      }),
  };
  return seen;
}

test('one text for all values, each bound in its place', () => {
  const seen = counted();
  const sql = 'select "a" from "t" where "b" = $1 order by "t"."a" asc limit $2';
  expect(seen.page({ sql: '"b" = ?', values: ['x'] })).toEqual({ sql, values: ['x', 5] });
  expect(seen.page({ sql: '"b" = ?', values: ['y'] }, ['a'], 7)).toEqual({ sql, values: ['y', 7] });
  expect(seen.built).toBe(1);
});

test('another test, other columns and no test at all are other texts', () => {
  const seen = counted();
  const texts = [
    seen.page({ sql: '"b" = ?', values: ['x'] }),
    seen.page({ sql: '"c" = ?', values: ['x'] }),
    seen.page({ sql: '"b" = ?', values: ['x'] }, ['a', 'b']),
    seen.page(null),
  ].map(({ sql }) => sql);
  expect(new Set(texts).size).toBe(4);
  expect(seen.built).toBe(4);
});

test('only so many texts are kept', () => {
  const seen = counted();
  for (let i = 0; i < 1_000; i++) seen.page({ sql: `"b${i}" = ?`, values: ['x'] });
  seen.page({ sql: '"b999" = ?', values: ['x'] });
  expect(seen.built).toBe(1_000);
  seen.page({ sql: '"b0" = ?', values: ['x'] });
  expect(seen.built).toBe(1_001);
});

test('lists come in few lengths, and hold what they held', () => {
  expect([[], ['a'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'e']].map(paddedList)).toEqual([
    [],
    ['a'],
    ['a', 'b', 'c', 'c'],
    ['a', 'b', 'c', 'd', 'e', 'e', 'e', 'e'],
  ]);
});
