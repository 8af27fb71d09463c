import type { Attempted } from './attempt.ts';

/** What a load that several callers may share knows of them. */
export interface Company extends Attempted {
  /** Milliseconds until the last of those who wait is out of time. */
  readonly timeLeft: () => number;
}

/** What tells loads apart. */
export interface LoadName {
  /** Cheap, and the same for equal loads. */
  readonly hint: string;
  /** Exact, and dear: asked for only where another load of the same hint runs. */
  readonly exact: () => string;
}

interface Shared {
  readonly name: LoadName | null;
  controller: AbortController;
  answer: Promise<unknown>;
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

/** Loads that run: equal loads at the same time are one. */
export class SharedLoads {
  /** By hint. */
  readonly #running = new Map<string, Shared[]>();

  /** The answer of the load of this name that runs already, or of one that is begun; null is nobody's name. */
  join<T>(name: LoadName | null, waiter: Waiter, begin: (company: Company) => Promise<T>): Promise<T> {
    const ends = performance.now() + waiter.milliseconds;
    let shared = name === null ? undefined : this.#find(name);
    if (shared === undefined) shared = this.#begin(name, ends, begin);
    else shared.ends = Math.max(shared.ends, ends);
    return this.#wait(shared, waiter) as Promise<T>;
  }

  #find(name: LoadName): Shared | undefined {
    const alike = this.#running.get(name.hint);
    if (alike === undefined) return undefined;
    const exact = name.exact();
    return alike.find((one) => one.name?.exact() === exact);
  }

  #begin(name: LoadName | null, ends: number, begin: (company: Company) => Promise<unknown>): Shared {
    const shared: Shared = { name, controller: new AbortController(), answer: never, waiters: 0, ends };
    shared.answer = begin({
      get signal() {
        return shared.controller.signal;
      },
      cut(reason) {
        const { controller } = shared;
        shared.controller = new AbortController();
        controller.abort(reason);
      },
      timeLeft: () => shared.ends - performance.now(),
    });
    if (name === null) return shared;
    const alike = this.#running.get(name.hint);
    if (alike === undefined) this.#running.set(name.hint, [shared]);
    else alike.push(shared);
    const forget = (): void => this.#forget(shared);
    shared.answer.then(forget, forget);
    return shared;
  }

  #wait(shared: Shared, { signal, milliseconds, late }: Waiter): Promise<unknown> {
    return new Promise((resolve, reject) => {
      shared.waiters += 1;
      const leave = (reason: unknown): void => {
        settle();
        reject(reason);
        shared.waiters -= 1;
        if (shared.waiters > 0) return;
        // Whoever asks from now on begins a load of its own.
        this.#forget(shared);
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

  #forget(shared: Shared): void {
    const { name } = shared;
    const alike = name === null ? undefined : this.#running.get(name.hint);
    if (name === null || alike === undefined) return;
    const others = alike.filter((one) => one !== shared);
    if (others.length === 0) this.#running.delete(name.hint);
    else this.#running.set(name.hint, others);
  }
}

const never = new Promise<never>(() => undefined);
