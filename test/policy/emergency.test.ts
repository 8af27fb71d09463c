import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccessClass } from '../../src/access/policy.ts';
import { emergencySteps, type EmergencyGrant } from '../../src/policy/emergency.ts';
import { inOneGo } from '../../src/policy/turns.ts';
import { policy } from './policy-command.ts';
import { fire, small, water, waterPolicy } from './small-policy.ts';

/* What break-glass opens beyond the same caller's other purposes, for review. */

const emergency = (of: AccessClass): AccessClass => ({ ...of, purpose: 'EMERGENCY' });

function opened(grants: readonly string[], rows?: string[]): EmergencyGrant[] {
  return inOneGo(emergencySteps(small(waterPolicy(grants, rows)), [water, fire].map(emergency)));
}

const to = (id: string, purposes: string, rest: string): string =>
  `id: ${id}, to: [others], purposes: [${purposes}], law: 供水条例, ${rest}`;
const on = 'when: [{ recordIs: { field: state, is: [ON] } }]';
const isOn = 'recordIs({"field":"state","is":["ON"]})';

/** `rule gives when: subjects` */
const short = (grants: readonly EmergencyGrant[]): string[] =>
  grants.map((g) => `${g.rule} ${g.gives} ${g.when}: ${g.subjects.join(', ')}`);

describe('a line for emergencies', () => {
  test('is listed with law, place, fields and callers', () => {
    expect(
      opened([
        to('handling', 'HANDLING', 'mask: { name: [Account.name] }'),
        to('glass', 'EMERGENCY', 'plain: [Account.name, Account.state]'),
      ]),
    ).toEqual([
      {
        rule: 'water/glass',
        law: '供水条例',
        file: 'water.yaml',
        line: 11,
        gives: 'plain',
        when: 'always',
        subjects: ['Account.name', 'Account.state'],
        classes: ['fire HANDLER EMERGENCY'],
      },
    ]);
  });

  test('is not where another purpose gives as much', () => {
    expect(opened([to('both', 'HANDLING, EMERGENCY', 'plain: [Account.name]')])).toEqual([]);
    expect(
      opened([to('h', 'HANDLING', 'plain: [Account.name]'), to('e', 'EMERGENCY', 'mask: { name: [Account.name] }')]),
    ).toEqual([]);
    expect(
      opened([to('h', 'HANDLING', 'plain: [Account.name]'), to('e', 'EMERGENCY', `${on}, plain: [Account.name]`)]),
    ).toEqual([]);
    expect(
      opened([
        to(
          'h',
          'HANDLING',
          'when: [{ any: [{ recordIs: { field: state, is: [ON] } }, exactMatch] }], plain: [Account.name]',
        ),
        to('e', 'EMERGENCY', `${on}, plain: [Account.name]`),
      ]),
    ).toEqual([]);
  });

  test('is where conditions are fewer, or the mask is another', () => {
    expect(
      short(
        opened([to('h', 'HANDLING', `${on}, plain: [Account.name]`), to('e', 'EMERGENCY', 'plain: [Account.name]')]),
      ),
    ).toEqual(['water/e plain always: Account.name']);
    expect(
      short(
        opened([
          to('h', 'HANDLING', 'mask: { pseudonym: [Account.name] }'),
          to('e', 'EMERGENCY', 'mask: { name: [Account.name] }'),
        ]),
      ),
    ).toEqual(['water/e mask name always: Account.name']);
  });

  test('is where an earlier line of the other purpose takes away', () => {
    expect(
      short(
        opened([
          to('no', 'HANDLING', `${on}, deny: [Account.name]`),
          to('h', 'HANDLING', 'plain: [Account.name]'),
          to('e', 'EMERGENCY', `${on}, plain: [Account.name]`),
        ]),
      ),
    ).toEqual([`water/e plain ${isOn}: Account.name`]);
    // On a condition of its own, which may hold too.
    expect(
      short(
        opened([
          to('no', 'HANDLING', 'when: [exactMatch], deny: [Account.name]'),
          to('h', 'HANDLING', 'plain: [Account.name]'),
          to('e', 'EMERGENCY', `${on}, plain: [Account.name]`),
        ]),
      ),
    ).toEqual([`water/e plain ${isOn}: Account.name`]);
  });

  test('no two purposes together cover it', () => {
    const split = 'when: [{ not: { recordIs: { field: state, is: [ON] } } }]';
    expect(
      short(
        opened([
          to('h', 'HANDLING', `${on}, plain: [Account.name]`),
          to('f', 'FOLLOW_UP', `${split}, plain: [Account.name]`),
          to('e', 'EMERGENCY', 'plain: [Account.name]'),
        ]),
      ),
    ).toEqual(['water/e plain always: Account.name']);
  });

  test('is not where it is never reached', () => {
    expect(
      opened([to('no', 'EMERGENCY', 'deny: [Account.name]'), to('e', 'EMERGENCY', 'plain: [Account.name]')]),
    ).toEqual([]);
  });
});

