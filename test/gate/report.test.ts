import { expect, test } from 'vitest';
import { AccessReport, type AccessNote } from '../../src/gate/report.ts';

const about = { coordinate: 'Ticket.houses', pathPattern: 'tickets.nodes.*.houses', agency: 'housing' };
const unavailable = (retryAfterSeconds?: number): AccessNote => ({
  status: 'UNAVAILABLE',
  ...about,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});

/** The notes of a report that was told these, in any order. */
function noted(...notes: readonly AccessNote[]): readonly AccessNote[] {
  const orders = [notes, notes.toReversed()].map((order) => {
    const report = new AccessReport();
    for (const note of order) report.note(note);
    return report.notes;
  });
  expect(orders[1]).toEqual(orders[0]);
  return orders[0] ?? [];
}

test('what is noted twice stands once', () => {
  expect(noted({ status: 'DENIED', ...about }, { status: 'DENIED', ...about })).toEqual([
    { status: 'DENIED', ...about },
  ]);
  expect(noted(unavailable(), unavailable())).toEqual([unavailable()]);
});

test('of two waits for the same place the longer one is told, and the known one', () => {
  expect(noted(unavailable(2), unavailable(30))).toEqual([unavailable(30)]);
  expect(noted(unavailable(), unavailable(5))).toEqual([unavailable(5)]);
});
