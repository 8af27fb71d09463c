import type { Condition } from '../access/condition.ts';
import type { Policy } from '../access/policy.ts';
import { predicates } from '../access/predicates.ts';

/**
 * The policy as it stood at a time (epoch milliseconds): a line whose period does not hold then never holds, and one whose
 * period does is without it. How old a record was then is still a matter of the record.
 */
export function policyAsOf(policy: Policy, at: number): Policy {
  const then = <T extends { readonly when: Condition }>(lines: readonly T[]): T[] =>
    lines.map((line) => ({ ...line, when: conditionAsOf(line.when, at) }));
  return {
    ...policy,
    allRules: (coordinate) => then(policy.allRules(coordinate)),
    rulesFor: (coordinate, of) => then(policy.rulesFor(coordinate, of)),
    rightsFor: (right, coordinate, of) => then(policy.rightsFor(right, coordinate, of)),
    allRights: (right, coordinate) => then(policy.allRights(right, coordinate)),
    allRows: (type) => then(policy.allRows(type)),
    rowsFor(type, of) {
      const rows = policy.rowsFor(type, of);
      return rows === null ? null : conditionAsOf(rows, at);
    },
  };
}

function conditionAsOf(condition: Condition, at: number): Condition {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { kind: condition.kind, of: condition.of.map((part) => conditionAsOf(part, at)) };
    case 'not':
      return { kind: 'not', of: conditionAsOf(condition.of, at) };
    case 'predicate': {
      const predicate = predicates[condition.name];
      if (predicate.about !== 'time' || !('filterAt' in predicate)) return condition;
      const holds = predicate.filterAt(condition.args, nobody, at).kind === 'always';
      return { kind: holds ? 'all' : 'any', of: [] };
    }
  }
}

/** The time is the same for every caller. */
const nobody = { agency: '', unit: null, areas: [], grids: [] };
