import { printCondition, type Condition } from '../access/condition.ts';
import { readCondition } from '../access/condition-file.ts';
import type { SchemaFacts } from '../access/facts.ts';
import type { ParsedPolicy } from '../access/policy-file.ts';
import { expandConsumers } from '../access/policy-names.ts';
import type { AccessClass, FieldRule, Outcome, Policy } from '../access/policy.ts';
import { purposes, type Purpose, type Role } from '../identity/principal.ts';
import { printClass } from './classes.ts';
import type { Steps } from './turns.ts';
import { outcomeText } from './verdict.ts';

/** One line that gives a caller more in an emergency (break-glass) than for any other purpose: what is to be reviewed. */
export interface EmergencyGrant {
  /** `agency/grant`, or `agency/rule` of a row rule. */
  readonly rule: string;
  /** The legal basis; null for a row rule, which states none. */
  readonly law: string | null;
  readonly file: string;
  /** Where the rule begins. */
  readonly line: number | null;
  /** `plain`, `mask NAME`, or `records` for a row rule. */
  readonly gives: string;
  /** The conditions, in the policy's words; `always` for none. */
  readonly when: string;
  /** `Type.field`, or types for a row rule. */
  readonly subjects: readonly string[];
  /** The classes that it concerns, as `agency ROLE EMERGENCY`. */
  readonly classes: readonly string[];
}

export interface EmergencySources {
  readonly policy: Policy;
  readonly facts: SchemaFacts;
  readonly parsed: readonly ParsedPolicy[];
}

/** The purposes for which records are shown; statistics count only. */
const others = purposes.filter((purpose) => purpose !== 'EMERGENCY' && purpose !== 'STATISTICS');

/**
 * What the purpose `EMERGENCY` opens beyond the same caller's other purposes, caller by caller. In doubt a line is listed:
 * it is left out only where one other purpose surely gives as much on every record that the line covers.
 */
export function* emergencySteps(
  { policy, facts, parsed }: EmergencySources,
  callers: readonly AccessClass[],
): Steps<EmergencyGrant[]> {
  const found = new Map<string, Opening & { readonly classes: string[] }>();
  const note = (opening: Opening, of: AccessClass): void => {
    const key = JSON.stringify([opening.rule, opening.gives, opening.when, opening.subject]);
    const before = found.get(key);
    if (before === undefined) found.set(key, { ...opening, classes: [printClass(of)] });
    else before.classes.push(printClass(of));
  };
  const rows = parsed.flatMap(emergencyRows);
  const lines = new Map(parsed.flatMap(grantLines));
  for (const caller of callers) {
    const of: AccessClass = { ...caller, purpose: 'EMERGENCY' };
    const chainFor = (coordinate: string, purpose: Purpose): readonly FieldRule[] =>
      untilDecided(policy.rulesFor(coordinate, { ...of, purpose }));
    for (const { coordinate, category } of facts.fields.values()) {
      if (category === 'NONE') continue;
      const chain = chainFor(coordinate, 'EMERGENCY').filter((r) => r.outcome.kind !== 'deny');
      if (chain.length === 0) continue;
      const known = others.map((purpose) => chainFor(coordinate, purpose));
      for (const line of chain)
        if (!known.some((other) => givesAsMuch(other, line)))
          note(
            {
              rule: line.id,
              law: line.law,
              file: line.file,
              line: lines.get(line.id) ?? null,
              gives: outcomeText(line.outcome),
              when: line.when,
              subject: coordinate,
            },
            of,
          );
    }
    for (const row of rows) {
      if (!row.to.some((c) => (c.agency === '*' || c.agency === of.agency) && c.roles.includes(of.role))) continue;
      const known = others.map((purpose) => policy.rowsFor(row.subject, { ...of, purpose }));
      if (!known.some((other) => other !== null && alternatives(other).some((o) => follows(row.when, o))))
        note(row, of);
    }
    yield;
  }
  return grouped([...found.values()]);
}

