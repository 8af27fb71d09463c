import { hash as digest } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/config.ts';
import { codedError } from '../errors/coded-error.ts';
import { inlineFragments } from './inline-fragments.ts';
import { checkShape } from './shape-limits.ts';

/** One operation of a document that was parsed, validated and found within the limits. */
export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The operation and its fragments alone: an executor that caches by text cannot mix up operations. */
  readonly text: string;
  /** Whether it asks for the schema itself. */
  readonly introspects: boolean;
  /** SHA-256 of the whole query text, hex: what the ledger names. */
  readonly hash: string;
}

export interface Documents {
  /** Throws a coded error, or an array of them. */
  prepare(query: string, operationName: string | null, mayIntrospect: boolean): Prepared;
}

/** Several errors of one document. */
export class DocumentErrors extends Error {
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[]) {
    super('the document is not usable');
    this.name = 'DocumentErrors';
    this.errors = errors;
  }
}

/** Parses and validates each document once; refusals are not kept, so that they cannot fill the cache. */
export function createDocuments(schema: GraphQLSchema, limits: Config['limits']): Documents {
  const cache = new LRUCache<string, Prepared>({ max: 1_000 });
  return {
    prepare(query, operationName, mayIntrospect) {
      const hash = digest('sha256', query, 'hex');
      const key = `${hash} ${mayIntrospect ? 'i' : '-'} ${operationName ?? ''}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const prepared = prepare(schema, limits, query, operationName, mayIntrospect, hash);
      cache.set(key, prepared);
      return prepared;
    },
  };
}

function prepare(
  schema: GraphQLSchema,
  limits: Config['limits'],
  query: string,
  operationName: string | null,
  mayIntrospect: boolean,
  hash: string,
): Prepared {
  const document = parseBounded(query, limits.tokens);
  checkShape(document, limits);
  const rules = mayIntrospect ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const errors = validate(schema, document, rules, { maxErrors: 5 });
  if (errors.length > 0) throw new DocumentErrors(errors.map((e) => validationError(e, mayIntrospect)));
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  const operation =
    operationName === null
      ? operations.length === 1
        ? operations[0]
        : undefined
      : operations.find((o) => o.name?.value === operationName);
  if (operation === undefined) {
    throw codedError(
      'BAD_USER_INPUT',
      operationName === null
        ? 'the document has several operations; name one in operationName'
        : 'the document has no operation of this operationName',
    );
  }
  if (schema.getRootType(operation.operation) == null)
    throw codedError('OPERATION_NOT_SUPPORTED', `this hub has no ${operation.operation}; send a query`);
  const alone = inlineFragments(document, operation, limits.tokens);
  const [inlined] = alone.definitions;
  return { document: alone, operation: inlined, text: print(alone), introspects: introspects(alone), hash };
}

function parseBounded(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw codedError('GRAPHQL_PARSE_FAILED', 'the query cannot be parsed');
    if (error.message.includes('more that') || error.message.includes('Parsing aborted')) {
      throw codedError('LIMIT_EXCEEDED', `the document has more than ${maxTokens} tokens; split it`, {
        extensions: { limit: 'tokens', max: maxTokens },
      });
    }
    throw new GraphQLError(error.message, {
      ...(error.source === undefined ? {} : { source: error.source }),
      positions: error.positions ?? [],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  }
}

/** A validation error without the names that a caller without the right to the schema did not write itself. */
function validationError(error: GraphQLError, mayIntrospect: boolean): GraphQLError {
  const introspection = error.message.startsWith('GraphQL introspection has been disabled');
  const message = introspection
    ? 'introspection is not granted to your role; ask a data steward for the schema'
    : mayIntrospect
      ? error.message
      : withoutSuggestion(error.message);
  return new GraphQLError(message, {
    nodes: error.nodes ?? null,
    extensions: { code: introspection ? 'INTROSPECTION_DENIED' : 'GRAPHQL_VALIDATION_FAILED' },
  });
}

/** graphql-js adds what it takes the caller to have meant; that tells the schema to whoever guesses. */
export function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean .*$/s, '');
}

/** Whether any part of the operation asks for the schema itself. */
function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: (node) => {
      if (node.name.value === '__schema' || node.name.value === '__type') found = true;
    },
  });
  return found;
}
