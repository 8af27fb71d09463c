import { printCondition } from '../access/condition.ts';
import { buildPlan } from '../access/plan-builder.ts';
import type { PlanSources } from '../access/selection-planner.ts';
import type {
  AccessPlan,
  ConnectionPlan,
  Decision,
  LeafPlan,
  ObjectPlan,
  RelationPlan,
  TargetPlan,
} from '../access/plan.ts';
import { isPurpose, type Principal, type Purpose } from '../identity/principal.ts';
import { codedError } from '../errors/coded-error.ts';
import type { Documents } from './documents.ts';

/** One asked field, judged by the policy before anything is fetched. */
export interface ExplainedField {
  readonly coordinate: string;
  readonly pathPattern: string;
  readonly agency: string;
  readonly verdict: 'ALLOW' | 'MASK' | 'DENY' | 'CONDITIONAL';
  readonly mask: string | null;
  readonly conditions: readonly string[] | null;
  readonly rules: readonly string[];
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

/** Explains a query to its own caller: the real evaluator makes the plan, and nothing is fetched. */
export function explainAccess(
  args: Readonly<Record<string, unknown>>,
  principal: Principal,
  asked: Purpose | null,
  documents: Documents,
  sources: PlanSources,
): Explanation {
  const purpose = typeof args['purpose'] === 'string' ? args['purpose'] : asked;
  if (purpose !== null && !isPurpose(purpose))
    throw codedError('BAD_USER_INPUT', 'purpose is none of the known purposes');
  const operationName = typeof args['operationName'] === 'string' ? args['operationName'] : null;
  const prepared = documents.prepare(String(args['query']), operationName, false);
  const of = { agency: principal.agency, role: principal.role, purpose };
  return explainPlan(buildPlan(prepared.document, prepared.operation, of, sources));
}

/** Prints a plan: every field with its verdict, and everything that is read behind the gate. */
export function explainPlan(plan: AccessPlan): Explanation {
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
      case 'connection':
        visitConnection(target.connection);
        return;
    }
  };
  for (const root of plan.roots) {
    if (root.kind === 'open') continue;
    visitTarget(root.target);
    if (root.kind === 'cases')
      for (const coordinate of root.usable.keys()) note(coordinate, [`sorts and chooses ${root.field}`]);
    else for (const [field, reasons] of root.ticketReads) note(`Ticket.${field}`, reasons);
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

function explained({ coordinate, pathPattern, owner, decision }: LeafPlan | RelationPlan): ExplainedField {
  return { coordinate, pathPattern, agency: owner, ...judged(decision) };
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