describe('a row rule for emergencies', () => {
  const grant = to('both', 'HANDLING, EMERGENCY', 'plain: [Account.no]');
  test('is listed where no other purpose shows these records', () => {
    expect(
      opened(
        [grant],
        [
          `id: handled, of: [Account], to: [others], purposes: [HANDLING, EMERGENCY], ${on}`,
          'id: glass, of: [Account], to: [others], purposes: [EMERGENCY]',
        ],
      ),
    ).toEqual([
      {
        rule: 'water/glass',
        law: null,
        file: 'water.yaml',
        line: 9,
        gives: 'records',
        when: 'always',
        subjects: ['Account'],
        classes: ['fire HANDLER EMERGENCY'],
      },
    ]);
  });

  test('is not where one does, or where it is for every purpose', () => {
    expect(
      opened(
        [grant],
        [
          'id: handled, of: [Account], to: [others], purposes: [HANDLING]',
          `id: glass, of: [Account], to: [others], purposes: [EMERGENCY], ${on}`,
          'id: own, of: [Account], to: [own]',
        ],
      ),
    ).toEqual([]);
  });
});

describe('lianqiao policy emergency', () => {
  beforeEach(() => void vi.stubEnv('LIANQIAO_CONFIG', ''));
  afterEach(() => void vi.unstubAllEnvs());
  const fields = ['address', 'latitude', 'longitude', 'reporterName', 'reporterPhone', 'standardAddress'];

  test('lists the shipped line, as text, JSON and Markdown', async () => {
    const text = await policy('emergency');
    expect({ ...text, stdout: '' }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(text.stdout).toMatch(
      /^connectors\/hotline\/sharing\.yaml:\d+: hotline\/reporter-to-emergency \(个人信息保护法 art\. 13\(4\)\)\n {2}plain\n/,
    );
    expect([...text.stdout.matchAll(/^ {4}Ticket\.(\w+)$/gm)].map(([, field]) => field)).toEqual(fields);
    expect(text.stdout).toMatch(/: 1 line opens more in an emergency\n$/);
    const { grants } = JSON.parse((await policy('emergency', '--json')).stdout) as { grants: EmergencyGrant[] };
    expect(grants.map((g) => [g.rule, g.subjects])).toEqual([
      ['hotline/reporter-to-emergency', fields.map((f) => `Ticket.${f}`)],
    ]);
    expect((await policy('emergency', '--format', 'markdown')).stdout).toContain(
      '| `hotline/reporter-to-emergency` | 个人信息保护法 art. 13(4) | plain | always | `Ticket.address`<br>',
    );
  });

  test('for some callers', async () => {
    const none = await policy('emergency', '--agency', 'police', '--role', 'AUDITOR', '--format', 'markdown');
    expect(none.stdout).toMatch(/^Policy `[0-9a-f]+`: 0 lines open more in an emergency\n$/);
    const police = JSON.parse((await policy('emergency', '--agency', 'police', '--json')).stdout) as {
      grants: EmergencyGrant[];
    };
    expect(police.grants.flatMap((g) => g.classes)).toEqual(['police SYSTEM EMERGENCY', 'police HANDLER EMERGENCY']);
    expect(await policy('emergency', '--agency', 'polise')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: there is no agency polise. Did you mean police?\n',
    });
  });
});
