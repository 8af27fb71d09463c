import { expect, test } from 'vitest';
import { realChecks, type RealEntity } from '../../../src/connector/check/check-real.ts';
import { referenceSource } from '../../../src/connector/check/reference.ts';
import { sampleRows } from '../../../src/connector/check/sample-rows.ts';
import type { EntitySource, KeyLoad, SourceRecord } from '../../../src/connector/connector.ts';
import { goodDriver, thingsBy } from './things.ts';

/* A real source is asked by each column that it is joined by, and what comes must be who holds the value. */

const [entity] = thingsBy(goodDriver).sources.flatMap((s) => s.entities);
if (entity === undefined) throw new Error('there is no record type');
const rows = sampleRows(entity, { count: 20, keys: ['no', 'ticketNo'] });
const right = referenceSource(entity, rows);
const join = realChecks.find((check) => check.name === 'join-columns');

type Lists = readonly (readonly SourceRecord[])[];

function checked(change: (lists: Lists, load: KeyLoad) => Lists, joins: readonly string[] = ['ticketNo']) {
  const source: EntitySource = { ...right, loadByKeys: async (load) => change(await right.loadByKeys(load), load) };
  const of: RealEntity = { entity: entity!, source, joins, keys: [] };
  return join?.run(
    of,
    rows.map((row) => row.record),
    AbortSignal.timeout(5_000),
  );
}

test('one that finds them passes, and says by what', async () => {
  expect(await checked((lists) => lists)).toEqual({ result: 'passed', seen: 'ticketNo by 4 values' });
});

test.each<[string, (lists: Lists) => Lists, RegExp]>([
  ['finds nothing by the column', (lists) => lists.map(() => []), /18 of 18 records are not found/],
  ['leaves one out', (lists) => lists.map((list, i) => (i === 0 ? list.slice(1) : list)), /1 of 18 records are not/],
  ['gives others', (lists) => lists.toReversed(), /18 records come that hold another value/],
  ['gives fewer lists', (lists) => lists.slice(1), /3 lists for 4 values/],
])('one that %s fails', async (_, change, message) => {
  const found = await checked(change);
  expect(found).toMatchObject({ result: 'failed' });
  expect(found?.result === 'failed' ? found.problems.join() : '').toMatch(message);
});

test('without such a column it means nothing', async () => {
  expect(await checked((lists) => lists, [])).toMatchObject({ result: 'not applicable' });
});
