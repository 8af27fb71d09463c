import { malformed } from './malformed.ts';

/** Empty pages in a row that a service may give before more rows come: one that filters behind its paging does. */
const mostEmpty = 100;

/** Watches that the pages of one load go on: what comes round again, or goes on without rows, would never end. */
export class Progress {
  readonly #agency: string;
  readonly #places = new Set<string>();
  readonly #pages = new Set<string>();
  #empty = 0;

  constructor(agency: string) {
    this.#agency = agency;
  }

  /** A page of rows. Its first and last row tell it apart: each row stands on one page. */
  page(rows: readonly unknown[]): void {
    if (rows.length === 0) {
      this.#empty += 1;
      if (this.#empty > mostEmpty) throw malformed(this.#agency, 'goes on and on without rows');
      return;
    }
    this.#empty = 0;
    this.#once(this.#pages, this.#textOf([rows.length, rows[0], rows.at(-1)]));
  }

  #textOf(page: unknown): string {
    try {
      return JSON.stringify(page);
    } catch {
      // Too many levels, or too long a text: no row of an agency is like that.
      throw malformed(this.#agency, 'is nested too deeply, or too large');
    }
  }

  /** Where the next page is said to be. */
  place(next: string): void {
    this.#once(this.#places, next);
  }

  #once(seen: Set<string>, one: string): void {
    if (seen.has(one)) throw malformed(this.#agency, 'leads back to a page that was there');
    seen.add(one);
  }
}
