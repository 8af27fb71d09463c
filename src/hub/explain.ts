import { printCondition } from '../access/condition.ts';
import { buildPlan } from '../access/plan-builder.ts';
import type { AccessClass, FieldRule } from '../access/policy.ts';
import type { PlanSources } from '../access/selection-planner.ts';
import type {
  AccessPlan,
  ConnectionPlan,
  Decision,
  LeafPlan,
  ObjectPlan,
  RelationPlan,
  RootPlan,
  TargetPlan,
} from '../access/plan.ts';
import type { Prepared } from './documents.ts';
import { rootReads } from './root-reads.ts';
import { lackingOf } from '../policy/lacking.ts';
import { outcomeText } from '../policy/verdict.ts';
import type { Purpose } from '../identity/principal.ts';

/** One asked field, judged by the policy before anything is fetched. */
export interface ExplainedField {
  readonly coordinate: string;
  readonly pathPattern: string;
  /** Whom to ask for the field. */
  readonly agency: string;
  readonly verdict: 'ALLOW' | 'MASK' | 'DENY' | 'CONDITIONAL';
  readonly mask: string | null;
  readonly conditions: readonly string[] | null;
  readonly rules: readonly string[];
  /** What the caller lacks where it is denied, always or on some records; null where it is always given. */
  readonly lacks: 'PURPOSE' | 'GRANT' | 'SHARING' | null;
  /** The purposes for which the field may be given to this agency and role; null where that is not what it lacks. */
  readonly purposes: readonly Purpose[] | null;
  /** What must hold whatever a line says, for its owner's steward; null for anybody else. */
  readonly guards: readonly string[] | null;
  /** Every line that is weighed, in the order in which it is, for its owner's steward; null for anybody else. */
  readonly lines: readonly ExplainedLine[] | null;
}

/** One line of a policy, as its steward sees it. */
export interface ExplainedLine {
  /** `agency/grant` */
  readonly rule: string;
  readonly law: string;
  /** `plain`, `deny` or `mask NAME`. */
  readonly outcome: string;
  /** The conditions, in the policy's words; `always` for none. */
  readonly when: string;
  readonly file: string;
  readonly line: number | null;
  /** Whether no later line is ever weighed, because this one always holds. */
  readonly closes: boolean;
}

/** A plan in words: what shows, what stays behind the gate and why. */
export interface Explanation {
  readonly policyVersion: string;
  readonly agency: string;
  readonly role: string;
  readonly purpose: string | null;
  readonly fields: readonly ExplainedField[];
  readonly behind: readonly { readonly coordinate: string; readonly reasons: readonly string[] }[];
}

/**
 * Makes the plan of a query by the real evaluator and explains it to somebody who may see the lines on the fields of some
 * agencies. Nothing is fetched.
 */
export function explainQuery(
  { document, operation }: Pick<Prepared, 'document' | 'operation'>,
  of: AccessClass,
  sources: PlanSources,
  seesLinesOf: (owner: string) => boolean,
): Explanation {
  return explainPlan(buildPlan(document, operation, of, sources), sources, seesLinesOf);
}

/** Prints a plan: every field with its verdict, and everything that is read behind the gate. */
function explainPlan(plan: AccessPlan, sources: PlanSources, seesLinesOf: (owner: string) => boolean): Explanation {
  const explained = (field: LeafPlan | RelationPlan): ExplainedField => ({
    coordinate: field.coordinate,
    pathPattern: field.pathPattern,
    agency: field.owner,
    ...judged(field.decision),
    ...lacking(field, plan.of, sources),
    ...(seesLinesOf(field.owner) ? weighed(field, plan.of, sources) : { guards: null, lines: null }),
  });
  const fields: ExplainedField[] = [];
  const behind = new Map<string, Set<string>>();
  const note = (coordinate: string, reasons: readonly string[]): void => {
    const of = behind.get(coordinate) ?? new Set();
    for (const reason of reasons) of.add(reason);
    behind.set(coordinate, of);
  };
  const visitObject = (object: ObjectPlan): void => {
    for (const leaf of object.leaves) fields.push(explained(leaf));
    for (const relation of object.relations) {
      fields.push(explained(relation));
      visitTarget(relation.target);
    }
    for (const [field, reasons] of object.behind) note(`${object.type}.${field}`, reasons);
  };
  const visitConnection = (connection: ConnectionPlan): void => {
    if (connection.totalCount !== null) fields.push(explained(connection.totalCount));
    const slots = [...connection.nodes, ...connection.edges.flatMap((e) => e.nodes)];
    for (const plans of [connection.base, ...slots.map((s) => s.plans)])
      for (const object of plans.values()) visitObject(object);
  };
  const visitTarget = (target: TargetPlan): void => {
    switch (target.kind) {
      case 'object':
        visitObject(target.plan);
        return;
      case 'wrapper':
        visitObject(target.wrapper);
        if (target.nodes[0] !== undefined) visitObject(target.nodes[0]);
        return;
      case 'computed':
        visitObject(target.source);
        visitObject(target.result);
        return;
      case 'connection':
        visitConnection(target.connection);
        return;
    }
  };
  for (const root of plan.roots) {
    if (root.kind === 'open') continue;
    if (root.kind === 'statistics') {
      for (const [field, decision] of root.countable) fields.push(counted(root, field, decision));
      for (const [field, reasons] of root.behind) note(`${root.declaration.type}.${field}`, reasons);
      continue;
    }
    visitTarget(root.target);
    for (const { coordinate, reason } of rootReads(root, sources.registry.cases)) note(coordinate, [reason]);
  }
  return {
    policyVersion: plan.policyVersion,
    ...plan.of,
    fields,
    behind: [...behind]
      .map(([coordinate, reasons]) => ({ coordinate, reasons: [...reasons] }))
      .toSorted((a, b) => (a.coordinate < b.coordinate ? -1 : 1)),
  };
}

