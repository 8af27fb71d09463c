import type { Condition } from '../access/condition.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { Decision } from '../access/plan.ts';
import { createComparison, type Chain } from './compare-decisions.ts';

/** Whether on some record of the type a caller of the agency is given something and not the key. */
export type NarrowerKey = (key: Decision, other: Decision, type: string, agency: string) => boolean;

/** Compares exactly; what is too large to be compared is not told. */
export function createNarrowerKey(facts: SchemaFacts): NarrowerKey {
  const compare = createComparison(facts);
  return (key, other, type, agency) => {
    const given = givenWhere(other);
    const both: Condition = { kind: 'all', of: [given, givenWhere(key)] };
    const difference = compare(chainOf(given), chainOf(both), type, agency);
    return difference !== null && difference.given !== 'same';
  };
}

function chainOf(when: Condition): Chain {
  return { guards: [], lines: [{ when, gives: 'something', law: null }] };
}

/** On which records the decision gives anything, plain or masked. */
function givenWhere(decision: Decision): Condition {
  switch (decision.kind) {
    case 'deny':
      return { kind: 'any', of: [] };
    case 'give':
      return { kind: 'all', of: [] };
    case 'depends': {
      const { guards, rules } = decision;
      const ways = rules.flatMap(({ when, outcome }, i): Condition[] => {
        if (outcome.kind === 'deny') return [];
        const denials = rules.slice(0, i).filter((r) => r.outcome.kind === 'deny');
        return [{ kind: 'all', of: [when, ...denials.map((r): Condition => ({ kind: 'not', of: r.when }))] }];
      });
      return { kind: 'all', of: [...guards, { kind: 'any', of: ways }] };
    }
  }
}
