import { describe, expect, test } from 'vitest';
import type { EntitySource, KeyLoad, SourceRecord } from '../../src/connector/connector.ts';
import { always } from '../../src/connector/filter.ts';
import { UNREADABLE } from '../../src/connector/mapping.ts';
import { soundSource } from '../../src/connector/sound-source.ts';

/* A driver that gives one key's records to another, records of nobody, or two of one key: nothing of it passes. */

const entity = { type: 'Thing', key: 'no', order: [{ field: 'no', direction: 'ASC' }] } as const;

interface Checked extends EntitySource {
  readonly problems: string[];
  readonly loads: KeyLoad[];
}

/** A source that gives these lists for whatever is asked, one after the other; the last one again and again. */
function giving(...answers: readonly (readonly (readonly SourceRecord[])[])[]): Checked {
  const problems: string[] = [];
  const loads: KeyLoad[] = [];
  let turn = 0;
  const next = (): readonly (readonly SourceRecord[])[] => answers[Math.min(turn++, answers.length - 1)] ?? [];
  const source: EntitySource = {
    loadByKeys: (load) => {
      loads.push(load);
      return Promise.resolve(next());
    },
    loadPage: () => Promise.resolve(next().flat()),
    count: () => Promise.resolve(0),
    countByKeys: () => Promise.resolve([]),
    countBy: () => Promise.resolve([]),
    canCountBy: () => false,
    canFilter: () => true,
  };
  const columnOf = (field: string): string => field.toUpperCase();
  const onProblem = (message: string): void => void problems.push(message);
  return { ...soundSource(source, { agency: 'fire', entity, columnOf, onProblem }), problems, loads };
}

const load = (key: string, keys: readonly string[], fields: readonly string[] = ['no', key]): KeyLoad => ({
  key,
  keys,
  fields,
  rows: always,
  order: entity.order,
  limitPerKey: 10,
  signal: AbortSignal.timeout(5_000),
});
const page = { fields: ['no'], rows: always, order: entity.order, limit: 10, signal: AbortSignal.timeout(5_000) };
const refused = (what: string): object => ({ fault: 'MALFORMED', message: `the fire source gave ${what}` });

test('sound lists come as they are', async () => {
  const lists = [[{ no: 'a', ticket: 't1' }], [], [{ no: 'b', ticket: 't3' }]];
  const things = giving(lists);
  expect(await things.loadByKeys(load('ticket', ['t1', 't2', 't3']))).toBe(lists);
  expect(await things.loadPage(page)).toHaveLength(2);
  expect(things.problems).toEqual([]);
});

describe('refused is', () => {
  const a = { no: 'a', ticket: 't1' };
  const b = { no: 'b', ticket: 't2' };
  test.each([
    [
      'the record of another key',
      [[b], [a]],
      '2 Thing records to a key that they do not hold in Thing.ticket (column TICKET)',
    ],
    [
      'one among others',
      [[a, { no: 'c', ticket: 't2' }], [b]],
      '1 Thing records to a key that they do not hold in Thing.ticket (column TICKET)',
    ],
    [
      'one whose key cannot be read',
      [[{ ...a, ticket: UNREADABLE }], [b]],
      '1 Thing records to a key that they do not hold in Thing.ticket (column TICKET)',
    ],
    ['a list too few', [[a]], 'Thing records that are not in the order of their keys'],
    ['a list too many', [[a], [b], []], 'Thing records that are not in the order of their keys'],
    ['two records of one name', [[a, a], [b]], '1 Thing records that repeat a value of Thing.no (column NO)'],
    [
      'two of one name under two keys',
      [[a], [{ ...b, no: 'a' }]],
      '1 Thing records that repeat a value of Thing.no (column NO)',
    ],
    [
      'records without a name',
      [[{ ...a, no: null }], [{ ...b, no: UNREADABLE }]],
      '2 Thing records without a readable value of Thing.no (column NO)',
    ],
    [
      'one with an empty name',
      [[{ ...a, no: '' }], [b]],
      '1 Thing records without a readable value of Thing.no (column NO)',
    ],
  ] as const)('%s', async (_, lists, what) => {
    const things = giving(lists);
    await expect(things.loadByKeys(load('ticket', ['t1', 't2']))).rejects.toMatchObject(refused(what));
    expect(things.problems).toEqual([`the fire source gave ${what}`]);
  });

  test('a page with two records of one name, or one without', async () => {
    await expect(giving([[a, a]]).loadPage(page)).rejects.toMatchObject({ fault: 'MALFORMED' });
    await expect(giving([[{ no: null }]]).loadPage(page)).rejects.toMatchObject({ fault: 'MALFORMED' });
  });
});

test('the key of the load is read even where nobody asked for its field', async () => {
  const things = giving([[{ no: 'a', ticket: 't2' }]]);
  await expect(things.loadByKeys(load('ticket', ['t1'], ['no']))).rejects.toMatchObject({ fault: 'MALFORMED' });
  expect(things.loads[0]?.fields).toEqual(['no', 'ticket']);
});

test('what is wrong is told once until a load is sound again, and without a value', async () => {
  const wrong = [[{ no: 'secret-1', ticket: 'secret-2' }]];
  const things = giving(wrong, wrong, [[{ no: 'a', ticket: 't1' }]], wrong);
  for (const sound of [false, false, true, false]) {
    const work = things.loadByKeys(load('ticket', ['t1']));
    if (sound) await work;
    else await expect(work).rejects.toMatchObject({ fault: 'MALFORMED' });
  }
  expect(things.problems).toHaveLength(2);
  expect(things.problems.join()).not.toContain('secret');
});
