import {
  getVariableValues,
  OperationTypeNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { Config } from '../../config/config.ts';
import { codedError } from '../../errors/coded-error.ts';
import type { EventFeed } from '../../events/event-feed.ts';
import { EventQueue } from '../../events/event-queue.ts';
import type { Receiver } from '../../events/tellable.ts';
import type { TicketEvent } from '../../events/ticket-event.ts';
import { UnauthenticatedError } from '../../identity/errors.ts';
import type { Principal } from '../../identity/principal.ts';
import { variableError } from '../answer.ts';
import { callerOf } from '../caller.ts';
import { DocumentErrors, type Documents, type Prepared } from '../documents.ts';
import type { Engine, HubAnswer } from '../engine.ts';
import type { HubRequest } from '../hub-request.ts';
import { eventAnswer } from './event-answer.ts';
import { eventDocument, type EventDocument } from './event-document.ts';
import { isWanted } from './subscription-fields.ts';
import { unauthenticated } from '../unauthenticated.ts';

/** A subscription as a transport received it. */
export interface SubscriptionRequest extends HubRequest {
  /** The caller by its token, now. Rejects with `UnauthenticatedError` once the token is dead. */
  identify(): Promise<Principal>;
  /** Aborted when the caller is to be told nothing more; its reason, a `GraphQLError`, is what each stream ends with. */
  readonly signal: AbortSignal;
  /** Told where the receiver does not keep up: its transport ends it. */
  overrun(): void;
}

/** The answers of a subscription, one for each event that its caller may be told of. */
export type EventStream = AsyncGenerator<ExecutionResult, void>;

export type Subscribed =
  | { readonly kind: 'events'; readonly events: EventStream }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

export interface Subscriptions {
  /** Whether the operation is a subscription; false for one that cannot be read, which the engine refuses. */
  isSubscription(request: HubRequest): boolean;
  subscribe(request: SubscriptionRequest): Promise<Subscribed>;
}

export interface SubscriptionParts {
  readonly config: Config;
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly engine: Engine;
  /** Null where the ticket record is another system's: then there are no events. */
  readonly feed: EventFeed | null;
  readonly mayBeTold: (event: TicketEvent, receiver: Receiver) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Subscriptions: each event is answered like a new request of its receiver. */
export function createSubscriptions(parts: SubscriptionParts): Subscriptions {
  const prepare = ({ query, operationName, principal }: HubRequest): Prepared =>
    parts.documents.prepare(query, operationName, parts.config.introspectionRoles.includes(principal.role));

  const open = async (request: SubscriptionRequest): Promise<EventStream> => {
    const prepared = prepare(request);
    const coerced = getVariableValues(parts.schema, prepared.operation.variableDefinitions ?? [], request.variables, {
      maxErrors: 5,
    });
    if (coerced.errors !== undefined) throw new DocumentErrors(coerced.errors.map(variableError));
    const document = eventDocument(parts.schema, prepared.operation, coerced.coerced);
    const { ticketNo } = callerOf(request);
    if (ticketNo !== null && document.ticketNo !== null && ticketNo !== document.ticketNo)
      throw codedError(
        'TICKET_MISMATCH',
        `${document.field}: ticket in connection_init names another ticket; send the same or none`,
      );
    const refused = parts.engine.refusalOf(requestOf(request, prepared, document, document.ticketNo ?? ''));
    if (refused.length > 0) throw new DocumentErrors(refused);
    if (parts.feed === null)
      throw codedError(
        'OPERATION_NOT_SUPPORTED',
        'this hub reads the ticket record from another system (sources.hotline), which tells it no events',
      );
    return stream(request, prepared, document, parts.feed);
  };

  const stream = async (
    request: SubscriptionRequest,
    prepared: Prepared,
    document: EventDocument,
    feed: EventFeed,
  ): Promise<EventStream> => {
    const queue = new EventQueue(parts.config.limits.queuedEvents);
    const wanted = { ...document, agency: request.principal.agency };
    const { ticketNo: bound } = callerOf(request);
    const deaf = await feed
      .listen((event) => {
        if (!isWanted(wanted, event) || (bound !== null && event.ticketNo !== bound)) return;
        if (!queue.push(event)) request.overrun();
      })
      .catch(() => {
        throw codedError('SOURCE_UNAVAILABLE', 'events cannot be read now; subscribe again later', {
          extensions: { agency: 'hotline' },
        });
      });
    const finish = (why: Error | null): void => {
      deaf();
      request.signal.removeEventListener('abort', abort);
      queue.end(why);
    };
    const abort = (): void => finish(request.signal.reason as Error);
    request.signal.addEventListener('abort', abort);
    if (request.signal.aborted) abort();
    const next = async (): Promise<IteratorResult<ExecutionResult, void>> => {
      for (;;) {
        const event = await queue.next();
        if (event === null) return { done: true, value: undefined };
        const value = await answerOf(request, prepared, document, event);
        if (value !== null) return { done: false, value };
      }
    };
    const events: EventStream = {
      next: () =>
        next().catch((error: unknown) => {
          finish(null);
          throw error;
        }),
      async return() {
        finish(null);
        return { done: true, value: undefined };
      },
      async throw(error: unknown) {
        finish(null);
        throw error;
      },
      [Symbol.asyncIterator]: () => events,
    };
    return events;
  };

  /** The event for its receiver as it is now; null where it may not be told of it. */
  const answerOf = async (
    request: SubscriptionRequest,
    prepared: Prepared,
    document: EventDocument,
    event: TicketEvent,
  ): Promise<ExecutionResult | null> => {
    const principal = await identified(request);
    const { purpose } = callerOf({ ...request, principal });
    if (purpose === null) throw new TypeError('a subscription without a purpose');
    const receiver = { principal, purpose, at: parts.now() };
    const told = await parts.mayBeTold(event, receiver);
    if (!told) return null;
    const answer = await parts.engine.answer({ ...requestOf(request, prepared, document, event.ticketNo), principal });
    return resultOf(answer, document, event);
  };

  return {
    isSubscription(request) {
      try {
        return prepare(request).operation.operation === OperationTypeNode.SUBSCRIPTION;
      } catch {
        return false;
      }
    },
    async subscribe(request) {
      try {
        return { kind: 'events', events: await open(request) };
      } catch (error) {
        return { kind: 'refused', errors: parts.engine.refused(error) };
      }
    },
  };
}

function requestOf(
  request: HubRequest,
  prepared: Prepared,
  { query, ticketVariable }: EventDocument,
  ticketNo: string,
): HubRequest {
  const { principal, purpose, ticket, reason, variables } = request;
  return {
    principal,
    query,
    documentHash: prepared.hash,
    operationName: null,
    variables: { ...variables, [ticketVariable]: ticketNo },
    purpose,
    ticket,
    reason,
    mayChange: false,
  };
}

/** Throws what refuses the answer: the subscription ends by it. */
function resultOf(answer: HubAnswer, document: EventDocument, event: TicketEvent): ExecutionResult | null {
  switch (answer.kind) {
    case 'result':
      return eventAnswer(document, event, answer.result);
    case 'refused': {
      const [error] = answer.errors;
      throw error ?? new TypeError('refused without an error');
    }
  }
}

async function identified(request: SubscriptionRequest): Promise<Principal> {
  try {
    return await request.identify();
  } catch (error) {
    if (error instanceof UnauthenticatedError) throw unauthenticated(error);
    throw error;
  }
}
