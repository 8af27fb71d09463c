import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGuard } from '../../../src/connector/guard/create-guard.ts';
import { setEnd } from '../../../src/connector/time-left.ts';
import { fault, forever, page, pending, rejection, scripted, settings, settled } from './guard-kit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A request's signal that ends in so many milliseconds, as the gate's deadline does. */
function request(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setEnd(controller.signal, performance.now() + milliseconds);
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}

/** What became of a load, once it did. */
function outcome(load: Promise<unknown>): { readonly value: unknown } {
  const seen: { value: unknown } = { value: 'open' };
  load.then(
    () => (seen.value = 'answered'),
    (error: unknown) => (seen.value = error),
  );
  return seen;
}

describe.each([
  ['heeds its signal', true],
  ['does not heed its signal', false],
])('a driver that %s', (_, heeds) => {
  test('has its time for an answer, and no more', async () => {
    const guard = createGuard('water', settings({ answerMilliseconds: 2_000 }));
    const source = pending(heeds);
    const load = outcome(guard.run(page(source.load), forever()));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(load.value).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    expect(load.value).toMatchObject({ fault: 'TIMEOUT', agency: 'water' });
    expect(source.signals.map((s) => s.aborted)).toEqual([true]);
  });

  test('has what the request has left, less what the rest of the answer needs', async () => {
    const guard = createGuard('water', settings({ answerMilliseconds: 5_000 }));
    const source = pending(heeds);
    const load = outcome(guard.run(page(source.load), request(1_000)));
    await vi.advanceTimersByTimeAsync(899);
    expect(load.value).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    expect(load.value).toMatchObject({ fault: 'TIMEOUT' });
    expect(source.signals.map((s) => s.aborted)).toEqual([true]);
  });

  test('is let go when the caller gives up, whose reason is the rejection', async () => {
    const guard = createGuard('water', settings());
    const source = pending(heeds);
    const gone = new AbortController();
    const load = guard.run(page(source.load), gone.signal);
    await settled();
    const reason = new Error('the caller went home');
    gone.abort(reason);
    expect(await rejection(load)).toBe(reason);
    expect(source.signals.map((s) => s.aborted)).toEqual([true]);
  });
});

test('time-outs count for the breaker, those that a short request brought too', async () => {
  const guard = createGuard('water', settings({ answerMilliseconds: 5_000, breakerFailures: 2, coalesce: false }));
  for (let i = 0; i < 2; i++) {
    const load = outcome(guard.run(page(pending().load), request(1_000)));
    await vi.advanceTimersByTimeAsync(900);
    expect(load.value).toMatchObject({ fault: 'TIMEOUT' });
  }
  expect(await rejection(guard.run(page(scripted()), forever()))).toBe('RESTING');
});

test('a caller that has given up before asks nothing', async () => {
  const load = scripted();
  const reason = new Error('gone');
  const guard = createGuard('water', settings());
  expect(await rejection(guard.run(page(load), AbortSignal.abort(reason)))).toBe(reason);
  expect(load.calls).toBe(0);
});

test('the signal of an answered load is left alone: its connection may serve another by then', async () => {
  const guard = createGuard('water', settings());
  const source = pending();
  const load = guard.run(page(source.load), request(1_000));
  await settled();
  source.answer();
  await load;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(source.signals.map((s) => s.aborted)).toEqual([false]);
});

test('what a load rejects with goes on as it is', async () => {
  const error = fault('MALFORMED', { retryAfter: 5_000 });
  const guard = createGuard('water', settings());
  await expect(
    guard.run(
      page(async () => Promise.reject(error)),
      forever(),
    ),
  ).rejects.toBe(error);
});

test('a try after one that was cut has a signal of its own, which ends with the caller', async () => {
  // The pause before the next try is no timer that can be faked.
  vi.useRealTimers();
  const guard = createGuard('water', settings({ answerMilliseconds: 500, retries: 1 }));
  const source = pending();
  const gone = new AbortController();
  const load = rejection(guard.run(page(source.load), gone.signal));
  await vi.waitFor(() => expect(source.signals.map((s) => s.aborted)).toEqual([true, false]), { timeout: 5_000 });
  const reason = new Error('the caller went home');
  gone.abort(reason);
  expect(await load).toBe(reason);
  expect(source.signals.map((s) => s.aborted)).toEqual([true, true]);
});
