import { describe, expect, test } from 'vitest';
import { schemaFacts } from '../../src/access/facts.ts';
import { compilePolicy, type AccessClass, type Policy, type Right } from '../../src/access/policy.ts';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';

/* What a data steward is told: the file, the line, what is wrong and the way out. */

const sdl = [
  {
    agency: 'parks',
    file: 'connectors/parks/schema.graphql',
    sdl: `
      type Bench {
        benchNo: ID! @share(category: UNCONDITIONAL) @grade(level: 1)
        colour: String @share(category: CONDITIONAL) @grade(level: 1)
        donor: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: NAME)
        note: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: FREE_TEXT)
        secret: String @share(category: NONE, law: "保密法") @grade(level: 4)
        state: BenchState @share(category: CONDITIONAL) @grade(level: 1)
        seats: Int @share(category: CONDITIONAL) @grade(level: 1)
        broken: Boolean @share(category: CONDITIONAL) @grade(level: 1)
        tags: [String!] @share(category: CONDITIONAL) @grade(level: 1)
        divisionCode: DivisionCode @share(category: CONDITIONAL) @grade(level: 1)
        trees: [Tree!] @share(category: CONDITIONAL) @grade(level: 1)
      }
      type Tree {
        treeNo: ID! @external
        benches: [Bench!] @share(category: CONDITIONAL) @grade(level: 1)
      }
      enum BenchState { STANDS FELL }
      scalar DivisionCode`,
  },
  {
    agency: 'woods',
    file: 'connectors/woods/schema.graphql',
    sdl: `
      type Tree {
        treeNo: ID! @share(category: UNCONDITIONAL) @grade(level: 1)
        kind: String @share(category: CONDITIONAL) @grade(level: 1)
      }
      type Ticket { leadAgency: String @share(category: CONDITIONAL) @grade(level: 1) confirmedCoAgencies: [String!] @share(category: CONDITIONAL) @grade(level: 1) }`,
  },
];
const facts = schemaFacts(sdl);

const head = `policy: 1
agency: parks
consumers:
  police: [{ agency: police, roles: [SYSTEM] }]
fields:
  looks: [Bench.colour, Bench.note]
`;

function compiled(body: string, file = 'connectors/parks/sharing.yaml'): Policy {
  return compilePolicy(
    [parsePolicy(head + body, file)],
    facts,
    sdl.map((m) => m.sdl),
  );
}

/** The problems of a policy, as a steward reads them. */
function problemsOf(body: string): string[] {
  try {
    compiled(body);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(printProblem);
    throw error;
  }
  return [];
}

const grant = (lines: string): string => `grants:
  - id: one
    to: [police]
    purposes: [HANDLING]
    law: 某条例
    ${lines}
`;
const line = (n: number, message: string): string => `connectors/parks/sharing.yaml:${n}: ${message}`;

describe('the last good answers of an agency’s sources', () => {
  test('may stand in for so long as its policy says, and not at all where it says nothing', () => {
    const policy = compiled('lastKnownGood: { maxSeconds: 3600 }\n');
    expect(policy.lastKnownGoodSeconds('parks')).toBe(3_600);
    expect(policy.lastKnownGoodSeconds('woods')).toBe(0);
    expect(compiled('').lastKnownGoodSeconds('parks')).toBe(0);
  });

  test.each([
    '{ maxSeconds: 0 }',
    '{ maxSeconds: 2592001 }',
    '{ maxSeconds: 1.5 }',
    '{}',
    '{ seconds: 60 }',
    '60',
    'true',
  ])('%s is refused, with its line', (value) => {
    const problems = problemsOf(`lastKnownGood: ${value}\n`);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^connectors\/parks\/sharing.yaml:7: lastKnownGood/);
  });
});

test('what no line uses yet is read all the same', () => {
  const idle = '  idle: [Bench.color]\n  round: [circle]\n  circle: [round]\n  theirs: [Tree.kind]\n';
  const text = head.replace('  looks:', `${idle}  looks:`).replace('consumers:\n', 'consumers:\n  nobody: [polise]\n');
  const problems = ((): string[] => {
    try {
      compilePolicy([parsePolicy(text, 'connectors/parks/sharing.yaml')], facts, []);
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems.map(printProblem);
      throw error;
    }
  })();
  expect(problems).toEqual([
    line(4, 'there are no consumers called polise. Did you mean police?'),
    line(7, 'there is no field Bench.color. Did you mean Bench.colour?'),
    line(9, 'these sets of fields go round in a circle: circle → round → circle'),
    line(10, 'Tree.kind belongs to woods; only its owner can share it'),
  ]);
});

