import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Variables } from '../access/include.ts';
import { mergeFields, type IncludedSet } from '../access/selection.ts';
import { slot } from '../gate/gate-object.ts';
import { completed, leafWriter, unwritable, type Write } from './leaf-writer.ts';

type Source = Readonly<Record<string, unknown>>;

interface FieldWriter {
  readonly responseKey: string;
  readonly write: (source: Source) => unknown;
}

/**
 * Writers of what an operation without fragments asks for, for one set of the variables that `@skip` and `@include` test:
 * what is left out for them is not looked at again for each record.
 */
export class SelectionWriters {
  readonly #schema: GraphQLSchema;
  readonly #variables: Variables;

  constructor(schema: GraphQLSchema, variables: Variables) {
    this.#schema = schema;
    this.#variables = variables;
  }

  /** Writes objects of the type; `read` tells where a field that leads to objects lies. */
  object(type: GraphQLObjectType, sets: readonly IncludedSet[], read: Read): Write {
    const fields = mergeFields(this.#schema, {}, type, sets, this.#variables).map(
      ({ responseKey, name, sets: below }): FieldWriter => {
        // A plain object would take it for its prototype.
        if (responseKey === '__proto__') throw unwritable;
        if (name === '__typename') return { responseKey, write: () => type.name };
        const definition = type.getFields()[name];
        // The schema itself is asked for.
        if (definition === undefined) throw unwritable;
        const { type: of } = definition;
        if (!isCompositeType(getNamedType(of))) {
          // The gate leaves no values beside the roots.
          if (read === fromRoots) throw unwritable;
          const write = leafWriter(of, getNamedType(of));
          return { responseKey, write: (source) => write(settled(source[name])) };
        }
        const write = this.#composite(of, below);
        const from = read(responseKey, name);
        return { responseKey, write: (source) => write(from(source)) };
      },
    );
    return (value) => {
      if (typeof value !== 'object' || value === null) throw unwritable;
      const written: Record<string, unknown> = {};
      for (const { responseKey, write } of fields) written[responseKey] = write(value as Source);
      return written;
    };
  }

  #composite(type: GraphQLOutputType, sets: readonly IncludedSet[]): Write {
    const named = getNamedType(type);
    if (isObjectType(named)) return completed(type, awaited(this.object(named, sets, below)));
    if (!isAbstractType(named)) throw new TypeError(`${named.name} has no fields`);
    const byName = new Map(
      this.#schema.getPossibleTypes(named).map((one) => [one.name, awaited(this.object(one, sets, below))]),
    );
    return completed(type, (value) => {
      const write = byName.get((value as { readonly __typename: string }).__typename);
      if (write === undefined) throw unwritable;
      return write(value);
    });
  }
}

/** Where on its parent a field's objects lie. */
type Read = (responseKey: string, name: string) => (source: Source) => unknown;

/** As the gate and the hub's own roots leave them: see `fromGate` in `src/schema/embedded.ts`. */
const below: Read = (responseKey, name) => {
  const key = slot(responseKey);
  return (source) => (key in source ? source[key] : source[name]);
};

/** A root's objects. */
export const fromRoots: Read = (responseKey) => {
  const key = slot(responseKey);
  return (source) => source[key];
};

/** What is yet to come, or to be called, the full executor waits for and calls. */
function settled(value: unknown): unknown {
  if (typeof value === 'function' || (typeof value === 'object' && value !== null && 'then' in value)) throw unwritable;
  return value;
}

function awaited(write: Write): Write {
  return (value) => {
    settled(value);
    return write(value);
  };
}
