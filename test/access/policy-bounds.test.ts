import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { schemaFacts } from '../../src/access/facts.ts';
import { compilePolicy } from '../../src/access/policy.ts';
import { parsePolicy, readPolicyFile } from '../../src/access/policy-file.ts';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';

/* Files that would harm the hub rather than tell it something: each is refused with its place, and soon. */

const folder = mkdtempSync(join(tmpdir(), 'lianqiao-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sdl = {
  agency: 'parks',
  file: 'parks.graphql',
  sdl: 'type Bench { benchNo: ID! @share(category: UNCONDITIONAL) @grade(level: 1) }',
};
const facts = schemaFacts([sdl]);
const head = 'policy: 1\nagency: parks\n';
const grant = '  - { id: one, to: [t0], purposes: [HANDLING], law: 某条例, plain: [s0] }\n';

function problemsOf(text: string): string[] {
  return refusal(() => compilePolicy([parsePolicy(text, 'f.yaml')], facts, [sdl.sdl]));
}

function refusal(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(printProblem);
    throw error;
  }
  return [];
}

describe('size', () => {
  test('10 MB', () => {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, `${head}# ${'x'.repeat(10_000_000)}\n`);
    expect(refusal(() => readPolicyFile(file, 'large.yaml'))).toEqual([
      'large.yaml: has 10000027 bytes; a policy may have 1048576, so that people can review it: name sets of fields and callers',
    ]);
    expect(problemsOf(`${head}# ${'街'.repeat(400_000)}\n`)[0]).toMatch(/^f\.yaml: has 1200027 bytes; /);
  });

  test('a folder in the place of the file', () => {
    expect(refusal(() => readPolicyFile(folder, 'sharing.yaml'))).toEqual([
      'sharing.yaml: cannot be read; each connector needs its sharing policy',
    ]);
  });
});

describe('anchors', () => {
  test('a bomb of aliases', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `${String.fromCodePoint(97 + i)}: &${String.fromCodePoint(97 + i)} [${Array(9)
          .fill(`*${String.fromCodePoint(96 + i)}`)
          .join(', ')}]`,
      );
    const problems = problemsOf(`${head}${lines.join('\n')}\n`);
    expect(problems[0]).toBe('f.yaml:3: uses a YAML anchor or alias; write it out, or name a set');
    expect(problems.at(-1)).toMatch(/^f\.yaml:14: /);
  });

  test('a single harmless one, with its line', () => {
    const text = `${head}consumers:\n  one: &one [{ agency: police, roles: [SYSTEM] }]\n  two: *one\n`;
    expect(problemsOf(text)).toEqual([
      'f.yaml:4: uses a YAML anchor or alias; write it out, or name a set',
      'f.yaml:5: uses a YAML anchor or alias; write it out, or name a set',
    ]);
  });

  test('one that holds itself', () => {
    expect(problemsOf(`${head}fields:\n  s0: &s [*s]\n`)[0]).toMatch(/^f\.yaml:4: uses a YAML anchor/);
  });
});

describe('nesting', () => {
  const deep = ['f.yaml:3: is nested too deeply; 40 levels are allowed'];
  test.each([100, 5_000, 200_000])('%d levels', (levels) => {
    expect(problemsOf(`${head}rows: ${'['.repeat(levels)}${']'.repeat(levels)}\n`)).toEqual(deep);
    expect(problemsOf(`${head}rows: ${'['.repeat(levels)}`)).toEqual(deep);
    expect(problemsOf(`${head}rows: ${'{a: '.repeat(levels)}`)).toEqual(deep);
    expect(problemsOf(`${head}${'? '.repeat(levels)}a`)).toEqual(deep);
  });

  test('levels of indented lists', () => {
    expect(problemsOf(`${head}${'- '.repeat(400_000)}a`)[0]).toMatch(/^f\.yaml:3: is nested too deeply/);
    const steps = Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(problemsOf(`${head}${steps}\n`)[0]).toMatch(/^f\.yaml:\d+: is nested too deeply/);
  });

  test('a condition of many negations', () => {
    const when = `${'{ not: '.repeat(60)}exactMatch${' }'.repeat(60)}`;
    expect(
      problemsOf(`${head}grants:\n  - { id: one, to: [x], purposes: [HANDLING], law: 某, when: [${when}] }\n`),
    ).toEqual(['f.yaml:4: is nested too deeply; 40 levels are allowed']);
  });
});