/** One line and one subject that it opens. */
interface Opening {
  readonly rule: string;
  readonly law: string | null;
  readonly file: string;
  readonly line: number | null;
  readonly gives: string;
  readonly when: Condition;
  readonly subject: string;
}

type EmergencyRow = Opening & { readonly to: readonly { readonly agency: string; readonly roles: readonly Role[] }[] };

/** Where each grant begins, by its id. */
function grantLines(policy: ParsedPolicy): [id: string, line: number | null][] {
  const { agency, grants } = policy.value;
  return grants.map((g, i) => [`${agency}/${g.id}`, policy.problem(['grants', i], '').line ?? null]);
}

/** The row rules that are written for emergencies; one without purposes counts for all of them and opens nothing more. */
function emergencyRows(policy: ParsedPolicy): EmergencyRow[] {
  return policy.value.rows.flatMap((row, i) => {
    if (row.purposes?.includes('EMERGENCY') !== true) return [];
    const path = ['rows', i];
    const to = expandConsumers(policy, row.to, [...path, 'to'], () => undefined);
    const when = readCondition(row.when, [...path, 'when'], ignore, ignore);
    return row.of.map((subject): EmergencyRow => ({
      rule: `${policy.value.agency}/${row.id}`,
      law: null,
      file: policy.file,
      line: policy.problem(path, '').line ?? null,
      gives: 'records',
      when,
      subject,
      to,
    }));
  });
}

/** Whether these rules surely give what the line gives wherever the line's conditions hold. */
function givesAsMuch(chain: readonly FieldRule[], line: FieldRule): boolean {
  // Whichever of the rules up to the one that follows decides, it must give as much.
  const end = chain.findIndex((rule) => follows(line.when, rule.when));
  return end >= 0 && chain.slice(0, end + 1).every((rule) => isAsOpen(rule.outcome, line.outcome));
}

function isAsOpen(one: Outcome, other: Outcome): boolean {
  return one.kind === 'plain' || (one.kind === 'mask' && other.kind === 'mask' && one.mask === other.mask);
}

/** Whether the second condition surely holds where the first does, as far as their forms show it. */
function follows(first: Condition, second: Condition): boolean {
  const given = new Set(conjuncts(first).map(printCondition));
  return conjuncts(second).every(
    (c) => given.has(printCondition(c)) || (c.kind === 'any' && c.of.some((one) => follows(first, one))),
  );
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.of.flatMap(conjuncts) : [condition];
}

function alternatives(rows: Condition): readonly Condition[] {
  return rows.kind === 'any' ? rows.of : [rows];
}

/** The rules up to the first that always holds: those after it are never reached. */
function untilDecided(rules: readonly FieldRule[]): readonly FieldRule[] {
  const end = rules.findIndex((r) => conjuncts(r.when).length === 0);
  return end < 0 ? rules : rules.slice(0, end + 1);
}

/** One entry for all subjects that a rule opens in the same way to the same callers, in the order of the files. */
function grouped(openings: readonly (Opening & { readonly classes: readonly string[] })[]): EmergencyGrant[] {
  const groups = new Map<string, Omit<EmergencyGrant, 'subjects'> & { readonly subjects: string[] }>();
  for (const { subject, when, classes, rule, law, file, line, gives } of openings) {
    const about = { rule, law, file, line, gives, when: printCondition(when), classes };
    const key = JSON.stringify(about);
    const before = groups.get(key);
    if (before === undefined) groups.set(key, { ...about, subjects: [subject] });
    else before.subjects.push(subject);
  }
  return [...groups.values()]
    .map((g) => ({ ...g, subjects: g.subjects.toSorted() }))
    .toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

function place({ file, line, gives, when }: EmergencyGrant): string {
  return `${file} ${String(line ?? 0).padStart(6, '0')} ${gives} ${when}`;
}

/** The compiler has told what is wrong with a policy before. */
const ignore = (): void => undefined;
