import type { HttpAnswer, HttpCall, HttpClient } from '../http/http-client.ts';
import { isLastPage } from '../rows/last-page.ts';
import { malformed } from '../rows/malformed.ts';
import { Progress } from '../rows/progress.ts';
import type { RestCall, RestPaging, RestService } from './declaration.ts';
import { memberAt } from './members.ts';
import { nextLink } from './next-link.ts';
import type { Parameters } from './parameters.ts';
import { listIn, readJson } from './read-answer.ts';

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
        const total = paging.total === undefined ? {} : { total: { said: memberAt(json, paging.total) } };
        if (isLastPage(agency, { rows: rows.length, size, read, ...total })) return;
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
