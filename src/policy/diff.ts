import { printCondition, type Condition } from '../access/condition.ts';
import { decide, decideRight } from '../access/decide.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { Decision } from '../access/plan.ts';
import { rights, type AccessClass, type Policy, type Right } from '../access/policy.ts';
import { printClass } from './classes.ts';
import { createComparison, type Chain, type ChainLine, type Difference } from './compare-decisions.ts';
import { inOneGo, type Steps } from './turns.ts';
import { outcomeText, rightText, rowsText, verdictText } from './verdict.ts';

/**
 * How a class stands after the change. `mask`: on the same records it is given otherwise than before (plain, or under
 * another mask); `condition`: on other records; `match` and `count`: what may be done with the field unseen; `law`: on
 * another legal basis; `stale`: for how long the last good answers of the agency's sources may stand in for them; `join`:
 * what a relation may read behind the gate; `undecided`: the words differ, and the conditions are too many to say whether
 * the meaning does.
 */
export type ChangeKind =
  'gains' | 'loses' | 'mask' | 'condition' | 'rows' | 'law' | 'stale' | 'join' | 'undecided' | Right;

export interface PolicyChange {
  readonly kind: ChangeKind;
  /** `Type.field` (a right behind it where its law changes), the type for rows, the agency for stale answers, `Type.field for Type.relation` for a join. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** The classes that it concerns, as `agency ROLE PURPOSE`; none for a join, which shows nothing to anybody by itself. */
  readonly classes: readonly string[];
}

export interface PolicySide {
  readonly policy: Policy;
  readonly facts: SchemaFacts;
}

/**
 * Exactly what changes from one policy to another, for whom: decisions are compared over all that they can be judged on, so
 * that other words for the same are no change. Equal changes of several classes are told once.
 */
export function diffPolicies(before: PolicySide, after: PolicySide, classes: readonly AccessClass[]): PolicyChange[] {
  return inOneGo(diffSteps(before, after, classes));
}

type Told = Omit<PolicyChange, 'classes'>;

/** The same, class by class. */
export function* diffSteps(
  before: PolicySide,
  after: PolicySide,
  classes: readonly AccessClass[],
): Steps<PolicyChange[]> {
  const changes = new Map<string, { change: Told; classes: string[] }>();
  const note = (change: Told, of: AccessClass): void => {
    const key = JSON.stringify(change);
    const found = changes.get(key);
    if (found === undefined) changes.set(key, { change, classes: [printClass(of)] });
    else found.classes.push(printClass(of));
  };
  // What values a field can have: the schema that is to be knows them, and of a field that is gone the one that was.
  const facts = mergedFacts(before.facts, after.facts);
  const compare = createComparison(facts);
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
  const owners = [
    ...new Set([before, after].flatMap(({ facts: { fields } }) => [...fields.values()].map((f) => f.owner))),
  ];
  for (const of of classes) {
    for (const subject of owners) {
      const [was, is] = [staleText(before.policy, subject), staleText(after.policy, subject)];
      // Counts have no records that could be marked as stale: they are never kept.
      if (was !== is && of.purpose !== 'STATISTICS') note({ kind: 'stale', subject, before: was, after: is }, of);
    }
    for (const subject of coordinates) {
      const type = subject.slice(0, subject.indexOf('.'));
      const [could, can] = [fieldChain(before, subject, of), fieldChain(after, subject, of)];
      for (const change of told(compare(could, can, type, of.agency), fieldKind)) {
        if (change === 'law') note({ kind: change, subject, before: lawText(could), after: lawText(can) }, of);
        else
          note(
            { kind: change, subject, before: verdictOf(before, subject, of), after: verdictOf(after, subject, of) },
            of,
          );
      }
      for (const right of rightsOn.get(subject) ?? []) {
        const [had, has] = [rightChain(before, right, subject, of), rightChain(after, right, subject, of)];
        for (const change of told(compare(had, has, type, of.agency), () => right)) {
          if (change === 'law')
            note({ kind: change, subject: `${subject} (${right})`, before: lawText(had), after: lawText(has) }, of);
          else {
            const [was, is] = [before, after].map(({ policy }) => rightText(right, subject, of, policy));
            note({ kind: change, subject, before: was ?? '', after: is ?? '' }, of);
          }
        }
      }
    }
    for (const subject of types) {
      const [was, is] = [rowsChain(before, subject, of), rowsChain(after, subject, of)];
      for (const kind of told(compare(was, is, subject, of.agency), () => 'rows')) {
        const texts = [before, after].map(({ policy }) => rowsText(subject, of, policy));
        note({ kind, subject, before: texts[0] ?? '', after: texts[1] ?? '' }, of);
      }
    }
    yield;
  }
  return [
    ...[...changes.values()].map(({ change, classes: of }) => ({ ...change, classes: of })),
    ...joinChanges(before.policy, after.policy),
  ].toSorted((a, b) => (`${a.subject} ${a.kind} ${a.after}` < `${b.subject} ${b.kind} ${b.after}` ? -1 : 1));
}

