import type { Condition } from '../access/condition.ts';
import type { RightRule, RowRule } from '../access/policy.ts';
import { predicates } from '../access/predicates.ts';
import type { Problem } from '../access/problem.ts';
import type { EntitySource, StatisticsDeclaration } from '../connector/connector.ts';

/** The coordinates that a declaration counts by. */
export function countedFields({ type, dimensions }: StatisticsDeclaration): string[] {
  return [...new Set(Object.values(dimensions).flatMap((keys) => keys.map((k) => `${type}.${k.field}`)))];
}

/**
 * What is wrong with the statistics that a connector (`file`) declares. That no count can be computed from others rests on
 * their form: see docs/statistics.md.
 */
export function statisticsProblems(
  declarations: readonly StatisticsDeclaration[],
  source: (type: string) => EntitySource | undefined,
  file: string,
): Problem[] {
  const types = new Set<string>();
  return declarations.flatMap(({ field: root, type, dimensions }): Problem[] => {
    const messages: string[] = [];
    if (types.has(type)) messages.push(`${type} is counted by two root fields; put their dimensions into one`);
    types.add(type);
    const single = new Map<string, number | undefined>();
    const paired = new Set<string>();
    for (const [name, keys] of Object.entries(dimensions)) {
      for (const { field, prefix } of keys) {
        if (source(type)?.canCountBy(field) === false)
          messages.push(
            `${name} counts by ${type}.${field}, which does not have one value in one column of its source`,
          );
        if (keys.length === 2) {
          if (paired.has(field)) messages.push(`${type}.${field} stands in two pairs; keep one`);
          paired.add(field);
        } else if (single.has(field)) messages.push(`${type}.${field} is a dimension twice; keep one`);
        else single.set(field, prefix);
      }
    }
    for (const [name, keys] of Object.entries(dimensions))
      for (const { field, prefix } of keys)
        if (keys.length === 2 && (!single.has(field) || single.get(field) !== prefix))
          messages.push(`${name} pairs ${type}.${field}, which is no dimension of its own in this form; add it`);
    return messages.map((message) => ({ file, message: `${root}: ${message}` }));
  });
}

/** Why nobody could count under a line of the policy, or could count too much. */
export function countProblems(
  { file, line }: Pick<RightRule, 'file' | 'line'>,
  conditions: readonly Condition[],
  type: string,
  coordinate: string,
): Problem[] {
  return conditions.flatMap((condition): Problem[] => {
    if (condition.kind !== 'predicate') return [];
    const { about } = predicates[condition.name];
    const message =
      about === 'match' || (about === 'ticket' && type !== 'Ticket')
        ? `the count of ${coordinate} has the condition ${condition.name}, but no ticket leads to what is counted; use one about the record`
        : condition.name === 'withinDays'
          ? `the count of ${coordinate} has the condition withinDays, so that the counts of two days would differ by single records; leave it out`
          : null;
    if (message === null) return [];
    return [line === null ? { file, message } : { file, line, message }];
  });
}

/** A row rule by which somebody counts who would count other records every day. */
export function slidingRows(
  { id, to, purposes, file, line }: RowRule,
  conditions: readonly Condition[],
  counts: readonly RightRule[],
): Problem[] {
  if (purposes !== null && !purposes.includes('STATISTICS')) return [];
  if (!conditions.some((c) => c.kind === 'predicate' && c.name === 'withinDays')) return [];
  if (!counts.some((count) => meet(count.to, to))) return [];
  const message = `the row rule ${id} has the condition withinDays, so that the counts of two days would differ by single records; name its purposes, without STATISTICS`;
  return [line === null ? { file, message } : { file, line, message }];
}

/** Whether one caller can be meant by both. */
function meet(some: RowRule['to'], others: RowRule['to']): boolean {
  return some.some((x) =>
    others.some(
      (y) =>
        (x.agency === '*' || y.agency === '*' || x.agency === y.agency) && x.roles.some((r) => y.roles.includes(r)),
    ),
  );
}
