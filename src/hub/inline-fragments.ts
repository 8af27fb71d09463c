import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { codedError } from '../errors/coded-error.ts';

/** A document of one operation and nothing else. */
export interface OperationDocument extends DocumentNode {
  readonly definitions: readonly [OperationDefinitionNode];
}

/**
 * The operation with every fragment spread written out as an inline fragment, its directives kept. graphql-jit confuses
 * the `@include` and `@skip` of two spreads of one fragment; without spreads there is nothing to confuse. Throws
 * `LIMIT_EXCEEDED` when fragments within fragments would grow past `maxSelections`.
 */
export function inlineFragments(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  maxSelections: number,
): OperationDocument {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  let count = 0;
  const inlineSet = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map(inlineOne),
  });
  const inlineOne = (selection: SelectionNode): SelectionNode => {
    count += 1;
    if (count > maxSelections) {
      throw codedError(
        'LIMIT_EXCEEDED',
        `with its fragments written out the operation has more than ${maxSelections} selections; use fewer fragments within fragments`,
        {
          extensions: { limit: 'tokens', max: maxSelections },
        },
      );
    }
    if (selection.kind !== Kind.FRAGMENT_SPREAD) {
      return selection.selectionSet === undefined
        ? selection
        : { ...selection, selectionSet: inlineSet(selection.selectionSet) };
    }
    const fragment = fragments.get(selection.name.value);
    if (fragment === undefined) throw codedError('GRAPHQL_VALIDATION_FAILED', 'a fragment is not defined');
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: fragment.typeCondition,
      ...(selection.directives === undefined ? {} : { directives: selection.directives }),
      selectionSet: inlineSet(fragment.selectionSet),
    };
  };
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet: inlineSet(operation.selectionSet) }] };
}
