import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyChange } from '../../src/policy/diff.ts';
import type { PolicyMatrix } from '../../src/policy/matrix.ts';
import { classGroups } from '../../src/policy/class-groups.ts';
import { startHub, type Answer, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { copyWith, policy } from '../policy/policy-command.ts';
import { block, page } from '../docs/markdown.ts';
import { askers, errorLines } from './askers.ts';

/* The stewards' tools in GraphQL, on a hub whose policies lie in a folder of their own. */

const steward: Asker = { claims: { agency: 'police', role: 'STEWARD', purposes: ['SUPERVISION'] } };
const auditor: Asker = { claims: askers.audit.claims };
const file = 'connectors/police/sharing.yaml';
const denial = 'deny: [PoliceIncident.callAddress, point, DispatchRecord.crew]\n';
const crew = `deny: [PoliceIncident.callAddress, point]

  - id: crew-to-hotline
    to: [hotline-staff]
    purposes: [HANDLING]
    law: 国办发〔2022〕12号
    plain: [DispatchRecord.crew]
`;

let folder: string;
let root: string;
let hub: RunningHub;
let now = Date.parse('2026-11-23T09:30:00+08:00');
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-roots-'));
  root = copyWith(folder);
  hub = await startHub({}, () => now, root);
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

const version = (): string => hub.hub.policies.current.policy.version;
const textOf = (agency: string): string => readFileSync(join(root, `connectors/${agency}/sharing.yaml`), 'utf8');
const withCrew = (): string => textOf('police').replace(denial, crew);

/** The answer of one root field, which must come without errors. */
async function ask<T>(
  field: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  asker = steward,
): Promise<T> {
  const answer = await hub.ask(asker, query, variables);
  expect(answer.errors).toEqual([]);
  return (answer.data as Record<string, T>)[field] as T;
}

interface Problems {
  readonly problems: readonly { readonly file: string; readonly line: number | null; readonly message: string }[];
}

describe('are for stewards and auditors', () => {
  const fields: readonly (readonly [field: string, selection: string])[] = [
    ['policyState', '{ version }'],
    ['policyVersions', '{ version }'],
    ['policyCheck', '{ version }'],
    ['policyMatrix', '{ version }'],
    ['policyDiff', '{ before }'],
    ['policyTest', '{ version }'],
    ['emergencyGrants', '{ version }'],
  ];

  test.each(fields)('%s', async (field, selection) => {
    for (const asker of [askers.police, askers.grid, askers.housing, askers.hotlineOperator]) {
      const answer = await hub.ask(asker, `{ ${field} ${selection} }`);
      expect(errorLines(answer)).toEqual([`FIELD_DENIED Query.${field} ${field}`]);
      expect(answer.data).toEqual({ [field]: null });
    }
    const args = field === 'policyDiff' ? `(after: "${version()}")` : '';
    for (const asker of [steward, auditor])
      expect((await hub.ask(asker, `{ ${field}${args} ${selection} }`)).errors).toEqual([]);
  });

  test('reloadPolicies is for stewards alone', async () => {
    for (const asker of [askers.police, auditor]) {
      const answer = await hub.ask(asker, 'mutation { reloadPolicies { version } }');
      expect(errorLines(answer)).toEqual(['FIELD_DENIED Mutation.reloadPolicies reloadPolicies']);
    }
  });

  test('no record is read', async () => {
    hub.takeStatements();
    await ask('policyCheck', '{ policyCheck { version } }');
    await ask('policyMatrix', '{ policyMatrix(owner: "grid") { version } }');
    expect(hub.takeStatements()).toEqual([]);
  });
});

describe('policyMatrix', () => {
  const query =
    'query($owner: AgencyCode, $agency: String, $role: String, $purpose: String) { policyMatrix(owner: $owner, agency: $agency, role: $role, purpose: $purpose) { version columns { callers } rows { owner subject verdicts } } }';

  test.each<[Record<string, string>]>([
    [{ owner: 'audit', purpose: 'AUDIT' }],
    [{ owner: 'police', agency: '*', role: 'HANDLER' }],
    [{}],
  ])('is the table of the command: %j', async (args) => {
    const options = Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]);
    const printed = JSON.parse((await policy('matrix', ...options, '--json')).stdout) as PolicyMatrix;
    expect(await ask('policyMatrix', query, args)).toEqual({
      version: version(),
      columns: printed.columns.map((c) => ({ callers: classGroups(c.classes) })),
      rows: printed.rows,
    });
  });

  test('refuses names that would find nothing', async () => {
    const messages = async (args: Record<string, string>): Promise<string[]> =>
      (await hub.ask(steward, query, args)).errors.map((e) => `${String(e.extensions['code'])} ${e.message}`);
    expect(await messages({ owner: 'polise' })).toEqual([
      'BAD_USER_INPUT owner: there is no such agency. Did you mean police?',
    ]);
    expect(await messages({ agency: 'polise' })).toEqual([
      'BAD_USER_INPUT agency: there is no such agency. Did you mean police?',
    ]);
    expect(await messages({ role: 'BOSS' })).toEqual([
      'BAD_USER_INPUT role must be one of SYSTEM, OPERATOR, HANDLER, GRID_WORKER, SUPERVISOR, AUDITOR, STEWARD',
    ]);
    expect(await messages({ purpose: 'FUN' })).toEqual([
      'BAD_USER_INPUT purpose must be one of DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, AUDIT, EMERGENCY, STATISTICS',
    ]);
  });
});

