import { describe, expect, test } from 'vitest';
import { bind, conditionReads, holds, toFilter, type Condition } from '../../src/access/condition.ts';
import { decide } from '../../src/access/decide.ts';
import { ConfigurationError, printProblem } from '../../src/access/problem.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { fire, small, water, waterPolicy } from './small-policy.ts';

const caller: Principal = {
  subject: 's',
  issuer: 'i',
  tokenId: 't',
  agency: 'fire',
  role: 'HANDLER',
  unit: null,
  operator: null,
  areas: [],
  grids: [],
  purposes: ['HANDLING'],
  expiresAt: 0,
};
const at = (time: string) => (condition: Condition) => bind(condition, 'Account', caller, Date.parse(time));
const record = { record: { no: '1' }, ticket: null, exact: true };

/** What the fire brigade gets of the payer's name at the time: the first rule that holds. */
function given(period: string, time: string): string {
  const { policy, facts } = small(
    waterPolicy([
      `id: trial, to: [others], purposes: [HANDLING], law: 供水条例, ${period}, plain: [Account.name]`,
      'id: later, to: [others], purposes: [HANDLING], law: 供水条例, mask: { name: [Account.name] }',
    ]),
  );
  const field = facts.fields.get('Account.name');
  const decision = field === undefined ? undefined : decide(field, fire, policy, false);
  if (decision?.kind !== 'depends') throw new Error('a period is a condition');
  return decision.rules.find((r) => holds(at(time)(r.when), record))?.id ?? 'none';
}

describe('a grant with a period', () => {
  const both = 'from: 2026-03-01, until: 2026-06-30';
  test.each([
    [both, '2026-02-28T23:59:59+08:00', 'water/later'],
    [both, '2026-03-01T00:00:00+08:00', 'water/trial'],
    [both, '2026-06-30T23:59:59+08:00', 'water/trial'],
    [both, '2026-07-01T00:00:00+08:00', 'water/later'],
    // The day is the hub's, wherever the machine stands.
    [both, '2026-06-30T16:00:00Z', 'water/later'],
    [both, '2026-02-28T16:00:00Z', 'water/trial'],
    ['from: 2026-03-01', '2099-01-01T00:00:00+08:00', 'water/trial'],
    ['from: 2026-03-01', '2026-02-28T23:59:59+08:00', 'water/later'],
    ['until: 2026-06-30', '1999-01-01T00:00:00+08:00', 'water/trial'],
    ['until: 2026-06-30', '2026-07-01T00:00:00+08:00', 'water/later'],
    ['from: 2026-03-01, until: 2026-03-01', '2026-03-01T12:00:00+08:00', 'water/trial'],
    ["from: '2026-03-01'", '2026-03-01T12:00:00+08:00', 'water/trial'],
  ])('%s: at %s %s decides', (period, time, rule) => {
    expect(given(period, time)).toBe(rule);
  });

  test('keeps its own conditions', () => {
    const { policy } = small(
      waterPolicy([
        'id: trial, to: [others], purposes: [HANDLING], law: 供水条例, until: 2026-06-30, when: [{ recordIs: { field: state, is: [ON] } }], plain: [Account.name]',
      ]),
    );
    const [rule] = policy.rulesFor('Account.name', fire);
    expect(rule?.when).toEqual({
      kind: 'all',
      of: [
        { kind: 'predicate', name: 'inForce', args: { until: '2026-06-30' } },
        { kind: 'predicate', name: 'recordIs', args: { field: 'state', is: ['ON'] } },
      ],
    });
  });

  test('without one is unconditional', () => {
    const { policy, facts } = small(
      waterPolicy(['id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [Account.name]']),
    );
    const field = facts.fields.get('Account.name');
    expect(field && decide(field, water, policy, false)).toEqual({
      kind: 'give',
      outcome: { kind: 'plain' },
      rule: 'water/own',
    });
  });
});

describe('inForce', () => {
  const period: Condition = { kind: 'predicate', name: 'inForce', args: { from: '2026-03-01', until: '2026-06-30' } };
  const not: Condition = { kind: 'not', of: period };
  const inside = at('2026-05-01T12:00:00+08:00');
  const outside = at('2026-08-01T12:00:00+08:00');

  test('reads nothing, of records and of tickets', () => {
    expect(conditionReads(period, 'Account')).toEqual({ record: new Set(), ticket: new Set() });
    expect(conditionReads(period, 'Ticket')).toEqual({ record: new Set(), ticket: new Set() });
  });

  test('is known without a ticket, and so is its negation', () => {
    expect([inside(period), outside(period), inside(not), outside(not)].map((c) => holds(c, record))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('becomes everything or nothing in a source', () => {
    expect([inside(period), outside(period), inside(not), outside(not)].map((c) => toFilter(c).kind)).toEqual([
      'always',
      'never',
      'never',
      'always',
    ]);
  });

  test('bounds a row rule', () => {
    const { policy } = small(
      waterPolicy(
        ['id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]'],
        ['id: trial, of: [Account], to: [own], when: [{ inForce: { until: 2026-06-30 } }]'],
      ),
    );
    const rows = policy.rowsFor('Account', water);
    expect(rows && [inside, outside].map((bound) => holds(bound(rows), record))).toEqual([true, false]);
  });
});

describe('a period written wrongly is refused with its line', () => {
  const grant = (more: string): string[] => [
    `id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [Account.no], ${more}`,
  ];
  test.each([
    [
      'from: 2026-07-01, until: 2026-06-30',
      'grants.0.until: lies before from, so that the grant would never hold; see docs/policy.md for the form',
    ],
    ['until: 2026-02-29', 'grants.0.until: must be a real date, written YYYY-MM-DD; see docs/policy.md for the form'],
    ['from: 2026-7-1', 'grants.0.from: must be a real date, written YYYY-MM-DD; see docs/policy.md for the form'],
    ['until: 20260630', 'grants.0.until: must be a real date, written YYYY-MM-DD; see docs/policy.md for the form'],
    ['when: [inForce]', 'inForce: Invalid input: expected object, received undefined'],
    ['when: [{ inForce: {} }]', 'inForce: names neither from nor until'],
    ['when: [{ inForce: { from: 2026-07-01, until: 2026-06-30 } }]', 'inForce: ends before it begins'],
    ['when: [{ inForce: { until: tomorrow } }]', 'inForce: until must be a real date, written YYYY-MM-DD'],
    ['when: [{ inForce: { to: 2026-06-30 } }]', 'inForce: Unrecognized key: "to"; names neither from nor until'],
  ])('%s', (more, message) => {
    try {
      small(waterPolicy(grant(more)));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      expect(error.problems.map(printProblem)).toEqual([`water.yaml:10: ${message}`]);
    }
  });
});
