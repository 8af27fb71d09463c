import type { GivenVerdict } from './verdict.ts';

/** A field that was given, and the line of the policy that gave it. */
export interface GivenLine {
  readonly coordinate: string;
  readonly verdict: GivenVerdict;
}

/**
 * Fields that were given together. The same fields by the same lines are one object for all answers of a plan, so that
 * what is worked out of them is worked out once; `id` tells such objects apart.
 */
export interface GivenLines {
  readonly id: number;
  readonly of: readonly GivenLine[];
}

let ids = 0;

export function givenLines(of: readonly GivenLine[]): GivenLines {
  return { id: ids++, of };
}

/** Of records that the hub's own roots name, the ledger keeps the numbers alone. */
export const noLines: GivenLines = givenLines([]);

/** Sets of lines that are kept for one selection; what comes beside them is made anew. */
const KEPT = 16;

/** The lines of one selection's fields, or of one relation. */
export class LineBook {
  readonly #coordinates: readonly string[];
  readonly #known: { readonly verdicts: readonly (GivenVerdict | null)[]; readonly lines: GivenLines }[] = [];

  /** Fields in the order in which verdicts will be told. */
  constructor(coordinates: readonly string[]) {
    this.#coordinates = coordinates;
  }

  /** The lines by which the fields were given: one verdict a field, null for one that was not. */
  lines(verdicts: readonly (GivenVerdict | null)[]): GivenLines {
    const known = this.#known.find((one) => one.verdicts.every((v, i) => v === verdicts[i]));
    if (known !== undefined) return known.lines;
    const lines = givenLines(
      this.#coordinates.flatMap((coordinate, i): GivenLine[] => {
        const verdict = verdicts[i] ?? null;
        return verdict === null ? [] : [{ coordinate, verdict }];
      }),
    );
    if (this.#known.length < KEPT) this.#known.push({ verdicts: [...verdicts], lines });
    return lines;
  }
}