const proposed = 'query($proposed: [ProposedPolicy!], $date: Date, $agency: String) ';

describe('policyCheck', () => {
  const query = `${proposed} { policyCheck(proposed: $proposed, date: $date, agency: $agency) { version problems { file line message } findings { kind subject file line message callers } } }`;

  test('finds nothing in the shipped policies', async () => {
    expect(await ask('policyCheck', query)).toEqual({ version: version(), problems: [], findings: [] });
  });

  test('finds in a proposed text what the command would find in the file', async () => {
    const changed = copyWith(folder, [file, denial, crew]);
    const found = await ask<{ version: string; findings: { kind: string; subject: string; callers: string[] }[] }>(
      'policyCheck',
      query,
      { proposed: [{ agency: 'police', text: readFileSync(join(changed, file), 'utf8') }] },
    );
    expect(found.version).not.toBe(version());
    expect(found.findings.map((f) => [f.kind, f.subject, f.callers])).toEqual([
      ['KEY_DENIED', 'DispatchRecord.dispatchNo', ['hotline SYSTEM,OPERATOR,HANDLER,SUPERVISOR HANDLING']],
    ]);
    const narrowed = await ask('policyCheck', query, {
      proposed: [{ agency: 'police', text: withCrew() }],
      agency: 'grid',
    });
    expect(narrowed).toMatchObject({ problems: [], findings: [] });
    expect(version()).toBe(hub.hub.sources.policy.version);
  });

  test('judges periods by the day asked for', async () => {
    const text = withCrew().replace(
      '    plain: [DispatchRecord.crew]',
      '    until: 2026-12-31\n    plain: [DispatchRecord.crew]',
    );
    const kinds = async (date: string | null): Promise<string[]> =>
      (
        await ask<{ findings: { kind: string }[] }>('policyCheck', query, {
          proposed: [{ agency: 'police', text }],
          date,
        })
      ).findings.map((f) => f.kind);
    expect(await kinds(null)).not.toContain('EXPIRED');
    expect(await kinds('2027-01-01')).toContain('EXPIRED');
  });
});