/** A field that records are counted by: the right to it, which shows nothing of a record. */
function counted(
  { owner, declaration, responseKey }: Extract<RootPlan, { kind: 'statistics' }>,
  field: string,
  decision: Decision,
): ExplainedField {
  const coordinate = `${declaration.type}.${field}`;
  const noLines = { lacks: null, purposes: null, guards: null, lines: null };
  return { coordinate, pathPattern: responseKey, agency: owner, ...judged(decision), ...noLines };
}

function lacking(
  { coordinate, decision }: LeafPlan | RelationPlan,
  of: AccessClass,
  { facts, policy }: PlanSources,
): Pick<ExplainedField, 'lacks' | 'purposes'> {
  const fact = facts.fields.get(coordinate);
  if (fact === undefined || decision.kind === 'give') return { lacks: null, purposes: null };
  const found = lackingOf(fact, of, { policy });
  return { lacks: found.lacks, purposes: found.lacks === 'PURPOSE' ? found.purposes : null };
}

/** The lines as the policy has them, up to the first that always holds. */
function weighed(
  field: LeafPlan | RelationPlan,
  of: AccessClass,
  { policy }: PlanSources,
): Pick<ExplainedField, 'guards' | 'lines'> {
  const lines = policy.rulesFor(field.coordinate, of).map(lineOf);
  const end = lines.findIndex((line) => line.closes);
  return { guards: guardsOf(field), lines: end < 0 ? lines : lines.slice(0, end + 1) };
}

function lineOf({ id, law, outcome, when, file, line }: FieldRule): ExplainedLine {
  const condition = printCondition(when);
  return {
    rule: id,
    law,
    outcome: outcomeText(outcome),
    when: condition,
    file,
    line,
    closes: condition === 'always',
  };
}

function guardsOf(field: LeafPlan | RelationPlan): string[] {
  const guards = field.decision.kind === 'depends' ? field.decision.guards.map(printCondition) : [];
  if (!('ofReporter' in field) || field.ofReporter === null || field.decision.kind === 'deny') return guards;
  // On records that a ticket led to, the gate weighs its reporter's secrecy: see src/gate/leaf.ts.
  return [...guards, field.ofReporter === 'person' ? 'reporterNotSecret' : 'reporterNotSecret, else mask redacted'];
}

function judged(decision: Decision): Pick<ExplainedField, 'verdict' | 'mask' | 'conditions' | 'rules'> {
  switch (decision.kind) {
    case 'deny':
      return { verdict: 'DENY', mask: null, conditions: null, rules: [] };
    case 'give':
      return decision.outcome.kind === 'mask'
        ? { verdict: 'MASK', mask: decision.outcome.mask, conditions: [], rules: [decision.rule] }
        : { verdict: 'ALLOW', mask: null, conditions: [], rules: [decision.rule] };
    case 'depends': {
      // A closing denial says what the default says: it gives nothing to name.
      const weighed = decision.rules.at(-1)?.outcome.kind === 'deny' ? decision.rules.slice(0, -1) : decision.rules;
      const rules = weighed.map((r) => r.id);
      const masks = [...new Set(decision.rules.flatMap((r) => (r.outcome.kind === 'mask' ? [r.outcome.mask] : [])))];
      const conditions = [...decision.guards, ...decision.rules.map((r) => r.when)]
        .map(printCondition)
        .filter((c) => c !== 'always');
      return {
        verdict: 'CONDITIONAL',
        mask: masks.length === 1 ? (masks[0] ?? null) : null,
        conditions: [...new Set(conditions)],
        rules: [...new Set(rules)],
      };
    }
  }
}
