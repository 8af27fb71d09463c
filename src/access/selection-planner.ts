import {
  getNamedType,
  Kind,
  parse,
  isObjectType,
  isUnionType,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { EntityDeclaration, RelationDeclaration, RelationShape, SortKey } from '../connector/connector.ts';
import type { Registry } from '../connector/registry.ts';
import { conditionReads, type Condition } from './condition.ts';
import { decide, recordsFor } from './decide.ts';
import type { FieldFacts, SchemaFacts } from './facts.ts';
import { reportSecrecy } from './report-rows.ts';
import {
  addReason,
  childReads,
  comparedReads,
  decisionConditions,
  includedReads,
  isRedacted,
  reporterSecrecyReads,
  type JoinedBy,
} from './plan-reads.ts';
import type {
  ConnectionPlan,
  ConnectionSlot,
  Decision,
  LeafPlan,
  ObjectPlan,
  RelationPlan,
  TargetPlan,
} from './plan.ts';
import type { AccessClass, Policy } from './policy.ts';
import { mergeFields, type IncludedSet, type MergedField } from './selection.ts';

/** What plans are made from. */
export interface PlanSources {
  readonly schema: GraphQLSchema;
  readonly facts: SchemaFacts;
  readonly registry: Registry;
  readonly policy: Policy;
}

/** What the surroundings of a selection tell it. */
export interface Surroundings {
  readonly path: string;
  /** Collects the fields of the ticket above that conditions read, with the reason. */
  readonly ticketReads: Map<string, string[]>;
  /** Whether a fuzzy match may have led here. */
  readonly fuzzy: boolean;
  readonly joinedBy?: JoinedBy;
}

/** Plans the selections below a root field for one access class. */
export class SelectionPlanner {
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly #of: AccessClass;
  readonly #sources: PlanSources;

  constructor(fragments: Readonly<Record<string, FragmentDefinitionNode>>, of: AccessClass, sources: PlanSources) {
    this.#fragments = fragments;
    this.#of = of;
    this.#sources = sources;
  }

  /** What a field of this type leads to. */
  target(type: string, sets: readonly IncludedSet[], around: Surroundings): TargetPlan {
    if (type.endsWith('Connection')) return { kind: 'connection', connection: this.#connection(type, sets, around) };
    return { kind: 'object', plan: this.#object(type, sets, around, 'entity') };
  }

  #object(typeName: string, sets: readonly IncludedSet[], around: Surroundings, kind: 'entity' | 'part'): ObjectPlan {
    const { schema, facts, registry, policy } = this.#sources;
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new TypeError(`${typeName} is no object type`);
    // Below a ticket, conditions about "the ticket" speak of this one.
    const below = typeName === 'Ticket' ? new Map<string, string[]>() : around.ticketReads;
    const inside: Surroundings = { ...around, ticketReads: below };
    const entity = kind === 'entity' ? registry.entity(typeName) : undefined;
    const leaves: LeafPlan[] = [];
    const relations: RelationPlan[] = [];
    const access: { responseKey: string; include: MergedField['include'] }[] = [];
    for (const field of mergeFields(schema, this.#fragments, type, sets)) {
      if (field.name === '__typename') continue;
      if (field.name === 'access') {
        access.push({ responseKey: field.responseKey, include: field.include });
        continue;
      }
      const fact = facts.fields.get(`${typeName}.${field.name}`);
      if (fact === undefined) throw new TypeError(`${typeName}.${field.name} has no facts`);
      const decision = decide(fact, this.#of, policy, around.fuzzy);
      if (field.sets.length === 0) this.#leaf(leaves, field, fact, decision, around);
      else relations.push(this.#relation(type, field, fact, decision, inside));
    }
    const rows: ObjectPlan['rows'] = entity === undefined ? true : this.#rows(typeName, around);
    const order = entity === undefined ? [] : this.#order(entity.declaration);
    const owner = entity?.agency ?? facts.fieldsOf(typeName)[0]?.owner ?? 'hub';
    const plan = {
      type: typeName,
      owner,
      key: entity?.declaration.key ?? null,
      pathPattern: around.path,
      rows,
      order,
      leaves,
      relations,
      access,
    };
    if (typeName !== 'Ticket') {
      // The text of a record that a ticket led to may name the ticket's reporter.
      for (const leaf of leaves)
        if (isRedacted(leaf)) addReason(inside.ticketReads, 'reporterName', `redacted from ${leaf.coordinate}`);
    }
    const ticketReads = typeName === 'Ticket' ? below : new Map<string, string[]>();
    for (const [field, reasons] of this.#ticketConditionReads(plan))
      for (const reason of reasons) addReason(inside.ticketReads, field, reason);
    return { ...plan, ...includedReads(plan, ticketReads, around.joinedBy, entity?.declaration, facts) };
  }

  /** The row rules; no other record leads to a report, since the link itself would tell of it. */
  #rows(type: string, { joinedBy }: Surroundings): Condition | null {
    const rows = recordsFor(type, this.#of, this.#sources.policy);
    return rows === null || type !== 'Ticket' || joinedBy === undefined
      ? rows
      : { kind: 'all', of: [rows, reportSecrecy] };
  }

  /** A list is sorted only by what the class may always read plainly, and last by the key. */
  #order(entity: EntityDeclaration): SortKey[] {
    const { facts, policy } = this.#sources;
    const open = entity.order.filter(({ field }) => {
      const fact = facts.fields.get(`${entity.type}.${field}`);
      const decision = fact === undefined ? undefined : decide(fact, this.#of, policy, false);
      return field !== entity.key && decision?.kind === 'give' && decision.outcome.kind === 'plain';
    });
    const last = entity.order.find((k) => k.field === entity.key) ?? { field: entity.key, direction: 'ASC' as const };
    return [...open, last];
  }

  /** What the object's own conditions read of the ticket above it. */
  #ticketConditionReads(plan: Pick<ObjectPlan, 'type' | 'rows' | 'leaves' | 'relations'>): Map<string, string[]> {
    const reads = new Map<string, string[]>();
    if (plan.type === 'Ticket') return reads;
    const add = (condition: Condition, reason: string): void => {
      for (const field of conditionReads(condition, plan.type).ticket) addReason(reads, field, reason);
    };
    for (const leaf of plan.leaves) {
      if (leaf.ofReporter === null || leaf.decision.kind === 'deny') continue;
      for (const field of reporterSecrecyReads) addReason(reads, field, `reporter's secrecy on ${leaf.coordinate}`);
    }
    if (plan.rows !== null && plan.rows !== true) add(plan.rows, `rows of ${plan.type}`);
    for (const { decision, coordinate } of [...plan.leaves, ...plan.relations]) {
      for (const c of decisionConditions(decision)) add(c, `condition on ${coordinate}`);
    }
    return reads;
  }

  #leaf(leaves: LeafPlan[], field: MergedField, fact: FieldFacts, decision: Decision, around: Surroundings): void {
    const before = leaves.findIndex((l) => l.field === field.name);
    const found = leaves[before];
    if (found !== undefined) {
      leaves[before] = {
        ...found,
        include: found.include === true || field.include === true ? true : [...found.include, ...field.include],
      };
      return;
    }
    leaves.push({
      field: field.name,
      coordinate: fact.coordinate,
      owner: fact.owner,
      pathPattern: `${around.path}.${field.responseKey}`,
      nonNull: fact.nonNull,
      decision,
      include: field.include,
      ofReporter: ofReporter(fact),
      redacts: fact.personal === 'FREE_TEXT' ? knownIn(fact.type, this.#sources.facts) : { names: [], addresses: [] },
    });
  }

  #relation(
    type: GraphQLObjectType,
    field: MergedField,
    fact: FieldFacts,
    decision: Decision,
    inside: Surroundings,
  ): RelationPlan {
    const definition = type.getFields()[field.name];
    if (definition === undefined) throw new TypeError(`${fact.coordinate} is not in the schema`);
    const declaration = this.#sources.registry.relation(type.name, field.name) ?? embedded(fact);
    const path = `${inside.path}.${field.responseKey}${fact.list ? '.*' : ''}`;
    const fields = childReads(declaration);
    const around: Surroundings = {
      ...inside,
      path,
      fuzzy: inside.fuzzy || declaration.by.some((m) => m.fuzzy),
      // The record in a match wrapper was found by the wrapper's relation.
      ...(isHeld(declaration.shape)
        ? {}
        : { joinedBy: { fields, compared: comparedReads(declaration), relation: fact.coordinate } }),
    };
    return {
      responseKey: field.responseKey,
      field: field.name,
      coordinate: fact.coordinate,
      owner: fact.owner,
      pathPattern: `${inside.path}.${field.responseKey}`,
      decision,
      include: field.include,
      declaration,
      call: { node: field.node, definition },
      target: this.#relationTarget(declaration, fact, field.sets, around),
    };
  }

  #relationTarget(
    declaration: RelationDeclaration,
    fact: FieldFacts,
    sets: readonly IncludedSet[],
    around: Surroundings,
  ): TargetPlan {
    const { shape } = declaration;
    switch (shape.kind) {
      case 'match':
      case 'matches': {
        const wrapper = this.#object(shape.wrapper, sets, around, 'part');
        const asked = wrapper.relations.flatMap((r) =>
          r.field === shape.node && r.target.kind === 'object' ? [r.target.plan] : [],
        );
        // Even where only `matchedBy` is asked, the record's row rules decide whether there is a match to tell of.
        const base = this.#object(declaration.to, [], around, 'entity');
        const nodes = [base, ...asked];
        const record = {
          ...base,
          reads: [...new Set(nodes.flatMap((n) => n.reads))],
          fuzzyReads: [...new Set(nodes.flatMap((n) => n.fuzzyReads))],
        };
        return { kind: 'wrapper', wrapper, nodes, node: shape.node, record };
      }
      case 'one':
      case 'list':
        return { kind: 'object', plan: this.#object(declaration.to, sets, around, 'entity') };
      case 'embedded':
      case 'instant':
        // A wrapper's record is a record of its own; a part of a record has no rows of its own.
        return {
          kind: 'object',
          plan: this.#object(
            fact.of,
            sets,
            around,
            this.#sources.registry.entity(fact.of) === undefined ? 'part' : 'entity',
          ),
        };
      case 'connection':
        return { kind: 'connection', connection: this.#connection(fact.of, sets, around) };
      case 'computed': {
        const selection = selectionSet(shape.selection(this.#sources.registry.receipts));
        return {
          kind: 'computed',
          source: this.#object(declaration.to, [{ set: selection, include: true }], around, 'entity'),
          result: this.#object(fact.of, sets, around, 'part'),
        };
      }
    }
  }

  #connection(typeName: string, sets: readonly IncludedSet[], around: Surroundings): ConnectionPlan {
    const { schema, facts, policy } = this.#sources;
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new TypeError(`${typeName} is no connection`);
    const members = (of: string): string[] => {
      const named = schema.getType(of);
      return isUnionType(named) ? schema.getPossibleTypes(named).map((t) => t.name) : [of];
    };
    const record = type.getFields()['nodes'];
    if (record === undefined) throw new TypeError(`${typeName} has no nodes`);
    const base = new Map(
      members(getNamedType(record.type).name).map((m) => [m, this.#object(m, [], around, 'entity')]),
    );
    const slots = (field: MergedField, path: string, of: string): ConnectionSlot => {
      const plans = new Map(members(of).map((m) => [m, this.#object(m, field.sets, { ...around, path }, 'entity')]));
      return { responseKey: field.responseKey, include: field.include, plans };
    };
    const nodes: ConnectionSlot[] = [];
    const edges: { responseKey: string; include: MergedField['include']; nodes: ConnectionSlot[] }[] = [];
    const pageInfo: { responseKey: string; include: MergedField['include'] }[] = [];
    const counts: LeafPlan[] = [];
    for (const field of mergeFields(schema, this.#fragments, type, sets)) {
      const definition = type.getFields()[field.name];
      if (definition === undefined) continue;
      const path = `${around.path}.${field.responseKey}`;
      const of = getNamedType(definition.type).name;
      if (field.name === 'nodes') nodes.push(slots(field, `${path}.*`, of));
      else if (field.name === 'pageInfo') pageInfo.push({ responseKey: field.responseKey, include: field.include });
      else if (field.name === 'edges') {
        const edge = schema.getType(of);
        if (!isObjectType(edge)) throw new TypeError(`${of} is no edge`);
        const node = edge.getFields()['node'];
        if (node === undefined) throw new TypeError(`${of} has no node`);
        const inner = mergeFields(schema, this.#fragments, edge, field.sets).filter((f) => f.name === 'node');
        edges.push({
          responseKey: field.responseKey,
          include: field.include,
          nodes: inner.map((f) => slots(f, `${path}.*.${f.responseKey}`, getNamedType(node.type).name)),
        });
      } else {
        const fact = facts.fields.get(`${typeName}.${field.name}`);
        if (fact === undefined) throw new TypeError(`${typeName}.${field.name} has no facts`);
        this.#leaf(counts, field, fact, decide(fact, this.#of, policy, false), around);
      }
    }
    return { type: typeName, base, nodes, edges, pageInfo, totalCount: counts[0] ?? null };
  }
}

function selectionSet(text: string): SelectionSetNode {
  const [operation] = parse(text, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('a computed relation selects by `{ … }`');
  return operation.selectionSet;
}

/** The fields of a type's records that hold names and addresses in words; coordinates are numbers. */
function knownIn(type: string, facts: SchemaFacts): LeafPlan['redacts'] {
  const fields = facts.fieldsOf(type);
  return {
    names: fields.filter((f) => f.personal === 'NAME').map((f) => f.field),
    addresses: fields.filter((f) => f.personal === 'ADDRESS' && f.of === 'String').map((f) => f.field),
  };
}

/** Whoever turned to another agency may be the ticket's reporter; somebody in office or business is not. */
function ofReporter({ type, personal, official }: FieldFacts): LeafPlan['ofReporter'] {
  if (type === 'Ticket' || official) return null;
  if (personal === 'FREE_TEXT') return 'text';
  return personal === 'NAME' || personal === 'PHONE' || personal === 'ID_NUMBER' ? 'person' : null;
}

/** Whether the parent's own record holds the relation's records, so that nothing is joined. */
function isHeld({ kind }: RelationShape): boolean {
  return kind === 'embedded' || kind === 'instant';
}

/** A part of a record, or the record in a match wrapper: the parent holds it already. */
function embedded(fact: FieldFacts): RelationDeclaration {
  return { on: fact.type, field: fact.field, to: fact.of, shape: { kind: 'embedded', list: fact.list }, by: [] };
}
