import { z } from 'zod';
import type { FilePath, ParsedPolicy } from '../access/policy-file.ts';
import type { Problem } from '../access/problem.ts';
import type { PolicyFinding } from './finding.ts';

/** A condition `{ inForce: { until } }`; others are passed over. */
const period = z.object({ inForce: z.object({ until: z.string() }) });

const nested = z.union([z.object({ all: z.array(z.unknown()) }), z.object({ any: z.array(z.unknown()) })]);

/** The grants and row rules whose period is over on this date (YYYY-MM-DD): they give nothing any more. */
export function expired(parsed: readonly ParsedPolicy[], today: string): PolicyFinding[] {
  return parsed.flatMap((policy) => {
    const { agency, rows, grants } = policy.value;
    const ended = (id: string, until: string, path: FilePath): PolicyFinding[] =>
      until >= today
        ? []
        : [
            {
              kind: 'EXPIRED',
              subject: `${agency}/${id}`,
              file: policy.file,
              line: policy.problem(path, '').line ?? null,
              message: `${agency}/${id} ended on ${until}; take it out, or prolong it`,
              classes: [],
            },
          ];
    // Under `not` a period that is over holds for ever: nothing is over there.
    const inList = (id: string, list: readonly unknown[], path: FilePath): PolicyFinding[] =>
      list.flatMap((one, i) => {
        const found = period.safeParse(one);
        if (found.success) return ended(id, found.data.inForce.until, [...path, i]);
        const below = nested.safeParse(one);
        if (!below.success) return [];
        return Object.entries(below.data).flatMap(([name, of]) => inList(id, of, [...path, i, name]));
      });
    const endedConditions = (id: string, when: readonly unknown[], path: FilePath): PolicyFinding[] =>
      inList(id, when, [...path, 'when']);
    return [
      ...rows.flatMap((row, i) => endedConditions(row.id, row.when, ['rows', i])),
      ...grants.flatMap((grant, i) => [
        ...(grant.until === undefined ? [] : ended(grant.id, grant.until, ['grants', i, 'until'])),
        ...endedConditions(grant.id, grant.when, ['grants', i]),
      ]),
    ];
  });
}

/**
 * New lines whose period is over: somebody mistyped a year. A line that ran out while it was in force stays, so that
 * neither time alone nor another agency's old line keeps a change away.
 */
export function endedAlready(
  parsed: readonly ParsedPolicy[],
  before: readonly ParsedPolicy[],
  today: string,
): Problem[] {
  const old = new Set(expired(before, today).map((f) => f.message));
  return expired(parsed, today)
    .filter((f) => !old.has(f.message))
    .map(({ file, line, message }) => (line === null ? { file, message } : { file, line, message }));
}
