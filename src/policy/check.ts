import { printCondition } from '../access/condition.ts';
import { decide } from '../access/decide.ts';
import type { FieldFacts, SchemaFacts } from '../access/facts.ts';
import type { AccessClass, FieldRule, Policy } from '../access/policy.ts';
import { printClass } from './classes.ts';

export type FindingKind =
  /** No explicit line decides the field for a class: only the default denies. */
  | 'UNDECIDED'
  /** All lines are conditional, so that a record may fall through to the default. */
  | 'OPEN_END'
  /** An earlier line with the same condition says something else. */
  | 'CONTRADICTION'
  /** No class ever reaches the line. */
  | 'DEAD_RULE'
  /** A field that must not be null can be denied where others of its record are given: the whole record goes. */
  | 'KEY_DENIED'
  /** Fields are granted of records of which the class may know none. */
  | 'NO_ROWS';

export interface PolicyFinding {
  readonly kind: FindingKind;
  readonly subject: string;
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
  /** The classes that it concerns, as `agency ROLE PURPOSE`; empty for a rule as such. */
  readonly classes: readonly string[];
}

/** Looks through the whole policy, field by field and class by class. An empty list: every field is decided, in one way. */
export function checkPolicy(
  policy: Policy,
  facts: SchemaFacts,
  entities: ReadonlySet<string>,
  classes: readonly AccessClass[],
): PolicyFinding[] {
  const found = new Map<string, { finding: Omit<PolicyFinding, 'classes'>; classes: string[] }>();
  const note = (finding: Omit<PolicyFinding, 'classes'>, of?: AccessClass): void => {
    const key = `${finding.kind} ${finding.subject} ${finding.file} ${finding.line ?? ''} ${finding.message}`;
    const entry = found.get(key) ?? { finding, classes: [] };
    if (of !== undefined) entry.classes.push(printClass(of));
    found.set(key, entry);
  };
  const reached = new Set<FieldRule>();
  for (const field of facts.fields.values()) {
    // Not shared by law: the SDL itself is the explicit line.
    if (field.category === 'NONE') continue;
    for (const of of classes) checkField(field, of, policy, reached, note);
  }
  for (const type of entities) for (const of of classes) checkRecord(type, of, policy, facts, note);
  for (const field of facts.fields.values()) {
    if (field.category === 'NONE') continue;
    for (const rule of policy.allRules(field.coordinate)) {
      if (reached.has(rule)) continue;
      note({
        kind: 'DEAD_RULE',
        subject: field.coordinate,
        file: rule.file,
        line: rule.line,
        message: `${rule.id} is never reached on ${field.coordinate}: earlier lines decide for all its callers; take it out or put it first`,
      });
    }
  }
  return [...found.values()].map(({ finding, classes: of }) => ({ ...finding, classes: of })).toSorted(byPlace);
}

type Note = (finding: Omit<PolicyFinding, 'classes'>, of?: AccessClass) => void;

function checkField(field: FieldFacts, of: AccessClass, policy: Policy, reached: Set<FieldRule>, note: Note): void {
  const { coordinate, owner } = field;
  const rules = policy.rulesFor(coordinate, of);
  const file = `connectors/${owner}/sharing.yaml`;
  const seen = new Map<string, FieldRule>();
  for (const rule of rules) {
    const when = printCondition(rule.when);
    const before = seen.get(when);
    if (before !== undefined && JSON.stringify(before.outcome) !== JSON.stringify(rule.outcome)) {
      note(
        {
          kind: 'CONTRADICTION',
          subject: coordinate,
          file: rule.file,
          line: rule.line,
          message: `${rule.id} and ${before.id} say different things of ${coordinate} on the same condition (${when}); the earlier one holds`,
        },
        of,
      );
    }
    if (before === undefined) {
      seen.set(when, rule);
      reached.add(rule);
    }
    if (when === 'always') return;
  }
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

function checkRecord(type: string, of: AccessClass, policy: Policy, facts: SchemaFacts, note: Note): void {
  const fields = facts.fieldsOf(type).filter((f) => f.category !== 'NONE');
  const open = fields.filter((f) => decide(f, of, policy, false).kind !== 'deny');
  const [first] = open;
  if (first === undefined) return;
  const [rule] = policy.rulesFor(first.coordinate, of);
  const place = { file: rule?.file ?? `connectors/${first.owner}/sharing.yaml`, line: rule?.line ?? null };
  if (policy.rowsFor(type, of) === null) {
    note(
      {
        kind: 'NO_ROWS',
        subject: type,
        ...place,
        message: `fields of ${type} are granted, but no row rule shows a record; add one under rows`,
      },
      of,
    );
    return;
  }
  // A field that another agency adds to the type does not decide whether the record itself is given.
  const own = open.filter((f) => fields.some((k) => k.nonNull && k.owner === f.owner));
  for (const key of own.length === 0 ? [] : fields.filter((f) => f.nonNull)) {
    const decision = decide(key, of, policy, false);
    const conditional = own.every((f) => decide(f, of, policy, false).kind === 'depends');
    if (decision.kind === 'deny' || (decision.kind === 'depends' && !conditional)) {
      note(
        {
          kind: 'KEY_DENIED',
          subject: key.coordinate,
          ...place,
          message: `${key.coordinate} is never null, so denying it hides the record although other fields are granted; grant it wherever they are`,
        },
        of,
      );
    }
  }
}

function byPlace(a: PolicyFinding, b: PolicyFinding): number {
  const [x, y] = [a, b].map((f) => `${f.file} ${String(f.line ?? 0).padStart(6, '0')} ${f.kind} ${f.subject}`);
  return (x ?? '') < (y ?? '') ? -1 : 1;
}
