import fc from 'fast-check';
import {
  buildSchema,
  execute,
  getNamedType,
  getVariableValues,
  isCompositeType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { createAnswerWriter } from '../../src/executor/answer-writer.ts';
import { inlineFragments } from '../../src/hub/inline-fragments.ts';
import { fromGate, rootFromGate } from '../../src/schema/embedded.ts';

/* What the writer writes is what graphql-js makes of the same objects, byte for byte; the rest it leaves to it. */

const schema = withGateResolvers(
  buildSchema(`
    scalar Phone
    enum Status { OPEN CLOSED }
    union Case = Ticket | Event
    type Part { label: String! weight: Float }
    type Ticket { no: ID! title: String status: Status count: Int open: Boolean phone: Phone tags: [String!]! notes: [String]
      part: Part parts: [Part!]! maybe: [Part] next: Ticket }
    type Event { code: ID! level: Int! }
    type Query { ticket: Ticket tickets: [Ticket]! cases: [Case!]! number: Int }
  `),
);

function withGateResolvers(of: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(of.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isCompositeType(getNamedType(field.type)))
        field.resolve = type === of.getQueryType() ? rootFromGate : fromGate;
    }
  }
  const phone = of.getType('Phone');
  if (!isScalarType(phone)) throw new TypeError('no scalar');
  phone.serialize = (value: unknown): unknown => {
    if (typeof value === 'string' && /^\d{3,11}$/.test(value)) return value;
    throw new TypeError('no phone');
  };
  return of;
}

const writeAnswer = createAnswerWriter(schema);

function both(query: string, rootValue: Record<string, unknown>, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new TypeError('no operation');
  const alone = inlineFragments(document, operation, 10_000);
  const [inlined] = alone.definitions;
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const executed = execute({
    schema,
    document: alone,
    contextValue: { gate: rootValue },
    variableValues: variables,
  }) as ExecutionResult;
  return { written: writeAnswer(inlined, rootValue, coerced), executed };
}

const part = fc.record({ label: fc.string(), weight: fc.option(fc.double()) });
const maybeOdd = <T>(of: fc.Arbitrary<T>, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: of }, { weight: 1, arbitrary: odd });
const anything = fc.constantFrom<unknown>(undefined, null, 7, 1.5, true, 'text', [], ['a', null], {}, 2 ** 40, NaN);
const { ticket } = fc.letrec<{ ticket: unknown }>((tie) => ({
  ticket: fc.record(
    {
      __typename: fc.constant('Ticket'),
      no: maybeOdd(fc.string(), anything),
      title: maybeOdd(fc.option(fc.string()), anything),
      status: maybeOdd(fc.constantFrom('OPEN', 'CLOSED', null), fc.constantFrom('LOST', 3)),
      count: maybeOdd(fc.option(fc.integer()), anything),
      open: maybeOdd(fc.option(fc.boolean()), anything),
      phone: maybeOdd(fc.constantFrom('110', '13800590517', null), fc.constantFrom('none', 110)),
      tags: maybeOdd(fc.array(fc.string(), { maxLength: 3 }), anything),
      notes: maybeOdd(fc.option(fc.array(fc.option(fc.string()), { maxLength: 3 })), anything),
      '@part': maybeOdd(fc.option(part), anything),
      '@other': fc.option(part),
      '@parts': maybeOdd(fc.array(part, { maxLength: 3 }), anything),
      maybe: maybeOdd(fc.array(fc.option(part), { maxLength: 3 }), anything),
      '@next': fc.option(tie('ticket'), { maxDepth: 2, depthIdentifier: 'next' }),
    },
    { requiredKeys: ['__typename'] },
  ),
}));
const event = fc.record({
  __typename: fc.constantFrom('Event', 'Event', 'Event', 'Other'),
  code: fc.string(),
  level: fc.integer(),
});
const gate = fc.record({
  '@ticket': fc.option(ticket),
  '@tickets': fc.array(fc.option(ticket), { maxLength: 3 }),
  '@cases': fc.array(fc.oneof(ticket, event), { maxLength: 3 }),
});

const selections = fc
  .subarray(
    [
      'no',
      'kind: __typename',
      'a: title b: title',
      'status',
      'count @include(if: $x)',
      'open @skip(if: $y)',
      'phone',
      'tags',
      'notes',
      'part { label weight }',
      'other: part { l: label }',
      'parts { label }',
      'maybe { weight }',
      '...F @include(if: $y)',
      '... on Ticket @skip(if: $x) { title tags }',
      'next { no title next { no } }',
    ],
    { minLength: 1 },
  )
  .map((fields) => fields.join(' '));

test('as graphql-js does, or not at all', () => {
  let wrote = 0;
  let left = 0;
  fc.assert(
    fc.property(gate, selections, selections, fc.boolean(), fc.boolean(), (rootValue, one, other, x, y) => {
      const query = `query Q($x: Boolean!, $y: Boolean!) { ticket { ${one} } tickets { ${other} } cases { __typename ... on Ticket { ${one} } ... on Event { code level } } }
        fragment F on Ticket { status next { phone } }`;
      const { written, executed } = both(query, rootValue, { x, y });
      if (written === null) left += 1;
      else {
        wrote += 1;
        expect(JSON.stringify({ data: written })).toBe(JSON.stringify(executed));
      }
    }),
    { numRuns: 1_500, seed: 20_261_125 },
  );
  // Both ways were met often.
  expect(wrote).toBeGreaterThan(200);
  expect(left).toBeGreaterThan(200);
});

describe('is left to the full executor:', () => {
  const whole = { __typename: 'Ticket', no: '1', tags: [], '@parts': [] };
  test.each<[string, string, Record<string, unknown>]>([
    ['a null that climbs', '{ ticket { no } }', { '@ticket': { ...whole, no: null } }],
    ['a value that its type does not show', '{ ticket { phone } }', { '@ticket': { ...whole, phone: 'none' } }],
    ['a value yet to come', '{ ticket { title } }', { '@ticket': { ...whole, title: Promise.resolve('later') } }],
    ['a record yet to come', '{ ticket { no } }', { '@ticket': Promise.resolve(whole) }],
    ['a value to be called', '{ ticket { title } }', { '@ticket': { ...whole, title: () => 'called' } }],
    ['a root that is a value', '{ number }', { number: 1 }],
    ['the schema itself', '{ __schema { queryType { name } } }', {}],
    ['an alias that is no key of an object', '{ ticket { __proto__: title no } }', { '@ticket': whole }],
    ['a record of no known type', '{ cases { __typename } }', { '@cases': [{ __typename: 'Part' }] }],
  ])('%s', (_what, query, rootValue) => {
    expect(both(query, rootValue).written).toBeNull();
  });

  test('what it writes otherwise, it writes', () => {
    const { written } = both('{ ticket { no } }', { '@ticket': whole });
    expect(written).toEqual({ ticket: { no: '1' } });
  });
});
