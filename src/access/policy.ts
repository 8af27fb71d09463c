import { createHash } from 'node:crypto';
import type { Purpose, Role } from '../identity/principal.ts';
import type { Condition } from './condition.ts';
import { conditionProblems } from './condition-check.ts';
import { readCondition } from './condition-file.ts';
import type { FieldFacts, SchemaFacts } from './facts.ts';
import { maskMisfit } from './mask-fit.ts';
import type { MaskName } from './mask-name.ts';
import type { Consumer, FilePath, ParsedPolicy, PolicyCoordinates, PolicyFile } from './policy-file.ts';
import { byPlace, ConfigurationError, type Problem } from './problem.ts';
import { nearNames } from './near-names.ts';
import { expandConsumers, expandFields } from './policy-names.ts';
import { suggestion } from './suggestion.ts';

/** The callers that a plan is made for, together: unit, areas, grids and ticket are parameters at run time. */
export interface AccessClass {
  readonly agency: string;
  readonly role: Role;
  /** Null for a request without a purpose, which reaches the open catalogue alone. */
  readonly purpose: Purpose | null;
}

/** What a grant gives. */
export type Outcome =
  { readonly kind: 'plain' } | { readonly kind: 'mask'; readonly mask: MaskName } | { readonly kind: 'deny' };

/** One line of a policy about one field. */
export interface FieldRule {
  /** `agency/grant` */
  readonly id: string;
  readonly to: readonly Consumer[];
  readonly purposes: readonly Purpose[];
  readonly law: string;
  readonly when: Condition;
  readonly outcome: Outcome;
  /** Where the policy says so. */
  readonly file: string;
  readonly line: number | null;
}

/**
 * What a policy may allow of a field beside showing it: `match`, to compare it for equality with a value that the caller
 * names; `count`, to count records by it (`STATISTICS`).
 */
export const rights = ['match', 'count'] as const;
export type Right = (typeof rights)[number];

/** One line that gives a right. */
export type RightRule = Omit<FieldRule, 'outcome'>;

/** One line that shows records of a type; several add up. */
export interface RowRule {
  /** `agency/row` */
  readonly id: string;
  readonly to: readonly Consumer[];
  /** Null: every purpose. */
  readonly purposes: readonly Purpose[] | null;
  readonly when: Condition;
  readonly file: string;
  readonly line: number | null;
}

/** An owner's approval that a relation joins by its field. */
export interface ApprovedJoin {
  readonly reads: string;
  /** The relation, as `Type.field`. */
  readonly relation: string;
  readonly law: string;
  /** The other agency's source may be asked for the number itself. */
  readonly inClear: boolean;
}

/** All agencies' policies, compiled. */
export interface Policy {
  /** Hash of the texts that it was made from: SHA-256, the first 32 hex digits. */
  readonly version: string;
  /** Every rule on the field, for all callers, in the file's order. */
  allRules(coordinate: string): readonly FieldRule[];
  /** The rules on this field that can meet callers of the class, in the file's order: the first that holds decides; none: denied. */
  rulesFor(coordinate: string, of: AccessClass): readonly FieldRule[];
  /** The lines that give the class this right on the field: it holds where the conditions of one of them do. */
  rightsFor(right: Right, coordinate: string, of: AccessClass): readonly RightRule[];
  /** The same for all callers. */
  allRights(right: Right, coordinate: string): readonly RightRule[];
  /** Every row rule on the type, for all callers. */
  allRows(type: string): readonly RowRule[];
  /** Which records of the type the class may know of or count; null for none at all. */
  rowsFor(type: string, of: AccessClass): Condition | null;
  /** The agencies that a line names as callers: also those that no connector stands for. */
  readonly callers: ReadonlySet<string>;
  /** Whether the owner of `reads` approves that the relation `relation` joins by it; `inClear`: asking its source for the number itself. */
  mayJoin(reads: string, relation: string, inClear: boolean): boolean;
  /** Every such approval, in the order of fields and relations. */
  readonly joins: readonly ApprovedJoin[];
  /** Seconds for which the agency lets the last good answer of its sources stand in for them; 0: never. */
  lastKnownGoodSeconds(agency: string): number;
}

/** All that stewards see of records: who was given what, so that they can answer for their policies. */
const stewardsLog = 'Disclosure';

