import type { HttpAnswer, HttpCall, HttpClient } from '../http/http-client.ts';
import type { RestCall, RestPaging, RestService } from './declaration.ts';
import { memberAt } from './members.ts';
import { nextLink } from './next-link.ts';
import type { Parameters } from './parameters.ts';
import { Progress } from './progress.ts';
import { listIn, malformed, readJson } from './read-answer.ts';

interface Paged {
  readonly agency: string;
  readonly http: HttpClient;
  readonly success: RestService['success'];
  readonly call: RestCall;
  readonly parameters: Parameters;
  /** Members that lead to the rows. */
  readonly rows: readonly string[];
  /** Rows that are wanted, where that is known. */
  readonly wanted: number;
  readonly signal: AbortSignal;
  /** Called with each call before it is sent. */
  readonly onCall: () => void;
  /** The source's address, which links to next pages must keep to. */
  readonly url: string;
}

interface Page {
  readonly rows: readonly unknown[];
  readonly json: unknown;
  readonly head: HttpAnswer;
}

/** The rows of one page after the other, until the service says that there is no more. Pages that come round again are refused. */
export async function* pagesOf(of: Paged): AsyncGenerator<readonly unknown[]> {
  const { call, parameters, agency } = of;
  const { paging } = call;
  const progress = new Progress(agency);
  const ask = async (next: Omit<HttpCall, 'signal'>): Promise<Page> => {
    of.signal.throwIfAborted();
    of.onCall();
    const head = await of.http.call({ ...next, signal: of.signal });
    const json = readJson(agency, head.text, of.success);
    const rows = listIn(agency, json, of.rows);
    progress.page(rows);
    return { rows, json, head };
  };
  if (paging.kind === 'none') {
    yield (await ask(parameters.callOf(call))).rows;
    return;
  }
  const size = Math.max(1, Math.min(paging.most, of.wanted));
  switch (paging.kind) {
    case 'page':
    case 'offset': {
      parameters.set(paging.kind === 'page' ? paging.size : paging.limit, size);
      for (let number = 0, read = 0; ; number += 1) {
        if (paging.kind === 'page') parameters.set(paging.page, paging.first + number);
        else parameters.set(paging.offset, read);
        const { rows, json } = await ask(parameters.callOf(call));
        if (rows.length > size) throw malformed(agency, 'holds more rows than a page may have');
        yield rows;
        read += rows.length;
        if (isLast(agency, paging.total, { json, rows: rows.length, size, read })) return;
      }
    }
    case 'cursor': {
      parameters.set(paging.limit, size);
      for (;;) {
        const { rows, json } = await ask(parameters.callOf(call));
        yield rows;
        const next = nextCursor(agency, json, paging);
        if (next === null) return;
        progress.place(String(next));
        parameters.set(paging.cursor, next);
      }
    }
    case 'link': {
      parameters.set(paging.limit, size);
      const base = new URL(of.url);
      const root = base.href.replace(/\/$/, '');
      let next: Omit<HttpCall, 'signal'> | null = parameters.callOf(call);
      while (next !== null) {
        const { rows, head }: Page = await ask(next);
        yield rows;
        const asked: URL = new URL(`${root}${next.path}`);
        next = nextLink(agency, head.header('link'), asked, base);
        if (next !== null) progress.place(`${next.path}?${next.query?.toString() ?? ''}`);
      }
    }
  }
}

/**
 * Whether a page is the last one. A service may give smaller pages than it is asked for, so only an empty one says so, or
 * the number of all rows; a full page says nothing, since a service may count to a limit of its own.
 */
function isLast(
  agency: string,
  total: readonly string[] | undefined,
  page: { readonly json: unknown; readonly rows: number; readonly size: number; readonly read: number },
): boolean {
  if (total === undefined) return page.rows === 0;
  const found = memberAt(page.json, total);
  const all = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found;
  if (typeof all !== 'number' || !Number.isSafeInteger(all) || all < 0)
    throw malformed(agency, 'does not say how many rows there are');
  if (page.rows === 0 && page.read < all) throw malformed(agency, 'gives fewer rows than it says there are');
  return page.read >= all && page.rows < page.size;
}

function nextCursor(
  agency: string,
  json: unknown,
  { next: path }: Extract<RestPaging, { kind: 'cursor' }>,
): string | number | null {
  const next = memberAt(json, path);
  if (next === undefined || next === null || next === '') return null;
  if (typeof next === 'string' || Number.isSafeInteger(next)) return next as string | number;
  throw malformed(agency, 'names no next page');
}
