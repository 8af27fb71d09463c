/** One field of `Query` that is asked for; several travel in one document, each under an alias of its own. */
export interface Part {
  readonly field: string;
  readonly arguments: readonly PartArgument[];
  /** What is selected below the field, with its braces. */
  readonly selection: string;
  /** Parts of this field in one document, at most; left out: as many as a document holds. */
  readonly most?: number;
}

export interface PartArgument {
  readonly name: string;
  /** In the service's notation: `[String!]!`. */
  readonly type: string;
  readonly value: unknown;
}

export interface Request {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The parts as one operation: values travel as variables only, so the text holds none. */
export function requestOf(parts: readonly Part[]): Request {
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const fields = parts.map((part, i) => {
    const given = part.arguments.map(({ name, type, value }) => {
      const variable = `${aliasOf(i)}_${name}`;
      definitions.push(`$${variable}: ${type}`);
      variables[variable] = value;
      return `${name}: $${variable}`;
    });
    const list = given.length === 0 ? '' : `(${given.join(', ')})`;
    return `${aliasOf(i)}: ${part.field}${list} ${part.selection}`;
  });
  const head = definitions.length === 0 ? 'query' : `query (${definitions.join(', ')})`;
  return { query: `${head} { ${fields.join(' ')} }`, variables };
}

export function aliasOf(part: number): string {
  return `p${part}`;
}

/** The fields that lead to these columns, as a selection set. Columns that lie below one field share it. */
export function selectionOf(paths: readonly (readonly string[])[]): string {
  const below = new Map<string, (readonly string[])[]>();
  for (const [first, ...rest] of paths) {
    if (first === undefined) continue;
    const of = below.get(first) ?? [];
    if (rest.length > 0) of.push(rest);
    below.set(first, of);
  }
  const fields = [...below].map(([name, rest]) => (rest.length === 0 ? name : `${name} ${selectionOf(rest)}`));
  return `{ ${fields.join(' ')} }`;
}