describe('policyDiff', () => {
  const query =
    'query($before: String, $after: String, $proposed: [ProposedPolicy!]) { policyDiff(before: $before, after: $after, proposed: $proposed) { before after problems { file line message } changes { kind subject before after callers } markdown } }';
  type Diff = Problems & { after: string | null; changes: readonly unknown[] | null; markdown: string | null };

  test('tells what a proposed text would change, as the command tells it of the file', async () => {
    const changed = copyWith(folder, [file, denial, crew]);
    const args = ['diff', root, changed];
    const printed = JSON.parse((await policy(...args, '--json')).stdout) as {
      before: string;
      after: string;
      changes: PolicyChange[];
    };
    expect(await ask<Diff>('policyDiff', query, { proposed: [{ agency: 'police', text: withCrew() }] })).toEqual({
      before: printed.before,
      after: printed.after,
      problems: [],
      changes: printed.changes.map(({ classes, ...c }) => ({ ...c, callers: classGroups(classes) })),
      markdown: (await policy(...args, '--format', 'markdown')).stdout,
    });
    expect(printed.changes.map((c) => [c.kind, c.subject])).toEqual([['gains', 'DispatchRecord.crew']]);
  });

  test('answers the query of the page', async () => {
    const diff = await ask<{ changes: { kind: string; subject: string }[] }>(
      'policyDiff',
      block(page('policy'), 'proposal'),
      {
        text: withCrew(),
      },
    );
    expect(diff.changes.map((c) => [c.kind, c.subject])).toEqual([['gains', 'DispatchRecord.crew']]);
  });

  test('of a text that would be refused tells every problem with its line, and nothing else', async () => {
    const wrong = withCrew().replace('[DispatchRecord.crew]\n\n', '[DispatchRecord.crow]\n\n');
    const line = wrong.slice(0, wrong.indexOf('DispatchRecord.crow')).split('\n').length;
    const texts = [
      { agency: 'police', text: wrong },
      { agency: 'grid', text: textOf('grid').replace('policy: 1', 'policy: 2') },
    ];
    const malformed = await ask<Diff>('policyDiff', query, { proposed: texts });
    expect(malformed).toEqual({
      before: version(),
      after: null,
      problems: [expect.objectContaining({ file: 'connectors/grid/sharing.yaml', line: expect.any(Number) })],
      changes: null,
      markdown: null,
    });
    const unknown = await ask<Diff>('policyDiff', query, { proposed: texts.slice(0, 1) });
    expect([unknown.after, unknown.changes]).toEqual([null, null]);
    expect(unknown.problems).toEqual([
      { file, line, message: 'there is no field DispatchRecord.crow. Did you mean DispatchRecord.crew?' },
    ]);
    const other = await ask<Diff>('policyDiff', query, { proposed: [{ agency: 'grid', text: textOf('police') }] });
    expect(other.problems.map((p) => p.message)).toEqual(['this is the policy of grid, but it names police']);
  });

  test('refuses what would not come into force: joins withdrawn, pages by the ticket, a period that is over', async () => {
    const messages = async (agency: string, text: string): Promise<string[]> =>
      (await ask<Diff>('policyDiff', query, { proposed: [{ agency, text }] })).problems.map((p) => p.message);
    const joins = textOf('hotline');
    expect((await messages('hotline', joins.slice(0, joins.indexOf('\njoins:'))))[0]).toContain(
      'which its owner has not approved',
    );
    expect(await messages('grid', textOf('grid').replace('when: [inOwnGrid]', 'when: [ticketInOwnGrid]'))).toEqual([
      expect.stringMatching(/^a row rule on GridEvent speaks of the ticket or the match: /),
    ]);
    const over = withCrew().replace(
      '    plain: [DispatchRecord.crew]',
      '    until: 2025-12-31\n    plain: [DispatchRecord.crew]',
    );
    expect(await messages('police', over)).toEqual([
      'police/crew-to-hotline ended on 2025-12-31; take it out, or prolong it',
    ]);
  });

  test('needs one other side', async () => {
    const codes = async (args: Record<string, unknown>): Promise<unknown[]> =>
      (await hub.ask(steward, query, args)).errors.map((e) => e.extensions['code']);
    const text = { agency: 'police', text: withCrew() };
    expect(await codes({})).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ proposed: [] })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ after: version(), proposed: [text] })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ proposed: [text, text] })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ proposed: [{ ...text, agency: 'fire' }] })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ after: '0123456789abcdef' })).toEqual(['NOT_FOUND']);
    expect(await codes({ before: '../../secrets', after: version() })).toEqual(['NOT_FOUND']);
  });

  test('bounds what is pasted', async () => {
    const text = `${textOf('police')}# ${'街'.repeat(22_000)}\n`;
    const answer = await hub.ask(steward, query, { proposed: [{ agency: 'police', text }] });
    expect(answer.errors.map((e) => e.extensions)).toEqual([
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 'proposedBytes', max: 65_536 }),
    ]);
  });
});

