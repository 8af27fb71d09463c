import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { predicates } from '../../src/access/predicates.ts';
import { expectationsSchema, sharingSchema } from '../../src/policy/json-schema.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { page, table, codes } from '../docs/markdown.ts';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const stored = (name: string): unknown => JSON.parse(read(`docs/${name}.schema.json`));
const validator = (name: string): z.ZodType => z.fromJSONSchema(stored(name) as z.core.JSONSchema.JSONSchema);
const policies = [
  ...readdirSync(join(projectRoot, 'connectors')).map((agency) => `connectors/${agency}/sharing.yaml`),
  'src/audit/sharing.yaml',
];

test.each([
  ['sharing', sharingSchema()],
  ['sharing-test', expectationsSchema()],
])('docs/%s.schema.json is what `lianqiao policy schema` prints', (name, schema) => {
  expect(stored(name)).toEqual(JSON.parse(JSON.stringify(schema)));
});

describe.each([
  ['sharing', policies],
  ['sharing-test', policies.map((file) => file.replace('.yaml', '.test.yaml'))],
])('the schema %s', (name, files) => {
  test.each(files)('is named by %s, which keeps to it', (file) => {
    const text = read(file);
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../../docs/${name}.schema.json`);
    expect(validator(name).safeParse(parse(text)).error).toBeUndefined();
  });
});

describe('the schema of sharing.yaml', () => {
  const grant = { id: 'all', to: ['x'], purposes: ['HANDLING'], law: 'law' };
  const ok = (more: object): boolean =>
    validator('sharing').safeParse({ policy: 1, agency: 'water', grants: [{ ...grant, ...more }] }).success;

  test.each([
    [{}, true],
    [{ plain: ['Account.no', { Account: ['no'] }], mask: { phone: ['Account.phone'] }, deny: ['Account.*'] }, true],
    [{ from: '2026-01-01', until: '2026-12-31' }, true],
    [{ until: '2026-02-29' }, false],
    [{ to: [] }, false],
    [{ purposes: ['CURIOSITY'] }, false],
    [{ mask: { star: ['Account.phone'] } }, false],
    [{ plan: ['Account.no'] }, false],
    [{ id: 'All fields' }, false],
  ])('says of a grant with %j: %s', (more, taken) => {
    expect(ok(more)).toBe(taken);
  });

  test.each([
    ['handlesTicket', true],
    ['handlesTickets', false],
    ['withinDays', false],
    [{ withinDays: { field: 'at', days: 30 } }, true],
    [{ withinDays: { field: 'at' } }, false],
    [{ handlesTicket: {} }, false],
    [{ inOwnArea: {} }, true],
    ['inOwnArea', true],
    [{ not: 'leadsTicket' }, true],
    [{ any: ['leadsTicket', { all: ['exactMatch', { not: { recordIs: { field: 'a', is: [1] } } }] }] }, true],
    [{ any: ['leadTicket'] }, false],
    [{ any: ['leadsTicket'], not: 'leadsTicket' }, false],
    [{}, false],
  ])('says of the condition %j: %s', (condition, taken) => {
    expect(ok({ when: [condition] })).toBe(taken);
  });

  test('knows every predicate in every form that the documentation shows', () => {
    const forms = table(page('policy'), 'predicates').flatMap(([first = '']) => codes(first));
    expect(forms.length).toBeGreaterThanOrEqual(Object.keys(predicates).length);
    for (const form of forms)
      expect({ form, taken: ok({ when: [parse(form) as unknown] }) }).toEqual({ form, taken: true });
  });
});
