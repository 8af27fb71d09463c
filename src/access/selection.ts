import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { isAbstractType, isObjectType } from 'graphql';
import { either, included, narrow, type Include, type Variables } from './include.ts';

/** The fields that share one response key, merged. */
export interface MergedField {
  readonly responseKey: string;
  readonly name: string;
  readonly node: FieldNode;
  readonly include: Include;
  readonly sets: readonly IncludedSet[];
}

/** A selection set with the `@skip`/`@include` tests that stand on the way to it, within the parent. */
export interface IncludedSet {
  readonly set: SelectionSetNode;
  readonly include: Include;
}

/**
 * Merges the selection sets for one object type, in the order of the answer (GraphQL spec, CollectFields). `variables`
 * leave out what they rule out, which moves what is asked again further down.
 */
export function mergeFields(
  schema: GraphQLSchema,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  type: GraphQLNamedType,
  sets: readonly IncludedSet[],
  variables: Variables | null = null,
): readonly MergedField[] {
  const merged = new Map<string, { node: FieldNode; include: Include; sets: IncludedSet[] }>();
  const visit = (set: SelectionSetNode, include: Include): void => {
    for (const selection of set.selections) {
      const within = narrow(include, selection);
      if (within === null || (variables !== null && !included(within, variables))) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const found = merged.get(key);
        const below = selection.selectionSet === undefined ? [] : [{ set: selection.selectionSet, include: within }];
        if (found === undefined) merged.set(key, { node: selection, include: within, sets: below });
        else {
          found.include = either(found.include, within);
          found.sets.push(...below);
        }
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      if (fragment === undefined) continue;
      if (fragment.typeCondition === undefined || applies(schema, fragment.typeCondition.name.value, type))
        visit(fragment.selectionSet, within);
    }
  };
  for (const { set, include } of sets) visit(set, include);
  return [...merged].map(([responseKey, m]) => ({
    responseKey,
    name: m.node.name.value,
    node: m.node,
    include: m.include,
    sets: m.sets,
  }));
}

function applies(schema: GraphQLSchema, condition: string, type: GraphQLNamedType): boolean {
  if (condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && isObjectType(type) && schema.isSubType(wanted, type);
}