describe('policyTest', () => {
  const query = `${proposed.replace(', $date: Date, $agency: String', '')} { policyTest(proposed: $proposed) { version problems { file line message } passed failed { name subject expected actual file line } } }`;

  test('runs the expectations beside the policies, on those in force or on proposed ones', async () => {
    const inForce = await ask<{ passed: number; failed: unknown[] }>('policyTest', query);
    expect(inForce.failed).toEqual([]);
    expect(inForce.passed).toBeGreaterThan(300);
    const edited = await ask<typeof inForce>('policyTest', query, {
      proposed: [{ agency: 'police', text: withCrew() }],
    });
    expect(edited.failed).toEqual([
      {
        name: "crews are nobody else's business",
        subject: 'DispatchRecord.crew',
        expected: 'deny',
        actual: 'plain',
        file: 'connectors/police/sharing.test.yaml',
        line: expect.any(Number),
      },
    ]);
    expect(edited.passed).toBe(inForce.passed - 1);
  });

  test('tells of a policy without expectations', async () => {
    const path = join(root, 'connectors/grid/sharing.test.yaml');
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    try {
      const { failed } = await ask<{ failed: unknown[] }>('policyTest', query);
      expect(failed).toEqual([
        expect.objectContaining({
          file: 'connectors/grid/sharing.test.yaml',
          subject: 'the file',
          actual: 'missing',
          line: null,
        }),
      ]);
    } finally {
      writeFileSync(path, text);
    }
  });

  test('tells what is wrong with a file of expectations', async () => {
    const path = join(root, 'connectors/grid/sharing.test.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('role: ', 'rule: '));
    try {
      const { problems, ...rest } = await ask<Problems>('policyTest', query);
      expect(rest).toEqual({ version: version(), passed: null, failed: null });
      expect(problems[0]).toMatchObject({ file: 'connectors/grid/sharing.test.yaml', line: expect.any(Number) });
    } finally {
      writeFileSync(path, text);
    }
  });
});

test('emergencyGrants lists what an emergency opens', async () => {
  const query =
    'query($agency: String) { emergencyGrants(agency: $agency) { version grants { rule law file line gives when subjects callers } } }';
  const printed = JSON.parse((await policy('emergency', '--agency', 'police', '--json')).stdout) as {
    grants: { classes: string[] }[];
  };
  expect(printed.grants).toHaveLength(1);
  expect(await ask('emergencyGrants', query, { agency: 'police' })).toEqual({
    version: version(),
    grants: printed.grants.map(({ classes, ...g }) => ({ ...g, callers: classGroups(classes) })),
  });
});

describe('reloadPolicies', () => {
  const reload = 'mutation { reloadPolicies { version since refusal { at problems { file line message } } } }';
  const state = '{ policyState { version since refusal { at problems { file line message } } } }';
  const path = (): string => join(root, file);

  test('brings the files into force, or tells why not; the versions are kept', async () => {
    const first = version();
    const before = textOf('police');
    expect(await ask('policyState', state, {}, auditor)).toEqual({
      version: first,
      since: '2026-11-23T09:30:00+08:00',
      refusal: null,
    });

    now += 60_000;
    writeFileSync(path(), before.replace('[DispatchRecord.*', '[DispatchRecrod.*'));
    const refused = await ask<Answer>('reloadPolicies', reload);
    expect(refused).toEqual({
      version: first,
      since: '2026-11-23T09:30:00+08:00',
      refusal: {
        at: '2026-11-23T09:31:00+08:00',
        problems: [{ file, line: expect.any(Number), message: expect.stringContaining('DispatchRecrod') }],
      },
    });
    expect(await ask('policyState', state)).toEqual(refused);

    now += 60_000;
    writeFileSync(path(), withoutError(before));
    const second = await ask<{ version: string }>('reloadPolicies', reload);
    expect(second).toEqual({ version: version(), since: '2026-11-23T09:32:00+08:00', refusal: null });
    expect(second.version).not.toBe(first);

    const versions =
      'query($first: Int, $before: DateTime) { policyVersions(first: $first, before: $before) { version since until } }';
    const [newest, oldest] = [
      { version: second.version, since: '2026-11-23T09:32:00+08:00', until: null },
      { version: first, since: '2026-11-23T09:30:00+08:00', until: '2026-11-23T09:32:00+08:00' },
    ];
    expect(await ask('policyVersions', versions)).toEqual([newest, oldest]);
    expect(await ask('policyVersions', versions, { first: 1 })).toEqual([newest]);
    expect(await ask('policyVersions', versions, { before: newest?.since })).toEqual([oldest]);
    expect(await ask('policyVersions', versions, { first: 0 })).toEqual([]);
    for (const [wrong, code] of [
      [-1, 'BAD_USER_INPUT'],
      [101, 'LIMIT_EXCEEDED'],
    ] as const)
      expect((await hub.ask(steward, versions, { first: wrong })).errors.map((e) => e.extensions['code'])).toEqual([
        code,
      ]);

    // The old version is compared as it was, from what was kept of it.
    const diff =
      'query($before: String, $after: String) { policyDiff(before: $before, after: $after) { before after problems { message } changes { kind subject callers } } }';
    const gained = [
      {
        kind: 'gains',
        subject: 'DispatchRecord.crew',
        callers: ['hotline SYSTEM,OPERATOR,HANDLER,SUPERVISOR HANDLING'],
      },
    ];
    expect(await ask('policyDiff', diff, { before: first, after: second.version })).toEqual({
      before: first,
      after: second.version,
      problems: [],
      changes: gained,
    });
    expect(await ask('policyDiff', diff, { after: first })).toMatchObject({
      before: second.version,
      after: first,
      changes: [{ ...gained[0], kind: 'loses' }],
    });
    // What was kept of the old version's check is not told of the new one.
    expect(
      (await ask<{ findings: { kind: string }[] }>('policyCheck', '{ policyCheck { findings { kind } } }')).findings,
    ).toEqual([{ kind: 'KEY_DENIED' }]);
  });

  const withoutError = (text: string): string => text.replace(denial, crew);
});
