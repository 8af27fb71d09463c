import { expect, test } from 'vitest';
import { recordsFor } from '../../src/access/decide.ts';
import { rowsText } from '../../src/policy/verdict.ts';
import { small, waterPolicy } from '../policy/small-policy.ts';

test('a steward knows of no record, whatever a row rule says', () => {
  const { policy } = small(
    waterPolicy(
      ['id: own, to: [own], purposes: [AUDIT], law: 供水条例, plain: [everything]'],
      ['id: all, of: [Account], to: [{ agency: water, roles: [HANDLER, STEWARD] }]'],
    ),
  );
  const of = (role: 'HANDLER' | 'STEWARD') =>
    recordsFor('Account', { agency: 'water', role, purpose: 'AUDIT' }, policy);
  expect(policy.allRows('Account')).toHaveLength(1);
  expect(rowsText('Account', { agency: 'water', role: 'STEWARD', purpose: 'AUDIT' }, policy)).toBe('none');
  expect([of('HANDLER') === null, of('STEWARD')]).toEqual([false, null]);
});
