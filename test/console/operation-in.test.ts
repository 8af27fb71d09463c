import { expect, test } from 'vitest';
import { operationIn } from '../../src/console/app/explorer/operation-in.ts';

test.each([
  ['query A { a }', 'A', 'A'],
  ['query A { a } query B { b }', 'B', 'B'],
  ['query B { b }', 'A', null],
  ['{ a }', null, null],
  ['{ a }', 'A', null],
  ['query A {', 'A', 'A'],
])('of %j asked as %j runs %j', (query, name, run) => {
  expect(operationIn(query, name)).toBe(run);
});
