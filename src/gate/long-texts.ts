import { setImmediate as breathe } from 'node:timers/promises';
import type { Deadline } from './deadline.ts';

/**
 * Characters that one masked value may have, lists counted as a whole. To take numbers and names out of so many costs some
 * 50 ms, which nothing can interrupt; a longer one is unavailable, since what was not looked through cannot be given.
 */
export const longestMasked = 50_000;

/** Characters of a request that are masked as they pass: what most pages have altogether. */
const atOnce = 20_000;
/** Milliseconds of work after which whoever else waits has its turn. */
const slice = 8;
/** Turns of the event loop that they have: to be read, answered and written takes several. */
const turns = 4;

/** The texts of one request that are masked after all else has passed, in slices, so that others are answered meanwhile. */
export class LongTexts {
  readonly #deadline: Deadline;
  readonly #later: (() => void)[] = [];
  #passed = 0;

  constructor(deadline: Deadline) {
    this.#deadline = deadline;
  }

  /** Whether this many characters more have to wait for `finish`. */
  mustWait(characters: number): boolean {
    this.#passed += characters;
    return this.#passed > atOnce;
  }

  add(work: () => void): void {
    this.#later.push(work);
  }

  /** Does what was added. Rejects when the deadline has passed. */
  async finish(): Promise<void> {
    let begun = performance.now();
    for (let work = this.#later.pop(); work !== undefined; work = this.#later.pop()) {
      work();
      if (performance.now() - begun < slice) continue;
      for (let turn = 0; turn < turns; turn += 1) await breathe();
      this.#deadline.throwIfPassed();
      begun = performance.now();
    }
  }
}

/** Characters of a value, or of the members of a list. */
export function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 0;
  return value.reduce((sum: number, one: unknown) => sum + (typeof one === 'string' ? one.length : 0), 0);
}
