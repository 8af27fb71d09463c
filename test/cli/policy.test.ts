import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Explanation } from '../../src/hub/explain.ts';
import { classGroups } from '../../src/policy/class-groups.ts';
import type { PolicyChange } from '../../src/policy/diff.ts';
import type { ExpectationResult } from '../../src/policy/expectations.ts';
import type { PolicyFinding } from '../../src/policy/finding.ts';
import type { PolicyMatrix } from '../../src/policy/matrix.ts';
import { place, repository } from '../policy/place.ts';
import type { Run } from '../kit/run-command.ts';
import { copyWith, policy } from '../policy/policy-command.ts';

vi.mock('../../src/schema/project-root.ts', async () => {
  const { place } = await import('../policy/place.ts');
  return {
    get projectRoot() {
      return place.root;
    },
  };
});

let folder: string;
let query: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-policy-'));
  query = join(folder, 'query.graphql');
  writeFileSync(query, 'query One { ticket(ticketNo: "x") { ticketNo reporterPhone reporterIdNumber content } }\n');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  vi.stubEnv('LIANQIAO_CONFIG', '');
  place.root = repository;
});
afterEach(() => vi.unstubAllEnvs());

/** The line of the file on which the text begins. */
function lineOf(root: string, file: string, text: string): number {
  const before = readFileSync(join(root, file), 'utf8').split(text)[0] ?? '';
  return before.split('\n').length;
}

const json = ({ stdout }: Run): unknown => JSON.parse(stdout);
const police = 'connectors/police/sharing.yaml';
const market = 'connectors/market/sharing.yaml';
const crew: [string, string, string] = [
  police,
  'deny: [PoliceIncident.callAddress, point, DispatchRecord.crew]',
  'deny: [PoliceIncident.callAddress, point]\n\n  - id: crew\n    to: [hotline-staff]\n    purposes: [HANDLING]\n    law: 国办发〔2022〕12号\n    plain: [DispatchRecord.crew]',
];

