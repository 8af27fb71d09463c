import { OperationTypeNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Variables } from '../access/include.ts';
import type { GateObject } from '../gate/gate-object.ts';
import type { Write } from './leaf-writer.ts';
import { fromRoots, SelectionWriters } from './selection-writer.ts';
import { switches } from './switches.ts';

/** Writers kept for one operation: more sets of switches than these are made anew. */
const KEPT = 16;

/**
 * Writes the data of an operation whose fragments are inlined, from the gate's root value; null where the answer is not
 * made of values alone (an error, a null that climbs, something yet to come, the schema itself), which is the full
 * executor's work. `variables` are coerced.
 */
export type AnswerWriter = (
  operation: OperationDefinitionNode,
  rootValue: Readonly<GateObject>,
  variables: Variables,
) => Record<string, unknown> | null;

/**
 * A breadth of answers consists of nothing but what the gate let through: these need no resolver, promise or path. The
 * writers of an operation are made once for each set of its `@skip` and `@include` variables.
 */
export function createAnswerWriter(schema: GraphQLSchema): AnswerWriter {
  const made = new WeakMap<OperationDefinitionNode, Operation>();
  return (operation, rootValue, variables) => {
    let known = made.get(operation);
    if (known === undefined) made.set(operation, (known = { switches: switches(operation), writers: new Map() }));
    const key = known.switches.map((name) => (variables[name] === true ? '1' : '0')).join('');
    let write = known.writers.get(key);
    if (write === undefined) {
      write = writerOf(schema, operation, variables);
      if (known.writers.size < KEPT) known.writers.set(key, write);
    }
    return write(rootValue);
  };
}

interface Operation {
  readonly switches: readonly string[];
  readonly writers: Map<string, (rootValue: Readonly<GateObject>) => Record<string, unknown> | null>;
}

function writerOf(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Variables) {
  const type = schema.getRootType(operation.operation);
  const never = (): null => null;
  // A mutation's roots take turns; what they give comes from the hub itself.
  if (type == null || operation.operation !== OperationTypeNode.QUERY) return never;
  const sets = [{ set: operation.selectionSet, include: true as const }];
  let write: Write;
  try {
    write = new SelectionWriters(schema, variables).object(type, sets, fromRoots);
  } catch {
    return never;
  }
  return (rootValue: Readonly<GateObject>): Record<string, unknown> | null => {
    try {
      return write(rootValue) as Record<string, unknown>;
    } catch {
      // Whatever it is, the full executor comes upon it as well and says it with its place.
      return null;
    }
  };
}
