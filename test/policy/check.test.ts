import { describe, expect, test } from 'vitest';
import { checkPolicy } from '../../src/policy/check.ts';
import { findingsFor, type PolicyFinding } from '../../src/policy/finding.ts';
import { printFindings } from '../../src/policy/print.ts';
import { fire, firePolicy, openFire, small, water, waterPolicy } from './small-policy.ts';

const both = [water, fire];
const all = 'id: all, to: [own, others], purposes: [HANDLING], law: 供水条例, plain: [everything]';

function found(
  grants: readonly string[],
  more: { rows?: string[]; fire?: string; today?: string } = {},
): PolicyFinding[] {
  const { rows, fire: ofFire = openFire, today = '2026-11-23' } = more;
  return checkPolicy(small(waterPolicy(grants, rows), ofFire), both, today);
}

describe('checkPolicy', () => {
  test('finds nothing where each field is decided for each class in one way', () => {
    expect(found([all])).toEqual([]);
    expect(
      found([
        'id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]',
        'id: others, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], plain: [{ Account: [no, state, meter] }]',
        'id: rest, to: [own, others], purposes: [HANDLING], law: 供水条例, deny: [Account.*, Meter.*]',
      ]),
    ).toEqual([]);
  });

  test('UNDECIDED: nothing but the default denies', () => {
    expect(
      found([
        'id: own, to: [own, others], purposes: [HANDLING], law: 供水条例, plain: [Account.no, Account.state, Account.meter, Meter.reading]',
        'id: name, to: [own], purposes: [HANDLING], law: 供水条例, plain: [Account.name]',
      ]),
    ).toEqual([
      {
        kind: 'UNDECIDED',
        subject: 'Account.name',
        file: 'water.yaml',
        line: null,
        message: 'no line decides Account.name; grant it or deny it',
        classes: ['fire HANDLER HANDLING'],
      },
    ]);
  });

  test('UNDECIDED names the policy of the field’s owner', () => {
    expect(found([all], { fire: 'policy: 1\nagency: fire\n' }).map((f) => [f.kind, f.subject, f.file])).toEqual([
      ['UNDECIDED', 'Account.inspectedOn', 'fire.yaml'],
    ]);
  });

  test('OPEN_END: every line has a condition', () => {
    expect(
      found([
        'id: most, to: [own, others], purposes: [HANDLING], law: 供水条例, plain: [Account.no, Account.state, Account.meter, Meter.reading]',
        'id: name, to: [own, others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], plain: [Account.name]',
        'id: masked, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [OFF] } }], mask: { name: [Account.name] }',
      ]),
    ).toEqual(
      [
        [11, 'water HANDLER HANDLING'],
        [12, 'fire HANDLER HANDLING'],
      ].map(([line, one]) => ({
        kind: 'OPEN_END',
        subject: 'Account.name',
        file: 'water.yaml',
        line,
        message: 'all lines on Account.name are conditional; end with one that is not, such as a denial',
        classes: [one],
      })),
    );
  });

  test('CONTRADICTION: two lines say different things on one condition; nobody reaches the later one', () => {
    const grants = [
      'id: on, to: [own, others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], plain: [Account.name]',
      'id: masked, to: [others], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], mask: { name: [Account.name] }',
      'id: rest, to: [own, others], purposes: [HANDLING], law: 供水条例, plain: [Account.no, Account.state, Account.meter, Meter.reading], deny: [Account.*]',
    ];
    expect(found(grants)).toEqual([
      {
        kind: 'CONTRADICTION',
        subject: 'Account.name',
        file: 'water.yaml',
        line: 11,
        message:
          'water/masked and water/on say different things of Account.name on the same condition (recordIs({"field":"state","is":["ON"]})); the earlier one holds',
        classes: ['fire HANDLER HANDLING'],
      },
      {
        kind: 'DEAD_RULE',
        subject: 'Account.name',
        file: 'water.yaml',
        line: 11,
        message:
          'water/masked is never reached on Account.name: earlier lines decide for all its callers; take it out or put it first',
        classes: [],
      },
    ]);
  });

  test('DEAD_RULE: an earlier line always decides, or the callers never come', () => {
    const dead = (id: string, line: number): PolicyFinding => ({
      kind: 'DEAD_RULE',
      subject: 'Account.name',
      file: 'water.yaml',
      line,
      message: `water/${id} is never reached on Account.name: earlier lines decide for all its callers; take it out or put it first`,
      classes: [],
    });
    expect(
      found([
        all,
        'id: late, to: [others], purposes: [HANDLING], law: 供水条例, mask: { name: [Account.name] }',
        'id: nobody, to: [{ agency: police, roles: [HANDLER] }], purposes: [HANDLING], law: 供水条例, deny: [Account.name]',
      ]),
    ).toEqual([dead('late', 11), dead('nobody', 12)]);
  });

  const rest =
    'id: rest, to: [own, others], purposes: [HANDLING], law: 供水条例, plain: [Account.no, Account.state, Account.meter, Meter.reading], deny: [Account.*]';
  const to = (id: string, when: string, what: string): string =>
    `id: ${id}, to: [others], purposes: [HANDLING], law: 供水条例, when: [${when}], ${what}`;
  const is = (...states: string[]): string => `{ recordIs: { field: state, is: [${states.join(', ')}] } }`;
  const young = (days: number): string => `{ withinDays: { field: since, days: ${days} } }`;
  const short = (of: readonly PolicyFinding[]): string[] => of.map((f) => `${f.kind} ${f.subject} ${f.line ?? ''}`);

  test('DEAD_RULE by meaning: what follows from earlier lines, together or alone', () => {
    const plain = 'plain: [Account.name]';
    const mask = 'mask: { name: [Account.name] }';
    for (const [first, second, later] of [
      [young(90), is('ON'), young(30)],
      [is('ON'), is('OFF'), is('OFF', 'ON')],
      [`{ not: ${young(3)} }`, is('ON'), `{ not: ${young(9)} }`],
    ] as const)
      expect(short(found([to('a', first, plain), to('b', second, plain), to('c', later, mask), rest]))).toEqual([
        'DEAD_RULE Account.name 12',
      ]);
    expect(found([to('a', young(30), plain), to('b', young(90), mask), rest])).toEqual([]);
  });

  test('DEAD_RULE by meaning: a condition that nothing meets', () => {
    const never = `${is('ON')}, { not: ${is('ON', 'OFF')} }`;
    expect(found([to('a', never, 'plain: [Account.name]'), rest]).map((f) => f.message)).toEqual([
      'water/a never holds on Account.name: nothing meets recordIs({"field":"state","is":["ON"]}) & not(recordIs({"field":"state","is":["ON","OFF"]})); mend the condition or take it out',
    ]);
  });

  test('CONTRADICTION by meaning: one condition in other words', () => {
    const [one, other] = [`${is('ON', 'OFF')}, ${young(9)}`, `${young(9)}, { any: [${is('OFF')}, ${is('ON')}] }`];
    expect(
      short(found([to('a', one, 'plain: [Account.name]'), to('b', other, 'mask: { name: [Account.name] }'), rest])),
    ).toEqual(['CONTRADICTION Account.name 11', 'DEAD_RULE Account.name 11']);
  });

  test('DEAD_RULE of row rules: records that others show, or none', () => {
    const row = (id: string, when: string): string => `id: ${id}, of: [Account], to: [own, others], when: [${when}]`;
    const findings = (...rows: string[]): string[] => short(found([all], { rows }));
    expect(findings(row('a', is('ON')), row('b', is('OFF')))).toEqual([]);
    expect(findings(row('a', young(90)), row('b', young(30)))).toEqual(['DEAD_RULE Account 9']);
    expect(findings(row('a', young(30)), row('b', young(90)))).toEqual(['DEAD_RULE Account 8']);
    expect(findings(row('a', is('ON')), row('b', `${is('ON')}, ${is('OFF')}`))).toEqual(['DEAD_RULE Account 9']);
    // Of two that say the same the later goes; what one class needs stays for all.
    expect(findings(row('a', is('ON')), row('b', is('ON', 'ON')))).toEqual(['DEAD_RULE Account 9']);
    const ofOwn = 'id: own-accounts, of: [Account], to: [own]';
    expect(findings(ofOwn, row('b', is('ON')))).toEqual([]);
  });

  test('DEAD_RULE of rights: what other lines let match, or what shows anyway', () => {
    expect(
      short(found([to('a', young(90), 'match: [Account.name]'), to('b', young(30), 'match: [Account.name]'), rest])),
    ).toEqual(['DEAD_RULE Account.name 11']);
    expect(
      short(found([to('a', young(30), 'match: [Account.name]'), to('b', is('ON'), 'match: [Account.name]'), rest])),
    ).toEqual([]);
    // Whoever is given it plainly may filter by it without that right.
    expect(short(found([all, to('a', is('ON'), 'match: [Account.name]')]))).toEqual(['DEAD_RULE Account.name 11']);
  });

  test('UNUSED: names that no line uses, directly or through others', () => {
    const text = waterPolicy([all]).replace(
      'fields: {',
      'fields: { inner: [Account.no], outer: [inner], none: [outer],',
    );
    const unused = (used: string): string[] =>
      checkPolicy(small(used), both, '2026-11-23').map((f) => `${f.kind} ${f.subject}`);
    expect(unused(text).toSorted()).toEqual(['UNUSED water/inner', 'UNUSED water/none', 'UNUSED water/outer']);
    expect(unused(text.replace('plain: [everything]', 'plain: [everything], match: [outer]'))).toContain(
      'UNUSED water/none',
    );
    expect(unused(text.replace('plain: [everything]', 'plain: [everything], match: [outer]'))).not.toContain(
      'UNUSED water/inner',
    );
  });

  test('NEEDLESS_JOIN: no relation joins by it, or it is approved twice', () => {
    const join = '{ reads: Account.no, for: Account.meter, law: 消防法 }';
    const joins = (...of: string[]): string => `${waterPolicy([all])}joins:\n${of.map((j) => `  - ${j}\n`).join('')}`;
    const findings = (text: string, needed: boolean): string[] =>
      short(
        checkPolicy(
          { ...small(text), joinReads: needed ? [{ reads: 'Account.no', relation: 'Account.meter' }] : [] },
          both,
          '2026-11-23',
        ),
      );
    expect(findings(joins(join), true)).toEqual([]);
    expect(findings(joins(join), false)).toEqual(['NEEDLESS_JOIN Account.no 12']);
    expect(findings(joins(join, join), true)).toEqual(['NEEDLESS_JOIN Account.no 13']);
    // An agency that takes no part here may come.
    expect(findings(joins(join.replace('Account.meter', 'Permit.accounts')), false)).toEqual([]);
  });

  test('KEY_DENIED: the record goes with a field that must not be null', () => {
    const keyDenied = (line: number, classes: string[]): PolicyFinding => ({
      kind: 'KEY_DENIED',
      subject: 'Account.no',
      file: 'water.yaml',
      line,
      message:
        'Account.no is never null, so denying it hides the record although other fields are granted; grant it wherever they are',
      classes,
    });
    const rest =
      'id: rest, to: [own, others], purposes: [HANDLING], law: 供水条例, plain: [Meter.reading], deny: [Account.*]';
    expect(
      found(['id: some, to: [others], purposes: [HANDLING], law: 供水条例, plain: [Account.state]', rest]),
    ).toEqual([keyDenied(10, ['fire HANDLER HANDLING'])]);
    // On a condition, while another field always shows.
    expect(
      found([
        'id: on, to: [own], purposes: [HANDLING], law: 供水条例, when: [{ recordIs: { field: state, is: [ON] } }], plain: [Account.no]',
        'id: some, to: [own], purposes: [HANDLING], law: 供水条例, plain: [Account.state]',
        rest,
      ]),
    ).toEqual([keyDenied(11, ['water HANDLER HANDLING'])]);
    // On a narrower condition than another field, whether one is part of the other or they only overlap.
    const on = (id: string, when: string, fields: string): string =>
      `id: ${id}, to: [own], purposes: [HANDLING], law: 供水条例, when: [${when}], plain: [${fields}]`;
    const isOn = '{ recordIs: { field: state, is: [ON] } }';
    const isOff = '{ recordIs: { field: state, is: [OFF] } }';
    const either = '{ recordIs: { field: state, is: [ON, OFF] } }';
    expect(found([on('key', isOn, 'Account.no'), on('some', either, 'Account.state'), rest])).toEqual([
      keyDenied(11, ['water HANDLER HANDLING']),
    ]);
    expect(found([on('key', isOn, 'Account.no'), on('some', isOff, 'Account.state'), rest])).toEqual([
      keyDenied(11, ['water HANDLER HANDLING']),
    ]);
    // A wider one, and the same in other words, take nothing away.
    expect(found([on('key', either, 'Account.no'), on('some', isOn, 'Account.state'), rest])).toEqual([]);
    expect(
      found([on('key', `{ any: [${isOn}, ${isOff}] }`, 'Account.no'), on('some', either, 'Account.state'), rest]),
    ).toEqual([]);
  });

  test('NO_ROWS: fields are granted, and no record', () => {
    expect(found([all], { rows: ['id: accounts, of: [Account], to: [own]'] })).toEqual([
      {
        kind: 'NO_ROWS',
        subject: 'Account',
        file: 'water.yaml',
        line: 6,
        message: 'fields of Account are granted, but no row rule shows a record; add one under rows',
        classes: ['fire HANDLER HANDLING'],
      },
    ]);
  });

  test('NO_ROWS of a field that another agency adds: none of its callers sees a record', () => {
    const rows = ['id: accounts, of: [Account], to: [own]'];
    const grants = [
      'id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]',
      'id: rest, to: [others], purposes: [HANDLING], law: 供水条例, deny: [Account.*, Meter.*]',
    ];
    // The waterworks see accounts, so that the grant to both is not in vain.
    expect(found(grants, { rows })).toEqual([]);
    const toFire = firePolicy([
      'id: fire, to: [{ agency: fire, roles: [HANDLER] }], purposes: [HANDLING], law: 消防法, plain: [Account.inspectedOn]',
      'id: rest, to: [{ agency: water, roles: [HANDLER] }], purposes: [HANDLING], law: 消防法, deny: [Account.*]',
    ]);
    expect(found(grants, { rows, fire: toFire })).toEqual([
      {
        kind: 'NO_ROWS',
        subject: 'Account.inspectedOn',
        file: 'fire.yaml',
        line: 4,
        message:
          'Account.inspectedOn is granted, but no row rule shows records of Account to any of its callers; take the grant out, or ask for a row rule',
        classes: ['fire HANDLER HANDLING'],
      },
    ]);
  });

  test('EXPIRED: the period is over, of a grant, a condition or a row rule', () => {
    const expired = (id: string, line: number): PolicyFinding => ({
      kind: 'EXPIRED',
      subject: `water/${id}`,
      file: 'water.yaml',
      line,
      message: `water/${id} ended on 2026-06-30; take it out, or prolong it`,
      classes: [],
    });
    const grants = [
      'id: trial, to: [others], purposes: [HANDLING], law: 供水条例, from: 2026-01-01, until: 2026-06-30, plain: [Account.name]',
      'id: by-hand, to: [own], purposes: [HANDLING], law: 供水条例, when: [{ inForce: { until: 2026-06-30 } }], mask: { name: [Account.name] }',
      all,
    ];
    const rows = [
      'id: accounts, of: [Account], to: [own, others], when: [{ recordIs: { field: state, is: [OFF] } }]',
      'id: more, of: [Account], to: [own], when: [{ any: [{ recordIs: { field: state, is: [ON] } }, { all: [{ inForce: { until: 2026-06-30 } }] }] }]',
    ];
    expect(found(grants, { rows, today: '2026-06-30' })).toEqual([]);
    expect(found(grants, { rows, today: '2026-07-01' })).toEqual([
      expired('more', 9),
      expired('trial', 11),
      expired('by-hand', 12),
    ]);
  });
});

