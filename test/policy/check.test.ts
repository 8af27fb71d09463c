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
      'id: accounts, of: [Account], to: [own, others]',
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
      dead,
    ]);
    expect(short(findingsFor(findings, both, { agency: 'water' }))).toEqual([dead]);
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
