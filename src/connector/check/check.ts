import type { Bench } from './bench.ts';

/** One promise that a connector must keep, tried on its driver over the driver's own protocol. */
export interface Check {
  /** Stable: reports, `--only` and docs/conformance.md name it. */
  readonly name: string;
  run(bench: Bench): Promise<Finding>;
}

export type Finding =
  | { readonly result: 'passed'; readonly seen: string }
  | { readonly result: 'failed'; readonly seen: string; readonly problems: readonly string[] }
  /** It means nothing for this kind of source or this mapping; `seen` is why. */
  | { readonly result: 'not applicable'; readonly seen: string };

/** Ends a check at once: what it waited for did not come, so that nothing more can be said. */
export class CheckStop extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CheckStop';
  }
}

/** As many as one reads; the rest is counted. */
const mostProblems = 12;

/** What a check found wrong so far. */
export class Problems {
  readonly #texts: string[] = [];

  add(...texts: readonly string[]): void {
    this.#texts.push(...texts);
  }

  /** Passed where nothing was wrong; `seen` says what was looked at. */
  finding(seen: string): Finding {
    if (this.#texts.length === 0) return { result: 'passed', seen };
    const rest = this.#texts.length - mostProblems;
    const problems = [...this.#texts.slice(0, mostProblems), ...(rest > 0 ? [`and ${rest} more`] : [])];
    return { result: 'failed', seen, problems };
  }
}

export function notApplicable(seen: string): Finding {
  return { result: 'not applicable', seen };
}
