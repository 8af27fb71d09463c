import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decide } from '../../src/access/decide.ts';
import { parsePolicy, type ParsedPolicy } from '../../src/access/policy-file.ts';
import { compilePolicy, type Policy } from '../../src/access/policy.ts';
import type { Decision } from '../../src/access/plan.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadHouse, type House } from '../../src/hub/house.ts';
import { policyFileOf } from '../../src/hub/modules.ts';
import { checkedPolicy, checkPolicy, type CheckedPolicy } from '../../src/policy/check.ts';
import { accessClasses } from '../../src/policy/classes.ts';
import { diffPolicies } from '../../src/policy/diff.ts';
import { runExpectations, type ExpectationResult } from '../../src/policy/expectations.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { edits } from './deliberate-edits.ts';

/* The policies that this repository ships, as their stewards would look at them. */

const { connectors: agencies } = loadConfig({});
const owners = [...agencies, 'audit'];
const classes = accessClasses(agencies);
/** With the reconciliation's, which lines name and no connector stands for. */
const checked = accessClasses([...agencies, 'reconciliation']);
let house: House & CheckedPolicy;
beforeAll(async () => {
  const loaded = await loadHouse(projectRoot, agencies);
  house = { ...loaded, ...checkedPolicy(loaded) };
});

const testFileOf = (agency: string): string => policyFileOf(agency).replace('.yaml', '.test.yaml');

function expectations(agency: string, policy: Policy): ExpectationResult[] {
  const file = testFileOf(agency);
  return runExpectations(join(projectRoot, file), file, { ...house, policy });
}

/** The policies with one agency's text changed. */
function edited(agency: string, edit: (text: string) => string): Policy {
  return compile((policy) => {
    if (policy.value.agency !== agency) return policy;
    const text = edit(policy.text);
    if (text === policy.text) throw new Error('the edit changes nothing');
    return parsePolicy(text, policy.file);
  });
}

function compile(change: (policy: ParsedPolicy) => ParsedPolicy): Policy {
  return compilePolicy(house.parsed.map(change), house.facts, []);
}

test('`policy check` finds nothing', () => {
  expect(checked.length).toBe(8 * 7 * 7);
  expect(checkPolicy(house, checked, '2026-11-23')).toEqual([]);
});

describe('the closing denials', () => {
  const isClosing = (grant: ParsedPolicy['value']['grants'][number]): boolean =>
    grant.when.length === 0 &&
    grant.deny.length > 0 &&
    grant.plain.length + grant.verbatim.length === 0 &&
    grant.to.includes('anyone');

  test('stand at the end of each policy and name all of its fields', () => {
    for (const { value } of house.parsed) {
      const closing = value.grants.filter(isClosing);
      expect([value.agency, value.grants.slice(-closing.length)]).toEqual([value.agency, closing]);
      const ids = new Set(closing.map((g) => `${value.agency}/${g.id}`));
      const own = [...house.facts.fields.values()].filter((f) => f.owner === value.agency && f.category !== 'NONE');
      expect(own.filter((f) => !ids.has(house.policy.allRules(f.coordinate).at(-1)?.id ?? ''))).toEqual([]);
    }
  });

  test('change no decision: without them each class gets the same of each field', () => {
    const ids = new Set(
      house.parsed.flatMap(({ value }) => value.grants.filter(isClosing).map((g) => `${value.agency}/${g.id}`)),
    );
    const without = compile((policy) => ({
      ...policy,
      value: { ...policy.value, grants: policy.value.grants.filter((g) => !isClosing(g)) },
    }));
    let compared = 0;
    let closed = 0;
    for (const field of house.facts.fields.values()) {
      for (const of of classes) {
        for (const fuzzy of [false, true]) {
          const now = decide(field, of, house.policy, fuzzy);
          const open = withoutClosing(now, ids);
          if (open !== now) closed++;
          expect(open).toEqual(decide(field, of, without, fuzzy));
          compared++;
        }
      }
    }
    expect(compared).toBe(house.facts.fields.size * classes.length * 2);
    expect(closed).toBeGreaterThan(1_000);
    for (const type of house.facts.types)
      for (const of of classes) expect(house.policy.rowsFor(type, of)).toEqual(without.rowsFor(type, of));
    expect(diffPolicies({ ...house, policy: without }, house, classes)).toEqual([]);
  });
});

