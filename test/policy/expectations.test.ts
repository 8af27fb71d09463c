import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';
import { runExpectations, type ExpectationResult } from '../../src/policy/expectations.ts';
import { small, waterPolicy } from './small-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'lianqiao-expectations-'));
afterAll(() => rmSync(folder, { recursive: true }));

const checked = small(
  waterPolicy([
    'id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]',
    'id: others, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], mask: { name: [Account.name] }',
  ]),
);

function run(text: string): ExpectationResult[] {
  const path = join(folder, 'sharing.test.yaml');
  writeFileSync(path, text);
  return runExpectations(path, 'water/sharing.test.yaml', checked);
}

function problems(text: string): string[] {
  try {
    run(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(printProblem);
    throw error;
  }
  throw new Error('the file was taken');
}

describe('runExpectations', () => {
  test('compares what may be matched or counted by', () => {
    const file = join(folder, 'rights.yaml');
    writeFileSync(
      file,
      `expectations:
  - name: rights
    agency: fire
    role: HANDLER
    purpose: HANDLING
    match: { Account.name: all, Account.state: none }
    count: { Account.state: all }
`,
    );
    const withRights = small(
      waterPolicy(['id: one, to: [others], purposes: [HANDLING], law: 供水条例, match: [Account.name]']),
    );
    expect(runExpectations(file, 'f', withRights).map((r) => [r.subject, r.actual, r.ok])).toEqual([
      ['Account.name (match)', 'all', true],
      ['Account.state (match)', 'none', true],
      ['Account.state (count)', 'none', false],
    ]);
  });

  test('compares each verdict and each type’s rows, and tells the line', () => {
    const place = { name: 'others see little', file: 'water/sharing.test.yaml' };
    const condition = 'recordIs({"field":"state","is":["ON"]})';
    expect(
      run(`expectations:
  - name: others see little
    agency: fire
    role: HANDLER
    purpose: HANDLING
    fields:
      Account.no: deny
      Account.name: mask name
      Account.bank: never
    rows:
      Account: all
  - name: not to any other
    agency: '*'
    role: HANDLER
    purpose: HANDLING
    rows: { Account: all }
`),
    ).toEqual([
      { ...place, subject: 'Account (records)', expected: 'all', actual: 'all', line: 11, ok: true },
      { ...place, subject: 'Account.no', expected: 'deny', actual: 'deny', line: 7, ok: true },
      {
        ...place,
        subject: 'Account.name',
        expected: 'mask name',
        actual: `mask name if ${condition}`,
        line: 8,
        ok: false,
      },
      { ...place, subject: 'Account.bank', expected: 'never', actual: 'never', line: 9, ok: true },
      {
        ...place,
        name: 'not to any other',
        subject: 'Account (records)',
        expected: 'all',
        actual: 'none',
        line: 16,
        ok: false,
      },
    ]);
  });

  const one = (more: string, agency = 'water'): string =>
    `expectations:\n  - name: one\n    agency: ${agency}\n    role: HANDLER\n    purpose: HANDLING\n${more}`;

  test.each([
    [
      'an unknown field',
      one('    fields: { Account.nme: deny }'),
      ['6: there is no field Account.nme. Did you mean Account.name?'],
    ],
    ['an unknown type', one('    rows: { Acount: none }'), ['6: there is no type Acount. Did you mean Account?']],
    [
      'rows of a part of a record',
      one('    rows: { Meter: none }'),
      ['6: Meter is a part of other records and has no rows of its own; expect something of its fields'],
    ],
    [
      'a misspelt agency, which would be denied everything as expected',
      one('    fields: { Account.no: deny }', 'watr'),
      ["3: there is no agency watr. Did you mean water? Write '*' for any that no connector stands for"],
    ],
    ['an expectation of nothing', one(''), ['2: expectations.0: expects nothing; name rows, fields, match or count']],
    ['no expectation', 'expectations: []', ['1: expectations: Too small: expected array to have >=1 items']],
    ['an empty file', '', [': the file: Invalid input: expected object, received null']],
    [
      'an unknown role, and a word too many',
      'expectations:\n  - name: one\n    agency: water\n    role: CHIEF\n    purpose: HANDLING\n    fields: { Account.no: deny }\n    file: x\n',
      [
        '4: expectations.0.role: Invalid option: expected one of "SYSTEM"|"OPERATOR"|"HANDLER"|"GRID_WORKER"|"SUPERVISOR"|"AUDITOR"|"STEWARD"',
        '2: expectations.0: Unrecognized key: "file"',
      ],
    ],
    [
      'a field twice',
      one('    fields: { Account.no: deny, Account.no: plain }'),
      ['6: not valid YAML: Map keys must be unique'],
    ],
  ])('refuses %s', (_what, text, messages) => {
    expect(problems(text)).toEqual(messages.map((m) => `water/sharing.test.yaml${m.startsWith(':') ? '' : ':'}${m}`));
  });
});
