import { makeExecutableSchema } from '@graphql-tools/schema';
import { mergeTypeDefs } from '@graphql-tools/merge';
import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  parse,
  visit,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { read } from '../access/facts.ts';
import type { SdlModule } from '../connector/sdl-module.ts';
import { scalars } from '../scalars/scalars.ts';

const federation = new Set(['key', 'external', 'inaccessible', 'shareable']);

/**
 * The embedded hub's schema: all modules merged, what is `@inaccessible` or `@external` dropped. Its resolvers only hand
 * out what the gate left on the objects; none of them decides or fetches.
 */
export function embeddedSchema(modules: readonly SdlModule[]): GraphQLSchema {
  const typeDefs = mergeTypeDefs(
    modules.map((m) => strip(read(m))),
    { throwOnConflict: true },
  );
  const schema = makeExecutableSchema({
    typeDefs: typeof typeDefs === 'string' ? parse(typeDefs) : typeDefs,
    resolvers: { ...scalars },
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const root = type === schema.getQueryType() || type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      // Leaves use the executor's own property look-up, the fastest there is.
      if (isCompositeType(getNamedType(field.type))) field.resolve = root ? rootFromGate : fromGate;
    }
  }
  return schema;
}

/** What the executor's resolvers are handed: the objects that the gate let through, by root. */
export interface GateContext {
  readonly gate: Readonly<Record<string, unknown>>;
}

export const rootFromGate: GraphQLFieldResolver<unknown, GateContext> = (_parent, _args, context, info) =>
  context.gate[`@${String(info.path.key)}`];

/**
 * Records lie under `@` + response key: see `src/gate/gate-object.ts`. What the hub says itself (catalogue, explanations)
 * is a plain object, which the gate never makes: there a record is under its slot or not at all.
 */
export const fromGate: GraphQLFieldResolver<Record<string, unknown>, unknown> = (parent, _args, _context, info) => {
  const slot = `@${String(info.path.key)}`;
  return slot in parent ? parent[slot] : parent[info.fieldName];
};

function strip(document: DocumentNode): DocumentNode {
  return visit(document, {
    FieldDefinition: (node) =>
      node.directives?.some((d) => d.name.value === 'inaccessible' || d.name.value === 'external') === true
        ? null
        : undefined,
    ObjectTypeDefinition: (node) =>
      node.directives?.some((d) => d.name.value === 'inaccessible') === true ? null : undefined,
    Directive: (node) => (federation.has(node.name.value) ? null : undefined),
    SchemaExtension: () => null,
    [Kind.SCHEMA_DEFINITION]: () => null,
  });
}
