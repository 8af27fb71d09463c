import { describe, expect, test } from 'vitest';
import { diffPolicies, type PolicyChange } from '../../src/policy/diff.ts';
import { printDiff } from '../../src/policy/print.ts';
import { fire, firePolicy, openFire, small, water, waterPolicy } from './small-policy.ts';

const own = 'id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]';
const others = (rest: string): string => `id: others, to: [others], purposes: [HANDLING], law: 供水条例, ${rest}`;
const on = 'when: [{ recordIs: { field: state, is: [ON] } }]';
const rows = ['id: accounts, of: [Account], to: [own, others]'];

function changes(
  before: readonly string[],
  after: readonly string[],
  more: { rows?: string[]; rowsAfter?: string[]; fire?: string } = {},
): PolicyChange[] {
  const was = small(waterPolicy(before, more.rows ?? rows));
  const is = small(waterPolicy(after, more.rowsAfter ?? rows), more.fire);
  return diffPolicies(was, is, [water, fire]);
}

const name = (kind: PolicyChange['kind'], before: string, after: string): PolicyChange[] => [
  { kind, subject: 'Account.name', before, after, classes: ['fire HANDLER HANDLING'] },
];

describe('diffPolicies', () => {
  test('the same policy: no change', () => {
    expect(changes([own], [own])).toEqual([]);
  });

  test('another wording of the same decisions: no change', () => {
    expect(
      changes(
        [own, others(`${on}, plain: [Account.name]`)],
        [
          // Names; laws of denials; a denial at the end; a line that is never reached.
          own.replace('id: own', 'id: renamed'),
          others(`${on}, plain: [Account.name]`),
          'id: again, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], mask: { name: [Account.name] }',
          'id: rest, to: [own, others], purposes: [HANDLING], law: 某条例, deny: [Account.*, Meter.*]',
        ],
      ),
    ).toEqual([]);
  });

  test('stale answers, which concern all who read records', () => {
    const keeps = (seconds: number): string =>
      `${waterPolicy([own], rows)}\nlastKnownGood: { maxSeconds: ${seconds} }\n`;
    const stale = (before: string, after: string): PolicyChange[] => [
      {
        kind: 'stale',
        subject: 'water',
        before,
        after,
        classes: ['water HANDLER HANDLING', 'fire HANDLER HANDLING'],
      },
    ];
    const diff = (before: string, after: string): PolicyChange[] =>
      diffPolicies(small(before), small(after), [water, fire, { ...fire, purpose: 'STATISTICS' }]);
    const without = waterPolicy([own], rows);
    expect(diff(without, keeps(600))).toEqual(stale('never', '600 s at most'));
    expect(diff(keeps(600), keeps(60))).toEqual(stale('600 s at most', '60 s at most'));
    expect(diff(keeps(60), without)).toEqual(stale('60 s at most', 'never'));
    expect(diff(keeps(60), keeps(60))).toEqual([]);
  });

  test('gains and loses', () => {
    expect(changes([own], [own, others('plain: [Account.name]')])).toEqual(name('gains', 'deny', 'plain'));
    expect(changes([own, others('plain: [Account.name]')], [own])).toEqual(name('loses', 'plain', 'deny'));
    expect(changes([own], [own, others(`${on}, mask: { name: [Account.name] }`)])).toEqual(
      name('gains', 'deny', 'mask name if recordIs({"field":"state","is":["ON"]})'),
    );
  });

  test('equal changes of several callers are told once', () => {
    expect(
      changes(
        [own, others('plain: [Account.name]')],
        ['id: rest, to: [own], purposes: [HANDLING], law: 供水条例, deny: [Account.*]'],
      ),
    ).toEqual([
      ...['meter', 'name', 'no', 'state'].map((field) => ({
        kind: 'loses',
        subject: `Account.${field}`,
        before: 'plain',
        after: 'deny',
        classes: field === 'name' ? ['water HANDLER HANDLING', 'fire HANDLER HANDLING'] : ['water HANDLER HANDLING'],
      })),
      { kind: 'loses', subject: 'Meter.reading', before: 'plain', after: 'deny', classes: ['water HANDLER HANDLING'] },
    ]);
  });

  test('another mask', () => {
    expect(
      changes([own, others('mask: { name: [Account.name] }')], [own, others('mask: { pseudonym: [Account.name] }')]),
    ).toEqual(name('mask', 'mask name', 'mask pseudonym'));
    expect(changes([own, others('plain: [Account.name]')], [own, others('mask: { name: [Account.name] }')])).toEqual(
      name('mask', 'plain', 'mask name'),
    );
  });

  test('another mask on the same conditions', () => {
    const text = (first: string, then: string): string =>
      `${first} if recordIs({"field":"state","is":["ON"]}); else ${then}`;
    const lines = (first: string, then: string): string[] => [
      own,
      others(`${on}, ${first}`),
      `id: then, to: [others], purposes: [HANDLING], law: 供水条例, ${then}`,
    ];
    expect(
      changes(
        lines('plain: [Account.name]', 'mask: { name: [Account.name] }'),
        lines('mask: { name: [Account.name] }', 'mask: { pseudonym: [Account.name] }'),
      ),
    ).toEqual(name('mask', text('plain', 'mask name'), text('mask name', 'mask pseudonym')));
  });

  test('another condition', () => {
    const text = (state: string): string => `plain if recordIs({"field":"state","is":["${state}"]})`;
    expect(changes([own, others('plain: [Account.name]')], [own, others(`${on}, plain: [Account.name]`)])).toEqual(
      name('condition', 'plain', text('ON')),
    );
    expect(
      changes(
        [own, others(`${on}, plain: [Account.name]`)],
        [own, others(`${on.replace('ON', 'OFF')}, plain: [Account.name]`)],
      ),
    ).toEqual(name('condition', text('ON'), text('OFF')));
  });

  test('the order of conditional lines, where a record can meet both', () => {
    const plain = others('when: [{ withinDays: { field: since, days: 30 } }], plain: [Account.name]');
    const masked = others(`${on}, mask: { name: [Account.name] }`).replace('id: others', 'id: masked');
    const [first, second] = [
      'plain if withinDays({"field":"since","days":30})',
      'mask name if recordIs({"field":"state","is":["ON"]})',
    ];
    expect(changes([own, plain, masked], [own, masked, plain])).toEqual(
      name('mask', `${first}; else ${second}`, `${second}; else ${first}`),
    );
    // One record is never in two states, so that the order says nothing.
    const off = plain.replace(/when: .*\], plain/, "when: [{ recordIs: { field: state, is: ['OFF'] } }], plain");
    expect(changes([own, off, masked], [own, masked, off])).toEqual([]);
  });

  const is = (...states: string[]): string => `{ recordIs: { field: state, is: [${states.join(', ')}] } }`;
  const young = (days: number): string => `{ withinDays: { field: since, days: ${days} } }`;

  test.each<[string, string, string]>([
    ['the order of any', `{ any: [${is('ON')}, ${young(30)}] }`, `{ any: [${young(30)}, ${is('ON')}] }`],
    ['the order of all', `${is('ON')}, ${young(30)}`, `${young(30)}, ${is('ON')}`],
    ['values doubled and turned round', is('ON', 'OFF'), is('OFF', 'ON', 'OFF')],
    ['values one by one', is('ON', 'OFF'), `{ any: [${is('ON')}, ${is('OFF')}] }`],
    ['not not', is('ON'), `{ not: { not: ${is('ON')} } }`],
    ['de Morgan', `{ not: { any: [${is('ON')}, ${young(3)}] } }`, `{ not: ${young(3)} }, { not: ${is('ON')} }`],
    ['a list in a list', `${is('ON')}, ${young(3)}`, `{ all: [{ all: [${is('ON')}] }, { any: [${young(3)}] }] }`],
    ['what follows: younger', young(30), `${young(30)}, ${young(90)}`],
    ['what follows: one of fewer values', is('ON'), `${is('ON')}, ${is('ON', 'OFF')}`],
    ['what follows: absorbed', is('ON'), `{ any: [${is('ON')}, { all: [${young(30)}, ${is('ON')}] }] }`],
    ['what excludes: another value', is('ON'), `${is('ON')}, { not: ${is('OFF')} }`],
    ['what never holds', is('ON'), `{ any: [${is('ON')}, { all: [${is('OFF')}, ${is('LATE')}] }] }`],
    [
      'a period in two parts',
      '{ inForce: { from: 2026-01-01, until: 2026-12-31 } }',
      '{ any: [{ inForce: { from: 2026-01-01, until: 2026-06-30 } }, { inForce: { from: 2026-07-01, until: 2026-12-31 } }] }',
    ],
    [
      'a period that ends after all time',
      '{ inForce: { from: 2026-01-01, until: 9999-12-31 } }',
      '{ inForce: { from: 2026-01-01 } }',
    ],
    ['an area named twice', 'inOwnArea', 'inOwnArea, { any: [inOwnArea, inOwnGrid] }'],
  ])('another wording of one condition: %s', (_what, before, after) => {
    const grants = (when: string): string[] => [
      own,
      others(`when: [${when}], plain: [Account.name], match: [Account.no]`),
    ];
    const rowsOf = (when: string): string[] => [`id: accounts, of: [Account], to: [own, others], when: [${when}]`];
    expect(changes(grants(before), grants(after), { rows: rowsOf(before), rowsAfter: rowsOf(after) })).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['older', young(30), young(90)],
    ['not, where nothing is known', `{ not: ${is('ON')} }`, is('OFF', 'LATE')],
    [
      'a day that a period leaves out',
      '{ inForce: { from: 2026-01-01 } }',
      '{ any: [{ inForce: { from: 2026-01-01, until: 2026-06-29 } }, { inForce: { from: 2026-07-01 } }] }',
    ],
    ['an area that is not the grid', 'inOwnArea', 'inOwnGrid'],
    ['one of two', `{ any: [${is('ON')}, ${young(3)}] }`, `${is('ON')}, ${young(3)}`],
  ])('another condition: %s', (_what, before, after) => {
    const grants = (when: string): string[] => [own, others(`when: [${when}], plain: [Account.name]`)];
    expect(changes(grants(before), grants(after)).map((c) => [c.kind, c.subject])).toEqual([
      ['condition', 'Account.name'],
    ]);
  });

  test('conditions that are too many to be compared are told as undecided', () => {
    // Every subset of the codes makes other callers.
    const codes = Array.from({ length: 12 }, (_, i) => `g${i}`);
    const grids = (of: readonly string[]): string[] => [
      own,
      others(
        `when: [{ any: [inOwnGrid, { recordIs: { field: gridCode, is: [${of.join(', ')}] } }] }], plain: [Account.name]`,
      ),
    ];
    const told = changes(grids(codes), grids(codes.toReversed()));
    expect(told.map((c) => [c.kind, c.subject, c.classes])).toEqual([
      ['undecided', 'Account.name', ['fire HANDLER HANDLING']],
    ]);
    expect(changes(grids(codes.slice(0, 4)), grids(codes.slice(0, 4).toReversed()))).toEqual([]);
  });

  test('the legal basis of what is given', () => {
    const law = (subject: string, classes: string): PolicyChange => ({
      kind: 'law',
      subject,
      before: '供水条例',
      after: '另一条例',
      classes: [classes],
    });
    const given = others('plain: [Account.name], match: [Account.state]');
    expect(changes([own, given], [own, given.replace('供水条例', '另一条例')])).toEqual([
      law('Account.name', 'fire HANDLER HANDLING'),
      law('Account.state (match)', 'fire HANDLER HANDLING'),
    ]);
    // What is given otherwise and on another basis is told as both; what is newly given on a new basis, as given.
    const masked = others('mask: { name: [Account.name] }');
    expect(
      changes([own, others('plain: [Account.name]')], [own, masked.replace('供水条例', '另一条例')]).map((c) => c.kind),
    ).toEqual(['law', 'mask']);
    expect(changes([own], [own, masked.replace('供水条例', '另一条例')]).map((c) => c.kind)).toEqual(['gains']);
    // A line that only says once more what an earlier one gives.
    const again = given
      .replace('id: others', 'id: again')
      .replace('供水条例', '另一条例')
      .replace(/, match.*/, '');
    expect(changes([own, given], [own, given, again])).toEqual([]);
  });

  test('what a relation may read behind the gate', () => {
    const joins = (...of: readonly [relation: string, law: string][]): string =>
      `${waterPolicy([own], rows)}joins:\n${of.map(([relation, law]) => `  - { reads: Account.no, for: ${relation}, law: ${law} }\n`).join('')}`;
    const diff = (before: string, after: string): PolicyChange[] =>
      diffPolicies(small(before), small(after), [water, fire]);
    const join = (before: string, after: string): PolicyChange[] => [
      { kind: 'join', subject: 'Account.no for Fire.accounts', before, after, classes: [] },
    ];
    const [old, now] = [joins(['Fire.accounts', '消防法']), joins(['Fire.accounts', '另一条例'])];
    expect(diff(waterPolicy([own], rows), old)).toEqual(join('none', 'approved (消防法)'));
    expect(diff(old, waterPolicy([own], rows))).toEqual(join('approved (消防法)', 'none'));
    expect(diff(old, now)).toEqual(join('approved (消防法)', 'approved (另一条例)'));
    expect(diff(old, old)).toEqual([]);
  });

  test('a period', () => {
    expect(
      changes(
        [own, others('plain: [Account.name]')],
        [own, others('from: 2026-01-01, until: 2026-06-30, plain: [Account.name]')],
      ),
    ).toEqual(name('condition', 'plain', 'plain if inForce({"from":"2026-01-01","until":"2026-06-30"})'));
  });

  test('rows', () => {
    const rowChange = (before: string, after: string): PolicyChange => ({
      kind: 'rows',
      subject: 'Account',
      before,
      after,
      classes: ['fire HANDLER HANDLING'],
    });
    const only = 'id: own-accounts, of: [Account], to: [own]';
    const some = 'id: some-accounts, of: [Account], to: [others], when: [{ recordIs: { field: state, is: [ON] } }]';
    const more = 'id: more-accounts, of: [Account], to: [others], when: [{ recordIs: { field: state, is: [OFF] } }]';
    expect(changes([own], [own], { rowsAfter: [only] })).toEqual([rowChange('all', 'none')]);
    expect(changes([own], [own], { rows: [only], rowsAfter: [only, some] })).toEqual([
      rowChange('none', 'recordIs({"field":"state","is":["ON"]})'),
    ]);
    expect(changes([own], [own], { rows: [only, some], rowsAfter: [only, some, more] })).toEqual([
      rowChange(
        'recordIs({"field":"state","is":["ON"]})',
        'recordIs({"field":"state","is":["OFF"]}) | recordIs({"field":"state","is":["ON"]})',
      ),
    ]);
    // Row rules add up, so that their order says nothing.
    expect(changes([own], [own], { rows: [only, some, more], rowsAfter: [more, some, only] })).toEqual([]);
  });

  test('another agency’s policy', () => {
    expect(changes([own], [own], { fire: firePolicy([]).replace('grants:\n', '') })).toEqual([
      {
        kind: 'loses',
        subject: 'Account.inspectedOn',
        before: 'plain',
        after: 'deny',
        classes: ['water HANDLER HANDLING', 'fire HANDLER HANDLING'],
      },
    ]);
    expect(changes([own], [own], { fire: openFire })).toEqual([]);
  });

  test('a right to match or to count by a field that is not shown', () => {
    expect(changes([own], [own, others('match: [Account.name]')])).toEqual(name('match', 'none', 'all'));
    expect(changes([own, others('match: [Account.name]')], [own, others(`${on}, match: [Account.name]`)])).toEqual(
      name('match', 'all', 'recordIs({"field":"state","is":["ON"]})'),
    );
    const count = 'id: count, to: [others], purposes: [STATISTICS], law: 统计法, count: [Account.state]';
    const statistics = { ...fire, purpose: 'STATISTICS' } as const;
    const [was, is] = [[own], [own, count]].map((grants) => small(waterPolicy(grants, rows)));
    expect(was && is && diffPolicies(was, is, [water, fire, statistics])).toEqual([
      { kind: 'count', subject: 'Account.state', before: 'none', after: 'all', classes: ['fire HANDLER STATISTICS'] },
    ]);
  });

  test('a field that the other schema does not have counts as denied', () => {
    const now = small(waterPolicy([own]));
    const without = {
      ...now,
      facts: { ...now.facts, fields: new Map([...now.facts.fields].filter(([c]) => c !== 'Account.name')) },
    };
    expect(diffPolicies(without, now, [water])).toEqual([
      { kind: 'gains', subject: 'Account.name', before: 'deny', after: 'plain', classes: ['water HANDLER HANDLING'] },
    ]);
  });
});