/** The decision without the closing denial at its end. */
function withoutClosing(decision: Decision, closing: ReadonlySet<string>): Decision {
  const last = decision.kind === 'depends' ? decision.rules.at(-1) : undefined;
  return decision.kind === 'depends' && last !== undefined && closing.has(last.id)
    ? { ...decision, rules: decision.rules.slice(0, -1) }
    : decision;
}

describe('the expectations', () => {
  test.each(owners)('of %s hold', (agency) => {
    expect(existsSync(join(projectRoot, testFileOf(agency)))).toBe(true);
    const results = expectations(agency, house.policy);
    expect(results.filter((r) => !r.ok)).toEqual([]);
    const names = new Set(results.map((r) => r.name));
    expect(names.size).toBeGreaterThanOrEqual(10);
    expect(names.size).toBeLessThanOrEqual(25);
  });

  test.each(owners)('of %s speak of its own fields and records', (agency) => {
    const strange = expectations(agency, house.policy).filter(({ subject }) =>
      subject.endsWith(' (records)')
        ? house.facts.fieldsOf(subject.slice(0, subject.indexOf(' '))).every((f) => f.owner !== agency)
        : house.facts.fields.get(subject.replace(/ \((match|count)\)$/, ''))?.owner !== agency,
    );
    expect(strange).toEqual([]);
  });

  test('name every personal field that is ever given', () => {
    const named = new Set(owners.flatMap((agency) => expectations(agency, house.policy).map((r) => r.subject)));
    const personal = [...house.facts.fields.values()].filter((f) => f.personal !== null && !f.hidden);
    expect(personal.map((f) => f.coordinate).filter((c) => !named.has(c))).toEqual([]);
  });
});

describe('a deliberate edit is told', () => {
  test.each(edits)('$agency: $what', ({ agency, from, to, diff, test: failing }) => {
    const policy = edited(agency, (text) => {
      expect(text.split(from).length).toBe(2);
      return text.replace(from, to);
    });
    const changes = diffPolicies(house, { ...house, policy }, classes);
    expect(changes.map((c) => `${c.kind} ${c.subject} ${c.classes.length}`)).toEqual(diff);
    const failed = owners.flatMap((owner) => expectations(owner, policy)).filter((r) => !r.ok);
    expect([...new Set(failed.map((r) => r.subject))].toSorted()).toEqual(failing);
    expect(failing).not.toEqual([]);
  });

  test('and its way back is the same told the other way round', () => {
    for (const { agency, from, to } of edits) {
      const policy = edited(agency, (text) => text.replace(from, to));
      const there = diffPolicies(house, { ...house, policy }, classes);
      const back = diffPolicies({ ...house, policy }, house, classes);
      const turned = there
        .map((c) => ({ ...c, before: c.after, after: c.before }))
        .map(({ kind: _, ...c }) => JSON.stringify(c));
      expect(back.map(({ kind: _, ...c }) => JSON.stringify(c)).toSorted()).toEqual(turned.toSorted());
    }
  });

  test('a line taken away from the closing denials is told by `policy check`', () => {
    for (const { value } of house.parsed) {
      const [last] = value.grants.slice(-1);
      const policy = compile((one) =>
        one.value.agency === value.agency
          ? { ...one, value: { ...one.value, grants: one.value.grants.slice(0, -1) } }
          : one,
      );
      const findings = checkPolicy({ ...house, policy }, checked, '2026-11-23');
      expect(last?.deny.length).toBeGreaterThan(0);
      expect([...new Set(findings.map((f) => f.kind))].filter((k) => k !== 'OPEN_END')).toEqual(['UNDECIDED']);
    }
  });
});
