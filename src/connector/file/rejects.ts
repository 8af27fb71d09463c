import { stringify } from 'csv-stringify/sync';
import { mkdirSync, openSync, closeSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Why a row is left out:
 * - `RAGGED_ROW`: more or fewer cells than the header
 * - `BAD_ENCODING`: bytes that the file's encoding does not have, or a NUL
 * - `BAD_CELL`: an error for a value, a formula that was saved without one, or a number of more digits than a workbook keeps
 * - `MISSING_KEY`: the key is empty, or holds control characters
 * - `DUPLICATE_KEY`: a row above has the key, and was taken
 */
export type RejectCode = 'RAGGED_ROW' | 'BAD_ENCODING' | 'BAD_CELL' | 'MISSING_KEY' | 'DUPLICATE_KEY';

export interface Reject {
  /** From 1, the header not counted. */
  readonly row: number;
  /** The line of the text, or the row of the sheet. */
  readonly line: number;
  readonly code: RejectCode;
  /** As the file names it; empty where the whole row is at fault. */
  readonly column: string;
  /** Holds no value of the row. */
  readonly reason: string;
}

/** Rows that are written down: further ones are counted. */
const MOST = 10_000;
/** Files of rejects that are kept. */
const KEPT = 30;

/** `rejects/NAME.csv`: which rows of a file were left out, and why. Made with the first of them, for its owner alone. */
export class Rejects {
  readonly #folder: string;
  readonly #path: string;
  #file: number | undefined;
  #waiting: Reject[] = [];
  count = 0;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#path = join(folder, `${name}.csv`);
    // What an earlier reading of a file of this name found.
    rmSync(this.#path, { force: true });
  }

  add(reject: Reject): void {
    this.count += 1;
    if (this.count > MOST) return;
    this.#waiting.push(reject);
    if (this.#waiting.length >= 500) this.#write();
  }

  close(): void {
    if (this.#waiting.length > 0) this.#write();
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
    const oldest = files.map((path) => ({ path, at: statSync(path).mtimeMs })).toSorted((a, b) => b.at - a.at);
    for (const { path } of oldest.slice(KEPT)) rmSync(path, { force: true });
  }

  #write(): void {
    const lines = this.#waiting.map(({ row, line, code, column, reason }) => [row, line, code, column, reason]);
    this.#waiting = [];
    if (this.#file === undefined) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#file = openSync(this.#path, 'wx', 0o600);
      lines.unshift(['row', 'line', 'code', 'column', 'reason']);
    }
    writeSync(this.#file, stringify(lines));
  }
}
