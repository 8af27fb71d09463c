import { setMaxListeners } from 'node:events';
import { setEnd } from '../connector/time-left.ts';
import { codedError } from '../errors/coded-error.ts';

/**
 * When an operation is given up. Sources that answer synchronously leave the event loop no turn to fire a timer, so the
 * clock is also read before and after each load.
 */
export class Deadline {
  readonly #milliseconds: number;
  readonly #endsAt: number;
  readonly #controller = new AbortController();
  #onPassed: () => void = () => undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#endsAt = performance.now() + milliseconds;
    setEnd(this.signal, this.#endsAt);
    // Every load of the request listens to it, and is gone when it is answered: many listeners are no leak.
    setMaxListeners(0, this.signal);
  }

  /** For sources: aborted when the time is up; `timeLeft` tells how long that is. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Throws `DEADLINE_EXCEEDED` when the time is up. */
  throwIfPassed(): void {
    if (performance.now() < this.#endsAt) return;
    this.#pass();
    throw this.#error();
  }

  /** The work's result, or `DEADLINE_EXCEEDED` as soon as the time is up, even if the work hangs. */
  async race<T>(work: Promise<T>): Promise<T> {
    const passed = new Promise<never>((_resolve, reject) => {
      this.#onPassed = () => reject(this.#error());
    });
    const timer = setTimeout(() => this.#pass(), this.#endsAt - performance.now()).unref();
    try {
      const result = await Promise.race([work, passed]);
      this.throwIfPassed();
      return result;
    } catch (error) {
      // What a source says of being aborted is only our own deadline come back.
      throw this.signal.aborted ? this.#error() : error;
    } finally {
      clearTimeout(timer);
    }
  }

  #pass(): void {
    this.#controller.abort();
    this.#onPassed();
  }

  #error(): Error {
    return codedError('DEADLINE_EXCEEDED', `the operation took longer than ${this.#milliseconds} ms; ask for less`, {
      extensions: { limit: 'milliseconds', max: this.#milliseconds },
    });
  }
}