describe('the findings', () => {
  const grants = [
    'id: own, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]',
    'id: twice, to: [own], purposes: [HANDLING], law: 供水条例, deny: [Account.name]',
  ];

  test('are told of the asked callers only, and those of a line always', () => {
    const findings = found(grants, { rows: ['id: accounts, of: [Account], to: [own]'] });
    const short = (of: readonly PolicyFinding[]): string[] =>
      of.map((f) => `${f.kind} ${f.subject} ${f.classes.join()}`);
    const dead = 'DEAD_RULE Account.name ';
    const undecided = ['meter', 'name', 'no', 'state'].map((f) => `UNDECIDED Account.${f} fire HANDLER HANDLING`);
    expect(short(findingsFor(findings, both, {}))).toEqual([
      ...undecided,
      'UNDECIDED Meter.reading fire HANDLER HANDLING',
      'UNUSED water/others ',
      dead,
    ]);
    expect(short(findingsFor(findings, both, { agency: 'water' }))).toEqual(['UNUSED water/others ', dead]);
  });

  test('are printed with file and line, and counted', () => {
    const place = { subject: 'x', file: 'water.yaml' };
    const findings: PolicyFinding[] = [
      {
        ...place,
        kind: 'UNDECIDED',
        line: null,
        message: 'first',
        classes: ['a SYSTEM AUDIT', 'a HANDLER HANDLING', 'b SYSTEM HANDLING', 'c SYSTEM DISPATCH', 'd OPERATOR AUDIT'],
      },
      { ...place, kind: 'DEAD_RULE', line: 12, message: 'second', classes: [] },
      {
        ...place,
        kind: 'UNDECIDED',
        line: null,
        message: 'third',
        classes: ['a SYSTEM AUDIT', 'b SYSTEM AUDIT', 'c HANDLER AUDIT'],
      },
    ];
    expect(printFindings(findings, '0123')).toBe(
      'water.yaml: UNDECIDED first [a SYSTEM AUDIT; a HANDLER HANDLING; b SYSTEM HANDLING; and 2 more, see --json]\nwater.yaml:12: DEAD_RULE second\nwater.yaml: UNDECIDED third [a,b SYSTEM AUDIT; c HANDLER AUDIT]\npolicy 0123: 2 UNDECIDED, 1 DEAD_RULE\n',
    );
    expect(printFindings([], '0123')).toBe('policy 0123: nothing found\n');
  });
});
