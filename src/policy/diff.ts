import type { SchemaFacts } from '../access/facts.ts';
import { rights, type AccessClass, type Policy, type Right } from '../access/policy.ts';
import { printClass } from './classes.ts';
import { inOneGo, type Steps } from './turns.ts';
import { rightText, rowsText, verdictText } from './verdict.ts';

/**
 * How a class stands after the change. `mask`: on the same conditions it is given otherwise than before (plain, or under
 * another mask); `condition`: the conditions are others; `match` and `count`: what may be done with the field unseen;
 * `stale`: for how long the last good answers of the agency's sources may stand in for them.
 */
export type ChangeKind = 'gains' | 'loses' | 'mask' | 'condition' | 'rows' | 'stale' | Right;

export interface PolicyChange {
  readonly kind: ChangeKind;
  /** `Type.field`, the type for a change of rows, the agency for one of stale answers. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** The classes that it concerns, as `agency ROLE PURPOSE`. */
  readonly classes: readonly string[];
}

export interface PolicySide {
  readonly policy: Policy;
  readonly facts: SchemaFacts;
}

/** Exactly what changes from one policy to another, for whom: equal changes of several classes are told once. */
export function diffPolicies(before: PolicySide, after: PolicySide, classes: readonly AccessClass[]): PolicyChange[] {
  return inOneGo(diffSteps(before, after, classes));
}

/** The same, class by class. */
export function* diffSteps(
  before: PolicySide,
  after: PolicySide,
  classes: readonly AccessClass[],
): Steps<PolicyChange[]> {
  const changes = new Map<string, { change: Omit<PolicyChange, 'classes'>; classes: string[] }>();
  const note = (change: Omit<PolicyChange, 'classes'>, of: AccessClass): void => {
    const key = JSON.stringify(change);
    const found = changes.get(key);
    if (found === undefined) changes.set(key, { change, classes: [printClass(of)] });
    else found.classes.push(printClass(of));
  };
  // A field whose facts and lines are the same is decided the same, for whomever.
  const coordinates = [...new Set([...before.facts.fields.keys(), ...after.facts.fields.keys()])]
    .filter((c) => groundsOf(before, c) !== groundsOf(after, c))
    .toSorted();
  const rightsOn = new Map(
    coordinates.map((c) => [
      c,
      rights.filter((right) => [before, after].some(({ policy }) => policy.allRights(right, c).length > 0)),
    ]),
  );
  const types = [...new Set([...before.facts.types, ...after.facts.types])].toSorted();
  const owners = [...new Set([before, after].flatMap(({ facts }) => [...facts.fields.values()].map((f) => f.owner)))];
  for (const of of classes) {
    for (const subject of owners) {
      const [was, is] = [staleText(before.policy, subject), staleText(after.policy, subject)];
      // Counts have no records that could be marked as stale: they are never kept.
      if (was !== is && of.purpose !== 'STATISTICS') note({ kind: 'stale', subject, before: was, after: is }, of);
    }
    for (const subject of coordinates) {
      const was = verdictOf(before, subject, of);
      const is = verdictOf(after, subject, of);
      if (was !== is) note({ kind: kindOf(was, is), subject, before: was, after: is }, of);
      for (const right of rightsOn.get(subject) ?? []) {
        const could = rightText(right, subject, of, before.policy);
        const can = rightText(right, subject, of, after.policy);
        if (could !== can) note({ kind: right, subject, before: could, after: can }, of);
      }
    }
    for (const subject of types) {
      const was = rowsText(subject, of, before.policy);
      const is = rowsText(subject, of, after.policy);
      if (was !== is) note({ kind: 'rows', subject, before: was, after: is }, of);
    }
    yield;
  }
  return [...changes.values()]
    .map(({ change, classes: of }) => ({ ...change, classes: of }))
    .toSorted((a, b) => (`${a.subject} ${a.kind} ${a.after}` < `${b.subject} ${b.kind} ${b.after}` ? -1 : 1));
}

/** All that a decision on the field depends on, for all callers. */
function groundsOf({ policy, facts }: PolicySide, coordinate: string): string {
  const lines = [policy.allRules(coordinate), ...rights.map((right) => policy.allRights(right, coordinate))];
  // Of names, laws and places nothing depends.
  const decisive = lines.map((of) => of.map(({ id: _id, law: _law, file: _file, line: _line, ...rule }) => rule));
  return JSON.stringify([facts.fields.get(coordinate) ?? null, decisive]);
}

function verdictOf({ policy, facts }: PolicySide, coordinate: string, of: AccessClass): string {
  const field = facts.fields.get(coordinate);
  return field === undefined ? 'deny' : verdictText(field, of, policy);
}

function staleText(policy: Policy, agency: string): string {
  const seconds = policy.lastKnownGoodSeconds(agency);
  return seconds === 0 ? 'never' : `${seconds} s at most`;
}

function kindOf(was: string, is: string): ChangeKind {
  if (was === 'deny') return 'gains';
  if (is === 'deny') return 'loses';
  return conditionsOf(was) === conditionsOf(is) ? 'mask' : 'condition';
}

/** The verdict without what is given: its guards and conditions in their order. */
function conditionsOf(verdict: string): string {
  return verdict.replaceAll(/(?<=^|^\[[^\]]*\] |; else )(?:plain|deny|mask \w+)/g, '…');
}
