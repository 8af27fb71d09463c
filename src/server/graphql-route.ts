import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHandler } from 'graphql-http/lib/use/fastify';
import { GraphQLError } from 'graphql';
import { codedError } from '../errors/coded-error.ts';
import type { Engine } from '../hub/engine.ts';
import type { Config } from '../config/config.ts';
import { unauthenticated } from '../hub/unauthenticated.ts';
import { UnauthenticatedError } from '../identity/errors.ts';
import type { Verifier } from '../identity/verify.ts';
import type { Principal } from '../identity/principal.ts';
import { bodyLimitOf, boundedBody } from './bounded-body.ts';
import type { Metrics } from './metrics.ts';

/**
 * `/graphql` by GraphQL over HTTP: the reference library speaks the protocol, the engine answers. The caller is
 * identified before anything of the request is read.
 */
export function graphqlRoute(
  app: FastifyInstance,
  engine: Engine,
  verifier: Verifier,
  metrics: Metrics,
  limits: Config['limits'],
): void {
  const principals = new WeakMap<object, Principal>();
  const handler = createHandler({
    onSubscribe: async (request, params) => {
      const principal = principals.get(request.raw);
      if (principal === undefined) return [codedError('UNAUTHENTICATED', 'the caller is not identified')];
      const startedAt = performance.now();
      const reason = header(request.raw, 'lianqiao-reason');
      const answer = await engine.answer({
        principal,
        query: params.query,
        operationName: params.operationName ?? null,
        variables: params.variables ?? {},
        purpose: header(request.raw, 'lianqiao-purpose'),
        ticket: header(request.raw, 'lianqiao-ticket'),
        reason: reason === null ? null : decoded(reason),
        mayChange: request.method === 'POST',
      });
      metrics.answered(answer, (performance.now() - startedAt) / 1_000);
      return answer.kind === 'result' ? answer.result : answer.errors;
    },
    // A malformed body or missing query is the library's to word; it only lacks our code.
    formatError: (error) =>
      error instanceof GraphQLError && error.extensions['code'] !== undefined
        ? error
        : codedError('BAD_USER_INPUT', error.message),
  });

  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        principals.set(request, await verifier.verify(request.headers.authorization));
      } catch (error) {
        if (!(error instanceof UnauthenticatedError)) throw error;
        metrics.unauthenticated();
        const body = { errors: [unauthenticated(error)] };
        await reply
          .code(401)
          .header('www-authenticate', 'Bearer')
          .type('application/json; charset=utf-8')
          .send(JSON.stringify(body));
      }
    },
    bodyLimit: Math.max(limits.bodyBytes, limits.pushBodyBytes),
    preParsing: async (request, _reply, body) => {
      const limit = bodyLimitOf(principals.get(request), limits);
      return boundedBody(body, request.headers['content-length'], limit);
    },
    handler,
  });
}

function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** The header is percent-encoded UTF-8; what is not says nothing that could be read again. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
