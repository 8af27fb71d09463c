import { describe, expect, test } from 'vitest';
import { purposes, roles } from '../../src/identity/principal.ts';
import { classGroups } from '../../src/policy/class-groups.ts';
import { accessClasses, printClass } from '../../src/policy/classes.ts';

/** All classes that a group stands for. */
function expand(group: string): string[] {
  const [agencies = '', of = '', purposesOf = ''] = group.split(' ');
  return agencies
    .split(',')
    .flatMap((agency) =>
      (of === 'any-role' ? [...roles] : of.split(',')).flatMap((role) =>
        (purposesOf === 'any-purpose' ? [...purposes] : purposesOf.split(',')).map((p) => `${agency} ${role} ${p}`),
      ),
    );
}

describe('classGroups', () => {
  test('one class stays as it is', () => {
    expect(classGroups(['fire HANDLER HANDLING'])).toEqual(['fire HANDLER HANDLING']);
    expect(classGroups([])).toEqual([]);
  });

  test('joins purposes, then roles, then agencies that are alike', () => {
    expect(
      classGroups([
        'grid SYSTEM DISPATCH',
        'grid SYSTEM HANDLING',
        'grid HANDLER DISPATCH',
        'grid HANDLER HANDLING',
        'grid OPERATOR AUDIT',
        'market SYSTEM DISPATCH',
        'market SYSTEM HANDLING',
        'market HANDLER DISPATCH',
        'market HANDLER HANDLING',
      ]),
    ).toEqual(['grid,market SYSTEM,HANDLER DISPATCH,HANDLING', 'grid OPERATOR AUDIT']);
  });

  test('says any-role and any-purpose for all of them', () => {
    expect(classGroups(accessClasses(['police']).map(printClass))).toEqual(['police,audit,* any-role any-purpose']);
    expect(classGroups(accessClasses(['police'], { agency: 'police', role: 'SYSTEM' }).map(printClass))).toEqual([
      'police SYSTEM any-purpose',
    ]);
  });

  test('leaves nothing out and adds nothing, whatever the choice', () => {
    const all = accessClasses(['hotline', 'police', 'grid']).map(printClass);
    for (const step of [2, 3, 5, 7, 11, 48]) {
      for (let start = 0; start < step; start++) {
        const some = all.filter((_, i) => i % step === start || i % (step + 2) === 0);
        expect(classGroups(some).flatMap(expand).toSorted()).toEqual(some.toSorted());
      }
    }
  });
});
