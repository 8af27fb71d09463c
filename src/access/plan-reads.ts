import type { EntityDeclaration, MatchKind, RelationDeclaration } from '../connector/connector.ts';
import { conditionReads, type Condition } from './condition.ts';
import type { SchemaFacts } from './facts.ts';
import type { Decision, LeafPlan, ObjectPlan } from './plan.ts';

const redaction = 'redacted from';

/** The relation that finds the records of a selection. */
export interface JoinedBy {
  readonly relation: string;
  /** The fields of these records that it joins by. */
  readonly fields: readonly string[];
  /** Those that it compares once they are found. */
  readonly compared: readonly string[];
}

type Reads = Pick<ObjectPlan, 'reads' | 'fuzzyReads' | 'behind'>;

/**
 * What an object selection reads: the fields that may show, and behind the gate the record's key, what conditions and row
 * rules judge, what relations join by, and the names and addresses to redact. Nothing else is ever selected.
 */
export function includedReads(
  plan: Omit<ObjectPlan, keyof Reads>,
  ticketReads: ReadonlyMap<string, readonly string[]>,
  joinedBy: JoinedBy | undefined,
  entity: EntityDeclaration | undefined,
  facts: SchemaFacts,
): Reads {
  const shown = new Set<string>();
  const behind = new Map<string, string[]>();
  const because = (field: string, reason: string): void => addReason(behind, field, reason);
  const judged = (condition: Condition, reason: string): void => {
    for (const field of conditionReads(condition, plan.type).record) because(field, reason);
  };

  if (entity !== undefined) {
    because(entity.key, 'names the record in the ledger');
    if (plan.type === 'Ticket') because('type', 'seals the ledger entry of a report');
    for (const key of plan.order) because(key.field, 'order of the list');
  }
  if (plan.rows !== null && plan.rows !== true) judged(plan.rows, `rows of ${plan.type}`);
  for (const leaf of plan.leaves) {
    const { decision } = leaf;
    if (decision.kind === 'deny') continue;
    shown.add(leaf.field);
    if (isRedacted(leaf)) {
      const { names, addresses } = leaf.redacts;
      for (const known of [...names, ...addresses]) because(known, `${redaction} ${leaf.coordinate}`);
    }
    for (const c of decisionConditions(decision)) judged(c, `condition on ${leaf.coordinate}`);
  }
  for (const relation of plan.relations) {
    const { decision, declaration } = relation;
    if (decision.kind === 'deny') continue;
    for (const c of decisionConditions(decision)) judged(c, `condition on ${relation.coordinate}`);
    const { shape } = declaration;
    if (shape.kind === 'embedded') shown.add(relation.field);
    if (shape.kind === 'instant') because(shape.of, `holds ${relation.coordinate}`);
    for (const field of joinReads(declaration)) because(field, `joins ${relation.coordinate}`);
  }
  if (entity !== undefined && joinedBy !== undefined)
    for (const field of joinedBy.compared) because(field, `compared by ${joinedBy.relation}`);
  for (const [field, reasons] of ticketReads) for (const reason of reasons) because(field, reason);

  const reads = [...new Set([...shown, ...behind.keys()])];
  // A fuzzy match shows no text, so what is redacted from it is not read either.
  const needed = (field: string): boolean => behind.get(field)?.some((r) => !r.startsWith(redaction)) ?? false;
  const fuzzyReads = reads.filter(
    (f) => needed(f) || (facts.fields.get(`${plan.type}.${f}`)?.personal ?? null) === null,
  );
  // The statement that looks for these records compares them by these fields, each match kind by its own.
  if (entity !== undefined && joinedBy !== undefined)
    for (const field of joinedBy.fields) because(field, `joins ${joinedBy.relation}`);
  return { reads, fuzzyReads, behind };
}

/** The parent's fields that a relation joins by. Before a join by a personal number the gate asks whether the reporter wanted secrecy. */
export function joinReads(declaration: RelationDeclaration): string[] {
  return declaration.by
    .flatMap((match) => [
      match.parent,
      ...(match.window === undefined ? [] : [match.window.parent]),
      ...(isPersonal(match) ? reporterSecrecyReads : []),
    ])
    .concat(declaration.comparison?.reads ?? []);
}

/** Whether the match compares a person's own value. */
export function isPersonal({ as, person }: MatchKind): boolean {
  return as !== 'plain' || person === true;
}

/** What the ticket's own predicate `reporterNotSecret` reads. */
export const reporterSecrecyReads = ['confidential', 'leadAgency', 'leadUnit'];

/** Fields that are read of the records that a relation finds, to compare them with those above. */
export function comparedReads({ comparison, by, to }: RelationDeclaration): readonly string[] {
  const secrecy = to === 'Ticket' && by.some(isPersonal) ? reporterSecrecyReads : [];
  return [...(comparison?.reads ?? []), ...secrecy];
}

/** The target's fields that a relation joins by. */
export function childReads(declaration: RelationDeclaration): string[] {
  return [...new Set(declaration.by.flatMap((m) => [m.child, ...(m.window === undefined ? [] : [m.window.child])]))];
}

/**
 * Whether the field's text can come redacted, for which the names and addresses that it may hold are read: by its mask, or because the
 * reporter of a ticket that led to the record asked for secrecy.
 */
export function isRedacted({ decision, ofReporter }: LeafPlan): boolean {
  const outcomes =
    decision.kind === 'give'
      ? [decision.outcome]
      : decision.kind === 'depends'
        ? decision.rules.map((r) => r.outcome)
        : [];
  return outcomes.some(
    (o) => (o.kind === 'mask' && o.mask === 'redacted') || (o.kind === 'plain' && ofReporter === 'text'),
  );
}

/** Every condition that the decision weighs. */
export function decisionConditions(decision: Decision): Condition[] {
  return decision.kind === 'depends' ? [...decision.guards, ...decision.rules.map((r) => r.when)] : [];
}

/** Notes why a field is read. */
export function addReason(reads: Map<string, string[]>, field: string, reason: string): void {
  const reasons = reads.get(field);
  if (reasons === undefined) reads.set(field, [reason]);
  else if (!reasons.includes(reason)) reasons.push(reason);
}
