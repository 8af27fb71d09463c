import { Kind, parse, specifiedScalarTypes } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of the schema that a new connector cannot take. */
export interface TakenNames {
  readonly types: ReadonlySet<string>;
  /** Fields of `Query` and of `Ticket`. */
  readonly query: ReadonlySet<string>;
  readonly ticket: ReadonlySet<string>;
}

/** What the contract and every connector's folder below `root` declare, in use or not. */
export function takenNames(root: string): TakenNames {
  const types = new Set([...specifiedScalarTypes.map((type) => type.name), 'Query', 'Mutation', 'Subscription']);
  const fields = { Query: new Set<string>(), Ticket: new Set<string>() };
  for (const file of sdlFiles(root))
    for (const definition of parse(readFileSync(join(root, file), 'utf8')).definitions) {
      if (!('name' in definition) || definition.name === undefined || definition.kind === Kind.DIRECTIVE_DEFINITION)
        continue;
      const name = definition.name.value;
      types.add(name);
      if ((name === 'Query' || name === 'Ticket') && 'fields' in definition)
        for (const field of definition.fields ?? []) fields[name].add(field.name.value);
    }
  return { types, query: fields.Query, ticket: fields.Ticket };
}

function sdlFiles(root: string): string[] {
  const contract = readdirSync(join(root, 'schema')).filter((file) => file.endsWith('.graphql'));
  const folders = readdirSync(join(root, 'connectors'), { withFileTypes: true }).filter((one) => one.isDirectory());
  return [
    ...contract.map((file) => join('schema', file)),
    ...folders.flatMap(({ name }) =>
      readdirSync(join(root, 'connectors', name))
        .filter((file) => file === 'schema.graphql')
        .map((file) => join('connectors', name, file)),
    ),
  ];
}
