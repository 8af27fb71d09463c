import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { CsvRow } from '../../csv/csv-rows.ts';
import { ImportError } from './import-error.ts';
import type { Rejection } from './reject.ts';

export interface RejectedRow extends Rejection {
  readonly source: CsvRow;
}

/** Columns before those of the file; their names leave the file's own, so that mended rows import under the same mapping. */
const ownColumns = ['reject_row', 'reject_line', 'reject_code', 'reject_column', 'reject_message'];

/**
 * The CSV of rejected rows: UTF-8 with a byte order mark, comma-separated, readable by its owner only (it holds the
 * rows' own cells). Made with the first rejected row.
 */
export class RejectsFile {
  readonly path: string;
  readonly #header: readonly string[];
  #bytes: number;
  #file: number | undefined;

  /**
   * Goes on after the first `bytes` of the file; what lies behind them came from a batch that was never committed.
   * Throws `ImportError` when the file has fewer bytes than that or cannot be written.
   */
  constructor(path: string, header: readonly string[], bytes: number) {
    this.path = path;
    this.#header = header;
    this.#bytes = bytes;
    try {
      if (bytes === 0) rmSync(path, { force: true });
      else this.#file = openSync(path, 'r+');
    } catch {
      throw new ImportError(`${path}, the rejects file, cannot be opened; name another with --rejects, or --restart`);
    }
    if (this.#file === undefined) return;
    if (fstatSync(this.#file).size < bytes) {
      this.close();
      throw new ImportError(`${path} has lost rejected rows since this import began; start over with --restart`);
    }
    ftruncateSync(this.#file, bytes);
  }

  /** Bytes that are safely on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Appends the rows and waits until they are on disk. */
  append(rows: readonly RejectedRow[]): void {
    if (rows.length === 0) return;
    const lines = rows.map(({ source, code, column, message }) => [
      source.row,
      source.line,
      code,
      column,
      message,
      ...source.cells,
    ]);
    const isNew = this.#bytes === 0;
    const text = stringify(isNew ? [[...ownColumns, ...this.#header], ...lines] : lines);
    const data = Buffer.from(isNew ? `\uFEFF${text}` : text);
    try {
      this.#file ??= openSync(this.path, 'wx', 0o600);
      for (let written = 0; written < data.length;) {
        written += writeSync(this.#file, data, written, data.length - written, this.#bytes + written);
      }
      fsyncSync(this.#file);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new ImportError(
        `${this.path}, the rejects file, cannot be written (${code}); make room or rights for it and run the command again`,
      );
    }
    this.#bytes += data.length;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
