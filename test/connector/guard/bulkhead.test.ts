import { expect, test } from 'vitest';
import { createGuard } from '../../../src/connector/guard/create-guard.ts';
import { events, forever, page, pending, rejection, settings, settled } from './guard-kit.ts';

const narrow = settings({ concurrent: 2, queue: 2, coalesce: false });

test('so many loads run side by side, so many wait, and one more is refused at once', async () => {
  const { seen, observe } = events();
  const guard = createGuard('water', narrow, { observe });
  const source = pending();
  const loads = [1, 2, 3, 4].map(() => guard.run(page(source.load), forever()));
  await settled();
  expect(source.signals).toHaveLength(2);
  const since = performance.now();
  expect(await rejection(guard.run(page(source.load), forever()))).toBe('OVERLOADED');
  expect(performance.now() - since).toBeLessThan(1_000);
  source.answer();
  await settled();
  expect(source.signals).toHaveLength(4);
  source.answer();
  await Promise.all(loads);
  expect(seen.filter((e) => e.kind === 'queue').map((e) => e.length)).toEqual([1, 2, 1, 0]);
  expect(seen.filter((e) => e.kind === 'load').map((e) => e.outcome)).toEqual(['OVERLOADED', 'OK', 'OK', 'OK', 'OK']);
});

test('whoever gives up while it waits leaves the queue, and its place goes to the next', async () => {
  const guard = createGuard('water', narrow);
  const source = pending();
  const running = [1, 2].map(() => guard.run(page(source.load), forever()));
  const gone = new AbortController();
  const waiting = [gone.signal, forever()].map((signal) => guard.run(page(source.load), signal));
  await settled();
  const reason = new Error('the caller went home');
  gone.abort(reason);
  expect(await rejection(waiting[0]!)).toBe(reason);
  const late = guard.run(page(source.load), forever());
  await settled();
  expect(source.signals).toHaveLength(2);
  source.answer();
  await settled();
  expect(source.signals).toHaveLength(4);
  source.answer();
  await Promise.all([...running, waiting[1], late]);
});

test('when all who waited have given up, the next load runs all the same', async () => {
  const guard = createGuard('water', settings({ concurrent: 1, coalesce: false }));
  const source = pending();
  const first = guard.run(page(source.load), forever());
  const gone = new AbortController();
  const waiting = guard.run(page(source.load), gone.signal);
  await settled();
  gone.abort();
  await rejection(waiting);
  source.answer();
  await first;
  const next = guard.run(page(source.load), forever());
  await settled();
  source.answer();
  await next;
});

test('a load that fails frees its place', async () => {
  const guard = createGuard('water', settings({ concurrent: 1, queue: 0, coalesce: false }));
  for (let i = 0; i < 3; i++)
    expect(
      await rejection(
        guard.run(
          page(async () => Promise.reject(new TypeError('x'))),
          forever(),
        ),
      ),
    ).toBeInstanceOf(TypeError);
});
