import { expect, test } from 'vitest';
import { purposes, roles } from '../../src/identity/principal.ts';
import { accessClasses, inFilter, printClass } from '../../src/policy/classes.ts';

test('every agency, the audit and any other, in every role, for every purpose', () => {
  const classes = accessClasses(['hotline', 'police']);
  expect(new Set(classes.map(printClass)).size).toBe(4 * roles.length * purposes.length);
  expect([...new Set(classes.map((c) => c.agency))]).toEqual(['hotline', 'police', 'audit', '*']);
  for (const agency of ['hotline', '*'])
    for (const role of roles) for (const purpose of purposes) expect(classes).toContainEqual({ agency, role, purpose });
});

test('an agency counts once', () => {
  expect(accessClasses(['audit', 'audit'])).toEqual(accessClasses([]));
});

test('the filter narrows each part', () => {
  const one = { agency: 'police', role: 'HANDLER', purpose: 'AUDIT' } as const;
  expect(accessClasses(['police'], one)).toEqual([one]);
  expect(accessClasses(['police'], { role: 'HANDLER', purpose: 'AUDIT' }).map(printClass)).toEqual([
    'police HANDLER AUDIT',
    'audit HANDLER AUDIT',
    '* HANDLER AUDIT',
  ]);
  expect(accessClasses(['police'], { agency: 'fire' })).toEqual([]);
  expect(inFilter(one, {})).toBe(true);
  expect(inFilter(one, { role: 'SYSTEM' })).toBe(false);
});

test('a class without a purpose is printed as such', () => {
  expect(printClass({ agency: 'police', role: 'HANDLER', purpose: null })).toBe('police HANDLER -');
});
