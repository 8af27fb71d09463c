import { Kind, parse } from 'graphql';

/**
 * The operation to run, if the document has it. For a moment after a change of tabs GraphiQL still names the operation
 * of the tab before; a document with one operation needs no name.
 */
export function operationIn(query: string, name: string | null): string | null {
  try {
    const operations = parse(query).definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
    return operations.some((operation) => operation.name?.value === name) ? name : null;
  } catch {
    // The hub says what is wrong with the document.
    return name;
  }
}
