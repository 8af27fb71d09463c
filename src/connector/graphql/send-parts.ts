import { accepted, type HttpClient } from '../http/http-client.ts';
import { SourceError } from '../source-error.ts';
import type { PartResult, SendParts } from './batcher.ts';
import { isObject } from './members.ts';
import { aliasOf, requestOf, type Part } from './part.ts';

interface GraphqlError {
  readonly path?: unknown;
}

/** Sends parts to a GraphQL service over HTTP and tells their results apart. */
export function sendParts(agency: string, http: HttpClient, onStatement: (text: string) => void): SendParts {
  const fail = (fault: SourceError['fault'], what: string): SourceError =>
    new SourceError(agency, `the ${agency} source ${what}`, { fault });

  const send: SendParts = async (parts, signal) => {
    const request = requestOf(parts);
    onStatement(request.query);
    const answer = await http.exchange({
      method: 'POST',
      path: '',
      body: JSON.stringify(request),
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      signal,
    });
    // A request that the service would not have comes with errors and the status 400 (GraphQL over HTTP); others are HTTP's own.
    const { status, text } = answer.status === 400 || answer.status === 422 ? answer : accepted(agency, answer);
    const body = bodyOf(text);
    if (body === null) throw fail(status < 300 ? 'MALFORMED' : 'REFUSED', 'gave an answer that is no GraphQL response');
    const { data, errors } = body;
    const failed = partsOf(errors, parts.length);
    if (data === null) {
      if (errors.length === 0) throw fail('MALFORMED', 'gave an answer without data and without errors');
      const error = fail(status >= 400 || isRefusal(errors) ? 'REFUSED' : 'FAILED', 'answered with errors');
      // One part that is refused must not cost the others theirs: each is asked for alone.
      if (parts.length > 1 && !errors.some((e) => Array.isArray(e.path))) return alone(parts, signal);
      // A field that must not be null has taken the others with it: they are asked for again, without it.
      if (failed === 'all' || failed.size === parts.length) throw error;
      return without(failed, error, parts, signal);
    }
    if (status >= 400) throw fail('REFUSED', `answered with the status ${status}`);
    return parts.map((_, i): PartResult => {
      if (failed === 'all' || failed.has(i)) return { error: fail('FAILED', 'answered with errors') };
      const alias = aliasOf(i);
      return Object.hasOwn(data, alias) ? { value: data[alias] } : missing();
    });
  };

  const alone = (parts: readonly Part[], signal: AbortSignal): Promise<readonly PartResult[]> =>
    Promise.all(
      parts.map(async (part) => {
        const [result] = await settled(send([part], signal), 1);
        return result ?? missing();
      }),
    );

  const without = async (
    failed: ReadonlySet<number>,
    error: SourceError,
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<readonly PartResult[]> => {
    const others = parts.filter((_, i) => !failed.has(i));
    const results = [...(await settled(send(others, signal), others.length))];
    return parts.map((_, i) => (failed.has(i) ? { error } : (results.shift() ?? missing())));
  };

  const missing = (): PartResult => ({ error: fail('MALFORMED', 'left out what was asked') });

  return send;
}

/** A call that failed as a whole is the result of each of its parts. */
async function settled(call: Promise<readonly PartResult[]>, parts: number): Promise<readonly PartResult[]> {
  try {
    return await call;
  } catch (reason) {
    const error = reason instanceof Error ? reason : new TypeError('no error');
    return Array.from({ length: parts }, () => ({ error }));
  }
}

/** The parts that errors name by their paths; all where one names none: it says nothing of what is left. */
function partsOf(errors: readonly GraphqlError[], parts: number): ReadonlySet<number> | 'all' {
  const byAlias = new Map(Array.from({ length: parts }, (_, i) => [aliasOf(i), i]));
  const failed = new Set<number>();
  for (const { path } of errors) {
    const part = Array.isArray(path) && typeof path[0] === 'string' ? byAlias.get(path[0]) : undefined;
    if (part === undefined) return 'all';
    failed.add(part);
  }
  return failed;
}

/** The response's data and errors; null where it is no GraphQL response. */
function bodyOf(
  text: string,
): { readonly data: Readonly<Record<string, unknown>> | null; readonly errors: readonly GraphqlError[] } | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(body) || !('data' in body || 'errors' in body)) return null;
  const data = body['data'] ?? null;
  // Some services write that there are none.
  const errors = body['errors'] ?? [];
  if (data !== null && !isObject(data)) return null;
  if (!Array.isArray(errors) || !errors.every(isObject)) return null;
  return { data, errors };
}

/** A document that does not fit the service's schema any more is refused for good, however often it is sent. */
function isRefusal(errors: readonly GraphqlError[]): boolean {
  return errors.every((error) => {
    const { extensions } = error as { extensions?: unknown };
    const code = isObject(extensions) ? extensions['code'] : undefined;
    return code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED' || code === 'BAD_USER_INPUT';
  });
}
