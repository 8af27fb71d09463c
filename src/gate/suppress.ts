/**
 * Which counts of a table may be shown. A caller that asks for every table of one population, and knows how large the
 * population is, can compute no count between 1 and `smallest - 1`; docs/statistics.md gives the argument.
 */

/** The count of one combination of values; null stands for no value, and for one that cannot be read. */
export interface Cell {
  readonly values: readonly (string | null)[];
  readonly count: number;
}

/** What may be shown of a table. */
export interface ShownTable {
  /** How many records there are in all; null where that is fewer than `smallest`, none included. */
  readonly total: number | null;
  readonly cells: readonly { readonly keys: readonly string[]; readonly count: number }[];
}

/** Values that may not be named, together. */
const rest = null;

/** The table of one dimension, or of a pair. Cells of equal values are added up. */
export function suppress(cells: readonly Cell[], smallest: number): ShownTable {
  const total = cells.reduce((sum, c) => sum + c.count, 0);
  if (total < smallest) return { total: null, cells: [] };
  const pair = cells.some((c) => c.values.length === 2);
  const shown = pair ? ofPair(cells, smallest) : ofOne(cells, smallest);
  return { total, cells: shown.toSorted((a, b) => (a.keys.join('\0') < b.keys.join('\0') ? -1 : 1)) };
}

function ofOne(cells: readonly Cell[], smallest: number): ShownTable['cells'] {
  const counts = countsOf(cells, 0);
  return [...named(counts, smallest)].map((value) => ({ keys: [value], count: counts.get(value) ?? 0 }));
}

/**
 * The values of one dimension whose counts may be shown. Where anything small is hidden, the smallest count that would
 * show is hidden with it (all of them, if several are equal): so what is hidden is never a small number of records, and
 * nothing tells which of the hidden values has which count.
 */
function named(counts: ReadonlyMap<string | null, number>, smallest: number): ReadonlySet<string> {
  const enough = [...counts].flatMap(([value, n]) => (value !== null && n >= smallest ? [[value, n] as const] : []));
  const least = Math.min(...enough.map(([, n]) => n));
  const hidesSmall = [...counts.values()].some((n) => n > 0 && n < smallest);
  return new Set(enough.filter(([, n]) => !hidesSmall || n > least).map(([value]) => value));
}

/**
 * A pair's rows and columns are what the single dimensions show, so their sums are known, and that of the rest. What is
 * hidden is a block: every row that has a small count, times every such column, widened until each of its rows and
 * columns holds enough records by itself, and by one more row and column, so that nothing tells which of them have one.
 */
function ofPair(cells: readonly Cell[], smallest: number): ShownTable['cells'] {
  const rows = named(countsOf(cells, 0), smallest);
  const columns = named(countsOf(cells, 1), smallest);
  const merged = new Grid();
  for (const { values, count } of cells)
    merged.add(nameIn(rows, values[0] ?? rest), nameIn(columns, values[1] ?? rest), count);

  const hiddenRows = new Set<string | null>();
  const hiddenColumns = new Set<string | null>();
  for (const { row, column, count } of merged.cells()) {
    if (count >= smallest) continue;
    hiddenRows.add(row);
    hiddenColumns.add(column);
  }
  let widened: boolean;
  do {
    widened = false;
    for (const row of hiddenRows) widened = widen(merged.row(row), hiddenColumns, smallest) || widened;
    for (const column of hiddenColumns) widened = widen(merged.column(column), hiddenRows, smallest) || widened;
  } while (widened);
  if (hiddenRows.size > 0) {
    hideLeast(merged.sums('row'), hiddenRows);
    hideLeast(merged.sums('column'), hiddenColumns);
  }

  return [...merged.cells()].flatMap(({ row, column, count }) =>
    row === rest || column === rest || (hiddenRows.has(row) && hiddenColumns.has(column))
      ? []
      : [{ keys: [row, column], count }],
  );
}

/** Hides one more place of the line, its smallest count, if those that are hidden hold too few records. */
function widen(line: ReadonlyMap<string | null, number>, hidden: Set<string | null>, smallest: number): boolean {
  const held = [...line].reduce((sum, [place, n]) => sum + (hidden.has(place) ? n : 0), 0);
  if (held >= smallest) return false;
  const [next] = [...line].filter(([place]) => !hidden.has(place)).toSorted(byCount);
  if (next === undefined) return false;
  hidden.add(next[0]);
  return true;
}

/** Hides the line of the smallest sum; all of them, if several are equal. */
function hideLeast(sums: ReadonlyMap<string | null, number>, hidden: Set<string | null>): void {
  const others = [...sums].filter(([line]) => !hidden.has(line));
  const least = Math.min(...others.map(([, n]) => n));
  for (const [line, n] of others) if (n === least) hidden.add(line);
}

function byCount([a, n]: readonly [string | null, number], [b, m]: readonly [string | null, number]): number {
  return n - m || (String(a) < String(b) ? -1 : 1);
}

/** The sums of one dimension of the table. */
function countsOf(cells: readonly Cell[], at: 0 | 1): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const { values, count } of cells) {
    const value = values[at] ?? rest;
    counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return counts;
}

function nameIn(shown: ReadonlySet<string>, value: string | null): string | null {
  return value !== null && shown.has(value) ? value : rest;
}

/** Counts by row and column; a place that holds none is left out. */
class Grid {
  readonly #rows = new Map<string | null, Map<string | null, number>>();

  add(row: string | null, column: string | null, count: number): void {
    if (count === 0) return;
    const of = this.#rows.get(row) ?? new Map<string | null, number>();
    this.#rows.set(row, of.set(column, (of.get(column) ?? 0) + count));
  }

  row(row: string | null): ReadonlyMap<string | null, number> {
    return this.#rows.get(row) ?? new Map<string | null, number>();
  }

  column(column: string | null): ReadonlyMap<string | null, number> {
    return new Map([...this.#rows].flatMap(([row, of]) => (of.has(column) ? [[row, of.get(column) ?? 0]] : [])));
  }

  sums(of: 'row' | 'column'): ReadonlyMap<string | null, number> {
    const sums = new Map<string | null, number>();
    for (const cell of this.cells()) sums.set(cell[of], (sums.get(cell[of]) ?? 0) + cell.count);
    return sums;
  }

  *cells(): Iterable<{ readonly row: string | null; readonly column: string | null; readonly count: number }> {
    for (const [row, of] of this.#rows) for (const [column, count] of of) yield { row, column, count };
  }
}
