import { Agent, request as send, type Dispatcher } from 'undici';
import type { HttpAuth, TlsSettings } from '../settings/http-settings.ts';
import { readSecret } from '../settings/secret.ts';
import { SourceError, type SourceFault } from '../source-error.ts';
import { hmacHeaders } from './hmac.ts';

export interface HttpClientSettings {
  readonly url: string;
  readonly auth: HttpAuth;
  readonly tls?: TlsSettings | undefined;
  readonly answerBytes: number;
  readonly connectMilliseconds: number;
  readonly answerMilliseconds: number;
  /** Connections to the source, at most. */
  readonly concurrent: number;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** Added to the address, begins with `/` or is empty; its parts are encoded already. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
}

export interface HttpClient {
  /** The answer whatever its status. Rejects with `SourceError` where there is none, or it is too large. */
  exchange(call: HttpCall): Promise<HttpAnswer>;
  /** The answer of a status 200 to 299. Rejects with `SourceError` for others, told apart by fault. */
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** The charset of an answer, by its bytes and what its header names. */
export type CharsetOf = (bytes: Uint8Array, named: string | null) => string;

/** HTTP to one source. Nothing that it throws holds an address, a header or a body. */
export function openHttpClient(
  agency: string,
  settings: HttpClientSettings,
  // Older systems speak GB18030.
  charsetOf: CharsetOf = (_, named) => named ?? 'utf-8',
): HttpClient {
  const base = settings.url.replace(/\/$/, '');
  const { tls } = settings;
  const agent = new Agent({
    connections: settings.concurrent,
    maxResponseSize: settings.answerBytes,
    headersTimeout: settings.answerMilliseconds,
    bodyTimeout: settings.answerMilliseconds,
    connect: {
      timeout: settings.connectMilliseconds,
      ...(tls?.ca === undefined ? {} : { ca: readSecret(tls.ca) }),
      ...(tls?.cert === undefined ? {} : { cert: readSecret(tls.cert) }),
      ...(tls?.key === undefined ? {} : { key: readSecret(tls.key) }),
      ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
    },
  });
  // Read now, so that a secret that is missing stops the start; and again for each call, so that a new one is taken up.
  authHeaders(settings.auth, { method: 'GET', target: '/', body: '' });

  const exchange = async (call: HttpCall): Promise<HttpAnswer> => {
    const query = call.query === undefined || call.query.size === 0 ? '' : `?${call.query.toString()}`;
    const address = new URL(`${base}${call.path}${query}`);
    // As it goes over the wire: a path of Chinese characters is encoded by then.
    const target = `${address.pathname}${address.search}`;
    const body = call.body ?? '';
    let headers: Readonly<Record<string, string>>;
    try {
      headers = authHeaders(settings.auth, { method: call.method, target, body });
    } catch (error) {
      throw new SourceError(agency, `the credentials for the ${agency} source cannot be read`, {
        cause: error,
        fault: 'REFUSED',
      });
    }
    try {
      const answer: Dispatcher.ResponseData = await send(address, {
        dispatcher: agent,
        method: call.method,
        headers: { accept: 'application/json', ...call.headers, ...headers },
        signal: call.signal,
        ...(call.body === undefined ? {} : { body: call.body }),
      });
      // Read to the end also where it will not be used: the connection can then serve the next call.
      const bytes = await answer.body.arrayBuffer();
      return {
        status: answer.statusCode,
        text: decoded(agency, bytes, charsetOf(new Uint8Array(bytes), namedCharset(answer.headers['content-type']))),
        header(name) {
          const value = answer.headers[name];
          return value === undefined ? null : String(value);
        },
      };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      // However the connection ended: it was we who gave it up.
      if (call.signal.aborted) throw late(agency, error);
      throw transportError(agency, error);
    }
  };

  return {
    exchange,
    call: async (call) => accepted(agency, await exchange(call)),
    close: () => agent.close(),
  };
}

/** The answer of a status 200 to 299; throws `SourceError` for others, and for 206, which is a part that nobody asked for. */
export function accepted(agency: string, answer: HttpAnswer): HttpAnswer {
  if (answer.status === 206)
    throw new SourceError(agency, `the ${agency} source gave a part of an answer`, { fault: 'MALFORMED' });
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw statusError(agency, answer);
}

function namedCharset(contentType: string | string[] | undefined): string | null {
  return /;\s*charset="?([\w-]+)"?/i.exec(String(contentType ?? ''))?.[1] ?? null;
}

function decoded(agency: string, bytes: ArrayBuffer, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SourceError(agency, `the ${agency} source gave an answer that cannot be decoded`, {
      cause: error,
      fault: 'MALFORMED',
    });
  }
}

function authHeaders(
  auth: HttpAuth,
  signed: { readonly method: string; readonly target: string; readonly body: string },
): Readonly<Record<string, string>> {
  switch (auth.scheme) {
    case 'none':
      return {};
    case 'bearer':
      return { authorization: `Bearer ${readSecret(auth.token)}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.user}:${readSecret(auth.password)}`).toString('base64')}` };
    case 'apiKey':
      return { [auth.header.toLowerCase()]: readSecret(auth.key) };
    case 'hmac':
      return hmacHeaders(signed, auth.keyId, readSecret(auth.secret), auth.headers);
  }
}

function late(agency: string, cause: unknown): SourceError {
  return new SourceError(agency, `the ${agency} source did not answer in time`, { cause, fault: 'TIMEOUT' });
}

/** What an error without an answer means. */
function transportError(agency: string, error: unknown): SourceError {
  const code = (error as { code?: unknown }).code;
  const [fault, what]: readonly [SourceFault, string] =
    code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
      ? ['MALFORMED', 'gave an answer that is too large']
      : code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT'
        ? ['TIMEOUT', 'did not answer in time']
        : ['UNREACHABLE', `cannot be reached (${typeof code === 'string' ? code : 'no code'})`];
  return new SourceError(agency, `the ${agency} source ${what}`, {
    cause: error,
    fault,
    ...(typeof code === 'string' ? { code } : {}),
  });
}

/** What a status other than 2xx means. The body is not looked at: it may quote values. */
function statusError(agency: string, { status, header }: HttpAnswer): SourceError {
  const wait = retryAfter(header('retry-after'));
  const fault: SourceFault =
    status === 429 || status === 503 ? 'OVERLOADED' : status === 408 ? 'TIMEOUT' : status >= 500 ? 'FAILED' : 'REFUSED';
  return new SourceError(agency, `the ${agency} source answered ${status}`, {
    fault,
    code: String(status),
    ...(wait === null ? {} : { retryAfter: wait }),
  });
}

/** Milliseconds of a `Retry-After` (RFC 9110, 10.2.3): seconds or a date. */
function retryAfter(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
