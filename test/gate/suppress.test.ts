import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suppress, type Cell, type ShownTable } from '../../src/gate/suppress.ts';

/* Which counts of a table show: and that no count between 1 and the threshold can be computed from those that do. */

const one = (counts: Readonly<Record<string, number>>, unnamed = 0): Cell[] => [
  ...Object.entries(counts).map(([value, count]) => ({ values: [value], count })),
  { values: [null], count: unnamed },
];
const listed = (table: ShownTable): Record<string, number> =>
  Object.fromEntries(table.cells.map((c) => [c.keys.join(' '), c.count]));

describe('one dimension', () => {
  test.each([
    ['everything reaches the threshold', { a: 10, b: 40 }, 0, { a: 10, b: 40 }],
    ['a small count takes the smallest of the others with it', { a: 3, b: 12, c: 40 }, 0, { c: 40 }],
    ['all of the smallest, if several are equal', { a: 3, b: 12, c: 12, d: 40 }, 0, { d: 40 }],
    ['even if nothing is left', { a: 3, b: 40 }, 0, {}],
    ['several small counts as well', { a: 9, b: 9, c: 12, d: 13 }, 0, { d: 13 }],
    ['a zero hides nothing', { a: 0, b: 12 }, 0, { b: 12 }],
    ['what has no value is never named', { a: 12, b: 40 }, 10, { a: 12, b: 40 }],
    ['and is small like any other', { a: 12, b: 40 }, 9, { b: 40 }],
  ])('%s', (_what, counts, unnamed, shown) => {
    const table = suppress(one(counts, unnamed), 10);
    expect(listed(table)).toEqual(shown);
    expect(table.total).toBe(Object.values(counts).reduce((sum, n) => sum + n, unnamed));
  });

  test('below the threshold nothing shows, and nothing at all looks the same', () => {
    expect(suppress(one({ a: 9 }), 10)).toEqual({ total: null, cells: [] });
    expect(suppress([], 10)).toEqual({ total: null, cells: [] });
  });

  test('values that are alike are added up', () => {
    const cells = [...one({ a: 6, b: 20 }), ...one({ a: 5 })];
    expect(listed(suppress(cells, 10))).toEqual({ a: 11, b: 20 });
  });
});

describe('a pair', () => {
  const pair = (rows: Readonly<Record<string, readonly (number | undefined)[]>>): Cell[] =>
    Object.entries(rows).flatMap(([row, counts]) =>
      counts.map((count, i) => ({ values: [row, `c${i}`], count: count ?? 0 })),
    );

  test('shows all counts where none is small', () => {
    expect(listed(suppress(pair({ a: [10, 20], b: [0, 30] }), 10))).toEqual({ 'a c0': 10, 'a c1': 20, 'b c1': 30 });
  });

  test('hides the rows and columns of small counts where they cross, with the smallest other row and column', () => {
    const table = pair({ a: [3, 40, 60, 70], b: [30, 25, 70, 60], c: [50, 80, 90, 40], d: [99, 99, 99, 99] });
    // a, c0 is small. Alone it would follow from its row, so that b and c1 go with it; c and c3 are the smallest others.
    expect(Object.keys(listed(suppress(table, 10)))).toEqual(['a c2', 'b c2', 'c c2', 'd c0', 'd c1', 'd c2', 'd c3']);
  });

  test('names nothing that its own dimension does not name', () => {
    const shown = listed(suppress(pair({ a: [4, 3], b: [20, 30], c: [60, 70] }), 10));
    expect(Object.keys(shown).every((key) => key.startsWith('c'))).toBe(true);
  });
});

/*
 * Whoever knows the rule, the size of the population and all three tables (rows, columns and the pair) cannot tell any
 * small count. In a small world all populations are looked at; in a larger one another population is found that teaches
 * the same and has another count there.
 */

type Grid = readonly (readonly number[])[];

const sum = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);
const columnSums = (grid: Grid): number[] => (grid[0] ?? []).map((_, j) => sum(grid.map((row) => row[j] ?? 0)));
const named = (counts: readonly number[], prefix: string): Cell[] =>
  counts.map((count, i) => ({ values: [`${prefix}${i}`], count }));
const cellsOf = (grid: Grid): Cell[] =>
  grid.flatMap((row, i) => row.map((count, j): Cell => ({ values: [`r${i}`, `c${j}`], count })));

function tablesOf(grid: Grid, smallest: number): [rows: ShownTable, columns: ShownTable, pair: ShownTable] {
  return [
    suppress(named(grid.map(sum), 'r'), smallest),
    suppress(named(columnSums(grid), 'c'), smallest),
    suppress(cellsOf(grid), smallest),
  ];
}

const learnt = (grid: Grid, smallest: number): string => JSON.stringify(tablesOf(grid, smallest));

/** Every way to share out `total` records among so many places. */
function* shares(places: number, total: number): Generator<number[]> {
  if (places === 1) {
    yield [total];
    return;
  }
  for (let n = 0; n <= total; n++) for (const others of shares(places - 1, total - n)) yield [n, ...others];
}

/** The small counts that are equal in all populations that teach the same, each as a text; and how many were looked at. */
function known<T>(
  populations: Iterable<T>,
  smallest: number,
  learn: (population: T) => string,
  see: (population: T) => readonly number[],
): { known: string[]; small: number } {
  const alike = new Map<string, { readonly counts: readonly number[]; readonly open: Set<number> }>();
  for (const population of populations) {
    const key = learn(population);
    const counts = see(population);
    const first = alike.get(key);
    if (first === undefined) alike.set(key, { counts, open: new Set() });
    else counts.forEach((n, i) => n !== first.counts[i] && first.open.add(i));
  }
  let small = 0;
  const found = [...alike].flatMap(([key, { counts, open }]) =>
    counts.flatMap((n, i) => {
      if (n === 0 || n >= smallest) return [];
      small += 1;
      return open.has(i) ? [] : [`${n} at ${i} of ${JSON.stringify(counts)}: ${key}`];
    }),
  );
  return { known: found, small };
}

