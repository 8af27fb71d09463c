import type { HttpAnswer, HttpCall, HttpClient } from '../http/http-client.ts';
import type { RestCall } from './declaration.ts';
import type { Parameters } from './parameters.ts';
import { malformed, memberAt, readJson } from './read-answer.ts';

interface Paged {
  readonly agency: string;
  readonly http: HttpClient;
  readonly call: RestCall;
  readonly parameters: Parameters;
  /** Rows that are wanted, where that is known. */
  readonly wanted: number;
  readonly signal: AbortSignal;
  /** Called with each call before it is sent. */
  readonly onCall: () => void;
  /** How many rows an answer holds. */
  readonly rowsIn: (answer: unknown) => number;
  /** The source's address, which links to next pages must keep to. */
  readonly url: string;
}

/** Asks for one page after the other until the service says that there is no more. Pages that come round again are refused. */
export async function* pagesOf(of: Paged): AsyncGenerator {
  const { call, parameters, agency } = of;
  const { paging } = call;
  const seen = new Set<string>();
  /** Sends the call as it stands now, or the next page's own. */
  const ask = async (next: Omit<HttpCall, 'signal'> = parameters.callOf(call)): Promise<[unknown, HttpAnswer]> => {
    of.signal.throwIfAborted();
    of.onCall();
    const answer = await of.http.call({ ...next, signal: of.signal });
    return [readJson(agency, answer.text), answer];
  };
  const once = (place: string): void => {
    if (seen.has(place)) throw malformed(agency, 'leads back to a page that was there');
    seen.add(place);
  };
  switch (paging.kind) {
    case 'none': {
      yield (await ask())[0];
      return;
    }
    case 'page':
    case 'offset': {
      const size = Math.max(1, Math.min(paging.most, of.wanted));
      parameters.set(paging.kind === 'page' ? paging.size : paging.limit, size);
      for (let number = 0; ; number += 1) {
        if (paging.kind === 'page') parameters.set(paging.page, paging.first + number);
        else parameters.set(paging.offset, number * size);
        const [answer, { text }] = await ask();
        const rows = of.rowsIn(answer);
        if (rows > size) throw malformed(agency, 'holds more rows than a page may have');
        // A service that ignores the page's number gives the same page for ever.
        if (rows > 0) once(text);
        yield answer;
        if (rows < size) return;
      }
    }
    case 'cursor': {
      parameters.set(paging.limit, Math.max(1, Math.min(paging.most, of.wanted)));
      for (;;) {
        const [answer] = await ask();
        yield answer;
        const next = memberAt(answer, paging.next);
        if (next === undefined || next === null || next === '') return;
        if (typeof next !== 'string' && typeof next !== 'number') throw malformed(agency, 'names no next page');
        once(String(next));
        parameters.set(paging.cursor, next);
      }
    }
    case 'link': {
      parameters.set(paging.limit, Math.max(1, Math.min(paging.most, of.wanted)));
      let next: Omit<HttpCall, 'signal'> | null = parameters.callOf(call);
      while (next !== null) {
        const [answer, head]: [unknown, HttpAnswer] = await ask(next);
        yield answer;
        next = linkOf(head.header('link'), of, once);
      }
    }
  }
}

/** The call that a `Link` header with `rel="next"` stands for; null where there is none. */
function linkOf(
  header: string | null,
  { agency, url, call }: Paged,
  once: (place: string) => void,
): Omit<HttpCall, 'signal'> | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(header ?? '')?.[1];
  if (target === undefined) return null;
  const base = url.replace(/\/$/, '');
  const next = URL.canParse(target, `${base}${call.path}`) ? new URL(target, `${base}${call.path}`) : null;
  // Our credentials go nowhere else.
  if (next === null || !`${next.origin}${next.pathname}`.startsWith(`${base}/`))
    throw malformed(agency, 'names a next page on another service');
  once(next.href);
  return {
    method: 'GET',
    path: next.pathname.slice(new URL(`${base}/`).pathname.length - 1),
    query: next.searchParams,
  };
}
