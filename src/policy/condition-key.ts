import type { Condition } from '../access/condition.ts';

const kept = new WeakMap<Condition, string>();

/** A text that is equal for equal conditions. A condition of a policy is asked for by every class: its text is made once. */
export function conditionKey(condition: Condition): string {
  const known = kept.get(condition);
  if (known !== undefined) return known;
  const key = keyOf(condition);
  kept.set(condition, key);
  return key;
}

function keyOf(condition: Condition): string {
  switch (condition.kind) {
    case 'predicate':
      return JSON.stringify(condition);
    case 'not':
      return `not(${conditionKey(condition.of)})`;
    case 'all':
    case 'any':
      return `${condition.kind}(${condition.of.map(conditionKey).join(' ')})`;
  }
}
