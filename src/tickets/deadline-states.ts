import { formatDateTime } from '../codes/date-time.ts';
import type { StateArgument } from '../connector/connector.ts';
import { all, not, type Filter } from '../connector/filter.ts';

const HOUR_MS = 3_600_000;

/** Whoever answered, or closed without answering, need do nothing more. */
const awaited: Filter = all([
  not({ kind: 'range', field: 'handledAt' }),
  not({ kind: 'in', field: 'status', values: ['CLOSED', 'ARCHIVED'] }),
]);

/** What agencies must do next, by when. The states are those of `deadlineState` in `src/handoffs`; a test holds the two together. */
export const deadlineStates: StateArgument = {
  argument: 'deadline',
  fields: ['dueAt', 'handledAt', 'status'],
  states: {
    RUNNING: ({ now, warningHours }) => due({ from: secondAfter(now + warningHours * HOUR_MS) }),
    ABOUT_TO_OVERDUE: ({ now, warningHours }) =>
      due({ from: secondFrom(now), before: secondAfter(now + warningHours * HOUR_MS) }),
    OVERDUE: ({ now }) => due({ before: secondFrom(now) }),
  },
};

function due(between: { readonly from?: string; readonly before?: string }): Filter {
  return all([{ kind: 'range', field: 'dueAt', ...between }, awaited]);
}

/** Due times are whole seconds. The first one that is not before the instant. */
function secondFrom(instant: number): string {
  return formatDateTime(Math.ceil(instant / 1_000) * 1_000);
}

/** The first one that is after the instant. */
function secondAfter(instant: number): string {
  return formatDateTime(instant + 1_000);
}
