import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, graphqlSync, GraphQLError, isScalarType, Kind, type GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scalars } from '../../src/scalars/scalars.ts';

const SDL = readFileSync(join(import.meta.dirname, '../../schema/scalars.graphql'), 'utf8');

function scalar(name: string): GraphQLScalarType<string, string> {
  const found = scalars[name];
  if (found === undefined) throw new Error(`No scalar ${name}`);
  return found;
}

function thrown(run: () => unknown): GraphQLError {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

const RIGHT: readonly (readonly [string, string])[] = [
  ['DateTime', '2026-11-23T09:30:00+08:00'],
  ['Month', '2026-10'],
  ['Date', '2026-11-23'],
  ['USCC', '91350100M000100Y43'],
  ['ResidentId', '11010519491231002X'],
  ['DivisionCode', '350102001003'],
  ['GridCode', 'GL-0591_07'],
  ['GridCellCode', '350102001003007'],
  ['ComponentCode', '3501020010030071'],
  ['Phone', '0591-87654321'],
  ['Money', '1234.50'],
  ['AgencyCode', 'providentFund'],
];

const WRONG: readonly (readonly [string, unknown])[] = [
  ['DateTime', '2026-11-23 09:30:00'],
  ['Month', '2026-13'],
  ['Month', '2027-1'],
  ['Month', '2026-10-01'],
  ['DateTime', '2026-02-30T09:30:00+08:00'],
  ['DateTime', '2026-11-22T09:30:00'],
  ['DateTime', '9999-12-31T23:00:00-12:00'],
  ['DateTime', 1_763_000_000_000],
  ['Date', '2026-02-30'],
  ['USCC', '91350100m000100y43'],
  ['USCC', '91350100M000100Y44'],
  ['ResidentId', '350102198001011234'],
  ['ResidentId', '110105********002X'],
  ['DivisionCode', '3601'],
  ['GridCode', '网格'],
  ['GridCellCode', '35010200100300'],
  ['ComponentCode', '350102001003007'],
  ['Phone', '138****5678'],
  ['Phone', '+8613812345678'],
  ['Phone', 13812345678],
  ['Money', '1234.505'],
  ['Money', 77],
  ['AgencyCode', 'Hotline'],
  ['AgencyCode', null],
  ['Date', ['2026-11-20']],
];

describe('scalars', () => {
  it('are those of the SDL', () => {
    const declared = Object.values(buildSchema(`${SDL}\ntype Query { a: Int }`).getTypeMap())
      .filter((type) => isScalarType(type) && type.astNode != null)
      .map((type) => type.name);
    expect(Object.keys(scalars).toSorted()).toEqual(declared.toSorted());
    expect(Object.values(scalars).map((s) => s.name)).toEqual(Object.keys(scalars));
  });

  it.each(RIGHT)('%s takes and gives %s', (name, value) => {
    const type = scalar(name);
    expect([type.parseValue(value), type.parseLiteral({ kind: Kind.STRING, value }), type.serialize(value)]).toEqual([
      value,
      value,
      value,
    ]);
  });

  it.each(WRONG)('%s refuses %j and does not repeat it', (name, value) => {
    const { message, extensions } = thrown(() => scalar(name).parseValue(value));
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message.startsWith(`${name} expects `)).toBe(true);
    if (value !== null) expect(message).not.toContain(String(value));
  });

  it('refuses literals that are no text', () => {
    for (const node of [
      { kind: Kind.INT, value: '110' },
      { kind: Kind.ENUM, value: 'hotline' },
      { kind: Kind.BOOLEAN, value: true },
    ] as const) {
      expect(thrown(() => scalar('Phone').parseLiteral(node)).extensions).toEqual({ code: 'BAD_USER_INPUT' });
    }
  });

  it.each([
    ['2026-11-23T01:30:00Z', '2026-11-23T09:30:00+08:00'],
    ['2026-11-23t01:30:00.999z', '2026-11-23T09:30:00+08:00'],
    ['2026-11-22T17:30:00-08:00', '2026-11-23T09:30:00+08:00'],
    ['2026-12-31T23:00:00+05:30', '2027-01-01T01:30:00+08:00'],
  ])('DateTime turns %s into %s', (written, normal) => {
    expect(scalar('DateTime').parseValue(written)).toBe(normal);
  });
});

describe('output', () => {
  it.each([
    ['Phone', '138****5678'],
    ['Phone', '0591-****4321'],
    ['Phone', '010-***5432'],
    ['Phone', '*****'],
    ['Phone', '***'],
    ['ResidentId', '110105********002X'],
    ['ResidentId', '***'],
  ])('%s shows the mask %s', (name, masked) => {
    expect(scalar(name).serialize(masked)).toBe(masked);
  });

  it.each([
    ['Phone', '1381234567'],
    ['Phone', '138*****678'],
    ['Phone', '1****345678'],
    ['Phone', '人员-ABCDEFGHIJ'],
    ['ResidentId', '110105194912310021'],
    ['ResidentId', '1101051949****002X'],
    ['USCC', '9135****M000100Y43'],
    ['DateTime', '2026-11-23T01:30:00Z'],
    ['Money', 12.5],
    ['Date', {}],
  ])('%s does not show %j, nor repeat it in its error', (name, value) => {
    const { message, extensions } = thrown(() => scalar(name).serialize(value));
    expect(extensions).toEqual({ code: 'INTERNAL' });
    expect(message).toContain(`no ${name}`);
    expect(message).not.toContain(String(value));
  });

  it('works in a schema, with the code on the error', () => {
    const schema = buildSchema(`scalar Phone\ntype Query { call(to: Phone): Phone }`);
    Object.assign(schema.getType('Phone') ?? {}, scalars['Phone']);
    const ask = (to: string) =>
      graphqlSync({
        schema,
        source: `query ($to: Phone) { call(to: $to) }`,
        variableValues: { to },
        rootValue: { call: (args: { to: string }) => args.to },
      });
    expect(ask('13812345678')).toEqual({ data: { call: '13812345678' } });
    expect(ask('1381234567').errors?.map((e) => e.extensions)).toEqual([{ code: 'BAD_USER_INPUT' }]);
  });
});
