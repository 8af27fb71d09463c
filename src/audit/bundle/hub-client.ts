import { z } from 'zod';

/** Why there is no bundle, and the way out. It holds no token and no value of a record. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}

/** One answer of the hub. */
export interface HubAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  /** The policy that decided it. */
  readonly policyVersion: string;
}

/**
 * Asks the hub for the purpose of an audit. Rejects with `EvidenceError` where an answer is not whole; the roots that
 * `mayLack` names may be null for a caller that must not see them.
 */
export type AskHub = (
  document: string,
  variables: Readonly<Record<string, unknown>>,
  mayLack?: readonly string[],
) => Promise<HubAnswer>;

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.object({ code: z.string(), pathPattern: z.string().optional() }),
      }),
    )
    .default([]),
  extensions: z
    .object({ access: z.object({ policyVersion: z.string(), stale: z.array(z.unknown()).optional() }) })
    .optional(),
});

/** How long one answer may take, in milliseconds. */
const patience = 60_000;

/** Speaks to the hub at this address (`https:`, or `http:` on this machine) with this token. Throws `EvidenceError`. */
export function hubClient(address: string, token: string): AskHub {
  const url = graphqlAddress(address);
  return async (document, variables, mayLack = []) => {
    const parsed = answer.safeParse(await post(url, token, { query: document, variables }));
    if (!parsed.success)
      throw new EvidenceError(`${url.origin} does not answer like a hub; name the hub's address with --hub`);
    const { data, errors, extensions } = parsed.data;
    // A field that is denied is part of what the auditor may see; a root that is, or a source that is silent, leaves a gap.
    const gap = errors.find(({ path = [], extensions: { code, pathPattern = path.join('.') } }) => {
      const below = pathPattern.includes('.');
      const withheld = code === 'NOT_FOUND' && !below && mayLack.includes(pathPattern);
      return !withheld && !(code === 'FIELD_DENIED' && below);
    });
    if (gap !== undefined) throw new EvidenceError(`${gap.extensions.code}: ${gap.message}`);
    if (data === null || data === undefined || extensions === undefined)
      throw new EvidenceError('the hub gave no answer; try again');
    const { policyVersion, stale = [] } = extensions.access;
    if (stale.length > 0)
      throw new EvidenceError('a source does not answer and older answers stand in for it; try again once it does');
    return { data, policyVersion };
  };
}

function graphqlAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const here = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && here)))
    throw new EvidenceError('--hub is an address with https:, or with http: on this machine, since a token goes there');
  return new URL('/graphql', url);
}

async function post(url: URL, token: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'lianqiao-purpose': 'AUDIT',
      },
      body: JSON.stringify(body),
      // The token goes to the named address alone.
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    return await response.json();
  } catch {
    throw new EvidenceError(`${url.origin} cannot be reached, or does not answer like a hub; is it running?`);
  }
}
