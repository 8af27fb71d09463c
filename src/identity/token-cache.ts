import type { Principal } from './principal.ts';

export interface CachedToken {
  readonly principal: Principal;
  /** Epoch milliseconds of the verification. */
  readonly verifiedAt: number;
  /** Epoch seconds from which the token no longer counts. */
  readonly deadFrom: number;
}

/** Verified tokens under the digest of their exact text; the one that was used longest ago makes room. */
export class TokenCache {
  readonly #capacity: number;
  /** In the order of use: a `Map` keeps the order of insertion. */
  readonly #tokens = new Map<string, CachedToken>();

  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 0)
      throw new RangeError('cacheSize must be a whole number from 0');
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#tokens.size;
  }

  get(digest: string): CachedToken | undefined {
    const found = this.#tokens.get(digest);
    if (found !== undefined) {
      this.#tokens.delete(digest);
      this.#tokens.set(digest, found);
    }
    return found;
  }

  set(digest: string, token: CachedToken): void {
    this.#tokens.delete(digest);
    this.#tokens.set(digest, token);
    if (this.#tokens.size <= this.#capacity) return;
    for (const oldest of this.#tokens.keys()) {
      this.#tokens.delete(oldest);
      return;
    }
  }

  delete(digest: string): void {
    this.#tokens.delete(digest);
  }
}
