import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGuard, type SourceGuard } from '../../../src/connector/guard/create-guard.ts';
import { SourceError, type SourceFault } from '../../../src/connector/source-error.ts';
import { events, fault, forever, page, pending, rejection, scripted, settings, settled } from './guard-kit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const careful = settings({ breakerFailures: 3, breakerMilliseconds: 10_000, coalesce: false });

const ask = (guard: SourceGuard, load: () => Promise<never[]> | ReturnType<ReturnType<typeof scripted>>) =>
  guard.run(page(load), forever());

/** The faults of so many loads that fail like this. */
async function failing(guard: SourceGuard, kind: SourceFault, times: number): Promise<unknown[]> {
  const faults: unknown[] = [];
  for (let i = 0; i < times; i++) faults.push(await rejection(ask(guard, scripted(kind))));
  return faults;
}

/** What is left of the rest, as the caller is told. */
async function restLeft(guard: SourceGuard): Promise<number | null> {
  try {
    await ask(guard, scripted());
  } catch (error) {
    if (error instanceof SourceError && error.fault === 'RESTING') return error.retryAfter;
    throw error;
  }
  throw new Error('the source is not let alone');
}

test('failures in a row let the source alone; callers are told for how long', async () => {
  const { seen, observe } = events();
  const guard = createGuard('water', careful, { observe });
  expect(await failing(guard, 'FAILED', 4)).toEqual(['FAILED', 'FAILED', 'FAILED', 'RESTING']);
  expect(await restLeft(guard)).toBe(10_000);
  vi.advanceTimersByTime(4_000);
  expect(await restLeft(guard)).toBe(6_000);
  expect(seen.filter((e) => e.kind === 'breaker')).toEqual([{ kind: 'breaker', state: 'open' }]);
});

test('an answer in between begins the count anew', async () => {
  const guard = createGuard('water', careful);
  await failing(guard, 'FAILED', 2);
  await ask(guard, scripted());
  expect(await failing(guard, 'FAILED', 3)).toEqual(['FAILED', 'FAILED', 'FAILED']);
});

describe('after its rest', () => {
  /** A source after its rest, which one load tries; the trial has not ended. */
  async function tried() {
    const { seen, observe } = events();
    const guard = createGuard('water', careful, { observe });
    await failing(guard, 'UNREACHABLE', 3);
    vi.advanceTimersByTime(10_000);
    const trial = pending();
    const gone = new AbortController();
    const running = guard.run(page(trial.load), gone.signal);
    running.catch(() => undefined);
    await settled();
    return { guard, seen, trial, gone, running };
  }

  test('one load tries the source; the others wait for its outcome', async () => {
    const { guard, seen, trial, running } = await tried();
    const others = [scripted(), scripted(), scripted()];
    const waiting = others.map((other) => ask(guard, other));
    await settled();
    expect(others.map((other) => other.calls)).toEqual([0, 0, 0]);
    trial.answer();
    await running;
    await Promise.all(waiting);
    expect(others.map((other) => other.calls)).toEqual([1, 1, 1]);
    expect(seen.filter((e) => e.kind === 'breaker').map((e) => e.state)).toEqual(['open', 'halfOpen', 'closed']);
  });

  test('where the trial fails, those who wait are told, and ask nothing', async () => {
    const { guard, trial, running } = await tried();
    const others = [scripted(), scripted()];
    const ends = others.map((other) => rejection(ask(guard, other)));
    await settled();
    trial.fail(fault('FAILED'));
    expect(await rejection(running)).toBe('FAILED');
    expect(await Promise.all(ends)).toEqual(['RESTING', 'RESTING']);
    expect(others.map((other) => other.calls)).toEqual([0, 0]);
  });

  test('where the trial is given up, one of those who wait tries, and the rest wait for it', async () => {
    const { guard, gone, running } = await tried();
    const [second, third] = [pending(), scripted()];
    const trying = guard.run(page(second.load), forever());
    const waiting = ask(guard, third);
    await settled();
    gone.abort();
    await rejection(running);
    await settled();
    expect([second.signals.length, third.calls]).toEqual([1, 0]);
    second.answer();
    await Promise.all([trying, waiting]);
    expect(third.calls).toBe(1);
  });

  test('whoever gives up waiting is let go, and the trial goes on', async () => {
    const { guard, trial, running } = await tried();
    const gone = new AbortController();
    const other = scripted();
    const waiting = guard.run(page(other), gone.signal);
    await settled();
    gone.abort(new Error('gave up'));
    await expect(waiting).rejects.toThrow('gave up');
    trial.answer();
    await running;
    expect(other.calls).toBe(0);
  });

  test('a trial that fails begins another rest', async () => {
    const guard = createGuard('water', careful);
    await failing(guard, 'TIMEOUT', 3);
    vi.advanceTimersByTime(10_000);
    expect(await failing(guard, 'FAILED', 1)).toEqual(['FAILED']);
    expect(await restLeft(guard)).toBe(10_000);
  });

  test('a trial that its caller gives up decides nothing: the next load tries', async () => {
    const guard = createGuard('water', careful);
    await failing(guard, 'FAILED', 3);
    vi.advanceTimersByTime(10_000);
    const trial = pending();
    const gone = new AbortController();
    const running = guard.run(page(trial.load), gone.signal);
    await settled();
    gone.abort();
    await rejection(running);
    await settled();
    expect(await failing(guard, 'FAILED', 1)).toEqual(['FAILED']);
    expect(await restLeft(guard)).toBe(10_000);
  });

  test('a source that refuses the load has answered', async () => {
    const guard = createGuard('water', careful);
    await failing(guard, 'FAILED', 3);
    vi.advanceTimersByTime(10_000);
    expect(await failing(guard, 'REFUSED', 1)).toEqual(['REFUSED']);
    await ask(guard, scripted());
  });
});

describe('nothing is said of the source’s health', () => {
  test('by loads that it refuses', async () => {
    const guard = createGuard('water', careful);
    expect(new Set(await failing(guard, 'REFUSED', 10))).toEqual(new Set(['REFUSED']));
  });

  test('by callers that give up', async () => {
    const guard = createGuard('water', careful);
    for (let i = 0; i < 10; i++) {
      const gone = new AbortController();
      const load = guard.run(page(pending().load), gone.signal);
      await settled();
      gone.abort();
      await rejection(load);
    }
    await settled();
    await ask(guard, scripted());
  });

  test('by loads for which there was no place', async () => {
    const guard = createGuard('water', settings({ ...careful, concurrent: 1, queue: 0 }));
    const source = pending();
    const running = guard.run(page(source.load), forever());
    await settled();
    expect(new Set(await failing(guard, 'FAILED', 10))).toEqual(new Set(['OVERLOADED']));
    source.answer();
    await running;
    await ask(guard, scripted());
  });

  test('by faults of the hub’s own', async () => {
    const guard = createGuard('water', careful);
    for (let i = 0; i < 10; i++) await rejection(ask(guard, async () => Promise.reject(new TypeError('wrong'))));
    await ask(guard, scripted());
  });
});
