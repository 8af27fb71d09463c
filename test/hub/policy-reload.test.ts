import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { loadContract } from '../../src/hub/house.ts';
import { bringIntoForce } from '../../src/hub/policy-in-force.ts';
import { openPolicyHistory } from '../../src/policy/history.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Answer, type RunningHub } from '../kit/running-hub.ts';
import { askers } from './askers.ts';

/* Policies change while the hub runs: all files together or none, and a request ends with the version that it began with. */

let own: OwnRoot;
let hub: RunningHub;
async function start(now?: () => number): Promise<void> {
  own = ownRoot();
  hub = await startHub({}, now, own.root);
}
afterEach(async () => {
  await hub.close();
  own.remove();
});

const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { title grid { grid { workers { phone } } } } }`;
const ask = (): Promise<Answer> => hub.ask(askers.grid, query);
const versionOf = (answer: Answer): unknown =>
  (answer.extensions as { access?: { policyVersion?: unknown } }).access?.policyVersion;
const phones = (answer: Answer): unknown[] =>
  (answer.data as { ticket: { grid: { grid: { workers: { phone: unknown }[] } } } }).ticket.grid.grid.workers.map(
    (w) => w.phone,
  );
/** The grid centre stops showing its workers' numbers to grid workers. */
const hidePhones = (): void =>
  own.edit(
    'connectors/grid/sharing.yaml',
    '\ngrants:\n',
    `\ngrants:
  - id: no-numbers
    to: [grid-workers]
    purposes: [HANDLING]
    law: 个人信息保护法 art. 6
    deny: [GridWorker.phone]
