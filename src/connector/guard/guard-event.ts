import type { SourceFault } from '../source-error.ts';

/** How a load ended: its fault, `ABANDONED` where every caller gave up before, `BROKEN` for a fault of the hub's own. */
export type LoadOutcome = 'OK' | SourceFault | 'ABANDONED' | 'BROKEN';

/** What becomes of a source's loads, for metrics and the log. Holds no value. */
export type GuardEvent =
  /** A load that several callers share is one load. `code`: what the source itself called its fault. */
  | { readonly kind: 'load'; readonly outcome: LoadOutcome; readonly code?: string }
  /** A caller's time was over before the source had answered. */
  | { readonly kind: 'late' }
  | { readonly kind: 'retry'; readonly fault: SourceFault }
  | { readonly kind: 'breaker'; readonly state: 'closed' | 'halfOpen' | 'open' }
  /** So many loads wait for their turn. */
  | { readonly kind: 'queue'; readonly length: number }
  /** A load brought so many values of this field that cannot be read. */
  | { readonly kind: 'unreadable'; readonly type: string; readonly field: string; readonly values: number }
  /** A caller got the last good answer in place of a live one. */
  | { readonly kind: 'stale' };
