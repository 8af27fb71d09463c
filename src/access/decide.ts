import type { Condition } from './condition.ts';
import type { FieldFacts } from './facts.ts';
import type { Decision } from './plan.ts';
import type { AccessClass, FieldRule, Policy, Right } from './policy.ts';
import { openOnReports, reportSecrecy, withoutSealedReports } from './report-rows.ts';

const predicate = (name: 'reporterNotSecret' | 'exactMatch'): Condition => ({
  kind: 'predicate',
  name,
  args: undefined,
});

/** What may name a ticket's reporter shows only where no secrecy was asked for, or in the handling unit. */
export const reporterSecrecy: Condition = predicate('reporterNotSecret');

const exactMatch: Condition = predicate('exactMatch');

/**
 * What the policy says of the field for the class. The guards stand above every grant: the secrecy of reports and of
 * reporters who asked for it, and that a fuzzy match opens nothing personal.
 */
export function decide(field: FieldFacts, of: AccessClass, policy: Policy, fuzzyPossible: boolean): Decision {
  if (field.category === 'NONE' || of.purpose === 'STATISTICS') return { kind: 'deny' };
  const rules = untilDecided(secretText(field, policy.rulesFor(field.coordinate, of)));
  if (rules.every((r) => r.outcome.kind === 'deny')) return { kind: 'deny' };
  const guards = guardsOf(field, fuzzyPossible);
  const [first] = rules;
  if (guards.length === 0 && first !== undefined && first.outcome.kind !== 'deny' && isUnconditional(first.when)) {
    return { kind: 'give', outcome: first.outcome, rule: first.id };
  }
  return { kind: 'depends', guards, rules };
}

/**
 * On which records the class may use the field so, as a decision whose only outcome is plain. The guards stand above a
 * right as they do above a grant: whoever may not see a secret reporter cannot find one by a number either.
 */
export function decideRight(right: Right, field: FieldFacts, of: AccessClass, policy: Policy): Decision {
  const lines = field.category === 'NONE' ? [] : policy.rightsFor(right, field.coordinate, of);
  const rules = untilDecided(lines.map((line): FieldRule => ({ ...line, outcome: { kind: 'plain' } })));
  return rules.length === 0 ? { kind: 'deny' } : { kind: 'depends', guards: guardsOf(field, false), rules };
}

/** Which records of the type the class may list, look up or be led to: none for statistics, which only counts. */
export function recordsFor(type: string, of: AccessClass, policy: Policy): Condition | null {
  return of.purpose === 'STATISTICS' ? null : rowsInForce(type, of, policy);
}

/** The row rules of the type for the class, with what secrecy takes out of them: for statistics, the records that are counted. */
export function rowsInForce(type: string, of: AccessClass, policy: Policy): Condition | null {
  const rows = policy.rowsFor(type, of);
  // A count names no report.
  return rows === null || type !== 'Ticket' || of.purpose === 'STATISTICS' ? rows : withoutSealedReports(rows, of);
}

function guardsOf(field: FieldFacts, fuzzyPossible: boolean): Condition[] {
  const guards: Condition[] = [];
  if (field.type === 'Ticket' && !openOnReports.has(field.field)) guards.push(reportSecrecy);
  if (
    field.type === 'Ticket' &&
    (field.personal === 'NAME' || field.personal === 'PHONE' || field.personal === 'ID_NUMBER')
  ) {
    guards.push(reporterSecrecy);
  }
  if (fuzzyPossible && field.personal !== null) guards.push(exactMatch);
  return guards;
}

/** The text of a ticket whose reporter asked for secrecy is redacted even where a grant gives it verbatim. */
function secretText(field: FieldFacts, rules: readonly FieldRule[]): readonly FieldRule[] {
  if (field.type !== 'Ticket' || field.personal !== 'FREE_TEXT') return rules;
  return rules.flatMap((rule): FieldRule[] =>
    rule.outcome.kind === 'plain'
      ? [
          { ...rule, when: { kind: 'all', of: [reporterSecrecy, rule.when] } },
          { ...rule, outcome: { kind: 'mask', mask: 'redacted' } },
        ]
      : [rule],
  );
}

/** The rules up to the first that always holds, since those after it are never reached; without those that never hold. */
function untilDecided(rules: readonly FieldRule[]): readonly FieldRule[] {
  const possible = rules.filter((r) => !isImpossible(r.when));
  const end = possible.findIndex((r) => isUnconditional(r.when));
  return end < 0 ? possible : possible.slice(0, end + 1);
}

/** Whether it holds never, whatever it is judged on. */
function isImpossible(condition: Condition): boolean {
  switch (condition.kind) {
    case 'predicate':
      return false;
    case 'all':
      return condition.of.some(isImpossible);
    case 'any':
      return condition.of.every(isImpossible);
    case 'not':
      return isUnconditional(condition.of);
  }
}

function isUnconditional(condition: Condition): boolean {
  switch (condition.kind) {
    case 'predicate':
      return false;
    case 'all':
      return condition.of.every(isUnconditional);
    case 'any':
      return condition.of.some(isUnconditional);
    case 'not':
      return isImpossible(condition.of);
  }
}
