import type { TicketEvent } from './ticket-event.ts';

/** Events that wait for one receiver, bounded: whoever does not keep up is told so, and not served for ever. */
export class EventQueue {
  readonly #max: number;
  readonly #events: TicketEvent[] = [];
  #waiting: { readonly give: (event: TicketEvent | null) => void; readonly fail: (error: Error) => void } | null = null;
  #end: { readonly error: Error | null } | null = null;

  constructor(max: number) {
    this.#max = max;
  }

  /** False where the queue is full: the event is not taken. */
  push(event: TicketEvent): boolean {
    if (this.#end !== null) return true;
    if (this.#waiting !== null) {
      const { give } = this.#waiting;
      this.#waiting = null;
      give(event);
      return true;
    }
    if (this.#events.length >= this.#max) return false;
    this.#events.push(event);
    return true;
  }

  /** The next event; null when the queue was ended. Rejects with what it was ended by. One reader at a time. */
  async next(): Promise<TicketEvent | null> {
    if (this.#end !== null) return this.#ended(this.#end.error);
    const event = this.#events.shift();
    if (event !== undefined) return event;
    return new Promise((give, fail) => {
      this.#waiting = { give, fail };
    });
  }

  /** Nothing more is given, not even what waits. `error` is what the reader is told; null where it ended the queue itself. */
  end(error: Error | null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    this.#events.length = 0;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (error === null) waiting?.give(null);
    else waiting?.fail(error);
  }

  #ended(error: Error | null): null {
    if (error !== null) throw error;
    return null;
  }
}
