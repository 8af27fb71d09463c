import type { FastifyInstance } from 'fastify';
import { parse, type ExecutionArgs, type ExecutionResult, type GraphQLError } from 'graphql';
import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  handleProtocols,
  makeServer,
  type Context,
  type SubscribePayload,
} from 'graphql-ws';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Config } from '../config/config.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Hub } from '../hub/hub.ts';
import type { EventStream } from '../hub/subscribe/subscriptions.ts';
import { unauthenticated } from '../hub/unauthenticated.ts';
import { UnauthenticatedError } from '../identity/errors.ts';
import type { Verifier } from '../identity/verify.ts';
import type { Metrics } from './metrics.ts';
import { readInit, SocketCaller } from './socket-caller.ts';
import { closeCodes } from './socket-codes.ts';

export interface SocketParts {
  readonly hub: Pick<Hub, 'answer' | 'events'>;
  readonly verifier: Verifier;
  readonly metrics: Metrics;
  readonly limits: Config['limits'];
  readonly logger: Logger;
}

/** Milliseconds between two pings; who does not answer one by the next is gone. */
const keepAlive = 12_000;
/** Milliseconds that a connection has to end by itself. */
const farewell = 2_000;

/** A connection, and who is at its other end once that is known. */
interface Connection {
  readonly socket: WebSocket;
  caller: SocketCaller | null;
}

/** What an operation comes to, handed through the library as the root value. */
type Outcome =
  | { readonly kind: 'events'; readonly events: EventStream }
  | { readonly kind: 'result'; readonly result: ExecutionResult };

/** The library only looks at the kind of operation; the hub has read the document itself. */
const documents = { events: parse('subscription { events }'), result: parse('{ result }') } as const;

/** WebSocket `/graphql` by the protocol graphql-transport-ws: the reference library speaks it, the hub answers. */
export function graphqlSocket(app: FastifyInstance, parts: SocketParts): void {
  const { limits, logger, metrics } = parts;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes, handleProtocols });
  const server = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: limits.initMilliseconds,
    onConnect: ({ connectionParams, extra }) => identify(parts, extra, connectionParams),
    onSubscribe: (context, _id, payload) => start(parts, context, payload),
    subscribe: ({ rootValue }) => eventsOf(rootValue as Outcome),
    execute: ({ rootValue }) => resultOf(rootValue as Outcome),
    // What it returned would be sent in the answer's place.
    onNext() {
      metrics.event();
    },
    onClose: ({ extra }) => extra.caller?.close(),
  });
  const failed = (error: unknown, socket: WebSocket): void => {
    logger.error({ err: { name: error instanceof Error ? error.name : 'unknown' } }, 'a message failed inside the hub');
    end(socket, closeCodes.internal, 'INTERNAL');
  };

  sockets.on('connection', (socket: WebSocket) => {
    const connection: Connection = { socket, caller: null };
    metrics.connections(sockets.clients.size);
    // It is closed after it, and says so.
    socket.on('error', () => undefined);
    const stopPings = pinged(socket);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        // Resolves once the message has left: who does not read is not written to.
        send: (data) =>
          new Promise((resolve) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(data, () => resolve());
          }),
        close: (code, reason) => end(socket, code ?? 1_000, reason ?? ''),
        onMessage: (take) =>
          void socket.on('message', (data: Buffer) => {
            take(data.toString('utf8')).catch((error: unknown) => failed(error, socket));
          }),
      },
      connection,
    );
    socket.once('close', (code: number, reason: Buffer) => {
      stopPings();
      metrics.connections(sockets.clients.size);
      closed(code, reason.toString('utf8')).catch((error: unknown) => failed(error, socket));
    });
  });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, sockets.clients.size, limits.connections);
    if (refusal !== null) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });
  app.addHook('preClose', async () => {
    for (const socket of sockets.clients) end(socket, closeCodes.goingAway, 'GOING_AWAY');
    await new Promise((resolve) => sockets.close(resolve));
  });
}

async function identify(
  { verifier, metrics }: SocketParts,
  connection: Connection,
  params: Readonly<Record<string, unknown>> | undefined,
): Promise<boolean> {
  const { socket } = connection;
  const init = readInit(params);
  if (init === null) {
    end(socket, closeCodes.badRequest, 'BAD_USER_INPUT');
    return false;
  }
  try {
    connection.caller = await SocketCaller.identify(init, verifier, () =>
      end(socket, closeCodes.unauthenticated, 'UNAUTHENTICATED'),
    );
    return true;
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) throw error;
    metrics.unauthenticated();
    end(socket, closeCodes.unauthenticated, `UNAUTHENTICATED ${error.reason}`);
    return false;
  }
}

async function start(
  { hub, limits, metrics }: SocketParts,
  { subscriptions, extra: { socket, caller } }: Context<Record<string, unknown>, Connection>,
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  if (caller === null) throw new TypeError('an operation before anybody was identified');
  if (Object.keys(subscriptions).length > limits.subscriptions)
    return [
      codedError('LIMIT_EXCEEDED', `at most ${limits.subscriptions} operations at a time on one connection`, {
        extensions: { limit: 'subscriptions', max: limits.subscriptions },
      }),
    ];
  try {
    await caller.identify();
  } catch (error) {
    if (error instanceof UnauthenticatedError) return [unauthenticated(error)];
    throw error;
  }
  const request = caller.request(payload, () => end(socket, closeCodes.slowReceiver, 'SLOW_RECEIVER'));
  if (hub.events.isSubscription(request)) {
    const subscribed = await hub.events.subscribe(request);
    if (subscribed.kind === 'refused') return subscribed.errors;
    return argumentsOf({ kind: 'events', events: subscribed.events });
  }
  const startedAt = performance.now();
  const answer = await hub.answer(request);
  metrics.answered(answer, (performance.now() - startedAt) / 1_000);
  return answer.kind === 'refused' ? answer.errors : argumentsOf({ kind: 'result', result: answer.result });
}

function argumentsOf(outcome: Outcome): ExecutionArgs {
  // The library's own executor, which would need a schema, never runs.
  return { document: documents[outcome.kind], rootValue: outcome } as unknown as ExecutionArgs;
}

function eventsOf(outcome: Outcome): EventStream {
  if (outcome.kind !== 'events') throw new TypeError('no subscription');
  return outcome.events;
}

function resultOf(outcome: Outcome): ExecutionResult {
  if (outcome.kind !== 'result') throw new TypeError('no result');
  return outcome.result;
}

/** Closes it; who does not answer that is cut off. */
function end(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState === socket.CLOSED) return;
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), farewell).unref();
}

function pinged(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, keepAlive).unref();
  return () => clearInterval(timer);
}

/** The status line that refuses a connection. */
function refusalOf({ url = '', headers }: IncomingMessage, open: number, max: number): string | null {
  if (url.split('?', 1)[0] !== '/graphql') return '404 Not Found';
  if (open >= max) return '503 Service Unavailable';
  const protocols = headers['sec-websocket-protocol'] ?? '';
  return protocols.split(',').some((one) => one.trim() === GRAPHQL_TRANSPORT_WS_PROTOCOL) ? null : '400 Bad Request';
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
