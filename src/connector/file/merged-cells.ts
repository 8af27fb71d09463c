/** Cells that one sheet shows as one over several rows: only the first of them holds the value. */
export class MergedCells {
  /** The last row at which such cells begin, by the columns that they take. */
  readonly #rows = new Map<string, number>();

  /** A range as a sheet names it: `B2:C5`. */
  add(range: string): void {
    const [, from, first, to, last] = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(range) ?? [];
    if (from === undefined || to === undefined || Number(first) === Number(last)) return;
    const name = `${from} ${to}`;
    this.#rows.set(name, Math.max(this.#rows.get(name) ?? 0, Number(first)));
  }

  /** The last row, from 1, at which cells of this column, from 0, begin to be one; 0 where none are. */
  lastIn(column: number): number {
    let row = 0;
    for (const [name, at] of this.#rows) {
      const [from = 0, to = 0] = name.split(' ').map(columnOf);
      if (from <= column && column <= to) row = Math.max(row, at);
    }
    return row;
  }
}

/** From 0: `A` is the first, `AA` the one behind `Z`. */
function columnOf(letters: string): number {
  return [...letters].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
