import type { Bound } from './condition.ts';

/**
 * The same condition in fewer parts: nested lists flattened, parts that say nothing or the same twice left out. Class after
 * class of a policy says the same of a record, and each record would be judged by each.
 */
export function simplify(bound: Bound): Bound {
  switch (bound.kind) {
    case 'test':
    case 'exact':
      return bound;
    case 'not': {
      const of = simplify(bound.of);
      return of.kind === 'not' ? of.of : { kind: 'not', of };
    }
    case 'all':
    case 'any': {
      const { kind } = bound;
      const parts = bound.of.map(simplify).flatMap((part) => (part.kind === kind ? part.of : [part]));
      // An empty list of the other kind decides: nothing that is unknown can change it.
      const decisive = parts.find((part) => (part.kind === 'all' || part.kind === 'any') && part.of.length === 0);
      if (decisive !== undefined) return decisive;
      const of = [...new Map(parts.map((part) => [nameOf(part), part])).values()];
      const [only] = of;
      return of.length === 1 && only !== undefined ? only : { kind, of };
    }
  }
}

/** Two conditions of one name say the same. */
function nameOf(bound: Bound): string {
  return JSON.stringify(bound, (key, value: unknown) => (key === 'reads' ? undefined : value));
}