test.each([
  [
    'a break, which would forge a line of a review',
    'law: "条例\\nloses Bench.note"',
    'must be one line, without invisible characters',
  ],
  ['no letter', 'law: "--"', 'must name the law'],
  ['characters that do not show', 'law: "条例\\u200b"', 'must be one line, without invisible characters'],
])('a legal basis with %s is refused', (_what, law, why) => {
  const text = grant('plain: [looks]').replace('law: 某条例', law);
  expect(problemsOf(text)).toEqual([line(11, `grants.0.law: ${why}; see docs/policy.md for the form`)]);
});

test.each([
  ['a directive', '%YAML 1.1\n---\n', 1, 'begins with a YAML directive; leave it out, the file is read as YAML 1.2'],
  ['a name that is a number', '', 4, 'a name must be text; put it in quotation marks'],
])('%s is refused', (_what, before, at, why) => {
  const text = before === '' ? head.replace('consumers:\n', 'consumers:\n  1: [police]\n') : before + head;
  expect(() => parsePolicy(text, 'connectors/parks/sharing.yaml')).toThrow(line(at, why));
});

describe('a mistake in a policy stops with file, line and the way out', () => {
  const mistakes: readonly (readonly [what: string, body: string, problems: readonly string[]])[] = [
    [
      'an unknown field',
      grant('plain: [Bench.color]'),
      [line(12, 'there is no field Bench.color. Did you mean Bench.colour?')],
    ],
    [
      'an unknown field of a type',
      grant('plain: [{ Bench: [benchNo, donnor] }]'),
      [line(12, 'there is no field Bench.donnor. Did you mean Bench.donor?')],
    ],
    ['a field like none', grant('plain: [Bench.zzzzzzzzzzzz]'), [line(12, 'there is no field Bench.zzzzzzzzzzzz.')]],
    [
      'an unknown set',
      grant('plain: [lokks]'),
      [line(12, 'there is no set of fields called lokks. Did you mean looks?')],
    ],
    [
      'another agency’s field',
      grant('plain: [Tree.kind]'),
      [line(12, 'Tree.kind belongs to woods; only its owner can share it')],
    ],
    [
      'a field that is not shared',
      grant('plain: [Bench.secret]'),
      [line(12, 'Bench.secret is not shared (保密法); no policy can grant it')],
    ],
    [
      'the same under a mask',
      grant('mask: { name: [Bench.secret] }'),
      [line(12, 'Bench.secret is not shared (保密法); no policy can grant it')],
    ],
    [
      'a mask made for something else, which would let the text through',
      grant('mask: { address: [Bench.note] }'),
      [line(12, 'the mask address is for addresses; Bench.note is String, @personal(kind: FREE_TEXT): take redacted')],
    ],
    [
      'a mask for free text on a name, which it would show',
      grant('mask: { redacted: [Bench.donor] }'),
      [
        line(
          12,
          'the mask redacted is for free text; Bench.donor is String, @personal(kind: NAME): take name or pseudonym',
        ),
      ],
    ],
    [
      'a mask that the field’s type cannot hold',
      grant('mask: { pseudonym: [Bench.seats] }'),
      [line(12, 'the mask pseudonym is for texts that name somebody; Bench.seats is Int: give it plainly or deny it')],
    ],
    [
      'a mask on records',
      grant('mask: { name: [Bench.trees] }'),
      [line(12, 'Bench.trees holds records, which have no mask; grant it plainly and mask its fields')],
    ],
    [
      'a field twice in one grant',
      grant('plain: [looks]\n    deny: [Bench.colour]'),
      [line(13, 'Bench.colour stands twice in the grant one; keep one')],
    ],
    [
      'an unknown condition',
      grant('when: [handlesTickets]\n    plain: [looks]'),
      [line(12, 'there is no condition called handlesTickets. Did you mean handlesTicket?')],
    ],
    [
      'an unknown condition inside another',
      grant('when: [{ any: [handlesTicket, { not: handelsTicket }] }]\n    plain: [looks]'),
      [line(12, 'there is no condition called handelsTicket. Did you mean handlesTicket?')],
    ],
    [
      'a condition on a field that is not there',
      grant('when: [inOwnGrid]\n    plain: [looks]'),
      [line(12, 'the condition reads Bench.gridCode, which does not exist.')],
    ],
    [
      'a condition on a misspelt field',
      grant('when: [{ recordIs: { field: color, is: [red] } }]\n    plain: [looks]'),
      [line(12, 'the condition reads Bench.color, which does not exist. Did you mean colour?')],
    ],
    [
      'a value that the enum does not have',
      grant('when: [{ not: { recordIs: { field: state, is: [STANDS, FEL] } } }]\n    plain: [looks]'),
      [line(12, 'Bench.state is never FEL. Did you mean FELL?')],
    ],
    [
      'values of another type',
      grant(
        'when: [{ recordIs: { field: seats, is: ["2"] } }, { recordIs: { field: broken, is: ["true"] } }, { recordIs: { field: colour, is: [5] } }, { recordIs: { field: tags, is: [old] } }]\n    plain: [looks]',
      ),
      [
        line(12, 'Bench.seats is of type Int, so it is never the string 2'),
        line(12, 'Bench.broken is of type Boolean, so it is never the string true'),
        line(12, 'Bench.colour is of type String, so it is never the number 5'),
        line(12, 'Bench.tags holds a list, which equals no value'),
      ],
    ],
    [
      'fields that hold nothing of the kind that a caller has',
      grant(
        'when: [{ inOwnArea: { field: donor } }, { inOwnGrid: { field: divisionCode } }, { namesOwnAgency: [colour] }, { listsOwnAgency: divisionCode }, { notConfidential: { field: seats } }, { withinDays: { field: benchNo, days: 3 } }]\n    plain: [looks]',
      ),
      [
        line(12, 'inOwnArea needs a DivisionCode; Bench.donor is a String'),
        line(12, 'inOwnGrid needs a GridCode or an ID; Bench.divisionCode is a DivisionCode'),
        line(12, 'namesOwnAgency needs an AgencyCode; Bench.colour is a String'),
        line(12, 'listsOwnAgency needs a list of AgencyCode; Bench.divisionCode is a DivisionCode'),
        line(12, 'notConfidential needs a Boolean; Bench.seats is an Int'),
        line(12, 'withinDays needs a DateTime or a Date; Bench.benchNo is an ID'),
      ],
    ],
    [
      'two conditions in one item',
      grant('when: [{ inOwnArea: {}, exactMatch: {} }]\n    plain: [looks]'),
      [line(12, 'a condition is a name, or a map with one name; write several as several list items')],
    ],
    [
      'any without a list',
      grant('when: [{ any: handlesTicket }]\n    plain: [looks]'),
      [line(12, 'any takes a list of conditions')],
    ],
    [
      'unknown consumers',
      grant('plain: [looks]').replace('to: [police]', 'to: [polise]'),
      [line(9, 'there are no consumers called polise. Did you mean police?')],
    ],
    [
      'an id twice',
      `${grant('plain: [looks]')}  - { id: one, to: [police], purposes: [AUDIT], law: 某条例, plain: [Bench.donor] }\n`,
      [line(13, 'the id one is used twice; give each rule its own')],
    ],
    [
      'rows of an unknown type',
      'rows:\n  - { id: r, of: [Bensh], to: [police] }\n',
      [line(8, 'there is no type Bensh. Did you mean Bench?')],
    ],
    [
      'rows of another agency’s type',
      'rows:\n  - { id: r, of: [Tree], to: [police] }\n',
      [line(8, 'Tree belongs to woods; only its owner can share it')],
    ],
    [
      'a join by another agency’s field',
      'joins:\n  - { reads: Tree.treeNo, for: Bench.trees, law: 某条例 }\n',
      [line(8, 'Tree.treeNo belongs to woods; only its owner can share it')],
    ],
    [
      'the right to compare a field that is not shared',
      grant('match: [Bench.secret]'),
      [line(12, 'Bench.secret is not shared (保密法); no policy can give the right to match it')],
    ],
    [
      'the right to count by records',
      grant('count: [Bench.trees]').replace('HANDLING', 'STATISTICS'),
      [line(12, 'Bench.trees holds records, which nobody can count; name a field that holds a value')],
    ],
    [
      'the right to compare another agency’s field',
      grant('match: [Tree.kind]'),
      [line(12, 'Tree.kind belongs to woods; only its owner can share it')],
    ],
    [
      'records for statistics',
      grant('plain: [Bench.colour]').replace('HANDLING', 'HANDLING, STATISTICS'),
      [line(10, 'STATISTICS gives counts and no records; give counts in a grant of their own, under count')],
    ],
    [
      'counts for another purpose',
      grant('count: [Bench.colour]'),
      [line(12, 'counts serve the purpose STATISTICS alone; give them in a grant of their own')],
    ],
    [
      'a condition on a field of another type that may only be matched',
      grant('when: [{ recordIs: { field: donor, is: [x] } }]\n    match: [Tree.benches]'),
      [
        line(12, 'the condition reads Tree.donor, which does not exist.'),
        line(13, 'Tree.benches holds records, which nobody can match; name a field that holds a value'),
      ],
    ],
  ];
  test.each(mistakes)('%s', (_what, body, problems) => {
    expect(problemsOf(body)).toEqual(problems);
  });

  test('every problem is told at once', () => {
    expect(
      problemsOf(
        `${grant('plain: [Bench.color, Tree.kind, Bench.secret]')}rows:\n  - { id: r, of: [Bensh], to: [police] }\n`,
      ),
    ).toHaveLength(4);
  });

  test('arguments of a condition', () => {
    expect(problemsOf(grant('when: [{ withinDays: { field: colour, days: 0 } }]\n    plain: [looks]'))[0]).toMatch(
      /^connectors\/parks\/sharing.yaml:12: withinDays: days /,
    );
  });

  test.each([
    ['no YAML', 'rows: [', 7],
    ['an unknown key', 'grnats: []', 1],
    ['an unknown purpose', grant('plain: [looks]').replace('HANDLING', 'FUN'), 10],
    ['an unknown role', 'rows:\n  - { id: r, of: [Bench], to: [{ agency: police, roles: [KING] }] }', 8],
    ['an unknown mask', grant('mask: { fog: [Bench.donor] }'), 12],
    ['no legal basis', grant('plain: [looks]').replace('law: 某条例', 'law: ""'), 11],
    ['nobody', grant('plain: [looks]').replace('to: [police]', 'to: []'), 9],
  ])('a file of another form: %s', (_what, body, at) => {
    const [first] = problemsOf(body);
    expect(first).toMatch(new RegExp(`^connectors/parks/sharing\\.yaml:${at}: `));
  });
});

