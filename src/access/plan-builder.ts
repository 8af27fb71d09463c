import {
  getNamedType,
  getNullableType,
  isListType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { RootDeclaration, StatisticsDeclaration } from '../connector/connector.ts';
import { filterFields } from '../connector/filter.ts';
import { conditionReads } from './condition.ts';
import { decide, decideRight, recordsFor } from './decide.ts';
import { addReason, childReads, comparedReads, decisionConditions, joinReads } from './plan-reads.ts';
import type { AccessPlan, Decision, RootPlan, TicketRelation } from './plan.ts';
import type { AccessClass } from './policy.ts';
import { SelectionPlanner, type PlanSources, type Surroundings } from './selection-planner.ts';
import { mergeFields } from './selection.ts';

/**
 * Makes the access plan of a validated query for a class of callers. Pure: equal arguments give equal plans.
 */
export function buildPlan(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  of: AccessClass,
  sources: PlanSources,
): AccessPlan {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments[d.name.value] = d;
  const builder = new RootPlanner(fragments, of, sources);
  return { of, policyVersion: sources.policy.version, operation, roots: builder.roots(operation) };
}

class RootPlanner {
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly #of: AccessClass;
  readonly #sources: PlanSources;
  readonly #planner: SelectionPlanner;

  constructor(fragments: Readonly<Record<string, FragmentDefinitionNode>>, of: AccessClass, sources: PlanSources) {
    this.#fragments = fragments;
    this.#of = of;
    this.#sources = sources;
    this.#planner = new SelectionPlanner(fragments, of, sources);
  }

  roots(operation: OperationDefinitionNode): RootPlan[] {
    const { schema, facts, registry, policy } = this.#sources;
    const type = schema.getRootType(operation.operation);
    if (type === undefined || type === null) throw new TypeError(`the schema has no ${operation.operation} type`);
    return mergeFields(schema, this.#fragments, type, [{ set: operation.selectionSet, include: true }]).flatMap(
      (field): RootPlan[] => {
        const definition = type.getFields()[field.name];
        // __typename, __schema and __type are the executor's own.
        if (definition === undefined) return [];
        const { responseKey, name, include } = field;
        const call = { node: field.node, definition };
        const base = { responseKey, field: name, include, call };
        if (facts.ownRoots.has(name)) return [{ kind: 'open', ...base }];
        const counted = registry.statistics(name);
        if (counted !== undefined) return [{ kind: 'statistics', ...base, ...this.#statistics(counted) }];
        const ticketReads = new Map<string, string[]>();
        const path = isListType(getNullableType(definition.type)) ? `${responseKey}.*` : responseKey;
        const around: Surroundings = { path, ticketReads, fuzzy: false };
        const target = this.#planner.target(getNamedType(definition.type).name, field.sets, around);
        if (name === 'myCases') return [{ kind: 'cases', ...base, target, usable: this.#usableCases() }];
        const declaration = registry.root(name);
        if (declaration === undefined) throw new TypeError(`no connector answers the root field ${name}`);
        const ticketRows = recordsFor('Ticket', this.#of, policy);
        const records = {
          kind: 'records' as const,
          ...base,
          declaration,
          usable: this.#usable(declaration),
          comparable: this.#comparable(declaration),
          ticketRows,
        };
        if (declaration.kind !== 'lookup' || declaration.binding === 'self') {
          return [{ ...records, target, ticketReads, ticketRelations: [] }];
        }
        // A direct lookup goes through the ticket's relations, one of which may be a fuzzy one.
        const ticketRelations = this.#ticketRelations(declaration.type, ticketReads);
        const fuzzy = ticketRelations.some((r) => r.declaration.by.some((m) => m.fuzzy));
        const joinedBy = {
          fields: ticketRelations.flatMap((r) => childReads(r.declaration)),
          compared: ticketRelations.flatMap((r) => comparedReads(r.declaration)),
          relation: ticketRelations.map((r) => r.coordinate).join(', '),
        };
        const reached = this.#planner.target(declaration.type, field.sets, { ...around, fuzzy, joinedBy });
        return [{ ...records, target: reached, ticketReads, ticketRelations }];
      },
    );
  }

  /** Whose counts a statistics root can give the class, and what chooses the records that are counted. */
  #statistics(
    declaration: StatisticsDeclaration,
  ): Pick<Extract<RootPlan, { kind: 'statistics' }>, 'declaration' | 'owner' | 'rows' | 'countable' | 'behind'> {
    const { facts, policy, registry } = this.#sources;
    const { type, time, dimensions } = declaration;
    const rows = this.#of.purpose === 'STATISTICS' ? policy.rowsFor(type, this.#of) : null;
    const behind = new Map<string, string[]>();
    const countable = new Map<string, Decision>();
    addReason(behind, time, `month of ${declaration.field}`);
    if (rows !== null) for (const read of conditionReads(rows, type).record) addReason(behind, read, `rows of ${type}`);
    for (const { field } of Object.values(dimensions).flat()) {
      const fact = facts.fields.get(`${type}.${field}`);
      if (fact === undefined || countable.has(field)) continue;
      const decision = decideRight('count', fact, this.#of, policy);
      countable.set(field, decision);
      for (const condition of decisionConditions(decision))
        for (const read of conditionReads(condition, type).record)
          addReason(behind, read, `condition on counting by ${fact.coordinate}`);
    }
    return { declaration, owner: registry.entity(type)?.agency ?? 'hub', rows, countable, behind };
  }

  #ticketRelations(type: string, ticketReads: Map<string, string[]>): TicketRelation[] {
    const { facts, policy, registry } = this.#sources;
    return registry.relationsOn('Ticket').flatMap((declaration): TicketRelation[] => {
      const fact = facts.fields.get(`Ticket.${declaration.field}`);
      if (declaration.to !== type || fact === undefined) return [];
      const decision = decide(fact, this.#of, policy, false);
      if (decision.kind === 'deny') return [];
      for (const field of joinReads(declaration)) addReason(ticketReads, field, `joins ${fact.coordinate}`);
      for (const condition of decisionConditions(decision)) {
        for (const field of conditionReads(condition, 'Ticket').record) {
          addReason(ticketReads, field, `condition on ${fact.coordinate}`);
        }
      }
      return [{ declaration, coordinate: fact.coordinate, decision }];
    });
  }

  /** The decisions on the fields that a page's arguments can use. */
  #usable(declaration: RootDeclaration): Map<string, Decision> {
    if (declaration.kind !== 'page') return new Map();
    const { filters, states = [], orders, order, type } = declaration;
    const chosen = [...filters.map((f) => f.field), ...states.flatMap((s) => s.fields)];
    const fields = [...chosen, ...Object.values(orders), ...order.map((k) => k.field)];
    return new Map(fields.flatMap((field) => this.#decisionOn(type, field).map((d) => [field, d] as const)));
  }

  /** The decisions on comparing the fields that a page's arguments compare for equality. */
  #comparable(declaration: RootDeclaration): Map<string, Decision> {
    if (declaration.kind !== 'page') return new Map();
    const { facts, policy } = this.#sources;
    const fields = declaration.filters.filter((f) => f.test === 'in' || f.test === 'is').map((f) => f.field);
    return new Map(
      fields.flatMap((field) => {
        const fact = facts.fields.get(`${declaration.type}.${field}`);
        return fact === undefined ? [] : [[field, decideRight('match', fact, this.#of, policy)] as const];
      }),
    );
  }

  #usableCases(): Map<string, Decision> {
    return new Map(
      this.#sources.registry.cases.flatMap((one) =>
        [one.changedAt, ...filterFields(one.open)].flatMap((field) =>
          this.#decisionOn(one.type, field).map((d) => [`${one.type}.${field}`, d] as const),
        ),
      ),
    );
  }

  #decisionOn(type: string, field: string): Decision[] {
    const fact = this.#sources.facts.fields.get(`${type}.${field}`);
    return fact === undefined ? [] : [decide(fact, this.#of, this.#sources.policy, false)];
  }
}