`,
  );

describe('a change', () => {
  test('leaves the cursors of lists that it does not sort anew', async () => {
    await start();
    const page = async (after: string | null): Promise<Answer> =>
      hub.ask(
        askers.grid,
        'query($after: String) { tickets(first: 1, after: $after) { nodes { ticketNo } pageInfo { endCursor } } }',
        { after },
      );
    const ticketsOf = (answer: Answer) =>
      (answer.data as { tickets: { nodes: { ticketNo: string }[]; pageInfo: { endCursor: string } } }).tickets;
    const first = ticketsOf(await page(null));
    const second = ticketsOf(await page(first.pageInfo.endCursor));
    hidePhones();
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    expect(ticketsOf(await page(first.pageInfo.endCursor))).toEqual(second);
    expect(second.nodes).not.toEqual(first.nodes);
  });

  test('comes into force without a restart, under a new version', async () => {
    await start();
    const before = await ask();
    expect(phones(before).every((p) => typeof p === 'string')).toBe(true);
    hidePhones();
    expect(versionOf(await ask())).toBe(versionOf(before));
    const reload = hub.hub.policies.reload();
    expect(reload).toEqual({ kind: 'admitted', version: hub.hub.policies.current.policy.version });
    const after = await ask();
    expect(versionOf(after)).toBe(reload.version);
    expect(versionOf(after)).not.toBe(versionOf(before));
    expect(phones(after).every((p) => p === null)).toBe(true);
    expect(after.errors.map((e) => e.extensions['coordinate'])).toContain('GridWorker.phone');
    expect(hub.hub.policies.reload()).toEqual({ kind: 'unchanged', version: reload.version });
  });

  test('does not reach a request that runs already', async () => {
    await start();
    const before = await ask();
    hidePhones();
    const principal = {
      ...{ subject: 's', issuer: 'i', tokenId: 't', unit: null, operator: null, areas: [], expiresAt: 0 },
      agency: 'grid',
      role: 'GRID_WORKER' as const,
      grids: askers.grid.claims.grids ?? [],
      purposes: ['HANDLING' as const],
    };
    const running = hub.hub.answer({
      principal,
      query,
      operationName: null,
      variables: {},
      purpose: 'HANDLING',
      ticket: null,
      reason: null,
      mayChange: true,
    });
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    const answer = await running;
    if (answer.kind !== 'result') throw new Error('refused');
    const { extensions, data } = answer.result;
    expect((extensions as { access: { policyVersion: string } }).access.policyVersion).toBe(versionOf(before));
    expect(phones({ data } as Answer)).toEqual(phones(before));
    expect(phones(await ask()).every((p) => p === null)).toBe(true);
  });

  test('that is not right is refused with the reason; the old version stays, also for what was right in it', async () => {
    await start();
    const before = await ask();
    hidePhones();
    own.edit(
      'connectors/police/sharing.yaml',
      'plain: [match, facts, link, course',
      'plain: [match, fact, link, course',
    );
    const line = readFileSync(join(own.root, 'connectors/police/sharing.yaml'), 'utf8')
      .split('match, fact, link')[0]!
      .split('\n').length;
    const reload = hub.hub.policies.reload();
    expect(reload).toMatchObject({
      kind: 'refused',
      version: versionOf(before),
      refusal: {
        problems: [
          {
            file: 'connectors/police/sharing.yaml',
            line,
            message: 'there is no set of fields called fact. Did you mean facts?',
          },
        ],
      },
    });
    expect(hub.hub.policies.refusal).not.toBeNull();
    const after = await ask();
    expect(versionOf(after)).toBe(versionOf(before));
    expect(phones(after)).toEqual(phones(before));
    expect(hub.logged()).toContain('there is no set of fields called fact');

    own.edit(
      'connectors/police/sharing.yaml',
      'plain: [match, fact, link, course',
      'plain: [match, facts, link, course',
    );
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    expect(hub.hub.policies.refusal).toBeNull();
    expect(phones(await ask()).every((p) => p === null)).toBe(true);
  });

  test.each([
    ['a file that is gone', () => writeFileSync(join(own.root, 'connectors/grid/sharing.yaml'), '')],
    [
      'an unapproved join',
      () =>
        own.edit(
          'connectors/hotline/sharing.yaml',
          '  - { reads: Ticket.uscc, for: Ticket.marketEntities, law: 国办函〔2025〕66号 }\n',
          '',
        ),
    ],
    [
      'a condition that a source cannot run',
      () =>
        own.edit(
          'connectors/police/sharing.yaml',
          'when: [notConfidential]',
          'when: [{ recordIs: { field: callerPhone, is: ["1"] } }]',
        ),
    ],
    [
      'a grant of what is never shared',
      () =>
        own.edit(
          'connectors/police/sharing.yaml',
          'plain: [match, facts, link, course, caller',
          'plain: [PoliceIncident.involvedParties, match, facts, link, course, caller',
        ),
    ],
  ])('is refused whole: %s', async (_what, spoil) => {
    await start();
    const { version } = hub.hub.policies.current.policy;
    spoil();
    expect(hub.hub.policies.reload()).toMatchObject({ kind: 'refused', version });
    expect(hub.hub.policies.current.policy.version).toBe(version);
    expect((await ask()).errors.map((e) => e.extensions['code'])).not.toContain('INTERNAL');
  });

  test('whose version cannot be kept does not come into force', async () => {
    await start();
    const { version } = hub.hub.policies.current.policy;
    // The journal is a folder now: nothing can be appended to it.
    rmSync(join(hub.dataDir, 'policies', 'in-force.jsonl'));
    mkdirSync(join(hub.dataDir, 'policies', 'in-force.jsonl'));
    hidePhones();
    expect(hub.hub.policies.reload()).toMatchObject({
      kind: 'refused',
      version,
      refusal: {
        problems: [
          { file: 'policies', message: expect.stringContaining('cannot be kept in the data folder (EISDIR)') },
        ],
      },
    });
    expect(phones(await ask()).every((p) => typeof p === 'string')).toBe(true);
  });
});

describe('a period that is over', () => {
  const ended = `  - id: trial
    to: [grid-workers]
    purposes: [HANDLING]
    law: 国办函〔2025〕66号
    until: 2026-01-31
    plain: [GridWorker.phone]