describe('a compiled policy', () => {
  const policy =
    compiled(`${grant('when: [handlesTicket]\n    plain: [looks]\n    mask: { name: [Bench.donor] }')}  - id: two
    to: [{ agency: '*', roles: [SYSTEM, AUDITOR] }]
    purposes: [HANDLING, AUDIT]
    law: 某条例
    verbatim: [Bench.note]
    deny: [Bench.donor]
rows:
  - { id: benches, of: [Bench], to: [police] }
  - { id: benches-audited, of: [Bench], to: [{ agency: audit, roles: [AUDITOR] }], purposes: [AUDIT], when: [inOwnArea] }
joins:
  - { reads: Bench.benchNo, for: Bench.trees, law: 某条例 }
`);
  const police: AccessClass = { agency: 'police', role: 'SYSTEM', purpose: 'HANDLING' };
  const rules = (coordinate: string, of: AccessClass) =>
    policy.rulesFor(coordinate, of).map((r) => `${r.id} ${r.outcome.kind}`);

  test('gives the rules of a class in the order of the file', () => {
    expect(rules('Bench.donor', police)).toEqual(['parks/one mask', 'parks/two deny']);
    expect(rules('Bench.note', police)).toEqual(['parks/one mask', 'parks/two plain']);
    expect(rules('Bench.colour', police)).toEqual(['parks/one plain']);
  });

  test('gives none to another role, agency or purpose, or without one', () => {
    for (const of of [
      { ...police, role: 'HANDLER' },
      { ...police, purpose: 'DISPATCH' },
      { ...police, purpose: null },
    ] as const)
      expect(rules('Bench.colour', of)).toEqual([]);
    expect(rules('Bench.colour', { ...police, agency: 'police2' })).toEqual([]);
    expect(rules('Bench.secret', police)).toEqual([]);
  });

  test('redacts free text that is granted plainly, and gives it whole where it says verbatim', () => {
    const [first, second] = policy.rulesFor('Bench.note', police);
    expect([first?.outcome, second?.outcome]).toEqual([{ kind: 'mask', mask: 'redacted' }, { kind: 'plain' }]);
  });

  test('gives row rules, and null where the class may know of no record', () => {
    expect(policy.rowsFor('Bench', police)).toEqual({ kind: 'any', of: [{ kind: 'all', of: [] }] });
    expect(policy.rowsFor('Bench', { agency: 'audit', role: 'AUDITOR', purpose: 'AUDIT' })).toMatchObject({
      of: [{ kind: 'all', of: [{ name: 'inOwnArea' }] }],
    });
    for (const of of [
      { ...police, purpose: null },
      { agency: 'audit', role: 'AUDITOR', purpose: 'HANDLING' },
      { agency: 'grid', role: 'SYSTEM', purpose: 'HANDLING' },
    ] as const) {
      expect(policy.rowsFor('Bench', of)).toBeNull();
    }
    expect(policy.rowsFor('Tree', police)).toBeNull();
  });

  test('takes names within names, each once', () => {
    const nested = compilePolicy(
      [
        parsePolicy(
          `policy: 1
agency: parks
consumers:
  one: [{ agency: police, roles: [SYSTEM] }]
  both: [one, { agency: housing, roles: [SYSTEM] }]
fields:
  colour: [Bench.colour]
  some: [colour, { Bench: [donor] }]
  all: [some, colour, Bench.benchNo]
grants:
  - { id: one, to: [both], purposes: [HANDLING], law: 某条例, plain: [all] }
`,
          'f',
        ),
      ],
      facts,
      [],
    );
    for (const agency of ['police', 'housing'])
      for (const field of ['colour', 'donor', 'benchNo'])
        expect(nested.rulesFor(`Bench.${field}`, { ...police, agency })).toHaveLength(1);
    expect(nested.rulesFor('Bench.note', police)).toEqual([]);
  });

  test('gives the rights of a class apart from what it shows', () => {
    const rights = compiled(`${grant('match: [Bench.donor]\n    deny: [Bench.donor]')}  - id: counts
    to: [police]
    purposes: [STATISTICS]
    law: 某条例
    when: [{ recordIs: { field: colour, is: [red] } }]
    count: [Bench.divisionCode]
`);
    const statistics: AccessClass = { ...police, purpose: 'STATISTICS' };
    const given = (right: Right, coordinate: string, of: AccessClass) =>
      rights.rightsFor(right, coordinate, of).map((r) => r.id);
    expect(given('match', 'Bench.donor', police)).toEqual(['parks/one']);
    expect(given('match', 'Bench.donor', statistics)).toEqual([]);
    expect(given('match', 'Bench.donor', { ...police, role: 'HANDLER' })).toEqual([]);
    expect(given('count', 'Bench.donor', statistics)).toEqual([]);
    expect(given('count', 'Bench.divisionCode', statistics)).toEqual(['parks/counts']);
    expect(rights.rightsFor('count', 'Bench.divisionCode', statistics)[0]?.when).toMatchObject({
      of: [{ name: 'recordIs' }],
    });
    expect(rights.rulesFor('Bench.donor', police).map((r) => r.outcome.kind)).toEqual(['deny']);
  });

  test('knows the approved joins', () => {
    expect(policy.mayJoin('Bench.benchNo', 'Bench.trees', false)).toBe(true);
    expect(policy.mayJoin('Bench.benchNo', 'Bench.trees', true)).toBe(false);
    expect(policy.mayJoin('Bench.benchNo', 'Tree.benches', false)).toBe(false);
    expect(policy.mayJoin('Bench.donor', 'Bench.trees', false)).toBe(false);
  });

  test('has a version that follows every letter of policy and schema, and nothing else', () => {
    const one = compiled(grant('plain: [looks]'));
    expect(one.version).toMatch(/^[0-9a-f]{32}$/);
    expect(compiled(grant('plain: [looks]'), 'elsewhere.yaml').version).toBe(one.version);
    expect(compiled(grant('plain: [looks] # a word')).version).not.toBe(one.version);
    const parsed = [parsePolicy(head + grant('plain: [looks]'), 'f')];
    expect(compilePolicy(parsed, facts, ['another schema']).version).not.toBe(one.version);
    expect(compilePolicy(parsed, facts, sdl.map((m) => m.sdl).toReversed()).version).toBe(one.version);
  });
});

test('an agency that is meant to be another; others may ask that share nothing', () => {
  const of = (agency: string): string =>
    `grants:\n  - id: one\n    to: [{ agency: ${agency}, roles: [SYSTEM] }]\n    purposes: [HANDLING]\n    law: 某条例\n    deny: [Bench.note]\n`;
  expect(problemsOf(of('parcs'))).toEqual([
    'connectors/parks/sharing.yaml:9: there is no agency parcs with a policy. Did you mean parks?',
  ]);
  for (const agency of ['parks', 'libraries', '"*"']) expect(problemsOf(of(agency))).toEqual([]);
});
