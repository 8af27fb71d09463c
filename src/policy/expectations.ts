import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { rights } from '../access/policy.ts';
import { ConfigurationError, type Problem } from '../access/problem.ts';
import { readNamed } from '../access/read-named.ts';
import { suggestion } from '../access/suggestion.ts';
import { purposes, roles } from '../identity/principal.ts';
import type { CheckedPolicy } from './check.ts';
import { anyOther } from './classes.ts';
import { inOneGo, type Steps } from './turns.ts';
import { rightText, rowsText, verdictText } from './verdict.ts';

const verdicts = z.record(z.string(), z.string()).default({});

const expectation = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'What it shows, for the reader' }),
    agency: z.string().meta({ description: 'An agency; * for any that no connector stands for' }),
    role: z.enum(roles),
    purpose: z.enum(purposes),
    rows: verdicts.meta({ description: 'Type: the records that may be known of, in the words of policy matrix' }),
    fields: verdicts.meta({ description: 'Type.field: its verdict, in the words of policy matrix' }),
    match: verdicts.meta({
      description: 'Type.field: on which records it may be compared, in the words of policy matrix',
    }),
    count: verdicts.meta({
      description: 'Type.field: on which records it may be counted by, in the words of policy matrix',
    }),
  })
  .refine(
    ({ rows, fields, match, count }) => [rows, fields, match, count].some((of) => Object.keys(of).length > 0),
    'expects nothing; name rows, fields, match or count',
  )
  .meta({ description: 'What one class of callers gets' });

export const expectationFile = z
  .strictObject({ expectations: z.array(expectation).min(1) })
  .meta({ title: 'Expectations of a sharing policy (sharing.test.yaml)' });

export interface ExpectationResult {
  readonly name: string;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  readonly file: string;
  readonly line: number | null;
  readonly ok: boolean;
}

/** Runs a file of expectations against the policy. Throws `ConfigurationError` for a file that is not right. */
export function runExpectations(path: string, shownAs: string, checked: ExpectedPolicy): ExpectationResult[] {
  return inOneGo(expectationSteps(path, shownAs, checked));
}

/** What is found of a policy without a file of expectations: nothing says what its steward relies on, so nothing can fail. */
export function withoutExpectations(file: string): ExpectationResult {
  return {
    name: 'every policy has expectations beside it (docs/policy.md)',
    subject: 'the file',
    expected: 'present',
    actual: 'missing',
    file,
    line: null,
    ok: false,
  };
}

type ExpectedPolicy = Pick<CheckedPolicy, 'policy' | 'facts' | 'entities'>;

/** The same, expectation by expectation. */
export function* expectationSteps(
  path: string,
  shownAs: string,
  { policy, facts, entities }: ExpectedPolicy,
): Steps<ExpectationResult[]> {
  const lines = new LineCounter();
  const document = parseDocument(readNamed(path, shownAs), { lineCounter: lines, prettyErrors: false });
  const lineOf = (at: readonly PropertyKey[]): number | null => {
    for (let length = at.length; length > 0; length--) {
      const node = document.getIn(at.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  const problem = (at: readonly PropertyKey[], message: string): Problem => {
    const line = lineOf(at);
    return line === null ? { file: shownAs, message } : { file: shownAs, line, message };
  };
  const [malformed] = document.errors;
  if (malformed !== undefined)
    throw new ConfigurationError([
      { file: shownAs, line: lines.linePos(malformed.pos[0]).line, message: `not valid YAML: ${malformed.message}` },
    ]);
  const parsed = expectationFile.safeParse(document.toJS());
  if (!parsed.success)
    throw new ConfigurationError(
      parsed.error.issues.map((i) => problem(i.path, `${i.path.join('.') || 'the file'}: ${i.message}`)),
    );

  const problems: Problem[] = [];
  const agencies = new Set([...facts.fields.values()].map((f) => f.owner)).add(anyOther);
  const results: ExpectationResult[] = [];
  for (const [i, one] of parsed.data.expectations.entries()) {
    yield;
    if (!agencies.has(one.agency))
      // A misspelt agency would be denied everything, as expected.
      problems.push(
        problem(
          ['expectations', i, 'agency'],
          `there is no agency ${one.agency}.${suggestion(one.agency, [...agencies])} Write '*' for any that no connector stands for`,
        ),
      );
    const of = { agency: one.agency, role: one.role, purpose: one.purpose };
    const result = (
      subject: string,
      expected: string,
      actual: string,
      at: readonly PropertyKey[],
    ): ExpectationResult => ({
      name: one.name,
      subject,
      expected,
      actual,
      file: shownAs,
      line: lineOf(at),
      ok: expected === actual,
    });
    const fields = Object.entries(one.fields).flatMap(([coordinate, expected]) => {
      const at = ['expectations', i, 'fields', coordinate];
      const field = facts.fields.get(coordinate);
      if (field !== undefined)
        return [result(coordinate, expected, field.category === 'NONE' ? 'never' : verdictText(field, of, policy), at)];
      problems.push(problem(at, `there is no field ${coordinate}.${suggestion(coordinate, [...facts.fields.keys()])}`));
      return [];
    });
    const given = rights.flatMap((right) =>
      Object.entries(one[right]).flatMap(([coordinate, expected]) => {
        const at = ['expectations', i, right, coordinate];
        if (facts.fields.has(coordinate))
          return [result(`${coordinate} (${right})`, expected, rightText(right, coordinate, of, policy), at)];
        problems.push(
          problem(at, `there is no field ${coordinate}.${suggestion(coordinate, [...facts.fields.keys()])}`),
        );
        return [];
      }),
    );
    const rows = Object.entries(one.rows).flatMap(([type, expected]) => {
      const at = ['expectations', i, 'rows', type];
      if (entities.has(type)) return [result(`${type} (records)`, expected, rowsText(type, of, policy), at)];
      problems.push(
        problem(
          at,
          facts.types.has(type)
            ? `${type} is a part of other records and has no rows of its own; expect something of its fields`
            : `there is no type ${type}.${suggestion(type, [...entities])}`,
        ),
      );
      return [];
    });
    results.push(...rows, ...fields, ...given);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return results;
}
