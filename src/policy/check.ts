import { printCondition, type Condition } from '../access/condition.ts';
import { decide } from '../access/decide.ts';
import type { FieldFacts, SchemaFacts } from '../access/facts.ts';
import type { ParsedPolicy } from '../access/policy-file.ts';
import type { AccessClass, FieldRule, Policy } from '../access/policy.ts';
import type { Registry } from '../connector/registry.ts';
import { joinReadsAcross } from '../hub/check-joins.ts';
import { printClass } from './classes.ts';
import { expired } from './expired.ts';
import type { PolicyFinding } from './finding.ts';
import { createNarrowerKey, type NarrowerKey } from './narrower-key.ts';
import { needlessJoins, needlessRights, needlessRows, unusedNames, type NeededJoin } from './needless.ts';
import { ownersOf } from './owners.ts';
import { createReachedLines, type ReachedLines } from './reached-lines.ts';
import { pagedTypes, ticketRows } from './ticket-rows.ts';
import { inOneGo, type Steps } from './turns.ts';

/** What is looked through. */
export interface CheckedPolicy {
  readonly policy: Policy;
  readonly facts: SchemaFacts;
  /** The files that the policy was compiled from. */
  readonly parsed: readonly ParsedPolicy[];
  /** The types whose records have a source of their own. */
  readonly entities: ReadonlySet<string>;
  /** The types whose records come in pages. */
  readonly paged: ReadonlySet<string>;
  /** What relations join by that another agency owns. */
  readonly joinReads: readonly NeededJoin[];
}

/** A policy as it is looked through, from what the connectors declare. */
export function checkedPolicy({
  policy,
  facts,
  parsed,
  registry,
}: Pick<CheckedPolicy, 'policy' | 'facts' | 'parsed'> & { readonly registry: Registry }): CheckedPolicy {
  const entities = new Set(registry.connectors.flatMap((c) => c.entities.map((e) => e.type)));
  const joinReads = joinReadsAcross(registry, facts);
  return { policy, facts, parsed, entities, paged: pagedTypes(registry), joinReads };
}

/**
 * Looks through the whole policy, field by field and class by class. An empty list: every field is decided, in one way.
 * `classes` must be all that can come: a line that none of them reaches counts as dead. `today` is a date, YYYY-MM-DD.
 */
export function checkPolicy(checked: CheckedPolicy, classes: readonly AccessClass[], today: string): PolicyFinding[] {
  return inOneGo(checkSteps(checked, classes, today));
}

/** The same, field by field. */
export function* checkSteps(
  { policy, facts, parsed, entities, paged, joinReads }: CheckedPolicy,
  classes: readonly AccessClass[],
  today: string,
): Steps<PolicyFinding[]> {
  const files = new Map(parsed.map((p) => [p.value.agency, p.file]));
  const found = new Map<string, { finding: Omit<PolicyFinding, 'classes'>; classes: string[] }>();
  const note = (finding: Omit<PolicyFinding, 'classes'>, of?: AccessClass): void => {
    const key = `${finding.kind} ${finding.subject} ${finding.file} ${finding.line ?? ''} ${finding.message}`;
    const entry = found.get(key) ?? { finding, classes: [] };
    if (of !== undefined) entry.classes.push(printClass(of));
    found.set(key, entry);
  };
  const reached = new Set<FieldRule>();
  const possible = new Set<FieldRule>();
  const reach = createReachedLines(facts);
  const narrower = createNarrowerKey(facts);
  for (const field of facts.fields.values()) {
    // Not shared by law: the SDL itself is the explicit line.
    if (field.category === 'NONE') continue;
    for (const of of classes) checkField(field, of, policy, { files, reached, possible, reach, note });
    for (const finding of needlessRights(field.coordinate, classes, policy, facts, reach)) note(finding);
    yield;
  }
  for (const type of entities) {
    for (const of of classes) checkRecord(type, of, policy, facts, narrower, note);
    const owners = ownersOf(type, facts);
    for (const field of facts.fieldsOf(type))
      if (field.category !== 'NONE' && !owners.has(field.owner)) checkAdded(field, classes, policy, note);
    yield;
  }
  for (const type of facts.types) {
    for (const finding of needlessRows(type, classes, policy, reach)) note(finding);
    yield;
  }
  for (const field of facts.fields.values()) {
    if (field.category === 'NONE') continue;
    for (const rule of policy.allRules(field.coordinate)) {
      if (reached.has(rule)) continue;
      note({
        kind: 'DEAD_RULE',
        subject: field.coordinate,
        file: rule.file,
        line: rule.line,
        message:
          possible.has(rule) || isOpen(rule.when)
            ? `${rule.id} is never reached on ${field.coordinate}: earlier lines decide for all its callers; take it out or put it first`
            : `${rule.id} never holds on ${field.coordinate}: nothing meets ${printCondition(rule.when)}; mend the condition or take it out`,
      });
    }
  }
  const ofLines = [
    ...ticketRows(parsed, paged),
    ...expired(parsed, today),
    ...unusedNames(parsed),
    ...needlessJoins(parsed, joinReads, facts),
  ];
  for (const finding of ofLines) note(finding);
  return [...found.values()].map(({ finding, classes: of }) => ({ ...finding, classes: of })).toSorted(byPlace);
}

type Note = (finding: Omit<PolicyFinding, 'classes'>, of?: AccessClass) => void;

