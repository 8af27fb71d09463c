import { malformed } from './malformed.ts';

export interface CountedPage {
  readonly rows: number;
  /** Rows that were asked for. */
  readonly size: number;
  /** Rows of this page and of all before it. */
  readonly read: number;
  /** What the answer says of the number of all rows, where the declaration knows where. */
  readonly total?: { readonly said: unknown };
}

/**
 * Whether a page by number or offset is the last one. A service may give smaller pages than it is asked for, so only an
 * empty one says so, or the number of all rows; a full page says nothing, since a service may count to a limit of its own.
 */
export function isLastPage(agency: string, { rows, size, read, total }: CountedPage): boolean {
  if (total === undefined) return rows === 0;
  const { said } = total;
  const all = typeof said === 'string' && /^\d+$/.test(said) ? Number(said) : said;
  if (typeof all !== 'number' || !Number.isSafeInteger(all) || all < 0)
    throw malformed(agency, 'does not say how many rows there are');
  if (rows === 0 && read < all) throw malformed(agency, 'gives fewer rows than it says there are');
  return read >= all && rows < size;
}
