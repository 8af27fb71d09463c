import { decide } from '../access/decide.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { ParsedPolicy, PolicyConsumers, PolicyCoordinates } from '../access/policy-file.ts';
import { meets, rights, type AccessClass, type Policy, type RightRule, type RowRule } from '../access/policy.ts';
import type { Condition } from '../access/condition.ts';
import type { PolicyFinding } from './finding.ts';
import type { ReachedLines } from './reached-lines.ts';

/** A field that a relation of another agency joins by. */
export interface NeededJoin {
  readonly reads: string;
  readonly relation: string;
}

type Line = Pick<RowRule, 'id' | 'to' | 'purposes' | 'when' | 'file' | 'line'>;
type Found = Omit<PolicyFinding, 'classes'>;

/** The row rules on the type that show nobody a record that others do not show. */
export function needlessRows(
  type: string,
  classes: readonly AccessClass[],
  policy: Policy,
  reach: ReachedLines,
): Found[] {
  return needless(policy.allRows(type), type, classes, reach, () => false).map((rule) => ({
    kind: 'DEAD_RULE',
    subject: type,
    file: rule.file,
    line: rule.line,
    message: `${rule.id} shows no caller any record of ${type} that other row rules do not show; take ${type} out of it`,
  }));
}

/** The lines that let nobody match or count by the field on a record on which others do not, or on which it is not plain anyway. */
export function needlessRights(
  coordinate: string,
  classes: readonly AccessClass[],
  policy: Policy,
  facts: SchemaFacts,
  reach: ReachedLines,
): Found[] {
  const field = facts.fields.get(coordinate);
  if (field === undefined) return [];
  return rights.flatMap((right) => {
    const plain = (of: AccessClass): boolean => {
      if (right !== 'match') return false;
      const decision = decide(field, of, policy, false);
      return decision.kind === 'give' && decision.outcome.kind === 'plain';
    };
    const lines: readonly RightRule[] = policy.allRights(right, coordinate);
    return needless(lines, field.type, classes, reach, plain).map((rule): Found => ({
      kind: 'DEAD_RULE',
      subject: coordinate,
      file: rule.file,
      line: rule.line,
      message: `${rule.id} lets no caller ${right} by ${coordinate} where other lines do not; take it out of ${right}`,
    }));
  });
}

/** The lines that no class needs; `without`: the classes that need none of them. */
function needless<T extends Line>(
  lines: readonly T[],
  type: string,
  classes: readonly AccessClass[],
  reach: ReachedLines,
  without: (of: AccessClass) => boolean,
): T[] {
  const needed = new Set<T>();
  for (const of of classes) {
    const met = lines.filter((line) => meets(line, of));
    if (met.every((line) => needed.has(line)) || without(of)) continue;
    const whens: readonly Condition[] = met.map((line) => line.when);
    const { lines: reached } = reach(whens, type, of.agency);
    met.forEach((line, i) => {
      if (reached[i]?.needed === true) needed.add(line);
    });
  }
  return lines.filter((line) => !needed.has(line));
}

/** The names for callers and for sets of fields that no line uses. */
export function unusedNames(parsed: readonly ParsedPolicy[]): PolicyFinding[] {
  return parsed.flatMap((policy) => {
    const { consumers, fields, rows, grants, agency } = policy.value;
    const unused = (kind: 'consumers' | 'fields', all: readonly string[], used: ReadonlySet<string>): PolicyFinding[] =>
      all
        .filter((name) => !used.has(name))
        .map((name) => ({
          kind: 'UNUSED',
          subject: `${agency}/${name}`,
          file: policy.file,
          line: policy.problem([kind, name], '').line ?? null,
          message: `no line of ${agency} names ${name}; take it out of ${kind}, or use it`,
          classes: [],
        }));
    const callers = namesIn(
      [...rows, ...grants].flatMap((line) => line.to),
      consumers,
    );
    const sets = namesIn(
      grants.flatMap((g) => [
        ...g.plain,
        ...g.verbatim,
        ...g.deny,
        ...g.match,
        ...g.count,
        ...Object.values(g.mask).flat(),
      ]),
      fields,
    );
    return [...unused('consumers', Object.keys(consumers), callers), ...unused('fields', Object.keys(fields), sets)];
  });
}

/** The names that a list uses, and those that these use in turn. */
function namesIn(
  list: PolicyConsumers | PolicyCoordinates,
  named: Readonly<Record<string, PolicyConsumers | PolicyCoordinates>>,
): ReadonlySet<string> {
  const used = new Set<string>();
  const visit = (one: unknown): void => {
    if (typeof one !== 'string' || used.has(one)) return;
    used.add(one);
    if (Object.hasOwn(named, one)) named[one]?.forEach(visit);
  };
  list.forEach(visit);
  return used;
}

/**
 * The approvals that no relation needs: it does not join by the field, the field is open anyway, or it stands there twice. One
 * for a relation of an agency that takes no part in this hub waits for it.
 */
export function needlessJoins(
  parsed: readonly ParsedPolicy[],
  needed: readonly NeededJoin[],
  facts: SchemaFacts,
): PolicyFinding[] {
  const wanted = new Set(needed.map((j) => `${j.reads} ${j.relation}`));
  return parsed.flatMap((policy) => {
    const seen = new Set<string>();
    return policy.value.joins.flatMap((join, i): PolicyFinding[] => {
      const name = `${join.reads} ${join.for}`;
      const again = seen.has(name);
      seen.add(name);
      if (!again && (wanted.has(name) || !facts.fields.has(join.for))) return [];
      return [
        {
          kind: 'NEEDLESS_JOIN',
          subject: join.reads,
          file: policy.file,
          line: policy.problem(['joins', i], '').line ?? null,
          message: again
            ? `that ${join.for} may join by ${join.reads} is approved twice; keep one`
            : `${join.for} needs no approval to join by ${join.reads}; take it out of joins`,
          classes: [],
        },
      ];
    });
  });
}
