import type { GivenVerdict } from './verdict.ts';

/** The verdict by which a field was given on the records of a batch, null for not: one for all, or one each. */
export type Outcome = GivenVerdict | null | readonly (GivenVerdict | null)[];

/** Collects a field's outcome record by record: mostly one for all of them. */
export class OutcomeOf {
  readonly #size: number;
  #first: GivenVerdict | null | undefined;
  #each: (GivenVerdict | null)[] | null = null;

  /** `size` is the number of records in the batch. */
  constructor(size: number) {
    this.#size = size;
  }

  put(position: number, verdict: GivenVerdict | null): void {
    if (this.#each !== null) this.#each[position] = verdict;
    else if (this.#first === undefined) this.#first = verdict;
    else if (this.#first !== verdict) {
      const first = this.#first;
      this.#each = Array.from({ length: this.#size }, () => first);
      this.#each[position] = verdict;
    }
  }

  get outcome(): Outcome {
    return this.#each ?? this.#first ?? null;
  }
}

export function outcomeAt(outcome: Outcome, position: number): GivenVerdict | null {
  return isOneEach(outcome) ? (outcome[position] ?? null) : outcome;
}

export function isOneEach(outcome: Outcome): outcome is readonly (GivenVerdict | null)[] {
  return Array.isArray(outcome);
}
