import {
  getArgumentValues,
  Kind,
  OperationTypeNode,
  parse,
  print,
  visit,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Variables } from '../../access/include.ts';
import { mergeFields } from '../../access/selection.ts';
import { canonicalTicketNo } from '../../codes/ticket-no.ts';
import { codedError } from '../../errors/coded-error.ts';
import { eventBasis } from '../../events/event-basis.ts';
import { isSubscriptionField, kindOf, type SubscriptionField } from './subscription-fields.ts';

/** A field of the event as its caller asked for it. */
export type EventSlot =
  | { readonly kind: 'own'; readonly responseKey: string; readonly field: string }
  /** `root` is the root field of the query that gives the ticket. */
  | { readonly kind: 'ticket'; readonly responseKey: string; readonly root: string };

/** A subscription, and the query by which each of its events is answered like a new request. */
export interface EventDocument {
  readonly field: SubscriptionField;
  /** The ticket that it is about; null for those of all tickets. */
  readonly ticketNo: string | null;
  /** What the caller calls the subscription's field. */
  readonly responseKey: string;
  readonly slots: readonly EventSlot[];
  /** Asks for the ticket that the variable `ticketVariable` names: for what the event itself tells, and for each slot. */
  readonly query: string;
  readonly ticketVariable: string;
}

/** The root field of the query that holds what the event itself tells of the ticket. */
export const basisRoot = 'event';

/**
 * The query of a validated subscription whose fragments are inlined, for its coerced variables. Throws `BAD_USER_INPUT`
 * where `@skip` and `@include` leave nothing of it.
 */
export function eventDocument(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables,
): EventDocument {
  const type = schema.getRootType(OperationTypeNode.SUBSCRIPTION);
  const eventType = schema.getType('TicketEvent');
  if (type == null || eventType === undefined) throw new TypeError('the schema has no events');
  const [root] = mergeFields(schema, {}, type, [{ set: operation.selectionSet, include: true }], variables);
  if (root === undefined || !isSubscriptionField(root.name))
    throw codedError('BAD_USER_INPUT', 'nothing is left of the subscription; ask for one of its fields');
  const fields = mergeFields(schema, {}, eventType, root.sets, variables);
  const given = operation.variableDefinitions ?? [];
  const ticketVariable = unused('eventTicketNo', given);
  const asked: FieldNode[] = [basis(root.name, ticketVariable)];
  const slots = fields.map(({ responseKey, name, sets }): EventSlot => {
    if (name !== 'ticket') return { kind: 'own', responseKey, field: name };
    const key = `ticket${asked.length}`;
    const selections = sets.flatMap(({ set }) => set.selections);
    asked.push(ticketRoot(key, ticketVariable, { kind: Kind.SELECTION_SET, selections }));
    return { kind: 'ticket', responseKey, root: key };
  });
  return {
    field: root.name,
    ticketNo: ticketOf(type, root.name, root.node, variables),
    responseKey: root.responseKey,
    slots,
    query: print(queryOf(operation, asked, ticketVariable)),
    ticketVariable,
  };
}

function ticketOf(
  type: GraphQLObjectType,
  name: SubscriptionField,
  node: FieldNode,
  variables: Variables,
): string | null {
  const definition = type.getFields()[name];
  if (definition === undefined) throw new TypeError(`the schema has no ${name}`);
  const { ticketNo } = getArgumentValues(definition, node, variables);
  return typeof ticketNo === 'string' ? canonicalTicketNo(ticketNo) : null;
}

function queryOf(
  operation: OperationDefinitionNode,
  selections: readonly FieldNode[],
  ticketVariable: string,
): OperationDefinitionNode {
  const used = new Set<string>();
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  visit(selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const ticketNo: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: ticketVariable } },
    type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'ID' } } },
  };
  // What only the subscription's own argument used would be a variable that nothing uses.
  const kept = (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value));
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    ...(operation.name === undefined ? {} : { name: operation.name }),
    variableDefinitions: [ticketNo, ...kept],
    selectionSet,
  };
}

function basis(field: SubscriptionField, ticketVariable: string): FieldNode {
  const text = `query ($ticketNo: ID!) { ${basisRoot}: ${eventBasis(kindOf(field)).root} }`;
  const [definition] = parse(text, { noLocation: true }).definitions;
  const [root] = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
  if (root?.kind !== Kind.FIELD) throw new TypeError(`${field} has no basis`);
  const named: FieldNode = visit(root, {
    Variable: (node) => ({ ...node, name: { kind: Kind.NAME, value: ticketVariable } }),
  });
  return named;
}

function ticketRoot(key: string, ticketVariable: string, selectionSet: SelectionSetNode): FieldNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  return {
    kind: Kind.FIELD,
    alias: name(key),
    name: name('ticket'),
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: name('ticketNo'),
        value: { kind: Kind.VARIABLE, name: name(ticketVariable) },
      },
    ],
    selectionSet,
  };
}

function unused(name: string, definitions: readonly VariableDefinitionNode[]): string {
  return definitions.some(({ variable }) => variable.name.value === name) ? unused(`${name}_`, definitions) : name;
}
