import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { grantItem, grantYaml } from '../../src/requests/grant.ts';
import { insertGrant } from '../../src/requests/insert-grant.ts';
import { projectRoot } from '../../src/schema/project-root.ts';

const grant = grantItem(
  'sq-2026-000001',
  'market',
  { roles: ['HANDLER'], purposes: ['HANDLING'] },
  {
    fields: [
      { coordinate: 'House.room', mask: null },
      { coordinate: 'House.ownerName', mask: 'name' },
    ],
    scope: ['handlesTicket', { withinDays: { field: 'updatedOn', days: 30 } }],
    from: null,
    until: '2027-12-31',
  },
  '物业管理条例: "第一条" # 一',
);
const head = 'policy: 1\nagency: housing\n';
const idsOf = (text: string): string[] => parsePolicy(text, 'sharing.yaml').value.grants.map((g) => g.id);
const item = (id: string): string =>
  `{ id: ${id}, to: [{ agency: '*', roles: [HANDLER] }], purposes: [HANDLING], law: 物业管理条例, deny: [House.room] }`;

test('the grant is read back as it was meant', () => {
  expect(grantYaml(grant)).toBe(`- id: sq-2026-000001
  to:
    - agency: market
      roles: [HANDLER]
  purposes: [HANDLING]
  law: '物业管理条例: "第一条" # 一'
  until: 2027-12-31
  when:
    - handlesTicket
    - withinDays:
        field: updatedOn
        days: 30
  plain: [House.room]
  mask:
    name: [House.ownerName]
`);
  const [read] = parsePolicy(`${head}grants:\n${grantYaml(grant)}`, 'sharing.yaml').value.grants;
  expect(read).toMatchObject(grant);
});

describe.each(['hotline', 'police', 'grid', 'market', 'housing'])('in the policy of %s', (agency) => {
  const text = readFileSync(join(projectRoot, `connectors/${agency}/sharing.yaml`), 'utf8');
  const ids = idsOf(text);

  test.each([...ids.keys(), ids.length])('as number %i: every other line stays', (index) => {
    const changed = insertGrant(text, 'sharing.yaml', grant, index);
    expect(idsOf(changed)).toEqual(ids.toSpliced(index, 0, grant.id));
    const added = grantYaml(grant).trimEnd().replaceAll(/^/gm, '  ').split('\n');
    const lines = changed.split('\n');
    const at = lines.indexOf(added[0] ?? '');
    expect(lines.slice(at, at + added.length)).toEqual(added);
    // With one blank line that sets it apart, it is all that was added.
    const blank = lines[at - 1] === '' ? at - 1 : at + added.length;
    const old = text.split('\n');
    for (const [i, line] of old.entries())
      // A comment stays with what it speaks of.
      if (/^\s*#/.test(line)) expect(changed).toContain(`${line}\n${old[i + 1] ?? ''}\n`);
    expect(lines.filter((_, i) => (i < at || i >= at + added.length) && i !== blank).join('\n')).toBe(text);
  });
});

describe('a list in another form', () => {
  test.each([
    ['no list', head, 0, ['sq-2026-000001']],
    ['an empty list', `${head}grants: []\n# the end\n`, 0, ['sq-2026-000001']],
    ['a list in brackets', `${head}grants: [${item('a')}, ${item('b')}]\n`, 1, ['a', 'sq-2026-000001', 'b']],
    ['no indent', `${head}grants:\n- ${item('a')}\n- ${item('b')}`, 2, ['a', 'b', 'sq-2026-000001']],
    ['a wide indent', `${head}grants:\n      # first\n      - ${item('a')}\njoins: []\n`, 1, ['a', 'sq-2026-000001']],
  ])('%s', (_name, text, index, ids) => {
    const changed = insertGrant(text, 'sharing.yaml', grant, index);
    expect(idsOf(changed)).toEqual(ids);
    for (const [comment] of text.matchAll(/# \w+/g)) expect(changed).toContain(comment);
  });
});
