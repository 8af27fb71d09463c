import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Config } from '../config/config.ts';
import { codedError } from '../errors/coded-error.ts';

/** Bounds the document's shape before it is validated, since validation itself costs time. Throws `LIMIT_EXCEEDED`. */
export function checkShape(document: DocumentNode, limits: Config['limits']): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const depths = new Map<string, number>();
  let directives = 0;

  const depthOf = (set: SelectionSetNode, open: ReadonlySet<string>): number => {
    let deepest = 0;
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          deepest = Math.max(
            deepest,
            1 + (selection.selectionSet === undefined ? 0 : depthOf(selection.selectionSet, open)),
          );
          break;
        case Kind.INLINE_FRAGMENT:
          deepest = Math.max(deepest, depthOf(selection.selectionSet, open));
          break;
        case Kind.FRAGMENT_SPREAD:
          deepest = Math.max(deepest, fragmentDepth(selection.name.value, open));
          break;
      }
    }
    return deepest;
  };
  const fragmentDepth = (name: string, open: ReadonlySet<string>): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    // A circle is left to validation, which names it.
    if (fragment === undefined || open.has(name)) return 0;
    const depth = depthOf(fragment.selectionSet, new Set([...open, name]));
    depths.set(name, depth);
    return depth;
  };
  const countDirectives = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined)
        countDirectives(selection.selectionSet);
    }
  };

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    directives += definition.directives?.length ?? 0;
    countDirectives(definition.selectionSet);
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const roots = definition.selectionSet.selections.length;
    if (roots > limits.rootFields)
      throw exceeded('rootFields', limits.rootFields, 'root fields; send them in several requests');
    if (depthOf(definition.selectionSet, new Set()) > limits.depth)
      throw exceeded('depth', limits.depth, 'levels; ask for less depth');
  }
  if (directives > limits.directives) throw exceeded('directives', limits.directives, 'directives; use fewer');
}

function exceeded(limit: string, max: number, what: string): Error {
  return codedError('LIMIT_EXCEEDED', `an operation may have ${max} ${what}`, { extensions: { limit, max } });
}
