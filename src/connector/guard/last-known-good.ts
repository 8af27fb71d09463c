import { LRUCache } from 'lru-cache';
import { stamped, type RecordLists } from '../provenance.ts';

/** Answers of one source that are kept, at most. */
const maxEntries = 2_000;
/** Bytes of one source's answers that are kept, roughly, at most. */
const maxBytes = 33_554_432;
/** Milliseconds between two looks for answers that are too old, at most. */
const sweepMilliseconds = 60_000;

interface Kept {
  /** When it was kept, by `performance.now()`. */
  readonly at: number;
  /** Milliseconds that it may be kept. */
  readonly milliseconds: number;
  answer: unknown;
}

/**
 * The last good answers of a source, in memory alone, by the exact name of the load and so by its exact columns. What is
 * too old, or more than the bounds, is gone.
 */
export class LastKnownGood {
  readonly #kept: LRUCache<string, Kept>;
  #generation = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(bounds: { readonly entries: number; readonly bytes: number } = { entries: maxEntries, bytes: maxBytes }) {
    this.#kept = new LRUCache<string, Kept>({ max: bounds.entries, maxSize: bounds.bytes });
  }

  /** Changes with each `forget`: an answer that was asked for under an older policy is not kept. */
  get generation(): number {
    return this.#generation;
  }

  get size(): number {
    return this.#kept.size;
  }

  keep(name: string, answer: unknown, milliseconds: number, generation: number): void {
    if (generation !== this.#generation) return;
    const kept: Kept = { at: performance.now(), milliseconds, answer };
    this.#kept.set(name, kept, { size: 2 * name.length + bytesOf(answer) });
    this.#sweepAfter(Math.min(milliseconds, sweepMilliseconds));
  }

  /** The answer, its lists stamped as stale since this load first failed; undefined where none is kept or it is older than this. */
  standIn<T>(name: string, lists: RecordLists<T>, milliseconds: number): T | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined || performance.now() - kept.at > milliseconds) return undefined;
    // The name holds type, kind and columns of the load, so that its answer is of the load's type.
    const answer = kept.answer as T;
    const now = Date.now();
    // In lists of its own: whoever got the answer while it was fresh still holds the others.
    const stale = stamped(answer, lists, (of) => ({
      fetchedAt: of?.fetchedAt ?? now,
      staleSince: of?.staleSince ?? now,
    }));
    kept.answer = stale;
    return stale;
  }

  /** Erases everything: the policy has changed. */
  forget(): void {
    this.#generation += 1;
    this.#kept.clear();
  }

  /** Personal data is not kept for longer than it may be used, though nobody asks for it. */
  #sweepAfter(milliseconds: number): void {
    if (this.#sweep !== undefined) return;
    this.#sweep = setTimeout(() => {
      this.#sweep = undefined;
      const now = performance.now();
      for (const [name, kept] of this.#kept.entries()) if (now - kept.at >= kept.milliseconds) this.#kept.delete(name);
      if (this.#kept.size > 0) this.#sweepAfter(sweepMilliseconds);
    }, milliseconds).unref();
  }
}

/** What a value takes in memory, roughly. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + bytesOf(one), 32);
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 64;
  for (const one of Object.values(value)) bytes += 8 + bytesOf(one);
  return bytes;
}
