import { describe, expect, test } from 'vitest';
import { schemaFacts } from '../../src/access/facts.ts';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';

const file = 'connectors/parks/schema.graphql';
const shared = '@share(category: CONDITIONAL) @grade(level: 1)';

function problemsOf(...sdl: string[]): string[] {
  try {
    schemaFacts(
      sdl.map((text, i) => ({
        agency: i === 0 ? 'parks' : `agency${i}`,
        file: i === 0 ? file : `connectors/agency${i}/schema.graphql`,
        sdl: text,
      })),
    );
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(printProblem);
    throw error;
  }
  return [];
}

describe('a schema that cannot be judged stops the start', () => {
  const wrong: readonly (readonly [what: string, sdl: string, problems: readonly string[]])[] = [
    [
      'a field without a category',
      `type Bench {\n  benchNo: ID! ${shared}\n  colour: String @grade(level: 1)\n}`,
      [`${file}:3: Bench.colour has no sharing category; add @share(category: UNCONDITIONAL | CONDITIONAL | NONE)`],
    ],
    [
      'a field without a grade',
      'type Bench {\n  colour: String @share(category: CONDITIONAL)\n}',
      [`${file}:2: Bench.colour has no grade; add @grade(level: 1…4)`],
    ],
    [
      'a field with neither',
      'type Bench {\n  colour: String\n}',
      [
        `${file}:2: Bench.colour has no sharing category; add @share(category: UNCONDITIONAL | CONDITIONAL | NONE)`,
        `${file}:2: Bench.colour has no grade; add @grade(level: 1…4)`,
      ],
    ],
    [
      'an unknown category',
      'type Bench { colour: String @share(category: SOMETIMES) @grade(level: 1) }',
      [`${file}:1: Bench.colour has an unknown sharing category; use UNCONDITIONAL, CONDITIONAL or NONE`],
    ],
    [
      'what is not shared without its ground',
      'type Bench { colour: String @share(category: NONE) @grade(level: 1) }',
      [`${file}:1: Bench.colour is not shared, which needs its legal ground; add law: "…"`],
    ],
    [
      'a grade outside 1 to 4',
      'type Bench { colour: String @share(category: CONDITIONAL) @grade(level: 5) }',
      [`${file}:1: Bench.colour has a grade outside 1 to 4`],
    ],
    [
      'a number that is not marked personal',
      `type Bench {\n  phone: Phone ${shared}\n  keeper: ResidentId! ${shared}\n}`,
      [
        `${file}:2: Bench.phone is of type Phone, so it is personal; add @personal(kind: …)`,
        `${file}:3: Bench.keeper is of type ResidentId, so it is personal; add @personal(kind: …)`,
      ],
    ],
    [
      'a count without a category',
      'type BenchConnection {\n  nodes: [Bench!]!\n  totalCount: Int\n}',
      [
        `${file}:3: BenchConnection.totalCount has no sharing category; add @share(category: UNCONDITIONAL | CONDITIONAL | NONE)`,
        `${file}:3: BenchConnection.totalCount has no grade; add @grade(level: 1…4)`,
      ],
    ],
  ];
  test.each(wrong)('%s', (_what, sdl, problems) => {
    expect(problemsOf(sdl)).toEqual(problems);
  });

  test('no SDL at all', () => {
    const [problem, ...more] = problemsOf('type Bench {\n  colour String\n}');
    expect(problem).toMatch(new RegExp(`^${file}:2: not valid SDL: Syntax Error`));
    expect(more).toEqual([]);
  });

  test('one field declared by two agencies', () => {
    const bench = `type Bench { colour: String ${shared} }`;
    expect(problemsOf(bench, bench)).toEqual([
      'connectors/agency1/schema.graphql:1: Bench.colour is also declared by parks: one agency owns a field, mark the other @external',
    ]);
  });
});

describe('the facts', () => {
  test('of a field', () => {
    const facts = schemaFacts([
      {
        agency: 'parks',
        file,
        sdl: 'type Bench { "捐赠人" donors: [String!] @share(category: NONE, law: "某法") @grade(level: 4) @personal(kind: NAME, sensitive: true) @inaccessible }',
      },
    ]);
    expect(facts.fields.get('Bench.donors')).toEqual({
      type: 'Bench',
      field: 'donors',
      coordinate: 'Bench.donors',
      owner: 'parks',
      description: '捐赠人',
      category: 'NONE',
      law: '某法',
      grade: 4,
      personal: 'NAME',
      sensitive: true,
      official: false,
      hidden: true,
      nonNull: false,
      list: true,
      of: 'String',
    });
  });

  test('leave out what carries no data, and what another agency owns', () => {
    const facts = schemaFacts([
      {
        agency: 'parks',
        file,
        sdl: `type Bench { benchNo: ID! ${shared} access: [FieldAccess!] } type BenchConnection { nodes: [Bench!]! edges: [BenchEdge!]! pageInfo: PageInfo! } type BenchEdge { cursor: String! node: Bench! } type Query { bench: Bench }`,
      },
      { agency: 'woods', file: 'w', sdl: `type Bench { benchNo: ID! @external tree: String ${shared} }` },
    ]);
    expect([...facts.fields.values()].map((f) => [f.coordinate, f.owner])).toEqual([
      ['Bench.benchNo', 'parks'],
      ['Bench.tree', 'woods'],
    ]);
    expect(facts.fieldsOf('Bench').map((f) => f.field)).toEqual(['benchNo', 'tree']);
    expect(facts.fieldsOf('Nothing')).toEqual([]);
  });
});