function mergedFacts(before: SchemaFacts, after: SchemaFacts): SchemaFacts {
  if (before === after) return after;
  const valuesOf = (name: string): string[] => [
    ...new Set([before, after].flatMap(({ enums }) => enums.get(name) ?? [])),
  ];
  const names = [...before.enums.keys(), ...after.enums.keys()];
  return {
    ...after,
    fields: new Map([...before.fields, ...after.fields]),
    enums: new Map(names.map((name) => [name, valuesOf(name)])),
  };
}

/** The kinds of change that a difference is told as. */
function told(difference: Difference, kindOf: (given: Exclude<Given, 'same'>) => ChangeKind): ChangeKind[] {
  if (difference === null) return ['undecided'];
  const { given, law } = difference;
  return [...(given === 'same' ? [] : [kindOf(given)]), ...(law ? ['law' as const] : [])];
}

type Given = NonNullable<Difference>['given'];

function fieldKind(given: Exclude<Given, 'same'>): ChangeKind {
  switch (given) {
    case 'gains':
    case 'loses':
      return given;
    case 'otherwise':
      return 'mask';
    case 'elsewhere':
      return 'condition';
  }
}

const nothing: Chain = { guards: [], lines: [] };

function fieldChain({ policy, facts }: PolicySide, coordinate: string, of: AccessClass): Chain {
  const field = facts.fields.get(coordinate);
  return field === undefined ? nothing : chainOf(decide(field, of, policy, false), policy, coordinate);
}

function rightChain({ policy, facts }: PolicySide, right: Right, coordinate: string, of: AccessClass): Chain {
  const field = facts.fields.get(coordinate);
  return field === undefined ? nothing : chainOf(decideRight(right, field, of, policy), policy, coordinate);
}

function rowsChain({ policy }: PolicySide, type: string, of: AccessClass): Chain {
  const when = policy.rowsFor(type, of);
  return when === null ? nothing : { guards: [], lines: [{ when, gives: 'rows', law: null }] };
}

function chainOf(decision: Decision, policy: Policy, coordinate: string): Chain {
  switch (decision.kind) {
    case 'deny':
      return nothing;
    case 'give': {
      const law = policy.allRules(coordinate).find((rule) => rule.id === decision.rule)?.law ?? null;
      return { guards: [], lines: [{ when: always, gives: outcomeText(decision.outcome), law }] };
    }
    case 'depends':
      return {
        guards: decision.guards,
        lines: decision.rules.map(({ when, outcome, law }): ChainLine => ({
          when,
          gives: outcome.kind === 'deny' ? null : outcomeText(outcome),
          law,
        })),
      };
  }
}

const always: Condition = { kind: 'all', of: [] };

/** The legal basis of what is given; where there are several, line by line. */
function lawText({ lines }: Chain): string {
  const laws = new Set(lines.filter((l) => l.gives !== null).map((l) => l.law));
  if (laws.size <= 1) return [...laws].join('');
  return lines
    .map(({ when, gives, law }) => {
      const condition = printCondition(when);
      return `${gives === null ? 'deny' : law}${condition === 'always' ? '' : ` if ${condition}`}`;
    })
    .join('; else ');
}

/** All that a decision on the field depends on, for all callers. */
function groundsOf({ policy, facts }: PolicySide, coordinate: string): string {
  const lines = [policy.allRules(coordinate), ...rights.map((right) => policy.allRights(right, coordinate))];
  // Of names and places nothing depends.
  const decisive = lines.map((of) => of.map(({ id: _id, file: _file, line: _line, ...rule }) => rule));
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

/** What relations may newly read behind the gate, may no longer, or on another legal basis. */
function joinChanges(before: Policy, after: Policy): PolicyChange[] {
  const [was, is] = [before, after].map(
    ({ joins }) =>
      new Map(joins.map((j) => [`${j.reads} for ${j.relation}`, `approved${j.inClear ? ' in clear' : ''} (${j.law})`])),
  );
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap((subject): PolicyChange[] => {
    const [old, now] = [was?.get(subject) ?? 'none', is?.get(subject) ?? 'none'];
    return old === now ? [] : [{ kind: 'join', subject, before: old, after: now, classes: [] }];
  });
}