describe('no small count is known, whatever is known beside it', () => {
  test.each([
    [2, 24, 3],
    [3, 20, 3],
    [4, 16, 3],
    [5, 12, 3],
    [3, 24, 4],
  ])('of %i values of one dimension and up to %i records, from %i on', (size, most, smallest) => {
    for (let total = smallest; total <= most; total++) {
      const learn = (counts: number[]): string => JSON.stringify(suppress(named(counts, 'v'), smallest));
      expect(known(shares(size, total), smallest, learn, (counts) => counts).known).toEqual([]);
    }
  });

  test.each([
    [2, 20],
    [3, 18],
    [4, 14],
  ])('of %i values, one of which has no name, and up to %i records', (size, most) => {
    for (let total = 3; total <= most; total++) {
      const learn = ([unnamed = 0, ...counts]: number[]): string =>
        JSON.stringify(suppress([...named(counts, 'v'), { values: [null], count: unnamed }], 3));
      expect(known(shares(size, total), 3, learn, (counts) => counts).known).toEqual([]);
    }
  });

  test.each([
    [2, 2, 20, 3],
    [2, 3, 12, 3],
    [3, 3, 8, 3],
    [2, 2, 20, 4],
  ])('of all pairs of %i by %i and up to %i records, from %i on', (height, width, most, smallest) => {
    let small = 0;
    for (let total = smallest; total <= most; total++) {
      const grids = [...shares(height * width, total)].map((flat): Grid =>
        Array.from({ length: height }, (_, i) => flat.slice(i * width, (i + 1) * width)),
      );
      const seen = known(
        grids,
        smallest,
        (grid) => learnt(grid, smallest),
        (grid) => [...grid.flat(), ...grid.map(sum), ...columnSums(grid)],
      );
      expect(seen.known).toEqual([]);
      small += seen.small;
    }
    expect(small).toBeGreaterThan(100);
  });

  const smallest = 10;
  const count = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: smallest, max: 400 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: smallest - 1 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );
  const grid = fc
    .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 9 }))
    .chain(([height, width]) =>
      fc.array(fc.array(count, { minLength: width, maxLength: width }), { minLength: height, maxLength: height }),
    );

  test('of generated pairs: another population teaches the same and has another count', () => {
    const seen = { small: 0, shown: 0 };
    fc.assert(
      fc.property(grid, (of) => {
        const teaches = learnt(of, smallest);
        seen.shown += tablesOf(of, smallest)[2].cells.length;
        of.forEach((row, i) =>
          row.forEach((n, j) => {
            if (n === 0 || n >= smallest) return;
            seen.small += 1;
            if (![...neighbours(of, i, j)].some((other) => learnt(other, smallest) === teaches))
              throw new Error(`${n} at ${i}, ${j} is known`);
          }),
        );
      }),
      { numRuns: 600, seed: 20_261_105 },
    );
    expect(seen.small).toBeGreaterThan(1_000);
    expect(seen.shown).toBeGreaterThan(1_000);
  });

  test('of generated pairs: what is left of every row, column and table is nothing, or enough', () => {
    fc.assert(
      fc.property(grid, (of) => {
        const [rows, columns, pair] = tablesOf(of, smallest);
        const left = [rows, columns, pair].map((t) => (t.total ?? 0) - sum(t.cells.map((c) => c.count)));
        for (const [at, line] of [
          [0, rows],
          [1, columns],
        ] as const)
          for (const { keys, count: all } of line.cells)
            left.push(all - sum(pair.cells.filter((c) => c.keys[at] === keys[0]).map((c) => c.count)));
        expect(left.filter((n) => n !== 0 && n < smallest)).toEqual([]);
        expect([rows, columns, pair].flatMap((t) => t.cells).filter((c) => c.count < smallest)).toEqual([]);
      }),
      { numRuns: 1_000, seed: 20_261_105 },
    );
  });
});

/** The populations that differ at this place and have the same sums: records moved around a rectangle, or two rows' or columns' records exchanged. */
function* neighbours(grid: Grid, i: number, j: number): Generator<Grid> {
  const [height, width] = [grid.length, grid[0]?.length ?? 0];
  const at = (row: number, column: number): number => grid[row]?.[column] ?? 0;
  for (let k = 0; k < height; k++) {
    for (let l = 0; l < width; l++) {
      if (k === i || l === j) continue;
      for (const by of [-3, -2, -1, 1, 2, 3]) {
        if (at(i, j) + by < 0 || at(k, l) + by < 0 || at(i, l) < by || at(k, j) < by) continue;
        yield grid.map((row, y) =>
          row.map((n, x) =>
            (y === i || y === k) && (x === j || x === l) ? n + ((y === i) === (x === j) ? by : -by) : n,
          ),
        );
      }
    }
  }
  for (let k = 0; k < height; k++)
    yield grid.map((row, y) => (y === i ? (grid[k] ?? row) : y === k ? (grid[i] ?? row) : row));
  for (let l = 0; l < width; l++)
    yield grid.map((row) => row.map((n, x) => (x === j ? (row[l] ?? n) : x === l ? (row[j] ?? n) : n)));
}
