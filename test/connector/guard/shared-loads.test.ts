import { expect, test } from 'vitest';
import { createGuard } from '../../../src/connector/guard/create-guard.ts';
import {
  events,
  fault,
  forever,
  page,
  pending,
  rejection,
  scripted,
  settings,
  settled,
  type Page,
} from './guard-kit.ts';
import type { Read } from '../../../src/connector/guard/guard.ts';
import { setEnd } from '../../../src/connector/time-left.ts';

test('equal loads at the same time are one, and its answer is everybody’s', async () => {
  const { seen, observe } = events();
  const guard = createGuard('water', settings(), { observe });
  const source = pending();
  const loads = [1, 2, 3].map(() => guard.run(page(source.load), forever()));
  await settled();
  expect(source.signals).toHaveLength(1);
  source.answer([{ no: '7' }]);
  const answers = await Promise.all(loads);
  expect(answers).toEqual([[{ no: '7' }], [{ no: '7' }], [{ no: '7' }]]);
  // Nobody can change what the others hold.
  expect(answers.every((a) => a === answers[0] && Object.isFrozen(a))).toBe(true);
  expect(seen).toEqual([{ kind: 'load', outcome: 'OK' }]);
});

test('another name is another load', async () => {
  const guard = createGuard('water', settings());
  const [a, b] = [pending(), pending()];
  const loads = [guard.run(page(a.load, 'a'), forever()), guard.run(page(b.load, 'b'), forever())];
  await settled();
  a.answer([{ no: 'a' }]);
  b.answer([{ no: 'b' }]);
  expect(await Promise.all(loads)).toEqual([[{ no: 'a' }], [{ no: 'b' }]]);
});

test('a load that is over is not shared any more', async () => {
  const guard = createGuard('water', settings());
  const load = scripted(null, 'FAILED');
  await guard.run(page(load), forever());
  expect(await rejection(guard.run(page(load), forever()))).toBe('FAILED');
  await guard.run(page(load), forever());
  expect(load.calls).toBe(3);
});

test('a failure is everybody’s', async () => {
  const guard = createGuard('water', settings());
  const source = pending();
  const loads = [1, 2].map(() => rejection(guard.run(page(source.load), forever())));
  await settled();
  source.fail(fault('FAILED'));
  expect(await Promise.all(loads)).toEqual(['FAILED', 'FAILED']);
});

test('whoever gives up frees itself alone; with the last one the load stops', async () => {
  const guard = createGuard('water', settings());
  const source = pending();
  const [first, second] = [new AbortController(), new AbortController()];
  const loads = [first, second].map((c) => guard.run(page(source.load), c.signal));
  await settled();
  const reasons = [new Error('one'), new Error('two')];
  first.abort(reasons[0]);
  expect(await rejection(loads[0]!)).toBe(reasons[0]);
  expect(source.signals.map((s) => s.aborted)).toEqual([false]);
  second.abort(reasons[1]);
  expect(await rejection(loads[1]!)).toBe(reasons[1]);
  expect(source.signals.map((s) => s.aborted)).toEqual([true]);
});

test('whoever comes after a load was stopped begins another', async () => {
  const guard = createGuard('water', settings());
  const source = pending(false);
  const gone = new AbortController();
  const first = guard.run(page(source.load), gone.signal);
  await settled();
  gone.abort();
  const second = guard.run(page(source.load), forever());
  await rejection(first);
  await settled();
  expect(source.signals.map((s) => s.aborted)).toEqual([true, false]);
  source.answer();
  expect(await second).toEqual([{ no: '1' }]);
});

test('one caller’s short time does not cut the other’s', async () => {
  const guard = createGuard('water', settings());
  const source = pending();
  const hasty = new AbortController();
  setEnd(hasty.signal, performance.now() + 40);
  const loads = [guard.run(page(source.load), hasty.signal), guard.run(page(source.load), forever())];
  expect(await rejection(loads[0]!)).toBe('TIMEOUT');
  source.answer();
  expect(await loads[1]).toEqual([{ no: '1' }]);
});

test('a load is tried again as long as its most patient caller waits', async () => {
  const guard = createGuard('water', settings({ retries: 1 }));
  let calls = 0;
  const load = async (): Promise<Page> => {
    calls += 1;
    if (calls === 1) throw fault('OVERLOADED', { retryAfter: 150 });
    return [{ no: '1' }];
  };
  const hasty = new AbortController();
  setEnd(hasty.signal, performance.now() + 50);
  const loads = [hasty.signal, forever()].map((signal) => guard.run(page(load), signal));
  expect(await rejection(loads[0]!)).toBe('TIMEOUT');
  expect(await loads[1]).toEqual([{ no: '1' }]);
});

test('where the settings say so, each load is its own and has no name', async () => {
  const guard = createGuard('water', settings({ coalesce: false }));
  const source = pending();
  const nameless = {
    ...page(source.load),
    name: {
      hint: 'page',
      exact: (): string => {
        throw new Error('the name was asked for');
      },
    },
  };
  const loads = [1, 2].map(() => guard.run(nameless, forever()));
  await settled();
  expect(source.signals).toHaveLength(2);
  source.answer();
  await Promise.all(loads);
});

test('a load beside which no other of its hint runs is never named', async () => {
  const guard = createGuard('water', settings());
  const [first, second] = [pending(), pending()];
  const read = (hint: string, load: typeof first.load): Read<Page> => ({
    ...page(load),
    name: {
      hint,
      exact: () => {
        throw new Error('the name was asked for');
      },
    },
  });
  const loads = [guard.run(read('one', first.load), forever()), guard.run(read('two', second.load), forever())];
  await settled();
  first.answer([{ no: '1' }]);
  second.answer([{ no: '2' }]);
  expect(await Promise.all(loads)).toEqual([[{ no: '1' }], [{ no: '2' }]]);
});
