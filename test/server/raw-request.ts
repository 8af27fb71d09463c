import type { RunningHub } from '../kit/running-hub.ts';

/** An answer as it came over the wire, with its headers; `code` is the first error's. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
  };
  readonly code: unknown;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; an object is sent as JSON. */
  readonly body?: string | Readonly<Record<string, unknown>>;
}

/** A request that no well-behaved client sends. */
export async function raw(
  hub: RunningHub,
  { method = 'POST', path = '/graphql', headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const response = await fetch(`${hub.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: RawAnswer['body'] = {};
  try {
    parsed = JSON.parse(text) as RawAnswer['body'];
  } catch {
    // Not JSON: the caller looks at the text.
  }
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed,
    code: parsed.errors?.[0]?.extensions?.['code'],
  };
}
