import { describe, expect, test } from 'vitest';
import type { AccessClass } from '../../src/access/policy.ts';
import type { CheckedPolicy } from '../../src/policy/check.ts';
import { createLackingLookup, lackingOf, type Lacking } from '../../src/policy/lacking.ts';
import { fire, small, waterPolicy } from './small-policy.ts';

/* What a denied caller is told: the purposes that would do, else that a grant is missing, else that none is possible. */

function lacks(coordinate: string, of: AccessClass, checked: CheckedPolicy): Lacking {
  const field = checked.facts.fields.get(coordinate);
  if (field === undefined) throw new Error(`there is no field ${coordinate}`);
  return lackingOf(field, of, checked);
}

const grant = (id: string, purposes: string, rest: string): string =>
  `id: ${id}, to: [others], purposes: [${purposes}], law: 供水条例, ${rest}`;

describe('lackingOf', () => {
  test('names the other purposes for which the field may be given, in their order', () => {
    const checked = small(
      waterPolicy([
        grant('later', 'AUDIT, FOLLOW_UP', 'plain: [Account.state]'),
        grant('on', 'DISPATCH', 'when: [{ recordIs: { field: state, is: [ON] } }], mask: { name: [Account.name] }'),
        grant('own', 'HANDLING', 'plain: [Account.no]'),
      ]),
    );
    expect(lacks('Account.state', fire, checked)).toEqual({ lacks: 'PURPOSE', purposes: ['FOLLOW_UP', 'AUDIT'] });
    expect(lacks('Account.name', fire, checked)).toEqual({ lacks: 'PURPOSE', purposes: ['DISPATCH'] });
  });

  test('says that a grant is missing where none is for this agency and role', () => {
    const checked = small(
      waterPolicy(['id: own, to: [own], purposes: [HANDLING, AUDIT], law: 供水条例, plain: [Account.state]']),
    );
    expect(lacks('Account.state', fire, checked)).toEqual({ lacks: 'GRANT' });
    expect(lacks('Account.state', { ...fire, role: 'SUPERVISOR' }, checked)).toEqual({ lacks: 'GRANT' });
  });

  test('a purpose for which no record may be known of would not do', () => {
    const rows = ['id: accounts, of: [Account], to: [own, others], purposes: [HANDLING]'];
    const checked = small(waterPolicy([grant('audit', 'AUDIT', 'plain: [Account.state, Meter.reading]')], rows));
    expect(lacks('Account.state', fire, checked)).toEqual({ lacks: 'GRANT' });
    // A part of a record has no rows of its own.
    expect(lacks('Meter.reading', fire, checked)).toEqual({ lacks: 'PURPOSE', purposes: ['AUDIT'] });
  });

  test('says that the field is not shared by law', () => {
    expect(lacks('Account.bank', fire, small(waterPolicy([grant('a', 'AUDIT', 'plain: [Account.no]')])))).toEqual({
      lacks: 'SHARING',
      law: '个人信息保护法',
    });
  });

  test('is the same whether the denial hangs on a condition or not', () => {
    const audit = grant('audit', 'AUDIT', 'plain: [Account.name]');
    const conditional = small(
      waterPolicy([
        grant('on', 'HANDLING', 'when: [{ recordIs: { field: state, is: [ON] } }], plain: [Account.name]'),
        audit,
      ]),
    );
    const unconditional = small(waterPolicy([grant('no', 'HANDLING', 'deny: [Account.name]'), audit]));
    expect(lacks('Account.name', fire, conditional)).toEqual(lacks('Account.name', fire, unconditional));
    const alone = small(
      waterPolicy([grant('on', 'HANDLING', 'when: [{ recordIs: { field: state, is: [ON] } }], plain: [Account.name]')]),
    );
    expect(lacks('Account.name', fire, alone)).toEqual({ lacks: 'GRANT' });
  });
});

describe('the look-up', () => {
  test('keeps each answer by version, class and coordinate', () => {
    const lookup = createLackingLookup();
    const given = small(waterPolicy([grant('audit', 'AUDIT', 'plain: [Account.state]')]));
    const first = lookup('Account.state', fire, given);
    expect(first).toEqual({ lacks: 'PURPOSE', purposes: ['AUDIT'] });
    expect(lookup('Account.state', fire, given)).toBe(first);
    expect(lookup('Account.state', { ...fire, purpose: 'AUDIT' }, given)).toEqual({ lacks: 'GRANT' });
    expect(lookup('Account.no', fire, given)).toEqual({ lacks: 'GRANT' });
    const changed = small(waterPolicy([grant('audit', 'FOLLOW_UP', 'plain: [Account.state]')]));
    expect(lookup('Account.state', fire, changed)).toEqual({ lacks: 'PURPOSE', purposes: ['FOLLOW_UP'] });
  });

  test('knows nothing of what is no agency’s field', () => {
    expect(
      createLackingLookup()(
        'Query.policyState',
        fire,
        small(waterPolicy([grant('a', 'AUDIT', 'plain: [Account.no]')])),
      ),
    ).toBeNull();
  });
});
