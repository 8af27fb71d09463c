import { holds, type Bound, type Case, type Condition } from '../access/condition.ts';
import type { Decision } from '../access/plan.ts';
import { denied, given, type Verdict } from './verdict.ts';

/** The verdict of one decision, record by record; `bound` puts the caller's values into a condition. */
export function judgeDecision(decision: Decision, bound: (condition: Condition) => Bound): (item: Case) => Verdict {
  switch (decision.kind) {
    case 'deny':
      return () => denied;
    case 'give': {
      const verdict = given(decision.outcome, decision.rule);
      return () => verdict;
    }
    case 'depends': {
      const guards = decision.guards.map(bound);
      const rules = decision.rules.map((r) => ({ when: bound(r.when), verdict: given(r.outcome, r.id) }));
      return (item) => {
        if (!guards.every((g) => holds(g, item))) return denied;
        return rules.find((r) => holds(r.when, item))?.verdict ?? denied;
      };
    }
  }
}
