import { printCondition, type Condition } from '../access/condition.ts';
import { decide } from '../access/decide.ts';
import type { Outcome, Policy } from '../access/policy.ts';
import type { Contract } from '../hub/house.ts';
import type { ApplicationContent, GrantTerms } from './application.ts';
import { classesOf, compileGrant, grantItem, typesOf } from './grant.ts';

/**
 * Whether the policy gives each class what the terms say, by the real evaluator: on their conditions, no line before
 * gives less, and the class may know of records at all.
 */
export function givesAlready(
  { facts, registry }: Pick<Contract, 'facts' | 'registry'>,
  policy: Policy,
  owner: string,
  agency: string,
  content: Pick<ApplicationContent, 'roles' | 'purposes'>,
  terms: GrantTerms,
): boolean {
  const compiled = compileGrant(owner, grantItem('asked', agency, content, terms, 'asked'), facts);
  // What cannot be granted is not given: a field that has gone since, for one.
  if ('problems' in compiled) return false;
  const classes = classesOf(agency, content);
  const types = typesOf(terms.fields).filter((type) => registry.entity(type) !== undefined);
  return classes.every(
    (of) =>
      types.every((type) => policy.rowsFor(type, of) !== null) &&
      terms.fields.every(({ coordinate }) => {
        const field = facts.fields.get(coordinate);
        const [line] = compiled.policy.rulesFor(coordinate, of);
        return field !== undefined && line !== undefined && gives(decide(field, of, policy, false), line);
      }),
  );
}

interface Line {
  readonly outcome: Outcome;
  readonly when: Condition;
}

function gives(decision: ReturnType<typeof decide>, wanted: Line): boolean {
  switch (decision.kind) {
    case 'deny':
      return false;
    case 'give':
      return asMuch(decision.outcome, wanted.outcome);
    case 'depends': {
      const conditions = new Set(conjuncts(wanted.when));
      for (const line of decision.rules) {
        if (!asMuch(line.outcome, wanted.outcome)) return false;
        if (isImplied(line.when, conditions)) return true;
      }
      return false;
    }
  }
}

/** Whether this verdict shows everything that the other one shows. */
function asMuch(one: Outcome, other: Outcome): boolean {
  if (one.kind === 'deny' || other.kind === 'deny') return other.kind === 'deny';
  return one.kind === 'plain' || (other.kind === 'mask' && one.mask === other.mask);
}

/** The conditions that must all hold, in the policy's words. */
function conjuncts(when: Condition): string[] {
  return when.kind === 'all' ? when.of.flatMap(conjuncts) : [printCondition(when)];
}

/** Whether the condition holds wherever all of these do, as far as its form tells: in doubt it does not. */
function isImplied(when: Condition, conditions: ReadonlySet<string>): boolean {
  switch (when.kind) {
    case 'all':
      return when.of.every((c) => isImplied(c, conditions));
    case 'any':
      return conditions.has(printCondition(when)) || when.of.some((c) => isImplied(c, conditions));
    case 'not':
    case 'predicate':
      return conditions.has(printCondition(when));
  }
}

/** Whether a line that decides before the wanted one could give less: then the wanted one must stand above it. */
export function shadows(line: Line, wanted: Line): boolean {
  return !asMuch(line.outcome, wanted.outcome);
}
