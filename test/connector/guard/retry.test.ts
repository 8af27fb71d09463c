import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGuard } from '../../../src/connector/guard/create-guard.ts';
import { RetryBudget } from '../../../src/connector/guard/retry-budget.ts';
import { SourceError, type SourceFault } from '../../../src/connector/source-error.ts';
import { setEnd } from '../../../src/connector/time-left.ts';
import { events, fault, forever, page, pending, rejection, scripted, settings } from './guard-kit.ts';

afterEach(() => void vi.useRealTimers());

const patient = settings({ retries: 2, coalesce: false });

/** A signal that is aborted after so many milliseconds, and says so. */
function deadline(milliseconds: number): AbortSignal {
  const signal = AbortSignal.timeout(milliseconds);
  setEnd(signal, performance.now() + milliseconds);
  return signal;
}

test.each<[SourceFault, number]>([
  ['UNREACHABLE', 3],
  ['TIMEOUT', 3],
  ['OVERLOADED', 3],
  ['FAILED', 3],
  ['REFUSED', 1],
  ['MALFORMED', 1],
])('%s is asked %i times', async (kind, times) => {
  const load = scripted(kind, kind, kind, kind);
  expect(await rejection(createGuard('water', patient).run(page(load), forever()))).toBe(kind);
  expect(load.calls).toBe(times);
});

test('the answer of a retry is the answer', async () => {
  const { seen, observe } = events();
  const guard = createGuard('water', patient, { observe });
  expect(await guard.run(page(scripted('FAILED', 'TIMEOUT')), forever())).toEqual([{ no: '3' }]);
  expect(seen).toEqual([
    { kind: 'retry', fault: 'FAILED' },
    { kind: 'retry', fault: 'TIMEOUT' },
    { kind: 'load', outcome: 'OK' },
  ]);
});

test('a fault of the hub’s own is not tried again', async () => {
  let calls = 0;
  const load = async (): Promise<never> => {
    calls += 1;
    throw new TypeError('wrong');
  };
  expect(await rejection(createGuard('water', patient).run(page(load), forever()))).toBeInstanceOf(TypeError);
  expect(calls).toBe(1);
});

describe('what the source asks for', () => {
  const busy = (retryAfter: number) => {
    const times: number[] = [];
    const load = async (): Promise<never[]> => {
      times.push(performance.now());
      if (times.length === 1) throw fault('OVERLOADED', { retryAfter });
      return [];
    };
    return { load, times };
  };

  test('is waited for', async () => {
    const { load, times } = busy(60);
    await createGuard('water', patient).run(page(load), deadline(5_000));
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(58);
  });

  test('is not waited for past the deadline: the caller is told at once', async () => {
    const { load, times } = busy(60_000);
    const since = performance.now();
    const error = await createGuard('water', patient)
      .run(page(load), deadline(5_000))
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ fault: 'OVERLOADED', retryAfter: 60_000 });
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(times).toHaveLength(1);
  });

  test('is not waited for longer than an answer where no deadline is known', async () => {
    const { load, times } = busy(5_001);
    expect(await rejection(createGuard('water', patient).run(page(load), forever()))).toBe('OVERLOADED');
    expect(times).toHaveLength(1);
  });
});

test('retries share the request’s time, and nothing is asked after it', async () => {
  const source = pending();
  const guard = createGuard('water', settings({ retries: 100, answerMilliseconds: 30 }));
  expect(await rejection(guard.run(page(source.load), deadline(600)))).toBe('TIMEOUT');
  const asked = source.signals.length;
  expect(asked).toBeGreaterThan(1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(source.signals).toHaveLength(asked);
});

test('a caller that gives up during the pause is told at once, and nothing is asked again', async () => {
  const { seen, observe } = events();
  const guard = createGuard('water', settings({ retries: 2, coalesce: false, concurrent: 1, queue: 0 }), { observe });
  const load = scripted('FAILED');
  const gone = new AbortController();
  const slow = async (): Promise<never[]> => {
    await load().catch(() => undefined);
    throw fault('FAILED', { retryAfter: 3_000 });
  };
  const running = guard.run(page(slow), gone.signal);
  await vi.waitFor(() => expect(seen).toContainEqual({ kind: 'retry', fault: 'FAILED' }));
  const reason = new Error('the caller went home');
  gone.abort(reason);
  expect(await rejection(running)).toBe(reason);
  expect(load.calls).toBe(1);
  // Its place is free too.
  await vi.waitFor(() => guard.run(page(scripted()), forever()));
});

test('a source in trouble is not flooded: retries stay within the budget', async () => {
  const guard = createGuard('water', settings({ retries: 10, retryBudgetPercent: 20, coalesce: false }));
  let calls = 0;
  const load = async (): Promise<never> => {
    calls += 1;
    throw new SourceError('water', 'the water source failed');
  };
  for (let i = 0; i < 50; i++) await rejection(guard.run(page(load), forever()));
  // A fifth of the loads, and the three that need none behind them.
  expect(calls).toBe(50 + 10 + 3);
});

describe('the budget', () => {
  const taken = (budget: RetryBudget): number => {
    let times = 0;
    while (budget.take()) times += 1;
    return times;
  };

  test('is a share of the loads of the last ten seconds, and a floor', () => {
    vi.useFakeTimers();
    const budget = new RetryBudget(20);
    for (let i = 0; i < 100; i++) budget.load();
    expect(taken(budget)).toBe(23);
    vi.advanceTimersByTime(5_000);
    for (let i = 0; i < 10; i++) budget.load();
    expect(taken(budget)).toBe(2);
    vi.advanceTimersByTime(6_000);
    expect(taken(budget)).toBe(3);
    vi.advanceTimersByTime(60_000);
    expect(taken(budget)).toBe(3);
  });

  test('of 0 allows no retry at all', () => {
    expect(new RetryBudget(0).take()).toBe(false);
  });
});