describe('printDiff', () => {
  const some: PolicyChange[] = [
    {
      kind: 'rows',
      subject: 'Account',
      before: 'none',
      after: 'a | b',
      classes: ['fire HANDLER HANDLING', 'fire SYSTEM HANDLING', 'water HANDLER AUDIT'],
    },
    {
      kind: 'condition',
      subject: 'Account.name',
      before: 'plain',
      after: 'plain if any(a | b<c) & d',
      classes: ['fire HANDLER HANDLING'],
    },
  ];
  const versions = { before: '0123', after: '4567' };

  test('as text', () => {
    expect(printDiff(some, versions, false)).toBe(
      [
        'policy 0123 → 4567: 2 changes',
        'rows      Account: none → a | b',
        '          fire HANDLER,SYSTEM HANDLING',
        '          water HANDLER AUDIT',
        'condition Account.name: plain → plain if any(a | b<c) & d',
        '          fire HANDLER HANDLING',
        '',
      ].join('\n'),
    );
    expect(printDiff(some.slice(1), versions, false).split('\n')[0]).toBe('policy 0123 → 4567: 1 change');
    expect(printDiff([], versions, false)).toBe('policy 0123 → 4567: no change\n');
  });

  test('a join, which is nobody’s in particular', () => {
    const join: PolicyChange = {
      kind: 'join',
      subject: 'Account.no for Fire.accounts',
      before: 'none',
      after: 'approved (消防法)',
      classes: [],
    };
    expect(printDiff([join], versions, false)).toBe(
      'policy 0123 → 4567: 1 change\njoin      Account.no for Fire.accounts: none → approved (消防法)\n          behind the gate\n',
    );
    expect(printDiff([join], versions, true).split('\n').at(-2)).toBe(
      '| join | `Account.no for Fire.accounts` | none | approved (消防法) | behind the gate |',
    );
  });

  test('as Markdown, with bars and tags escaped', () => {
    expect(printDiff(some, versions, true)).toBe(
      [
        'Policy `0123` → `4567`',
        '',
        '| change | subject | before | after | callers |',
        '|---|---|---|---|---|',
        '| rows | `Account` | none | a \\| b | fire HANDLER,SYSTEM HANDLING<br>water HANDLER AUDIT |',
        '| condition | `Account.name` | plain | plain if any(a \\| b&lt;c) &amp; d | fire HANDLER HANDLING |',
        '',
      ].join('\n'),
    );
    expect(printDiff([], versions, true)).toBe('Policy `0123` → `4567`: no change\n');
  });
});
