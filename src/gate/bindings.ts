import { LRUCache } from 'lru-cache';
import { bind, dependsOnTime, type Bound, type Condition } from '../access/condition.ts';
import { simplify } from '../access/simplify-bound.ts';
import type { Principal } from '../identity/principal.ts';

/** Conditions with one caller's values in them, by the type of the record. */
interface Bounds {
  get(condition: Condition): Map<string, Bound> | undefined;
  set(condition: Condition, byType: Map<string, Bound>): unknown;
}

/**
 * What does not depend on the clock stays bound for the principal of a verified token, which is one frozen object as long
 * as the token is kept. One that could still change is bound anew for each request. Conditions are immutable; those of a
 * policy that is gone are let go.
 */
const timeless = new LRUCache<Principal, Bounds>({ max: 1_000 });

/** The conditions of one request. What depends on the clock, or a record, is never kept for the next. */
export class Bindings {
  readonly #principal: Principal;
  readonly #now: number;
  readonly #kept: Bounds;
  readonly #timed: Bounds = new Map();

  constructor(principal: Principal, now: number) {
    this.#principal = principal;
    this.#now = now;
    const kept = Object.isFrozen(principal) ? timeless.get(principal) : undefined;
    this.#kept = kept ?? new WeakMap();
    if (kept === undefined && Object.isFrozen(principal)) timeless.set(principal, this.#kept);
  }

  /** The condition on records of `type`. */
  bound(condition: Condition, type: string): Bound {
    const known = this.#kept.get(condition)?.get(type) ?? this.#timed.get(condition)?.get(type);
    if (known !== undefined) return known;
    const bound = simplify(bind(condition, type, this.#principal, this.#now));
    const bounds = dependsOnTime(condition) ? this.#timed : this.#kept;
    const byType = bounds.get(condition) ?? new Map<string, Bound>();
    bounds.set(condition, byType.set(type, bound));
    return bound;
  }
}
