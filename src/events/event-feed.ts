import type { EventLog } from './event-log.ts';
import { startPoller, type Poller } from './poller.ts';
import type { TicketEvent } from './ticket-event.ts';
import type { Wake } from './wake.ts';

/** Reads the outbox once for all who listen on this instance, from the moment that the first of them does. */
export interface EventFeed {
  /**
   * From now on `take` is called with each new event, in their order, until the function that is resolved with is called.
   * Rejects where the outbox cannot be read.
   */
  listen(take: (event: TicketEvent) => void): Promise<() => void>;
  close(): Promise<void>;
}

export interface FeedOptions {
  readonly log: EventLog;
  readonly wake: Wake;
  /** Milliseconds between two looks, at most. */
  readonly pollMilliseconds: number;
  readonly failed: (error: unknown) => void;
}

/** Events that are read at a time. */
const batch = 500;

export function createEventFeed({ log, wake, pollMilliseconds, failed }: FeedOptions): EventFeed {
  const listeners = new Set<(event: TicketEvent) => void>();
  let position = 0;
  let reading: Promise<Poller> | null = null;

  const look = async (): Promise<boolean> => {
    const events = await log.after(position, batch);
    for (const event of events) {
      position = event.seq;
      for (const take of listeners) take(event);
    }
    return events.length === batch;
  };
  const start = async (): Promise<Poller> => {
    position = await log.last();
    return startPoller({ every: pollMilliseconds, wake, look, failed });
  };
  const stop = async (): Promise<void> => {
    const poller = reading;
    reading = null;
    // One that could not be started told its listener so.
    await poller?.then((one) => one.stop()).catch(() => undefined);
  };

  return {
    async listen(take) {
      listeners.add(take);
      reading ??= start();
      try {
        await reading;
      } catch (error) {
        listeners.delete(take);
        reading = null;
        throw error;
      }
      return () => {
        listeners.delete(take);
        if (listeners.size === 0) void stop();
      };
    },
    async close() {
      listeners.clear();
      await stop();
    },
  };
}
