import { accepted, type HttpClient } from '../http/http-client.ts';
import { SourceError } from '../source-error.ts';
import type { PartResult, SendParts } from './batcher.ts';
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
    if (data === null) {
      if (errors.length === 0) throw fail('MALFORMED', 'gave an answer without data and without errors');
      // One part that is refused must not cost the others theirs: each is asked for alone.
      if (parts.length > 1 && !errors.some((e) => Array.isArray(e.path))) return alone(parts, signal);
      throw fail(status >= 400 || isRefusal(errors) ? 'REFUSED' : 'FAILED', 'answered with errors');
    }
    return parts.map((_, i): PartResult => {
      const alias = aliasOf(i);
      if (errors.some((e) => !Array.isArray(e.path) || e.path[0] === alias))
        return { error: fail('FAILED', 'answered with errors') };
      return Object.hasOwn(data, alias)
        ? { value: data[alias] }
        : { error: fail('MALFORMED', 'left out what was asked') };
    });
  };

  const alone = (parts: readonly Part[], signal: AbortSignal): Promise<readonly PartResult[]> =>
    Promise.all(
      parts.map(async (part): Promise<PartResult> => {
        try {
          const [result] = await send([part], signal);
          return result ?? { error: fail('MALFORMED', 'left out what was asked') };
        } catch (error) {
          return { error: error instanceof Error ? error : new TypeError('no error') };
        }
      }),
    );
  return send;
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
  const { data = null, errors = [] } = body;
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