/** Compiles the agencies' policies. Throws `ConfigurationError` with every problem, its file and line. */
export function compilePolicy(parsed: readonly ParsedPolicy[], facts: SchemaFacts, sdl: readonly string[]): Policy {
  const problems: Problem[] = nearNames(parsed);
  const rules = new Map<string, FieldRule[]>();
  const rows = new Map<string, RowRule[]>();
  const rights = new Map<string, RightRule[]>();
  const joins = new Map<string, ApprovedJoin>();
  for (const policy of parsed) compileOne(policy, facts, { rules, rights, rows, joins, problems });
  if (problems.length > 0) throw new ConfigurationError(problems.toSorted(byPlace));
  const hash = createHash('sha256');
  for (const text of [...parsed.map((p) => `${p.value.agency}\n${p.text}`).toSorted(), ...sdl.toSorted()])
    hash.update(text).update('\0');
  const lines = [...rules.values(), ...rows.values(), ...rights.values()].flat();
  const named = lines.flatMap((line) => line.to.map((consumer) => consumer.agency));
  return {
    callers: new Set(named.filter((agency) => agency !== '*')),
    version: hash.digest('hex').slice(0, 32),
    allRules: (coordinate) => rules.get(coordinate) ?? [],
    rulesFor: (coordinate, of) => (rules.get(coordinate) ?? []).filter((r) => meets(r, of)),
    rightsFor: (right, coordinate, of) => (rights.get(`${right} ${coordinate}`) ?? []).filter((r) => meets(r, of)),
    allRights: (right, coordinate) => rights.get(`${right} ${coordinate}`) ?? [],
    allRows: (type) => rows.get(type) ?? [],
    rowsFor: (type, of) => {
      // Stewards see policies and catalogue, whatever a row rule says.
      if (of.role === 'STEWARD' && type !== stewardsLog) return null;
      const met = (rows.get(type) ?? []).filter((r) => meets(r, of));
      return met.length === 0 ? null : { kind: 'any', of: met.map((r) => r.when) };
    },
    mayJoin(reads, relation, inClear) {
      const join = joins.get(`${reads} ${relation}`);
      return join !== undefined && (join.inClear || !inClear);
    },
    joins: [...joins].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, join]) => join),
    lastKnownGoodSeconds: (agency) =>
      parsed.find((p) => p.value.agency === agency)?.value.lastKnownGood?.maxSeconds ?? 0,
  };
}

/** Whether the line is for callers of the class. */
export function meets({ to, purposes }: Pick<RowRule, 'to' | 'purposes'>, of: AccessClass): boolean {
  return isFor(to, of) && of.purpose !== null && (purposes === null || purposes.includes(of.purpose));
}

function isFor(to: readonly Consumer[], of: AccessClass): boolean {
  return to.some((c) => (c.agency === '*' || c.agency === of.agency) && c.roles.includes(of.role));
}

interface Compiled {
  readonly rules: Map<string, FieldRule[]>;
  /** By right and coordinate. */
  readonly rights: Map<string, RightRule[]>;
  readonly rows: Map<string, RowRule[]>;
  /** By field and relation. */
  readonly joins: Map<string, ApprovedJoin>;
  readonly problems: Problem[];
}

