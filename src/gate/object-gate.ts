import type { Condition } from '../access/condition.ts';
import type { Decision, LeafPlan, ObjectPlan, RelationPlan } from '../access/plan.ts';
import { slot, type GateObject } from './gate-object.ts';
import { LineBook } from './given-lines.ts';
import { denied, given, type GivenVerdict, type Verdict } from './verdict.ts';

/** An object selection as the gate works through it. It holds for all callers of the plan's class: nobody's values are in it. */
export interface ObjectGate {
  readonly plan: ObjectPlan;
  /** Every condition that rows, fields or relations are judged by, once. */
  readonly conditions: readonly Condition[];
  /** Which records the caller may know of: the position of a condition, or all, or none. */
  readonly rows: number | 'all' | 'none';
  /** The judges that fields and relations share. */
  readonly judges: readonly Judge[];
  /** First those without which a record cannot be given at all: nothing else may tell of a record that they take away. */
  readonly leaves: readonly LeafGate[];
  /** Of the leaves those without which a record cannot be given; those that one line gives plainly; and the others. */
  readonly keys: readonly LeafGate[];
  readonly plain: readonly PlainLeaf[];
  readonly judged: readonly LeafGate[];
  readonly relations: readonly RelationGate[];
  /** By which lines the leaves were given, in the order of `leaves`. */
  readonly book: LineBook;
  /** An object of which nothing is known yet: all that was asked is there, and null. */
  readonly blank: () => GateObject;
}

export interface LeafGate {
  readonly leaf: LeafPlan;
  /** Its place among the leaves. */
  readonly place: number;
  readonly judge: number;
  readonly about: About;
}

export interface PlainLeaf extends LeafGate {
  readonly verdict: Extract<GivenVerdict, { status: 'ALLOWED' }>;
}

export interface RelationGate {
  readonly relation: RelationPlan;
  readonly judge: number;
  readonly about: About;
  readonly slot: string;
  readonly book: LineBook;
}

/** What a note says of its plan node. */
export interface About {
  readonly coordinate: string;
  readonly pathPattern: string;
  readonly agency: string;
  /** It is never null, so that a record whose it is not given goes with it. Left out: null stands for it. */
  readonly takesRecord?: true;
}

/** One verdict for all records, or the first rule whose condition holds where all guards do, by positions of conditions. */
export type Judge =
  | { readonly kind: 'always'; readonly verdict: Verdict }
  | {
      readonly kind: 'depends';
      readonly guards: readonly number[];
      readonly rules: readonly { readonly when: number; readonly verdict: Verdict }[];
    };

const made = new WeakMap<ObjectPlan, ObjectGate>();

/** The selection's gate, made when it is first needed and kept as long as its plan. */
export function objectGate(plan: ObjectPlan): ObjectGate {
  const known = made.get(plan);
  if (known !== undefined) return known;
  const gate = makeGate(plan);
  made.set(plan, gate);
  return gate;
}

function makeGate(plan: ObjectPlan): ObjectGate {
  const conditions: Condition[] = [];
  const judges: Judge[] = [];
  const byName = new Map<string, number>();
  const position = (condition: Condition): number => {
    const known = conditions.indexOf(condition);
    return known < 0 ? conditions.push(condition) - 1 : known;
  };
  const judge = (decision: Decision): number => {
    const one = judgeOf(decision, position);
    const name = JSON.stringify(one);
    const known = byName.get(name) ?? judges.push(one) - 1;
    byName.set(name, known);
    return known;
  };
  const relations = plan.relations.map((relation) => ({
    relation,
    judge: judge(relation.decision),
    about: aboutOf(relation),
    slot: slot(relation.responseKey),
    book: new LineBook([relation.coordinate]),
  }));
  const leaves = [...plan.leaves.filter((l) => l.nonNull), ...plan.leaves.filter((l) => !l.nonNull)].map(
    (leaf, place): LeafGate => ({ leaf, place, judge: judge(leaf.decision), about: aboutOf(leaf) }),
  );
  const keys = leaves.filter((one) => one.leaf.nonNull);
  const others = leaves.filter((one) => !one.leaf.nonNull);
  const plain = others.flatMap((one): PlainLeaf[] => {
    const by = judges[one.judge];
    return by?.kind === 'always' && by.verdict.status === 'ALLOWED' && one.leaf.ofReporter === null
      ? [{ ...one, verdict: by.verdict }]
      : [];
  });
  const always = new Set(plain.map((one) => one.leaf));
  const names = [...plan.leaves.map((l) => l.field), ...relations.map((r) => r.slot)];
  const empty = { __typename: plan.type, ...Object.fromEntries(names.map((name) => [name, null])) };
  return {
    plan,
    rows: plan.rows === true ? 'all' : plan.rows === null ? 'none' : position(plan.rows),
    leaves,
    keys,
    plain,
    judged: others.filter((one) => !always.has(one.leaf)),
    relations,
    book: new LineBook(leaves.map((one) => one.leaf.coordinate)),
    conditions,
    judges,
    // Copied, not built up: objects of one selection have one shape, and the executor reads them faster.
    blank: () => ({ ...empty }),
  };
}

function judgeOf(decision: Decision, position: (condition: Condition) => number): Judge {
  switch (decision.kind) {
    case 'deny':
      return { kind: 'always', verdict: denied };
    case 'give':
      return { kind: 'always', verdict: given(decision.outcome, decision.rule) };
    case 'depends':
      return {
        kind: 'depends',
        guards: decision.guards.map(position),
        rules: decision.rules.map((r) => ({ when: position(r.when), verdict: given(r.outcome, r.id) })),
      };
  }
}

function aboutOf(plan: LeafPlan | RelationPlan): About {
  const { coordinate, pathPattern, owner } = plan;
  const takesRecord = 'nonNull' in plan && plan.nonNull;
  return { coordinate, pathPattern, agency: owner, ...(takesRecord ? { takesRecord } : {}) };
}
