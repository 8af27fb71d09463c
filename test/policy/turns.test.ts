import { expect, test } from 'vitest';
import { createTurns, inOneGo, type Steps } from '../../src/policy/turns.ts';

function* counting(to: number, note: (step: number) => void): Steps<number> {
  for (let step = 1; step <= to; step++) {
    note(step);
    yield;
  }
  return to;
}

const ignore = (): void => undefined;

test('in one go, work is done at once', () => {
  const steps: number[] = [];
  expect(inOneGo(counting(3, (step) => void steps.push(step)))).toBe(3);
  expect(steps).toEqual([1, 2, 3]);
});

test('in turns, others come between the slices', async () => {
  // A slice of no length ends after its first step.
  const turns = createTurns(0);
  const order: string[] = [];
  const other = (): void => {
    order.push('other');
    if (order.length < 100) setImmediate(other);
  };
  setImmediate(other);
  expect(await turns.take(counting(5, (step) => void order.push(String(step))))).toBe(5);
  const until = order.slice(0, order.indexOf('5'));
  for (const step of ['1', '2', '3', '4']) expect(until.slice(until.indexOf(step) + 1)[0]).toBe('other');
});

test('one piece of work follows the other', async () => {
  const turns = createTurns(0);
  const order: string[] = [];
  const all = ['a', 'b'].map((name) => turns.take(counting(2, (step) => void order.push(`${name}${step}`))));
  expect(await Promise.all(all)).toEqual([2, 2]);
  expect(order).toEqual(['a1', 'a2', 'b1', 'b2']);
});

test('work that fails rejects, and stops nobody else', async () => {
  const turns = createTurns();
  const failing = turns.take(
    counting(2, () => {
      throw new Error('no');
    }),
  );
  const next = turns.take(counting(2, ignore));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe(2);
});