/** A condition without which the line would be dead for its place alone. */
function isOpen(when: Condition): boolean {
  return printCondition(when) === 'always';
}

interface FieldCheck {
  readonly files: ReadonlyMap<string, string>;
  readonly reached: Set<FieldRule>;
  /** The lines whose condition can hold for some class. */
  readonly possible: Set<FieldRule>;
  readonly reach: ReachedLines;
  readonly note: Note;
}

function checkField(
  field: FieldFacts,
  of: AccessClass,
  policy: Policy,
  { files, reached, possible, reach, note }: FieldCheck,
): void {
  const { coordinate, owner, type } = field;
  const rules = policy.rulesFor(coordinate, of);
  const file = rules.at(-1)?.file ?? files.get(owner) ?? `the policy of ${owner}`;
  const { lines, closed } = reach(
    rules.map((rule) => rule.when),
    type,
    of.agency,
  );
  for (const [i, rule] of rules.entries()) {
    const line = lines[i];
    if (line === undefined) continue;
    if (line.possible) possible.add(rule);
    if (line.first) reached.add(rule);
    const before = line.sameAs === null ? undefined : rules[line.sameAs];
    if (before === undefined || line.always || JSON.stringify(before.outcome) === JSON.stringify(rule.outcome))
      continue;
    note(
      {
        kind: 'CONTRADICTION',
        subject: coordinate,
        file: rule.file,
        line: rule.line,
        message: `${rule.id} and ${before.id} say different things of ${coordinate} on the same condition (${printCondition(rule.when)}); the earlier one holds`,
      },
      of,
    );
  }
  if (closed) return;
  if (rules.length === 0)
    note(
      {
        kind: 'UNDECIDED',
        subject: coordinate,
        file,
        line: null,
        message: `no line decides ${coordinate}; grant it or deny it`,
      },
      of,
    );
  else
    note(
      {
        kind: 'OPEN_END',
        subject: coordinate,
        file,
        line: rules.at(-1)?.line ?? null,
        message: `all lines on ${coordinate} are conditional; end with one that is not, such as a denial`,
      },
      of,
    );
}

/** Whether the class may know of records whose fields are granted to it, and whether their keys are granted too. */
function checkRecord(
  type: string,
  of: AccessClass,
  policy: Policy,
  facts: SchemaFacts,
  narrower: NarrowerKey,
  note: Note,
): void {
  const owners = ownersOf(type, facts);
  // A field that another agency adds to the type does not decide whether the record itself is given.
  const fields = facts.fieldsOf(type).filter((f) => f.category !== 'NONE' && owners.has(f.owner));
  const open = fields.flatMap((field) => {
    const decision = decide(field, of, policy, false);
    return decision.kind === 'deny' ? [] : [{ field, decision }];
  });
  const first = open[0]?.field;
  if (first === undefined) return;
  if (policy.rowsFor(type, of) === null) {
    note(
      {
        kind: 'NO_ROWS',
        subject: type,
        ...placeOf(policy.rulesFor(first.coordinate, of), first),
        message: `fields of ${type} are granted, but no row rule shows a record; add one under rows`,
      },
      of,
    );
    return;
  }
  for (const key of fields.filter((f) => f.nonNull)) {
    const decision = decide(key, of, policy, false);
    const others = open.filter(({ field }) => field !== key);
    // Whose line gives more than the key's: one that always does is the plainest.
    const wider =
      decision.kind === 'give'
        ? undefined
        : (others.find((o) => o.decision.kind === 'give') ??
          others.find((o) => decision.kind === 'deny' || narrower(decision, o.decision, type, of.agency)));
    if (wider !== undefined) {
      note(
        {
          kind: 'KEY_DENIED',
          subject: key.coordinate,
          ...placeOf(policy.rulesFor(wider.field.coordinate, of), wider.field),
          message: `${key.coordinate} is never null, so denying it hides the record although other fields are granted; grant it wherever they are`,
        },
        of,
      );
    }
  }
}

/** The same of a field that another agency adds: its owner has no say over the rows, so one caller who sees some is enough. */
function checkAdded(field: FieldFacts, classes: readonly AccessClass[], policy: Policy, note: Note): void {
  const { type, coordinate } = field;
  const given = classes.filter((of) => decide(field, of, policy, false).kind !== 'deny');
  if (given.some((of) => policy.rowsFor(type, of) !== null)) return;
  for (const of of given)
    note(
      {
        kind: 'NO_ROWS',
        subject: coordinate,
        ...placeOf(policy.rulesFor(coordinate, of), field),
        message: `${coordinate} is granted, but no row rule shows records of ${type} to any of its callers; take the grant out, or ask for a row rule`,
      },
      of,
    );
}

function placeOf(rules: readonly FieldRule[], field: FieldFacts): Pick<PolicyFinding, 'file' | 'line'> {
  const rule = rules.find((r) => r.outcome.kind !== 'deny');
  return { file: rule?.file ?? `the policy of ${field.owner}`, line: rule?.line ?? null };
}

function byPlace(a: PolicyFinding, b: PolicyFinding): number {
  const [x, y] = [a, b].map((f) => `${f.file} ${String(f.line ?? 0).padStart(6, '0')} ${f.kind} ${f.subject}`);
  return (x ?? '') < (y ?? '') ? -1 : 1;
}
