import { expect, it } from 'vitest';
import { isComponentCode, isGridCellCode, isGridCode } from '../../src/codes/grid.ts';

it('a grid code is opaque', () => {
  const codes = ['G', '350102001003-07', 'a_b', 'x'.repeat(32), '', 'x'.repeat(33), 'a b', '网格', 'a\n'];
  expect(codes.filter(isGridCode)).toEqual(['G', '350102001003-07', 'a_b', 'x'.repeat(32)]);
});

it('a cell has 15 digits and a component 16', () => {
  const codes = ['3'.repeat(14), '3'.repeat(15), '3'.repeat(16), '3'.repeat(17), `${'3'.repeat(14)}x`];
  expect(codes.filter(isGridCellCode)).toEqual(['3'.repeat(15)]);
  expect(codes.filter(isComponentCode)).toEqual(['3'.repeat(16)]);
});