function compileOne(
  policy: ParsedPolicy,
  facts: SchemaFacts,
  { rules, rights, rows, joins, problems }: Compiled,
): void {
  const { value } = policy;
  const said = new Set<string>();
  const fail = (path: FilePath, message: string): void => {
    // Several lists may lead to one mistake, such as groups that go round in a circle.
    const problem = policy.problem(path, message);
    const text = `${problem.line ?? ''} ${message}`;
    if (said.has(text)) return;
    said.add(text);
    problems.push(problem);
  };
  const owned = (coordinate: string, path: FilePath): FieldFacts | undefined => {
    const field = facts.fields.get(coordinate);
    if (field === undefined)
      fail(path, `there is no field ${coordinate}.${suggestion(coordinate, [...facts.fields.keys()])}`);
    else if (field.owner !== value.agency)
      fail(path, `${coordinate} belongs to ${field.owner}; only its owner can share it`);
    else return field;
    return undefined;
  };
  const condition = (when: readonly unknown[], types: ReadonlySet<string>, path: FilePath): Condition =>
    readCondition(when, path, fail, (read, at) => {
      for (const message of conditionProblems(read, types, value.agency, facts)) fail(at, message);
    });

  const ids = new Set<string>();
  const uniqueId = (id: string, path: FilePath): string => {
    if (ids.has(id)) fail(path, `the id ${id} is used twice; give each rule its own`);
    ids.add(id);
    return `${value.agency}/${id}`;
  };

  // What no line uses yet is read all the same: a name that is wrong must not wait for its first use.
  for (const name of Object.keys(value.consumers)) expandConsumers(policy, [name], ['consumers'], fail);
  for (const name of Object.keys(value.fields))
    for (const { coordinate, path } of expandFields(policy, [name], ['fields'], fail))
      if (!coordinate.endsWith('.*')) owned(coordinate, path);

  value.rows.forEach((rule, i) => {
    const path = ['rows', i];
    const to = expandConsumers(policy, rule.to, [...path, 'to'], fail);
    rule.of.forEach((type, j) => {
      const owner = facts.ownerOf(type);
      if (owner === undefined)
        fail([...path, 'of', j], `there is no type ${type}.${suggestion(type, [...facts.types])}`);
      // A field that an agency adds to another's type gives it no say about the records.
      else if (owner !== value.agency)
        fail([...path, 'of', j], `${type} belongs to ${owner}; only its owner can share it`);
    });
    const rowRule: RowRule = {
      id: uniqueId(rule.id, [...path, 'id']),
      to,
      purposes: rule.purposes ?? null,
      when: condition(rule.when, new Set(rule.of), [...path, 'when']),
      file: policy.file,
      line: policy.problem(path, '').line ?? null,
    };
    for (const type of rule.of) rows.set(type, [...(rows.get(type) ?? []), rowRule]);
  });

  value.grants.forEach((grant, i) => {
    const path = ['grants', i];
    const to = expandConsumers(policy, grant.to, [...path, 'to'], fail);
    const id = uniqueId(grant.id, [...path, 'id']);
    const named = new Map<string, FilePath>();
    const entries: { coordinate: string; outcome: Outcome }[] = [];
    const add = (list: PolicyCoordinates, at: FilePath, outcome: (field: FieldFacts) => Outcome): void => {
      for (const { coordinate, path: where } of expandFields(policy, list, at, fail)) {
        const field = owned(coordinate, where);
        if (field === undefined) continue;
        const so = outcome(field);
        if (field.category === 'NONE' && so.kind !== 'deny')
          fail(where, `${coordinate} is not shared (${field.law ?? 'NONE'}); no policy can grant it`);
        if (so.kind === 'mask' && facts.types.has(field.of))
          fail(where, `${coordinate} holds records, which have no mask; grant it plainly and mask its fields`);
        else if (so.kind === 'mask' && field.category !== 'NONE') {
          const misfit = maskMisfit(so.mask, field);
          if (misfit !== null) fail(where, misfit);
        }
        if (named.has(coordinate)) fail(where, `${coordinate} stands twice in the grant ${grant.id}; keep one`);
        named.set(coordinate, where);
        entries.push({ coordinate, outcome: so });
      }
    };
    // Free text carries everything that the masks hide, so a plain grant of it still redacts.
    add(grant.plain, [...path, 'plain'], (field) =>
      field.personal === 'FREE_TEXT' ? { kind: 'mask', mask: 'redacted' } : { kind: 'plain' },
    );
    add(grant.verbatim, [...path, 'verbatim'], () => ({ kind: 'plain' }));
    for (const [mask, list] of Object.entries(grant.mask) as [MaskName, PolicyCoordinates][]) {
      add(list, [...path, 'mask', mask], () => ({ kind: 'mask', mask }));
    }
    add(
      grant.deny.filter((d) => !isWildcard(d)),
      [...path, 'deny'],
      () => ({ kind: 'deny' }),
    );
    grant.deny.forEach((one, j) => {
      if (!isWildcard(one)) return;
      const rest = restOf(one.slice(0, -2), value.agency, facts, named);
      if (rest === null)
        fail(
          [...path, 'deny', j],
          `${one}: ${value.agency} has no fields of such a type.${suggestion(one.slice(0, -2), [...facts.types])}`,
        );
      else add(rest, [...path, 'deny', j], () => ({ kind: 'deny' }));
    });
    if (grant.purposes.includes('STATISTICS') && entries.some((e) => e.outcome.kind !== 'deny'))
      fail(
        [...path, 'purposes'],
        'STATISTICS gives counts and no records; give counts in a grant of their own, under count',
      );
    if (grant.count.length > 0 && grant.purposes.some((p) => p !== 'STATISTICS'))
      fail([...path, 'count'], 'counts serve the purpose STATISTICS alone; give them in a grant of their own');
    const given = rightsOf(policy, grant, path, owned, (f) => facts.types.has(f.of), fail);
    const coordinates = [...named.keys(), ...given.map((g) => g.coordinate)];
    const types = new Set(coordinates.map((c) => c.slice(0, c.indexOf('.'))));
    const when = inPeriod(condition(grant.when, types, [...path, 'when']), grant);
    const about = { id, to, purposes: grant.purposes, law: grant.law, when, file: policy.file };
    const lineAt = (at: FilePath): number | null => policy.problem(at, '').line ?? null;
    for (const { coordinate, outcome } of entries)
      push(rules, coordinate, { ...about, outcome, line: lineAt(named.get(coordinate) ?? path) });
    for (const { right, coordinate, path: at } of given)
      push(rights, `${right} ${coordinate}`, { ...about, line: lineAt(at) });
  });

  value.joins.forEach((join, i) => {
    if (owned(join.reads, ['joins', i, 'reads']) === undefined) return;
    // The relation's agency may not take part in this hub: then the approval waits.
    joins.set(`${join.reads} ${join.for}`, {
      reads: join.reads,
      relation: join.for,
      law: join.law,
      inClear: join.inClear ?? false,
    });
  });
}

