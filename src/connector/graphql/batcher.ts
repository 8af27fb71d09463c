import type { Part } from './part.ts';

/** Sends parts in one call; a part's own failure is its result. Rejects where the whole call fails. */
export type SendParts = (parts: readonly Part[], signal: AbortSignal) => Promise<readonly PartResult[]>;

export type PartResult = { readonly value: unknown } | { readonly error: Error };

interface Waiting {
  readonly part: Part;
  readonly signal: AbortSignal;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Parts that travel in one document, and how many of each field. */
interface Call {
  readonly waiting: Waiting[];
  readonly byField: Map<string, number>;
}

/** Parts that are asked for in the same turn travel together. Who gives up hurts no other; the last one ends the call. */
export class Batcher {
  readonly #send: SendParts;
  readonly #most: number;
  #waiting: Waiting[] = [];

  /** `most`: parts in one call. */
  constructor(send: SendParts, most: number) {
    this.#send = send;
    this.#most = most;
  }

  ask(part: Part, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      // After the promises of this turn: loads that start side by side are all here by then.
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ part, signal, resolve, reject });
    });
  }

  #flush(): void {
    const all = this.#waiting;
    this.#waiting = [];
    const calls: Call[] = [];
    for (const one of all) {
      let call = calls.find((c) => this.#fits(c, one.part));
      if (call === undefined) calls.push((call = { waiting: [], byField: new Map() }));
      call.waiting.push(one);
      call.byField.set(one.part.field, (call.byField.get(one.part.field) ?? 0) + 1);
    }
    for (const { waiting } of calls) void this.#run(waiting);
  }

  #fits({ waiting, byField }: Call, { field, most = this.#most }: Part): boolean {
    return waiting.length < this.#most && (byField.get(field) ?? 0) < most;
  }

  async #run(waiting: readonly Waiting[]): Promise<void> {
    const call = new AbortController();
    // One load asks for many parts under one signal: it is listened to once.
    const bySignal = new Map<AbortSignal, Waiting[]>();
    for (const one of waiting) bySignal.set(one.signal, [...(bySignal.get(one.signal) ?? []), one]);
    let left = bySignal.size;
    const leavers = [...bySignal].map(([signal, of]) => {
      const leave = (): void => {
        for (const one of of) one.reject(signal.reason);
        left -= 1;
        if (left === 0) call.abort(signal.reason);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      return { signal, leave };
    });
    try {
      if (left === 0) return;
      const results = await this.#send(
        waiting.map((w) => w.part),
        call.signal,
      );
      waiting.forEach((one, i) => {
        const result = results[i];
        if (result === undefined) one.reject(new TypeError('a part without a result'));
        else if ('error' in result) one.reject(result.error);
        else one.resolve(result.value);
      });
    } catch (error) {
      for (const one of waiting) one.reject(error);
    } finally {
      for (const { signal, leave } of leavers) signal.removeEventListener('abort', leave);
    }
  }
}
