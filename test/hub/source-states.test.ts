import { expect, test } from 'vitest';
import type { GuardEvent } from '../../src/connector/guard/guard-event.ts';
import { SourceStates, type SourceChange } from '../../src/hub/source-states.ts';

/* One line for each change of a source, not for each load. */

const failed = (outcome: 'UNREACHABLE' | 'REFUSED' | 'RESTING' | 'TIMEOUT', code?: string): GuardEvent => ({
  kind: 'load',
  outcome,
  ...(code === undefined ? {} : { code }),
});
const ok: GuardEvent = { kind: 'load', outcome: 'OK' };

function watched(): { clock: { now: number }; told: SourceChange[]; see: (...events: readonly GuardEvent[]) => void } {
  const clock = { now: 1_000 };
  const told: SourceChange[] = [];
  const states = new SourceStates(
    (change) => void told.push(change),
    () => clock.now,
  );
  return { clock, told, see: (...events) => events.forEach((event) => states.observe('police', event)) };
}

const fails = (fault: string, code: string | null = null): object => ({ kind: 'fails', source: 'police', fault, code });

test('a source that fails is told of once, with its fault and the code; and once when it answers again', () => {
  const { clock, told, see } = watched();
  see(ok, failed('REFUSED', '401'), failed('REFUSED', '401'), failed('RESTING'), failed('REFUSED', '401'));
  clock.now = 9_000;
  see(ok, ok);
  expect(told).toEqual([fails('REFUSED', '401'), { kind: 'answers', source: 'police', since: 1_000 }]);
});

test('another fault is another change; what says nothing of the source is none', () => {
  const { told, see } = watched();
  see({ kind: 'load', outcome: 'ABANDONED' }, { kind: 'load', outcome: 'BROKEN' }, failed('RESTING'));
  see({ kind: 'breaker', state: 'open' }, { kind: 'queue', length: 3 }, { kind: 'stale' });
  expect(told).toEqual([]);
  see(failed('UNREACHABLE', 'ECONNREFUSED'), failed('REFUSED', '403'));
  expect(told).toEqual([fails('UNREACHABLE', 'ECONNREFUSED'), fails('REFUSED', '403')]);
});

test('a source that nobody could wait for has not answered in time', () => {
  const { told, see } = watched();
  see({ kind: 'late' }, { kind: 'load', outcome: 'ABANDONED' });
  expect(told).toEqual([fails('TIMEOUT')]);
});

test('one that comes and goes does not fill the log; one that stays away is told of again', () => {
  const { clock, told, see } = watched();
  for (let i = 0; i < 50; i++) see(failed('TIMEOUT'), ok);
  expect(told).toHaveLength(2);
  see(failed('TIMEOUT'));
  clock.now += 61_000;
  see(failed('TIMEOUT'));
  expect(told.slice(2)).toEqual([fails('TIMEOUT')]);
});
