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
    this.#once(this.#pages, JSON.stringify([rows.length, rows[0], rows.at(-1)]));
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

/**
 * Whether a page is the last one. A service may give smaller pages than it is asked for, so only an empty one says so, or
 * the number of all rows (`total`, as it stands in the answer); a full page says nothing, since a service may count to a
 * limit of its own.
 */
export function isLast(
  agency: string,
  total: { readonly said: unknown } | null,
  page: { readonly rows: number; readonly size: number; readonly read: number },
): boolean {
  if (total === null) return page.rows === 0;
  const { said } = total;
  const all = typeof said === 'string' && /^\d+$/.test(said) ? Number(said) : said;
  if (typeof all !== 'number' || !Number.isSafeInteger(all) || all < 0)
    throw malformed(agency, 'does not say how many rows there are');
  if (page.rows === 0 && page.read < all) throw malformed(agency, 'gives fewer rows than it says there are');
  return page.read >= all && page.rows < page.size;
}
