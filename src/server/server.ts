import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { LoadedConfig } from '../config/config.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Hub } from '../hub/hub.ts';
import type { DemoIssuer } from '../identity/demo-issuer.ts';
import type { Verifier } from '../identity/verify.ts';
import { BodyTooLargeError, type BodyLimit } from './bounded-body.ts';
import { consoleRoutes } from './console-routes.ts';
import { graphqlRoute } from './graphql-route.ts';
import { graphqlSocket } from './graphql-socket.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { createMetrics } from './metrics.ts';

export interface ServerParts {
  readonly hub: Hub;
  readonly config: LoadedConfig;
  readonly verifier: Verifier;
  /** Only without a configuration, on loopback. */
  readonly demoIssuer: DemoIssuer | null;
  readonly logger: Logger;
  readonly root: string;
}

/** The hub's HTTP server, not yet listening. */
export async function createServer({
  hub,
  config,
  verifier,
  demoIssuer,
  logger,
  root,
}: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: config.limits.bodyBytes,
    // A slow body is cut after 5 s: requestTimeout alone is checked too rarely (Node checks connections every 30 s).
    requestTimeout: 5_000,
    http: { requestTimeout: 5_000, headersTimeout: 4_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 256 },
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.headers({
      'cache-control': reply.getHeader('cache-control') ?? 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    // graphql-http refuses a media type without a body.
    if (reply.statusCode < 400 || (payload !== undefined && payload !== null && payload !== '')) return payload;
    reply.type('application/json; charset=utf-8').removeHeader('content-length');
    const refusal = worded(reply.statusCode, config);
    return JSON.stringify({ errors: [refusal] });
  });
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const status = statusOf(error);
    if (status >= 500)
      logger.error(
        { err: { name: error instanceof Error ? error.name : 'unknown' }, url: request.routeOptions.url },
        'a request failed',
      );
    const tooLarge = error instanceof BodyTooLargeError;
    const refusal = tooLarge ? bodyRefusal(error.limit) : worded(status, config);
    // What is left of the body is not read: nothing more can be asked on this connection.
    if (tooLarge) reply.header('connection', 'close');
    await reply
      .code(status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ errors: [refusal] }));
  });
  app.setNotFoundHandler(async (_request, reply) => {
    await reply
      .code(404)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ errors: [codedError('NOT_FOUND', 'there is nothing at this address')] }));
  });

  const metrics = createMetrics();
  hub.observeSources((source, event) => metrics.source(source, event));
  graphqlRoute(app, hub, verifier, metrics, config.limits);
  graphqlSocket(app, { hub, verifier, metrics, limits: config.limits, logger });
  app.addHook('onReady', async () => hub.events.start((webhook, outcome) => metrics.delivery(webhook, outcome)));
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const sources = await hub.health();
    // One source down costs its own fields only: the hub is ready as long as the tickets and the log answer.
    const ready = sources.every((s) => s.ok || (s.agency !== 'hotline' && s.agency !== 'audit'));
    await reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', sources });
  });
  app.get('/.well-known/ledger-keys.json', async () => hub.ledgerKeys());
  ledgerRoutes(app, hub.witnessDesk, logger);
  if (demoIssuer !== null) app.get('/.well-known/jwks.json', async () => demoIssuer.publicJwks());
  await consoleRoutes(app, demoIssuer, root, config);
  return app;
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function worded(status: number, config: LoadedConfig): GraphQLError {
  if (status === 413) return bodyRefusal({ limit: 'bodyBytes', max: config.limits.bodyBytes });
  if (status === 406)
    return codedError('NOT_ACCEPTABLE', 'ask for application/graphql-response+json or application/json');
  if (status === 405) return codedError('BAD_USER_INPUT', 'use POST, or GET for queries');
  if (status === 415) return codedError('BAD_USER_INPUT', 'send the body as application/json');
  if (status < 500) return codedError('BAD_USER_INPUT', 'the request cannot be read');
  return codedError('INTERNAL', 'the hub could not answer; the operators have been told');
}

function bodyRefusal({ limit, max }: BodyLimit): GraphQLError {
  return codedError('LIMIT_EXCEEDED', `the body may have ${max} bytes at most`, { extensions: { limit, max } });
}