describe('names that name each other', () => {
  test('callers in a circle', () => {
    const text = `${head}consumers:\n  t0: [t1]\n  t1: [t2]\n  t2: [t0]\nfields:\n  s0: [Bench.benchNo]\ngrants:\n${grant}`;
    expect(problemsOf(text)).toEqual(['f.yaml:4: these consumers go round in a circle: t0 → t1 → t2 → t0']);
  });

  test('callers in a circle that two grants enter at two places are told once', () => {
    const text = `${head}consumers:\n  t0: [t1]\n  t1: [t2]\n  t2: [t0]\nfields:\n  s0: [Bench.benchNo]\ngrants:\n${grant}${grant.replace('t0', 't2').replace('id: one', 'id: two')}`;
    expect(problemsOf(text)).toEqual(['f.yaml:4: these consumers go round in a circle: t0 → t1 → t2 → t0']);
  });

  test('a name that JavaScript keeps for itself', () => {
    const text = `${head}consumers:\n  __proto__: [{ agency: police, roles: [SYSTEM] }]\n  t0: [{ agency: police, roles: [SYSTEM] }]\nfields:\n  s0: [Bench.benchNo]\ngrants:\n${grant}`;
    expect(problemsOf(text)).toEqual(['f.yaml:4: __proto__ cannot be a name; choose another']);
  });

  test('sets of fields in a circle', () => {
    const text = `${head}consumers:\n  t0: [{ agency: police, roles: [SYSTEM] }]\nfields:\n  s0: [s0]\ngrants:\n${grant}`;
    expect(problemsOf(text)).toEqual(['f.yaml:6: these sets of fields go round in a circle: s0 → s0']);
  });

  test('many that double at each step are each followed once', () => {
    const steps = Array.from({ length: 60 }, (_, i) => `  s${i}: [s${i + 1}, s${i + 1}]`).join('\n');
    const text = `${head}consumers:\n  t0: [{ agency: police, roles: [SYSTEM] }]\nfields:\n${steps}\n  s60: [Bench.benchNo]\ngrants:\n${grant}`;
    expect(problemsOf(text)).toEqual([]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('a name that every object has: %s', (name) => {
    const text = `${head}grants:\n  - { id: one, to: [${name}], purposes: [HANDLING], law: 某条例, plain: [${name}] }\n`;
    expect(problemsOf(text)).toEqual([
      `f.yaml:4: there are no consumers called ${name}.`,
      `f.yaml:4: there is no set of fields called ${name}.`,
    ]);
  });
});

test('a second document', () => {
  expect(problemsOf(`${head}---\n${head}`)[0]).toMatch(/^f\.yaml:3: not valid YAML: /);
});

test('a key twice', () => {
  expect(problemsOf(`${head}rows: []\nrows: []\n`)[0]).toMatch(/^f\.yaml:4: not valid YAML: /);
});

test.each([
  ['GBK', Buffer.concat([Buffer.from(`${head}# `), Buffer.from([0xb9, 0xab, 0xb0, 0xb2])])],
  ['a NUL', Buffer.from(`${head}# \0\n`)],
  ['UTF-16', Buffer.from(head, 'utf16le')],
])('an encoding that is not UTF-8: %s', (_what, bytes) => {
  const file = join(folder, 'encoded.yaml');
  writeFileSync(file, bytes);
  expect(refusal(() => readPolicyFile(file, 'encoded.yaml'))).toEqual([
    'encoded.yaml: is no UTF-8 text; save it as UTF-8',
  ]);
});
