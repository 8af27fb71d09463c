import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDateTime, parseDateTime } from '../../src/codes/date-time.ts';
import { matches } from '../../src/connector/filter.ts';
import { deadlineState } from '../../src/handoffs/due-times.ts';
import { deadlineStates } from '../../src/tickets/deadline-states.ts';

const start = parseDateTime('2026-11-16T09:00:00+08:00');
/** Around the edges: a second is where one state ends and the next begins. */
const second = fc.oneof(
  fc.integer({ min: -4 * 3_600, max: 4 * 3_600 }),
  fc.constantFrom(-1, 0, 1, 3_599, 3_600, 3_601),
);
const time = second.map((s) => formatDateTime(start + s * 1_000));

test('a ticket is in the state that its due time says, to the millisecond', () => {
  const ticket = fc.record({
    dueAt: fc.option(time, { nil: null }),
    handledAt: fc.option(time, { nil: null, freq: 2 }),
    status: fc.constantFrom('IN_PROGRESS', 'RETURNED', 'FEEDBACK_SUBMITTED', 'CLOSED', 'ARCHIVED'),
  });
  const met = new Set<string>();
  fc.assert(
    fc.property(ticket, fc.constantFrom(0, 1, 499, 999), fc.constantFrom(1, 2), (record, ms, warningHours) => {
      const moment = { now: start + ms, warningHours, repeatDays: 1, duplicateDays: 1, mergeDays: 1 };
      const found = Object.entries(deadlineStates.states).flatMap(([name, of]) =>
        matches(of(moment), record) ? [name] : [],
      );
      const closed = record.status === 'CLOSED' || record.status === 'ARCHIVED';
      const settings = { ticketWarningHours: warningHours };
      const state = deadlineState(record.dueAt, record.handledAt, moment.now, settings);
      const awaited = !closed && (state === 'RUNNING' || state === 'ABOUT_TO_OVERDUE' || state === 'OVERDUE');
      expect(found).toEqual(awaited ? [state] : []);
      for (const name of found) met.add(name);
    }),
    { numRuns: 2_000 },
  );
  expect([...met].toSorted()).toEqual(Object.keys(deadlineStates.states).toSorted());
});
