import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLOutputType,
  type GraphQLScalarType,
} from 'graphql';

/** A value as it stands in the answer, of one as the gate left it. Throws `unwritable`, or what a scalar throws. */
export type Write = (value: unknown) => unknown;

/** Thrown where an answer has to say more than a value (an error, a null that climbs): that is the full executor's work. */
export const unwritable = new Error('this answer is not made of values alone');

/**
 * Completes the values of a type (GraphQL spec, 6.4.3 Value Completion) as long as no error comes of it: null for a
 * nullable type, each of a list in turn, and `one` for what is left.
 */
export function completed(type: GraphQLOutputType, one: Write): Write {
  if (isNonNullType(type)) {
    const inner = completed(type.ofType, one);
    return (value) => {
      const written = inner(value);
      if (written === null) throw unwritable;
      return written;
    };
  }
  if (isListType(type)) {
    const inner = completed(type.ofType, one);
    return (value) => {
      if (value === null || value === undefined) return null;
      if (!Array.isArray(value)) throw unwritable;
      return value.map(inner);
    };
  }
  return (value) => (value === null || value === undefined ? null : one(value));
}

/** Writes the values of a field that has no selection. */
export function leafWriter(type: GraphQLOutputType, named: GraphQLOutputType): Write {
  if (isEnumType(named)) return completed(type, (value) => told(named.serialize(value)));
  if (!isScalarType(named)) throw new TypeError(`${String(named)} is no leaf`);
  return completed(type, scalarWriter(named));
}

/** Most values are written as they are; what a scalar would turn into something else it turns itself. */
function scalarWriter(type: GraphQLScalarType): Write {
  const turned: Write = (value) => told(type.serialize(value));
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return (value) => (typeof value === 'string' ? value : turned(value));
    case GraphQLBoolean:
      return (value) => (typeof value === 'boolean' ? value : turned(value));
    case GraphQLInt:
      return (value) => (typeof value === 'number' && (value | 0) === value ? value : turned(value));
    case GraphQLFloat:
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? value : turned(value));
    default:
      return turned;
  }
}

function told(serialized: unknown): unknown {
  if (serialized === null || serialized === undefined) throw unwritable;
  return serialized;
}
