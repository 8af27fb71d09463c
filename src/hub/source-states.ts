import type { GuardEvent } from '../connector/guard/guard-event.ts';
import type { SourceFault } from '../connector/source-error.ts';

/** A source began to fail, fails in another way, or answers again. Holds no value and no address. */
export type SourceChange =
  | {
      readonly kind: 'fails';
      readonly source: string;
      readonly fault: SourceFault;
      /** What the source itself calls it: an HTTP status, an error code of the database or of the system. */
      readonly code: string | null;
    }
  /** `since`: when it began to fail, epoch milliseconds. */
  | { readonly kind: 'answers'; readonly source: string; readonly since: number };

/** Milliseconds in which the same fault of one source is told once: one that comes and goes must not fill the log. */
const quiet = 60_000;

interface State {
  failing: { readonly since: number; told: string | null } | null;
  /** When each fault was last told. */
  readonly told: Map<string, number>;
}

/** Makes of what becomes of loads the changes that somebody should see. */
export class SourceStates {
  readonly #tell: (change: SourceChange) => void;
  readonly #now: () => number;
  readonly #states = new Map<string, State>();

  constructor(tell: (change: SourceChange) => void, now: () => number = Date.now) {
    this.#tell = tell;
    this.#now = now;
  }

  observe(source: string, event: GuardEvent): void {
    switch (event.kind) {
      case 'load':
        switch (event.outcome) {
          case 'OK':
            return this.#answered(source);
          // That it is let alone is no reason; that nobody waits any more, and our own fault, are none of the source's.
          case 'RESTING':
          case 'ABANDONED':
          case 'BROKEN':
            return;
          default:
            return this.#failed(source, event.outcome, event.code ?? null);
        }
      case 'late':
        return this.#failed(source, 'TIMEOUT', null);
      case 'retry':
      case 'breaker':
      case 'queue':
      case 'stale':
      case 'unreadable':
        return;
    }
  }

  #answered(source: string): void {
    const state = this.#states.get(source);
    if (state === undefined || state.failing === null) return;
    const { since, told } = state.failing;
    state.failing = null;
    if (told !== null) this.#tell({ kind: 'answers', source, since });
  }

  #failed(source: string, fault: SourceFault, code: string | null): void {
    const now = this.#now();
    const state: State = this.#states.get(source) ?? { failing: null, told: new Map() };
    this.#states.set(source, state);
    state.failing ??= { since: now, told: null };
    const name = `${fault} ${code}`;
    if (state.failing.told === name || now - (state.told.get(name) ?? -Infinity) < quiet) return;
    state.failing.told = name;
    state.told.set(name, now);
    this.#tell({ kind: 'fails', source, fault, code });
  }
}
