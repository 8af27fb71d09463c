import { SourceError } from '../source-error.ts';

interface BulkheadSettings {
  /** Loads side by side, at most. */
  readonly concurrent: number;
  /** Loads that wait for their turn, at most. */
  readonly queue: number;
}

/**
 * So many loads of a source run side by side, so many wait; the source's trouble fills nothing but its own places.
 * Cockatiel's bulkhead keeps whoever has given up in its queue, and starts nobody after having dropped one there.
 */
export class Bulkhead {
  readonly #agency: string;
  readonly #settings: BulkheadSettings;
  readonly #onQueue: (length: number) => void;
  /** In the order in which they came; each is called when it has a place. */
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(agency: string, settings: BulkheadSettings, onQueue: (length: number) => void) {
    this.#agency = agency;
    this.#settings = settings;
    this.#onQueue = onQueue;
  }

  /** Rejects with `OVERLOADED` at once where the queue is full, with the signal's reason where it is aborted before its turn. */
  async run<T>(work: () => Promise<T>, { signal }: { readonly signal: AbortSignal }): Promise<T> {
    signal.throwIfAborted();
    if (this.#running < this.#settings.concurrent) this.#running += 1;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#settings.queue)
      throw new SourceError(this.#agency, `too many loads wait for the ${this.#agency} source`, {
        fault: 'OVERLOADED',
      });
    const { promise, resolve, reject } = withResolvers();
    const gone = (): void => {
      this.#waiting.delete(begin);
      this.#onQueue(this.#waiting.size);
      reject(signal.reason);
    };
    const begin = (): void => {
      signal.removeEventListener('abort', gone);
      resolve();
    };
    signal.addEventListener('abort', gone, { once: true });
    this.#waiting.add(begin);
    this.#onQueue(this.#waiting.size);
    await promise;
  }

  /** The place goes to the next one, so that nobody who comes just then can take it. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    this.#onQueue(this.#waiting.size);
    next();
  }
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve!: () => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