describe('lianqiao policy check', () => {
  test('finds nothing in the policies as they are', async () => {
    const { status, stdout, stderr } = await policy('check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^policy [0-9a-f]{32}: nothing found\n$/);
    expect(await policy('check', '--json')).toEqual({ status: 0, stdout: '[]\n', stderr: '' });
  });

  test('tells each finding with its file and line, and exits with 1', async () => {
    place.root = copyWith(folder, [market, 'deny: [ConsumerComplaint.*]', 'deny: [ConsumerComplaint.content]']);
    const { status, stdout, stderr } = await policy(
      'check',
      '--agency',
      'grid',
      '--role',
      'GRID_WORKER',
      '--purpose',
      'HANDLING',
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    // The grid workers' denial stands, but only for tickets of their grids.
    const line = (set: string): number => lineOf(place.root, market, set);
    const message = (field: string): string =>
      `all lines on ConsumerComplaint.${field} are conditional; end with one that is not, such as a denial [grid GRID_WORKER HANDLING]`;
    const complaints = line('ConsumerComplaint: [complaintNo');
    const complainant = line('ConsumerComplaint: [complainantName');
    expect(stdout.split('\n').slice(0, -2)).toEqual([
      ...['complaintNo', 'registeredAt', 'result', 'uscc'].map(
        (f) => `${market}:${complaints}: OPEN_END ${message(f)}`,
      ),
      ...['complainantName', 'complainantPhone'].map((f) => `${market}:${complainant}: OPEN_END ${message(f)}`),
    ]);
    expect(stdout).toMatch(/\npolicy [0-9a-f]{32}: 6 OPEN_END\n$/);
  });

  test('as JSON, for all callers', async () => {
    place.root = copyWith(folder, [
      police,
      '    deny: [DispatchRecord.*, IncidentFeedback.*]',
      '    deny: [IncidentFeedback.*]\n\n  - id: late\n    to: [auditors]\n    purposes: [AUDIT]\n    law: 人民警察法\n    plain: [DispatchRecord.crew]',
    ]);
    const run = await policy('check', '--json');
    expect(run.status).toBe(1);
    const findings = json(run) as PolicyFinding[];
    expect(findings.filter((f) => f.kind === 'DEAD_RULE')).toEqual([
      {
        kind: 'DEAD_RULE',
        subject: 'DispatchRecord.crew',
        file: police,
        line: lineOf(place.root, police, 'plain: [DispatchRecord.crew]'),
        message:
          'police/late is never reached on DispatchRecord.crew: earlier lines decide for all its callers; take it out or put it first',
        classes: [],
      },
    ]);
    const undecided = findings.find((f) => f.kind === 'UNDECIDED' && f.subject === 'DispatchRecord.crew');
    expect(undecided).toMatchObject({
      file: police,
      line: null,
      message: 'no line decides DispatchRecord.crew; grant it or deny it',
    });
    expect(undecided?.classes).toContain('* STEWARD STATISTICS');
  });

  test('judges periods on the given day, else today', async () => {
    place.root = copyWith(folder, [
      market,
      '    purposes: [HANDLING, FOLLOW_UP]\n',
      '    purposes: [HANDLING, FOLLOW_UP]\n    until: 2020-12-31\n',
    ]);
    const line = lineOf(place.root, market, 'until: 2020-12-31');
    const said = `${market}:${line}: EXPIRED market/to-grid-workers ended on 2020-12-31; take it out, or prolong it`;
    expect((await policy('check', '--date', '2020-12-31')).status).toBe(0);
    const late = await policy('check', '--date', '2021-01-01');
    expect(late.status).toBe(1);
    expect(late.stdout.split('\n')[0]).toBe(said);
    const today = await policy('check');
    expect(today.stdout.split('\n')[0]).toBe(said);
  });
});

describe('lianqiao policy diff', () => {
  test('tells what an agency gains for which no connector stands', async () => {
    const to = copyWith(folder, [
      crew[0],
      crew[1],
      crew[2].replace('to: [hotline-staff]', 'to: [{ agency: library, roles: [HANDLER] }]'),
    ]);
    const { status, stdout } = await policy('diff', repository, to);
    expect(status).toBe(1);
    expect(stdout).toMatch(/: 1 change\ngains {5}DispatchRecord\.crew: deny → plain\n {10}library HANDLER HANDLING\n$/);
    expect((await policy('diff', repository, to, '--agency', 'library')).stdout).toBe(stdout);
    place.root = to;
    const of = async (agency: string): Promise<Run> =>
      policy('explain', query, '--agency', agency, '--role', 'HANDLER', '--purpose', 'HANDLING');
    expect((await of('library')).status).toBe(0);
    expect(await of('libary')).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean library?') });
  });

  const change: PolicyChange = {
    kind: 'gains',
    subject: 'DispatchRecord.crew',
    before: 'deny',
    after: 'plain',
    classes: ['SYSTEM', 'OPERATOR', 'HANDLER', 'SUPERVISOR'].map((role) => `hotline ${role} HANDLING`),
  };

  test('tells nothing of two equal policies', async () => {
    const run = await policy('diff', repository, copyWith(folder));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/^policy ([0-9a-f]{32}) → \1: no change\n$/);
    const jsonRun = await policy('diff', repository, copyWith(folder), '--json');
    expect((json(jsonRun) as { changes: unknown }).changes).toEqual([]);
  });

  test('of two checkouts reads each with its own schema', async () => {
    const after = copyWith(folder, [
      'schema/ticket.graphql',
      'content: String @share(category: CONDITIONAL) @grade(level: 3) @personal(kind: FREE_TEXT)',
      'content: String @share(category: CONDITIONAL) @grade(level: 3)',
    ]);
    const { status, stdout } = await policy('diff', copyWith(folder), after, '--json');
    expect(status).toBe(1);
    const {
      before: older,
      after: newer,
      changes,
    } = JSON.parse(stdout) as { before: string; after: string; changes: PolicyChange[] };
    expect(older).not.toBe(newer);
    expect(changes.map((c) => c.subject)).toContain('Ticket.content');
  });

  test('as text, JSON and Markdown; 1 for a change', async () => {
    const after = copyWith(folder, crew);
    const text = await policy('diff', repository, after);
    expect({ status: text.status, stderr: text.stderr }).toEqual({ status: 1, stderr: '' });
    const [, before = '', now = ''] = /^policy (\w{32}) → (\w{32}): 1 change\n/.exec(text.stdout) ?? [];
    expect(before).not.toBe(now);
    expect(text.stdout).toBe(
      `policy ${before} → ${now}: 1 change\ngains     DispatchRecord.crew: deny → plain\n          hotline SYSTEM,OPERATOR,HANDLER,SUPERVISOR HANDLING\n`,
    );
    for (const asJson of [['--json'], ['--format', 'json']]) {
      const run = await policy('diff', repository, after, ...asJson);
      expect([run.status, json(run)]).toEqual([1, { before, after: now, changes: [change] }]);
    }
    expect(await policy('diff', repository, after, '--format', 'markdown')).toEqual({
      status: 1,
      stderr: '',
      stdout: `Policy \`${before}\` → \`${now}\`\n\n| change | subject | before | after | callers |\n|---|---|---|---|---|\n| gains | \`DispatchRecord.crew\` | deny | plain | hotline SYSTEM,OPERATOR,HANDLER,SUPERVISOR HANDLING |\n`,
    });
  });

  test('of the asked callers only', async () => {
    const after = copyWith(folder, crew);
    const run = await policy('diff', repository, after, '--role', 'OPERATOR', '--json');
    expect((json(run) as { changes: unknown }).changes).toEqual([
      { ...change, classes: ['hotline OPERATOR HANDLING'] },
    ]);
    expect((await policy('diff', repository, after, '--agency', 'market')).status).toBe(0);
    expect((await policy('diff', repository, after, '--agency', '*')).status).toBe(0);
  });

  test('refuses a side that is not right, with file and line', async () => {
    const wrong = copyWith(folder, [
      police,
      'point, receipts, DispatchRecord.crew]\n',
      'point, receipts, DispatchRecord.crews]\n',
    ]);
    const line = lineOf(wrong, police, 'DispatchRecord.crews');
    expect(await policy('diff', repository, wrong)).toEqual({
      status: 2,
      stdout: '',
      stderr: `${police}:${line}: there is no field DispatchRecord.crews. Did you mean DispatchRecord.crew?\n`,
    });
    expect(await policy('diff', repository, join(folder, 'nowhere'))).toEqual({
      status: 2,
      stdout: '',
      stderr: 'connectors/hotline/sharing.yaml: cannot be read; each connector needs its sharing policy\n',
    });
  });
});

describe('lianqiao policy explain', () => {
  const handler = ['--agency', 'market', '--role', 'HANDLER', '--purpose', 'HANDLING'];

  test('as text: a line a field, then what is read behind the gate', async () => {
    const { status, stdout, stderr } = await policy('explain', query, ...handler);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^market HANDLER HANDLING, policy [0-9a-f]{32}$/);
    expect(lines.slice(1, 5)).toEqual([
      'ticket.ticketNo  Ticket.ticketNo  ALLOW  (hotline/intake-to-departments)',
      expect.stringMatching(
        /^ticket\.reporterPhone {2}Ticket\.reporterPhone {2}CONDITIONAL phone if reportInOwnUnit & reporterNotSecret & leadsTicket {2}\(hotline\/reporter-to-lead, hotline\/reporter-to-departments\)$/,
      ),
      'ticket.reporterIdNumber  Ticket.reporterIdNumber  DENY  (ask hotline)',
      expect.stringMatching(
        /^ticket\.content {2}Ticket\.content {2}CONDITIONAL redacted if reportInOwnUnit {2}\(hotline\/intake-to-departments\)$/,
      ),
    ]);
    expect(lines[5]).toBe('behind the gate:');
    expect(lines.slice(6).some((l) => l.startsWith('  Ticket.leadAgency: '))).toBe(true);
  });

  test('as JSON', async () => {
    const { fields, agency, role, purpose } = json(await policy('explain', query, ...handler, '--json')) as Explanation;
    expect({ agency, role, purpose }).toEqual({ agency: 'market', role: 'HANDLER', purpose: 'HANDLING' });
    expect(fields.map((f) => [f.coordinate, f.verdict, f.mask])).toEqual([
      ['Ticket.ticketNo', 'ALLOW', null],
      ['Ticket.reporterPhone', 'CONDITIONAL', 'phone'],
      ['Ticket.reporterIdNumber', 'DENY', null],
      ['Ticket.content', 'CONDITIONAL', 'redacted'],
    ]);
  });

  test('takes one operation of several', async () => {
    const two = join(folder, 'two.graphql');
    writeFileSync(
      two,
      'query One { ticket(ticketNo: "x") { title } } query Two { ticket(ticketNo: "x") { ticketNo } }',
    );
    const run = await policy('explain', two, ...handler, '--operation', 'Two', '--json');
    expect((json(run) as Explanation).fields.map((f) => f.coordinate)).toEqual(['Ticket.ticketNo']);
    expect(await policy('explain', two, ...handler)).toMatchObject({ status: 2, stdout: '' });
  });

  test('refuses what is no query, with its line', async () => {
    const wrong = join(folder, 'wrong.graphql');
    const refused = async (text: string): Promise<Run> => {
      writeFileSync(wrong, text);
      return policy('explain', wrong, ...handler);
    };
    expect(await refused('{\n  ticket(ticketNo: "x") { nothing\n number } }')).toEqual({
      status: 2,
      stdout: '',
      stderr: [
        `${wrong}:2: Cannot query field "nothing" on type "Ticket".`,
        `${wrong}:3: Cannot query field "number" on type "Ticket".`,
        '',
      ].join('\n'),
    });
    expect(await refused('{ ticket(ticketNo: "x") { ticketNo }')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('lianqiao policy test', () => {
  test('runs all files beside the policies, the audit’s too', async () => {
    const run = await policy('test');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/^\d{3} passed, 0 failed\n$/);
    const results = json(await policy('test', '--json')) as ExpectationResult[];
    expect([...new Set(results.map((r) => r.file))].toSorted()).toEqual([
      ...['grid', 'hotline', 'housing', 'market', 'police'].map((a) => `connectors/${a}/sharing.test.yaml`),
      'src/audit/sharing.test.yaml',
    ]);
    expect(run.stdout).toBe(`${results.length} passed, 0 failed\n`);
  });

  test('tells what differs with file and line, and exits with 1', async () => {
    const tests = 'connectors/police/sharing.test.yaml';
    place.root = copyWith(folder, crew);
    const line = lineOf(place.root, tests, '      DispatchRecord.crew: deny\n\n  - name: that somebody');
    const run = await policy('test');
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(/\n\d{3} passed, 1 failed\n$/);
    expect(run.stdout.split('\n')[0]).toBe(
      `${tests}:${line}: crews are nobody else's business: DispatchRecord.crew is "plain", expected "deny"`,
    );
    const failed = (json(await policy('test', '--json')) as ExpectationResult[]).filter((r) => !r.ok);
    expect(failed).toEqual([
      {
        name: "crews are nobody else's business",
        subject: 'DispatchRecord.crew',
        expected: 'deny',
        actual: 'plain',
        file: tests,
        line,
        ok: false,
      },
    ]);
  });

  test('tells of a policy without expectations, and exits with 1', async () => {
    place.root = copyWith(folder);
    const tests = 'connectors/grid/sharing.test.yaml';
    rmSync(join(place.root, tests));
    const run = await policy('test');
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(
      /^connectors\/grid\/sharing\.test\.yaml: every policy has expectations beside it \(docs\/policy\.md\): the file is "missing", expected "present"\n\d{3} passed, 1 failed\n$/,
    );
    const failed = (json(await policy('test', '--json')) as ExpectationResult[]).filter((r) => !r.ok);
    expect(failed.map((r) => [r.file, r.subject, r.actual, r.line])).toEqual([[tests, 'the file', 'missing', null]]);
  });

  test('runs other files instead', async () => {
    const other = join(folder, 'other.test.yaml');
    const text =
      'expectations:\n  - name: one\n    agency: grid\n    role: HANDLER\n    purpose: HANDLING\n    fields: { Ticket.ticketNo: plain, Ticket.reporterIdNumber: plain }\n';
    writeFileSync(other, text);
    expect(await policy('test', other)).toEqual({
      status: 1,
      stdout: `${other}:6: one: Ticket.reporterIdNumber is "deny", expected "plain"\n1 passed, 1 failed\n`,
      stderr: '',
    });
    writeFileSync(other, text.replace('Ticket.ticketNo', 'Ticket.ticketNumber'));
    expect(await policy('test', other)).toEqual({
      status: 2,
      stdout: '',
      stderr: `${other}:6: there is no field Ticket.ticketNumber. Did you mean Ticket.ticketNo?\n`,
    });
    expect(await policy('test', join(folder, 'missing.yaml'))).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('lianqiao policy matrix', () => {
  const asked = ['--owner', 'police', '--role', 'HANDLER', '--purpose', 'HANDLING'];
  const others = 'hotline,grid,market,housing,audit,reconciliation,* HANDLER HANDLING';

  test('as text, CSV, HTML and JSON: the same table', async () => {
    const run = await policy('matrix', ...asked, '--json');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { columns, rows } = json(run) as PolicyMatrix;
    expect(columns.map((c) => classGroups(c.classes))).toEqual([[others], ['police HANDLER HANDLING']]);
    expect(rows.find((r) => r.subject === 'PoliceIncident.callerPhone')?.verdicts).toEqual([
      'mask phone if any(handlesTicket | hotlineInOwnArea)',
      'plain',
    ]);
    expect(new Set(rows.map((r) => r.owner))).toEqual(new Set(['police']));
    expect(await policy('matrix', ...asked, '--format', 'json')).toEqual(run);

    const csv = parseCsv((await policy('matrix', ...asked, '--format', 'csv')).stdout);
    expect(csv).toEqual([
      ['owner', 'subject', others, 'police HANDLER HANDLING'],
      ...rows.map((r) => [r.owner, r.subject, ...r.verdicts]),
    ]);
    const text = (await policy('matrix', ...asked)).stdout.split('\n');
    expect(text.slice(0, 3)).toEqual([`[1] ${others}`, '[2] police HANDLER HANDLING', '']);
    expect(text).toContain(
      'PoliceIncident.callerPhone          [1] mask phone if any(handlesTicket | hotlineInOwnArea)  [2] plain',
    );
    const html = (await policy('matrix', ...asked, '--format', 'html')).stdout;
    expect(html.match(/<tr>/g)?.length).toBe(rows.length + 1);
    expect(html).toContain('<th scope="row">PoliceIncident.callerPhone</th>');
  });

  test('into a file', async () => {
    const file = join(folder, 'matrix.html');
    expect(await policy('matrix', ...asked, '--format', 'html', '--out', file)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(file, 'utf8')).toBe((await policy('matrix', ...asked, '--format', 'html')).stdout);
  });
});

describe('lianqiao policy schema', () => {
  test.each([
    [[], 'sharing'],
    [['--tests'], 'sharing-test'],
  ])('%j prints what stands in docs', async (args, name) => {
    const stored: unknown = JSON.parse(readFileSync(join(repository, `docs/${name}.schema.json`), 'utf8'));
    const run = await policy('schema', ...args);
    expect([run.status, run.stderr, json(run)]).toEqual([0, '', stored]);
    const file = join(folder, `${name}.json`);
    expect(await policy('schema', ...args, '--out', file)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(run.stdout);
  });
});

describe('lianqiao policy, used wrongly', () => {
  test.each([
    ['tell', "unknown command 'tell'"],
    ['check now', "too many arguments for 'check'. Expected 0 arguments but got 1."],
    ['check --agency polise', 'there is no agency polise. Did you mean police?'],
    ['diff . . --agency hotlines', 'there is no agency hotlines. Did you mean hotline?'],
    ['matrix --owner grids', 'there is no agency grids. Did you mean grid?'],
    [
      'check --role CHIEF',
      "option '--role <role>' argument 'CHIEF' is invalid. Allowed choices are SYSTEM, OPERATOR, HANDLER, GRID_WORKER, SUPERVISOR, AUDITOR, STEWARD.",
    ],
    [
      'matrix --purpose FUN',
      "option '--purpose <purpose>' argument 'FUN' is invalid. Allowed choices are DISPATCH, HANDLING, FOLLOW_UP, SUPERVISION, AUDIT, EMERGENCY, STATISTICS.",
    ],
    [
      'check --date 2026-02-30',
      "option '--date <date>' argument '2026-02-30' is invalid. Write a real date as YYYY-MM-DD.",
    ],
    [
      'matrix --format pdf',
      "option '--format <format>' argument 'pdf' is invalid. Allowed choices are text, csv, html, json.",
    ],
    ['diff .', "missing required argument 'new'"],
    ['explain --agency grid --role HANDLER --purpose HANDLING', "missing required argument 'file'"],
    ['explain x --role HANDLER --purpose HANDLING', "required option '--agency <agency>' not specified"],
    ['explain x --agency grid --purpose HANDLING', "required option '--role <role>' not specified"],
    ['explain x --agency grid --role HANDLER', "required option '--purpose <purpose>' not specified"],
    ['test --surprise', "unknown option '--surprise'"],
  ])('%s', async (args, message) => {
    expect(await policy(...args.split(' '))).toEqual({ status: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  test('without a verb it shows what there is, and is no success', async () => {
    const { status, stdout, stderr } = await policy();
    expect([status, stdout]).toEqual([2, '']);
    for (const verb of ['check', 'diff', 'explain', 'test', 'matrix', 'schema'])
      expect(stderr).toMatch(new RegExp(`^  ${verb} `, 'm'));
  });

  test.each(['check', 'diff', 'explain', 'test', 'matrix', 'schema'])('%s --help', async (verb) => {
    const { status, stdout, stderr } = await policy(verb, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: lianqiao policy ${verb} `));
  });

  test('a file that cannot be written', async () => {
    const run = await policy('schema', '--out', join(folder, 'nowhere', 'x.json'));
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toMatch(/^error: ENOENT/);
  });
});

test.each(['check', 'test', 'matrix'])('policies that are not right stop %s with file and line', async (verb) => {
  place.root = copyWith(folder, [market, 'plain: [public]', 'plain: [publics]']);
  expect(await policy(verb)).toEqual({
    status: 2,
    stdout: '',
    stderr: `${market}:${lineOf(place.root, market, 'plain: [publics]')}: there is no set of fields called publics. Did you mean public?\n`,
  });
});

describe('a file that somebody named', () => {
  const missing = (): string => join(folder, 'no-such-file');
  const asked = ['--agency', 'grid', '--role', 'GRID_WORKER', '--purpose', 'HANDLING'];

  test.each([
    ['test', (): string[] => ['test', missing()]],
    ['explain', (): string[] => ['explain', missing(), ...asked]],
  ])('and that is not there ends policy %s with the way out', async (_verb, args) => {
    expect(await policy(...args())).toEqual({
      status: 2,
      stdout: '',
      stderr: `${missing()}: there is no such file; check the path\n`,
    });
  });

  test('may be no folder', async () => {
    const { status, stderr } = await policy('explain', folder, ...asked);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `${folder}: is a folder; name a file in it\n` });
  });
});

test('a circle of groups that several grants enter is told once', async () => {
  const text = readFileSync(join(repository, market), 'utf8');
  expect(text).toContain('\nconsumers:\n');
  place.root = copyWith(
    folder,
    [
      market,
      '\ngrants:\n',
      `\ngrants:
  - { id: round-a, to: [round-a], purposes: [HANDLING], law: 某条例, plain: [MarketEntity.name] }
  - { id: round-b, to: [round-b], purposes: [HANDLING], law: 某条例, plain: [MarketEntity.name] }
`,
    ],
    [market, '\nconsumers:\n', '\nconsumers:\n  round-a: [round-b]\n  round-b: [round-a]\n'],
  );
  const { status, stderr } = await policy('check');
  expect(status).toBe(2);
  expect(stderr.match(/go round in a circle: round-a → round-b → round-a/g)).toHaveLength(1);
});
