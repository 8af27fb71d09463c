import { printCondition, type Condition } from '../access/condition.ts';
import { decide, rowsInForce } from '../access/decide.ts';
import type { FieldFacts } from '../access/facts.ts';
import type { Decision } from '../access/plan.ts';
import type { AccessClass, FieldRule, Outcome, Policy, Right } from '../access/policy.ts';

/**
 * What the policy says of a field for a class, in one line that is equal exactly where the decision is: `deny`, `plain`,
 * `mask phone`, or the guards and the chain of conditions in their order.
 */
export function verdictText(field: FieldFacts, of: AccessClass, policy: Policy): string {
  return decisionText(decide(field, of, policy, false));
}

function decisionText(decision: Decision): string {
  switch (decision.kind) {
    case 'deny':
      return 'deny';
    case 'give':
      return outcomeText(decision.outcome);
    case 'depends': {
      const chain = reachedRules(decision.rules).map((r) => {
        const when = printCondition(r.when);
        return when === 'always' ? outcomeText(r.outcome) : `${outcomeText(r.outcome)} if ${when}`;
      });
      if (chain.length === 0) return 'deny';
      const guards = decision.guards.map(printCondition);
      return `${guards.length === 0 ? '' : `[${guards.join(' & ')}] `}${chain.join('; else ')}`;
    }
  }
}

/** Without the rules that change nothing: one whose condition an earlier rule has already weighed, and denials at the end. */
function reachedRules(rules: readonly FieldRule[]): readonly FieldRule[] {
  const seen = new Set<string>();
  const fresh = rules.filter((r) => {
    const when = printCondition(r.when);
    return !seen.has(when) && seen.add(when);
  });
  return fresh.slice(0, fresh.findLastIndex((r) => r.outcome.kind !== 'deny') + 1);
}

export function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'mask' ? `mask ${outcome.mask}` : outcome.kind;
}

/** Which records of the type the class may know of, in one line: `none`, `all`, or the conditions in the alphabet's order. */
export function rowsText(type: string, of: AccessClass, policy: Policy): string {
  const rows: Condition | null = rowsInForce(type, of, policy);
  if (rows === null) return 'none';
  return anyText(rows.kind === 'any' ? rows.of : [rows]);
}

/** On which records the class may match or count by the field, in the words of `rowsText`. */
export function rightText(right: Right, coordinate: string, of: AccessClass, policy: Policy): string {
  const rules = policy.rightsFor(right, coordinate, of);
  return rules.length === 0 ? 'none' : anyText(rules.map((r) => r.when));
}

function anyText(conditions: readonly Condition[]): string {
  const text = conditions.map(printCondition);
  if (text.includes('always')) return 'all';
  const held = text.filter((t) => t !== 'never');
  return held.length === 0 ? 'never' : [...new Set(held)].toSorted().join(' | ');
}
