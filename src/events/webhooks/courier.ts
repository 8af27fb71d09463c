import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleAll } from 'cockatiel';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TicketEvent } from '../ticket-event.ts';
import { startPoller, type Poller } from '../poller.ts';
import type { Wake } from '../wake.ts';
import type { DeliveryBook, DueDelivery, WantedEvents } from './delivery-book.ts';
import { DeliveryError, type DeliveryFailure, type WebhookClient } from './webhook-client.ts';

/** What the policy in force says of an event to an endpoint, now. */
export type Judgement =
  | 'TELL'
  /** It is not for it, and will not be by waiting. */
  | 'KEEP'
  /** It cannot be judged or recorded now. */
  | 'LATER';

/** What became of a delivery: for metrics and the log, without the event. */
export type DeliveryOutcome = 'DELIVERED' | 'NOT_TOLD' | 'POSTPONED' | 'DEAD' | DeliveryFailure;

export interface CourierSettings {
  /** How often an event is tried before it is set aside. */
  readonly tries: number;
  /** Milliseconds before the second try; about doubled for each further one, at random. */
  readonly retryMilliseconds: number;
  /** The longest time between two tries, in milliseconds. */
  readonly longestRetryMilliseconds: number;
  /** Tickets whose events are delivered side by side. */
  readonly concurrent: number;
  /** Milliseconds for which an instance has an endpoint to itself, unless it renews it. */
  readonly leaseMilliseconds: number;
  /** Milliseconds between two looks, at most. */
  readonly pollMilliseconds: number;
}

export interface CourierParts {
  readonly settings: CourierSettings;
  readonly wanted: WantedEvents;
  readonly book: DeliveryBook;
  readonly client: WebhookClient;
  readonly wake: Wake;
  readonly judge: (event: TicketEvent) => Promise<Judgement>;
  readonly told: (outcome: DeliveryOutcome) => void;
  readonly failed: (error: unknown) => void;
}

/** Failures in a row after which an endpoint is let alone, and for how long. */
const failures = 5;
const restMilliseconds = 10_000;
/** Until what could not be judged is judged again. */
const postponedMilliseconds = 1_000;

/**
 * Brings events to one endpoint: those of one ticket one after the other, in their order; the next one when the one before
 * was taken or set aside. Whoever is killed after the endpoint took an event and before that was noted brings it again.
 */
export function startCourier({ settings, wanted, book, client, wake, judge, told, failed }: CourierParts): Poller {
  const { tries, retryMilliseconds, longestRetryMilliseconds, concurrent, leaseMilliseconds } = settings;
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(failures),
    halfOpenAfter: restMilliseconds,
  });

  const failedTry = async ({ event: { seq }, tries: before }: DueDelivery, error: DeliveryError): Promise<void> => {
    const done = before + 1;
    told(error.failure);
    if (done >= tries) {
      await book.put(seq, { tries: done, failure: error.failure, wait: null });
      told('DEAD');
      return;
    }
    const wait = Math.max(backoff(done, retryMilliseconds, longestRetryMilliseconds), error.retryAfter ?? 0);
    await book.put(seq, { tries: done, failure: error.failure, wait });
  };
  const postpone = async ({ event: { seq }, tries: before }: DueDelivery, wait: number): Promise<void> => {
    told('POSTPONED');
    await book.put(seq, { tries: before, failure: null, wait });
  };
  const bring = async (delivery: DueDelivery): Promise<void> => {
    const { event } = delivery;
    switch (await judge(event)) {
      case 'KEEP':
        told('NOT_TOLD');
        return book.settle(event.seq);
      case 'LATER':
        return postpone(delivery, postponedMilliseconds);
      case 'TELL':
    }
    try {
      await breaker.execute(() => client.deliver(event));
    } catch (error) {
      // Let alone, it says nothing of this event: that is no try.
      if (error instanceof BrokenCircuitError) return postpone(delivery, postponedMilliseconds);
      if (error instanceof DeliveryError) return failedTry(delivery, error);
      throw error;
    }
    told('DELIVERED');
    await book.settle(event.seq);
  };
  const longestPause = Math.min(settings.pollMilliseconds, leaseMilliseconds / 4);
  const flying = new Map<number, Promise<void>>();
  let stopped = false;
  let leasedUntil = 0;
  const isOurs = async (): Promise<boolean> => {
    const now = performance.now();
    // Renewed long before it ends, and not for each event.
    if (now < leasedUntil - (leaseMilliseconds * 2) / 3) return true;
    const ours = await book.lease(leaseMilliseconds);
    leasedUntil = ours ? now + leaseMilliseconds : 0;
    return ours;
  };
  /** Until nothing is due and nothing is on its way. */
  const look = async (): Promise<boolean> => {
    const faults: unknown[] = [];
    for (;;) {
      let more = false;
      if (!stopped && faults.length === 0 && (await isOurs())) {
        more = await book.collect(wanted);
        const due = await book.due(concurrent + flying.size);
        const next = due.filter(({ event }) => !flying.has(event.seq)).slice(0, concurrent - flying.size);
        for (const delivery of next) {
          const { seq } = delivery.event;
          const flight = bring(delivery)
            .catch((error: unknown) => void faults.push(error))
            .finally(() => flying.delete(seq));
          flying.set(seq, flight);
        }
      }
      if (flying.size === 0 && (!more || faults.length > 0)) {
        faults.forEach(failed);
        return false;
      }
      // One that takes its time keeps nobody else waiting for longer than a look.
      if (flying.size > 0) await Promise.race([...flying.values(), pause(longestPause)]);
    }
  };
  const poller = startPoller({ every: settings.pollMilliseconds, wake, look, failed });
  return {
    async stop() {
      stopped = true;
      await poller.stop();
      await book.release().catch(failed);
      await client.close();
    },
  };
}

const pause = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { ref: false });

/** Milliseconds before the next try after so many, with decorrelated jitter. */
function backoff(tries: number, initialDelay: number, maxDelay: number): number {
  let next = new ExponentialBackoff({ initialDelay, maxDelay }).next();
  for (let n = 1; n < tries; n++) next = next.next(undefined);
  return Math.min(next.duration, maxDelay);
}