`;

  test('is refused when it is new: somebody mistyped a year', async () => {
    await start();
    own.grantFirst('grid', ended);
    const reload = hub.hub.policies.reload();
    expect(reload.kind === 'refused' && reload.refusal.problems.map((p) => p.message)).toEqual([
      'grid/trial ended on 2026-01-31; take it out, or prolong it',
    ]);
  });

  test('does not keep another change away once it ran out in force', async () => {
    let time = Date.parse('2026-01-15T12:00:00+08:00');
    own = ownRoot();
    own.grantFirst('grid', ended);
    hub = await startHub({}, () => time, own.root);
    time = Date.parse('2026-03-01T12:00:00+08:00');
    own.edit('connectors/police/sharing.yaml', '# The police', '# The city police');
    expect(hub.hub.policies.reload().kind).toBe('admitted');
  });

  test('does not keep the hub from starting again after another change', async () => {
    await start();
    const again = ownRoot();
    const folder = mkdtempSync(join(tmpdir(), 'lianqiao-again-'));
    const startAt = async (time: string) =>
      bringIntoForce({
        contract: await loadContract(
          again.root,
          hub.hub.policies.current.parsed.map((p) => p.value.agency).filter((a) => a !== 'audit'),
        ),
        policyRoot: again.root,
        history: openPolicyHistory(folder),
        unfit: () => [],
        changed: () => undefined,
        logger: pino({ level: 'silent' }),
        now: () => Date.parse(time),
      });
    again.grantFirst('grid', ended);
    const before = (await startAt('2026-01-15T12:00:00+08:00')).current.policy.version;
    again.edit('connectors/police/sharing.yaml', '# The police', '# The city police');
    expect((await startAt('2026-03-01T12:00:00+08:00')).current.policy.version).not.toBe(before);
    // What nobody had in force before is a mistyped year at a start as well.
    again.edit('connectors/grid/sharing.yaml', 'id: trial', 'id: another');
    await expect(startAt('2026-03-02T12:00:00+08:00')).rejects.toThrow(/grid\/another ended on 2026-01-31/);
    again.remove();
    rmSync(folder, { recursive: true });
  });
});

describe('the journal of versions', () => {
  const line = (version: string): string => `{"version":"${version.repeat(32)}","since":"2026-11-23T09:00:00+08:00"}\n`;
  const stored = (version: string) => ({ version: version.repeat(32), policies: [], sdl: [] });
  let folder: string;
  let journal: string;
  beforeEach(async () => {
    await start();
    folder = mkdtempSync(join(tmpdir(), 'lianqiao-journal-'));
    mkdirSync(join(folder, 'policies'));
    journal = join(folder, 'policies', 'in-force.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('goes on behind a line that was torn while it was written', () => {
    writeFileSync(journal, `${line('a')}{"version":"bbbb`);
    const history = openPolicyHistory(folder);
    expect(history.changes().map((c) => c.version)).toEqual(['a'.repeat(32)]);
    history.enter(stored('c'), Date.parse('2026-11-23T10:00:00+08:00'));
    expect(history.changes().map((c) => c.version)).toEqual(['a'.repeat(32), 'c'.repeat(32)]);
    expect(readFileSync(journal, 'utf8')).not.toContain('bbbb');
  });

  test('is refused with file and line where it was altered', () => {
    writeFileSync(journal, `${line('a')}{"version":"bbbb\n${line('c')}`);
    expect(() => openPolicyHistory(folder).changes()).toThrow(
      /in-force\.jsonl:2: is no line of the history of policies/,
    );
  });
});

test('every version that was in force is kept, and since when', async () => {
  let time = Date.parse('2026-11-23T09:00:00+08:00');
  await start(() => time);
  const first = hub.hub.policies.current.policy.version;
  const text = readFileSync(join(own.root, 'connectors/grid/sharing.yaml'), 'utf8');
  time += 3_600_000;
  hidePhones();
  const second = hub.hub.policies.reload().version;
  time += 3_600_000;
  writeFileSync(join(own.root, 'connectors/grid/sharing.yaml'), text);
  hub.hub.policies.reload();

  const history = openPolicyHistory(hub.dataDir);
  expect(history.changes()).toEqual([
    { version: first, since: '2026-11-23T09:00:00+08:00' },
    { version: second, since: '2026-11-23T10:00:00+08:00' },
    { version: first, since: '2026-11-23T11:00:00+08:00' },
  ]);
  expect(history.read(first)?.policies.find((p) => p.agency === 'grid')?.text).toBe(text);
  expect(history.read(second)?.policies.find((p) => p.agency === 'grid')?.text).toContain('no-numbers');
  expect(history.read(second)?.sdl.map((m) => m.agency)).toContain('housing');
  for (const unknown of ['0'.repeat(32), '../../keys/join', '']) expect(history.read(unknown)).toBeNull();
});
