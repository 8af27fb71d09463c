import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { ConfigurationError } from '../access/problem.ts';
import type { SchemaFacts } from '../access/facts.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { LoadedConfig } from '../config/config.ts';
import { SecretError } from '../connector/settings/secret.ts';
import { warnOfDueTimes } from '../events/due-clock.ts';
import { createEventFeed } from '../events/event-feed.ts';
import { eventLog } from '../events/event-log.ts';
import { startPoller, type Poller } from '../events/poller.ts';
import { createTellable } from '../events/tellable.ts';
import { localWake, type Wake } from '../events/wake.ts';
import { startCourier, type DeliveryOutcome } from '../events/webhooks/courier.ts';
import { deliveryBook } from '../events/webhooks/delivery-book.ts';
import { openWebhookClient, type WebhookClient } from '../events/webhooks/webhook-client.ts';
import type { WebhookSettings } from '../events/webhooks/webhook-settings.ts';
import { takeArrived } from '../handoffs/push/take-held.ts';
import { pusherSight } from '../handoffs/push/who-may-push.ts';
import type { WithTicketFile } from '../handoffs/ticket-file.ts';
import { prune } from '../store/retention.ts';
import type { Documents } from './documents.ts';
import type { Engine } from './engine.ts';
import { judgeFor } from './judge-webhook.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { createSubscriptions, type Subscriptions } from './subscribe/subscriptions.ts';

/** What tells of events: subscriptions at once, webhooks and the clock once they are started. */
export interface Events extends Subscriptions {
  /** Begins to deliver. `told` learns what becomes of each delivery, without the event. */
  start(told: (webhook: string, outcome: DeliveryOutcome) => void): void;
  close(): Promise<void>;
}

export interface EventParts {
  readonly config: LoadedConfig;
  readonly schema: GraphQLSchema;
  readonly facts: SchemaFacts;
  readonly policies: PolicyInForce;
  readonly documents: Documents;
  readonly engine: Engine;
  /** Null where the tickets are kept in another system. */
  readonly withFile: WithTicketFile | null;
  readonly wake: Wake;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
/** Tickets whose waiting handoffs one transaction takes. */
const ticketsAtOnce = 100;

/** Throws `ConfigurationError` where the secret of a webhook is missing. */
export function openEvents(parts: EventParts): Events {
  const { config, engine, withFile, wake, logger, now } = parts;
  const pollMilliseconds = config.eventPollMilliseconds;
  const failed = failures(logger);
  const clients = new Map(config.webhooks.map((w) => [w, clientOf(w, config.webhookMilliseconds)] as const));
  const mayBeTold = createTellable({
    ...parts,
    find: async (ticketNo) => (withFile === null ? null : withFile((file) => file.find(ticketNo))),
  });
  const database = withFile === null ? null : () => withFile(async (file) => file.database);
  const feed =
    database === null
      ? null
      : createEventFeed({ log: eventLog(database), wake, pollMilliseconds, failed: failed('feed') });
  const running: Poller[] = [];

  /** Goes by the time alone: nobody wakes it. */
  const byTheClock = (what: Parameters<typeof failed>[0], seconds: number, look: () => Promise<boolean>): Poller =>
    startPoller({ every: seconds * 1_000, later: true, wake: localWake(), look, failed: failed(what) });
  const clock = (with_: WithTicketFile): Poller =>
    byTheClock('clock', config.eventClockSeconds, () =>
      with_((file) =>
        file.transaction(({ trx, outbox }) => warnOfDueTimes(trx, outbox, now(), config.ticketWarningHours)),
      ),
    );
  // A push takes what waited for its tickets: this is for those that an import brought.
  const arrivals = (with_: WithTicketFile): Poller =>
    byTheClock('arrivals', config.eventClockSeconds, () =>
      with_((file) =>
        file.transaction(({ pushes }) => {
          const at = now();
          const sightOf = pusherSight(parts.policies.current.policy, parts.facts, at);
          return takeArrived({ file: pushes, sightOf, at: formatDateTime(at) }, ticketsAtOnce);
        }),
      ),
    );
  const pruner = (open: NonNullable<typeof database>): Poller =>
    byTheClock('retention', config.retentionSeconds, async () => {
      const events = formatDateTime(now() - config.eventRetentionDays * DAY_MS);
      const pushes = formatDateTime(now() - config.pushRetentionDays * DAY_MS);
      const old = { ticket_event: events, due_warning: events, push_call: pushes, push_version: pushes };
      const waiting = config.webhooks.map(({ name }) => name);
      return prune(await open(), old, waiting);
    });
  const courier = (
    open: NonNullable<typeof database>,
    webhook: WebhookSettings,
    client: WebhookClient,
    told: (outcome: DeliveryOutcome) => void,
  ): Poller =>
    startCourier({
      settings: {
        tries: config.webhookTries,
        retryMilliseconds: config.webhookRetryMilliseconds,
        longestRetryMilliseconds: config.webhookLongestRetrySeconds * 1_000,
        concurrent: config.webhookConcurrent,
        leaseMilliseconds: config.webhookLeaseSeconds * 1_000,
        pollMilliseconds,
      },
      wanted: webhook,
      book: deliveryBook(open, webhook.name, randomUUID()),
      client,
      wake,
      judge: judgeFor(webhook, engine, mayBeTold, now),
      told,
      failed: failed(webhook.name),
    });

  return {
    ...createSubscriptions({ ...parts, feed, mayBeTold }),
    start(told) {
      if (withFile === null || database === null) return;
      running.push(clock(withFile), arrivals(withFile), pruner(database));
      for (const [webhook, client] of clients)
        running.push(courier(database, webhook, client, (outcome) => told(webhook.name, outcome)));
    },
    async close() {
      await Promise.all(running.map((one) => one.stop()));
      await feed?.close();
      await Promise.all([...clients.values()].map((client) => client.close()));
      await wake.close();
    },
  };
}

function clientOf(webhook: WebhookSettings, milliseconds: number): WebhookClient {
  try {
    return openWebhookClient(webhook, milliseconds);
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    throw new ConfigurationError([{ file: 'configuration', message: `webhooks: ${webhook.name}: ${error.message}` }]);
  }
}

/**
 * One line when something begins to fail; the same is not told again within a minute, and never that the tickets are kept in
 * another system.
 */
function failures(logger: Logger): (part: string) => (error: unknown) => void {
  return (part) => {
    let last = { code: '', at: 0 };
    return (error) => {
      const { code, extensions } = error as { code?: unknown; extensions?: { code?: unknown } };
      const name =
        [code, extensions?.code].find((one) => typeof one === 'string') ??
        (error instanceof Error ? error.name : 'unknown');
      const at = performance.now();
      if (name === last.code && (name === 'OPERATION_NOT_SUPPORTED' || at - last.at < 60_000)) return;
      last = { code: name, at };
      // A message may quote what was read or written: only its code goes on.
      logger.warn({ part, code: name }, 'events cannot be read or brought now; it is tried again');
    };
  };
}
