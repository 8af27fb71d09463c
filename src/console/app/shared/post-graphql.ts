import type { Caller } from './caller.ts';
import { isRecord } from './is-record.ts';

/** What came back: an answer that GraphQL gave, or the reason why there is none. */
export type Posted =
  | { readonly kind: 'answer'; readonly data: unknown; readonly codes: readonly string[]; readonly body: Body }
  | { readonly kind: 'failed'; readonly code: 'NETWORK' | 'TIMEOUT' | 'UNREADABLE' };

type Body = Readonly<Record<string, unknown>>;

export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string | null;
}

/** What a request says of itself beside the question; empty ones are left out. */
export interface Errand extends Pick<Caller, 'token' | 'purpose'> {
  /** For `Lianqiao-Ticket`. */
  readonly ticketNo?: string;
  /** For `Lianqiao-Reason`; the hub takes it percent-encoded. */
  readonly reason?: string;
}

const patienceMs = 15_000;

/** Asks `/graphql` as this caller. Rejects only when `signal` ends it. */
export async function postGraphql(errand: Errand, question: Question, signal?: AbortSignal): Promise<Posted> {
  const patience = new AbortController();
  const giveUp = (): void => patience.abort();
  const timer = setTimeout(giveUp, patienceMs);
  signal?.addEventListener('abort', giveUp);
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: headersOf(errand),
      body: JSON.stringify(question),
      signal: patience.signal,
    });
    return read(await response.text());
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { kind: 'failed', code: patience.signal.aborted ? 'TIMEOUT' : 'NETWORK' };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

function headersOf({ token, purpose, ticketNo, reason }: Errand): Headers {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
  // A pasted token may carry line breaks, which no header can hold.
  headers.set('authorization', `Bearer ${token.replaceAll(/[^\x21-\x7e]/g, '')}`);
  if (purpose !== '') headers.set('lianqiao-purpose', purpose);
  if (ticketNo !== undefined && ticketNo !== '') headers.set('lianqiao-ticket', encodeURI(ticketNo));
  if (reason !== undefined && reason !== '') headers.set('lianqiao-reason', encodeURIComponent(reason));
  return headers;
}

function read(text: string): Posted {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: 'failed', code: 'UNREADABLE' };
  }
  if (!isRecord(body)) return { kind: 'failed', code: 'UNREADABLE' };
  const errors: readonly unknown[] = Array.isArray(body['errors']) ? body['errors'] : [];
  return { kind: 'answer', data: body['data'] ?? null, codes: errors.map(codeOf), body };
}

function codeOf(error: unknown): string {
  const extensions = isRecord(error) ? error['extensions'] : null;
  const code = isRecord(extensions) ? extensions['code'] : null;
  return typeof code === 'string' ? code : 'INTERNAL';
}
