import type { JSONWebKeySet } from 'jose';
import type { IssuerConfig } from './issuers.ts';
import { usablePublicKeys, type KeyProblem } from './public-keys.ts';

/** How long the last good key set is used while its file or URL cannot be read, in seconds. */
export const lastGoodSeconds = 300;
/** After a failed reading the next waits so long: hostile tokens cause no storm on an issuer that is down. */
const failurePauseMs = 2_000;

/**
 * The checked keys of one issuer over repeated readings. While a reading fails, the last good set serves for five more
 * minutes, so that a short outage of an issuer stops nobody; a set that can be read always counts, even an empty one.
 * Every problem is told once, and again only after it had gone.
 */
export class CheckedKeySet {
  readonly #issuer: IssuerConfig;
  readonly #onProblem: (problem: KeyProblem) => void;
  #told: ReadonlySet<string> = new Set();
  #raw: unknown;
  #good: { readonly keys: JSONWebKeySet; readonly readAt: number } | null = null;
  #failure: { readonly error: unknown; readonly at: number } | null = null;

  constructor(issuer: IssuerConfig, onProblem: (problem: KeyProblem) => void) {
    this.#issuer = issuer;
    this.#onProblem = onProblem;
  }

  /** The usable keys of what `load` gives. Rejects when it fails and no good set of the last five minutes is left. */
  async read(load: () => Promise<unknown>): Promise<JSONWebKeySet> {
    const pausing = this.#failure !== null && within(failurePauseMs, this.#failure.at);
    if (!pausing) await this.#attempt(load);
    if (this.#good !== null && (this.#failure === null || within(lastGoodSeconds * 1000, this.#good.readAt))) {
      return this.#good.keys;
    }
    throw this.#failure?.error;
  }

  async #attempt(load: () => Promise<unknown>): Promise<void> {
    const problems: KeyProblem[] = [];
    const note = (kid: string | null, problem: string): void => {
      problems.push({ issuer: this.#issuer.issuer, kid, problem });
    };
    try {
      const raw = await load();
      if (this.#good !== null && this.#failure === null && raw === this.#raw) {
        this.#good = { keys: this.#good.keys, readAt: Date.now() };
        return;
      }
      const keys = await usablePublicKeys(raw, this.#issuer.algorithms, note);
      this.#raw = raw;
      this.#good = { keys, readAt: Date.now() };
      this.#failure = null;
    } catch (error) {
      this.#failure = { error, at: Date.now() };
      note(null, `the key set cannot be read: ${error instanceof Error ? error.message : 'unknown failure'}`);
    }
    this.#tell(problems);
  }

  #tell(problems: readonly KeyProblem[]): void {
    const now = new Map(problems.map((problem) => [`${problem.kid ?? ''}\n${problem.problem}`, problem]));
    const before = this.#told;
    this.#told = new Set(now.keys());
    for (const [mark, problem] of now) if (!before.has(mark)) this.#onProblem(problem);
  }
}

/** Whether less than `ms` have gone by; a clock that was set back counts as "no". */
function within(ms: number, since: number): boolean {
  const age = Date.now() - since;
  return age >= 0 && age < ms;
}
