import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { SchemaFacts } from '../access/facts.ts';
import { ConfigurationError, type Problem } from '../access/problem.ts';
import type { Policy } from '../access/policy.ts';
import { suggestion } from '../access/suggestion.ts';
import { purposes, roles } from '../identity/principal.ts';
import { rowsText, verdictText } from './verdict.ts';

const expectation = z.strictObject({
  /** What it shows, for the reader. */
  name: z.string().min(1),
  agency: z.string(),
  role: z.enum(roles),
  purpose: z.enum(purposes),
  /** `Type.field` to its verdict, in the words of `policy matrix`. */
  fields: z.record(z.string(), z.string()).default({}),
  /** Type to the records that may be known, in the words of `policy matrix`. */
  rows: z.record(z.string(), z.string()).default({}),
});
const expectationFile = z.strictObject({ expectations: z.array(expectation).min(1) });

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
export function runExpectations(
  path: string,
  shownAs: string,
  policy: Policy,
  facts: SchemaFacts,
): ExpectationResult[] {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const lineOf = (at: readonly PropertyKey[]): number | null => {
    const node = document.getIn(at, true);
    return isNode(node) && node.range ? lines.linePos(node.range[0]).line : null;
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
    throw new ConfigurationError(parsed.error.issues.map((i) => problem(i.path, `${i.path.join('.')}: ${i.message}`)));

  const problems: Problem[] = [];
  const results = parsed.data.expectations.flatMap((one, i) => {
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
    const rows = Object.entries(one.rows).flatMap(([type, expected]) => {
      const at = ['expectations', i, 'rows', type];
      if (facts.types.has(type)) return [result(`${type} (records)`, expected, rowsText(type, of, policy), at)];
      problems.push(problem(at, `there is no type ${type}.${suggestion(type, [...facts.types])}`));
      return [];
    });
    return [...rows, ...fields];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return results;
}
