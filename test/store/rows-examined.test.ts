import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAll, type Asked } from '../../bench/tickets/asked.ts';
import { openExaminer } from '../../bench/tickets/examined.ts';
import { madeTicketNo, makeTickets } from '../../bench/tickets/make-tickets.ts';
import type { SqlSettings } from '../../src/connector/settings/source-settings.ts';
import { openTicketDatabase } from '../../src/store/ticket-database.ts';
import { stores, testPlace, type TestPlace } from '../kit/ticket-place.ts';

/*
 * What is asked of the tickets by number, kind, agency, grid or time reads as many rows as it shows, however many there are.
 * The benchmark asks the same of a million.
 */

const [few, many] = [1_500, 6_000];
/** Not a reader's question: it counts, so that it puts rows together. */
const computed = 'findings of one ticket, computed anew';

interface Size {
  readonly own: TestPlace;
  readonly settings: SqlSettings;
  readonly asked: readonly Asked[];
}

describe.each(stores)('on %s', (store) => {
  const sizes: Size[] = [];
  beforeAll(async () => {
    for (const tickets of [few, many]) {
      const own = await testPlace(store);
      const database = await openTicketDatabase(own.place);
      await makeTickets(database, tickets);
      await database.close();
      sizes.push({ own, settings: own.settings, asked: await askAll(own.settings, madeTicketNo(50)) });
    }
  }, 120_000);
  afterAll(async () => {
    for (const { own } of sizes) await own.drop();
  });

  test('with four times the tickets no more is examined, and something is found', async () => {
    const figures: { question: string; records: number; examined: number }[][] = [];
    for (const { settings, asked } of sizes) {
      const examiner = await openExaminer(settings);
      const of: { question: string; records: number; examined: number }[] = [];
      for (const { question, records, statements } of asked)
        of.push({ question, records, examined: await examiner.examine(statements) });
      await examiner.close();
      figures.push(of);
    }
    const [small = [], large = []] = figures;
    expect(large.map(({ question, records }) => [question, records])).toEqual(
      small.map(({ question, records }) => [question, records]),
    );
    for (const [i, { question, records, examined }] of large.entries()) {
      expect([question, records > 0]).toEqual([question, true]);
      expect([question, examined > 0]).toEqual([question, true]);
      const before = small[i]?.examined ?? 0;
      // A tree of pages may have grown a level by each search of it; rows may not.
      const most = store === 'mysql' ? before : before + statementsOf(i) * (records + 1) * 4_096;
      expect([question, before, examined, examined <= most]).toEqual([question, before, examined, true]);
    }
  });

  test('each is answered from an index, in its order: no table is walked and nothing is sorted', async () => {
    const [, large] = sizes;
    if (large === undefined) throw new Error('there is no store');
    const examiner = await openExaminer(large.settings);
    try {
      for (const { question, statements } of large.asked.filter((one) => one.question !== computed))
        for (const statement of statements) {
          const plan = await examiner.plan(statement);
          // The steps of one ticket, once they are read, are put in their order.
          const bad = plan.filter((line) =>
            /^ALL (?!<derived)|filesort(?<!<derived\d+> {2}Using filesort)|temporary|SCAN (?!.*USING (COVERING )?INDEX)|TEMP B-TREE/.test(
              line,
            ),
          );
          expect([question, statement.sql, bad]).toEqual([question, statement.sql, []]);
        }
    } finally {
      await examiner.close();
    }
  });

  const statementsOf = (i: number): number => sizes[1]?.asked[i]?.statements.length ?? 0;
});
