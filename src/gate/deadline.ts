import { setMaxListeners } from 'node:events';
import { setEnd } from '../connector/time-left.ts';
import { codedError } from '../errors/coded-error.ts';

const wayOutOfChanges =
  'it may still be done: send it again unchanged, under the same idempotencyKey (clientRequestId), and you are told what became of it; or send less';

/**
 * When an operation is given up. Sources that answer synchronously leave the event loop no turn to fire a timer, so the
 * clock is also read before and after each load.
 */
export class Deadline {
  readonly #milliseconds: number;
  readonly #wayOut: string;
  readonly #endsAt: number;
  readonly #controller = new AbortController();

  /** `changes`: what the operation does may be done after it was given up; its caller is told how to find out. */
  constructor(milliseconds: number, changes = false) {
    this.#milliseconds = milliseconds;
    this.#wayOut = changes ? wayOutOfChanges : 'ask for less';
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
    this.#controller.abort();
    throw this.#error();
  }

  /** The work's result, or `DEADLINE_EXCEEDED` as soon as the time is up, even if the work hangs. */
  async race<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await this.#before(work);
      this.throwIfPassed();
      return result;
    } catch (error) {
      // What a source says of being aborted is only our own deadline come back.
      throw this.signal.aborted ? this.#error() : error;
    }
  }

  /**
   * Nothing that rejects is kept on this object, and nothing is raced: either lets all that a request made outlive it until
   * the next full collection (seen with `--trace-gc` on Node 20).
   */
  #before<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#controller.abort();
        reject(this.#error());
      }, this.#endsAt - performance.now()).unref();
      work.then(
        (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  }

  #error(): Error {
    return codedError('DEADLINE_EXCEEDED', `the operation took longer than ${this.#milliseconds} ms; ${this.#wayOut}`, {
      extensions: { limit: 'milliseconds', max: this.#milliseconds },
    });
  }
}
