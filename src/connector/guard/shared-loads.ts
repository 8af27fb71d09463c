/** What a load that several callers may share knows of them. */
export interface Company {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Milliseconds until the last of those who wait is out of time. */
  readonly timeLeft: () => number;
}

interface Shared {
  readonly controller: AbortController;
  readonly answer: Promise<unknown>;
  waiters: number;
  /** When the most patient waiter is out of time, by `performance.now()`. */
  ends: number;
}

export interface Waiter {
  readonly signal: AbortSignal;
  /** Milliseconds that it can wait; `Infinity` for as long as it takes. */
  readonly milliseconds: number;
  /** What it is told when they are over. */
  readonly late: () => Error;
}

/** Loads that run, by name: equal loads at the same time are one. */
export class SharedLoads {
  readonly #running = new Map<string, Shared>();

  /** The answer of the load of this name that runs already, or of one that is begun; null is nobody's name. */
  join<T>(name: string | null, waiter: Waiter, begin: (company: Company) => Promise<T>): Promise<T> {
    const ends = performance.now() + waiter.milliseconds;
    let shared = name === null ? undefined : this.#running.get(name);
    if (shared === undefined) shared = this.#begin(name, ends, begin);
    else shared.ends = Math.max(shared.ends, ends);
    return this.#wait(name, shared, waiter) as Promise<T>;
  }

  #begin(name: string | null, ends: number, begin: (company: Company) => Promise<unknown>): Shared {
    const controller = new AbortController();
    const company: Company = {
      signal: controller.signal,
      timeLeft: () => (shared?.ends ?? ends) - performance.now(),
    };
    let shared: Shared | undefined;
    const answer = begin(company).finally(() => this.#forget(name, shared));
    shared = { controller, answer, waiters: 0, ends };
    if (name !== null) this.#running.set(name, shared);
    return shared;
  }

  #wait(name: string | null, shared: Shared, { signal, milliseconds, late }: Waiter): Promise<unknown> {
    return new Promise((resolve, reject) => {
      shared.waiters += 1;
      const leave = (reason: unknown): void => {
        settle();
        reject(reason);
        shared.waiters -= 1;
        if (shared.waiters > 0) return;
        // Whoever asks from now on begins a load of its own.
        this.#forget(name, shared);
        shared.controller.abort(reason);
      };
      const abandon = (): void => leave(signal.reason);
      const timer = Number.isFinite(milliseconds) ? setTimeout(() => leave(late()), milliseconds) : undefined;
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abandon);
      };
      signal.addEventListener('abort', abandon, { once: true });
      shared.answer.then(
        (answer) => {
          settle();
          resolve(answer);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  #forget(name: string | null, shared: Shared | undefined): void {
    if (name !== null && this.#running.get(name) === shared) this.#running.delete(name);
  }
}