function push<T>(map: Map<string, T[]>, key: string, one: T): void {
  const of = map.get(key);
  if (of === undefined) map.set(key, [one]);
  else of.push(one);
}

interface GivenRight {
  readonly right: Right;
  readonly coordinate: string;
  readonly path: FilePath;
}

/** The rights that a grant gives. What is never shared may be neither compared nor counted by. */
function rightsOf(
  policy: ParsedPolicy,
  grant: PolicyFile['grants'][number],
  path: FilePath,
  owned: (coordinate: string, path: FilePath) => FieldFacts | undefined,
  holdsRecords: (field: FieldFacts) => boolean,
  fail: (path: FilePath, message: string) => void,
): GivenRight[] {
  return rights.flatMap((right) =>
    expandFields(policy, grant[right], [...path, right], fail).flatMap(({ coordinate, path: at }): GivenRight[] => {
      const field = owned(coordinate, at);
      if (field === undefined) return [];
      if (field.category === 'NONE')
        fail(at, `${coordinate} is not shared (${field.law ?? 'NONE'}); no policy can give the right to ${right} it`);
      if (holdsRecords(field))
        fail(at, `${coordinate} holds records, which nobody can ${right}; name a field that holds a value`);
      return [{ right, coordinate, path: at }];
    }),
  );
}

/** Outside its period a grant is as if it were not there. */
function inPeriod(when: Condition, { from, until }: PolicyFile['grants'][number]): Condition {
  if (from === undefined && until === undefined) return when;
  const args = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  return {
    kind: 'all',
    of: [{ kind: 'predicate', name: 'inForce', args }, ...(when.kind === 'all' ? when.of : [when])],
  };
}

/** `Type.*`, for a denial of all that the agency has of a type; a grant names each field. */
function isWildcard(one: PolicyCoordinates[number]): one is `${string}.*` {
  return typeof one === 'string' && one.endsWith('.*');
}

/** The agency's fields of the type (`*`: of every type) that the grant does not name itself; null where it has none. */
function restOf(
  type: string,
  agency: string,
  facts: SchemaFacts,
  named: ReadonlyMap<string, FilePath>,
): string[] | null {
  const own = [...facts.fields.values()].filter((f) => f.owner === agency && (type === '*' || f.type === type));
  return own.length === 0 ? null : own.map((f) => f.coordinate).filter((c) => !named.has(c));
}
