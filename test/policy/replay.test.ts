import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showcase } from '../../src/city/showcase.ts';
import { readDecisionEntry, type DecisionEntry } from '../../src/audit/read-entry.ts';
import { openPolicyHistory } from '../../src/policy/history.ts';
import { recompile, replay } from '../../src/policy/replay.ts';
import { askers, openSource, storedRows } from '../hub/askers.ts';
import { ownRoot, type OwnRoot } from '../kit/own-root.ts';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { policy } from './policy-command.ts';
import { small, water, waterPolicy } from './small-policy.ts';

/* A decision of the past is made again with the policy of its day, long after that policy has changed. */

const query = `{ ticket(ticketNo: "${showcase.ticketNo}") {
  ticketNo title replyText reporterName reporterPhone reporterIdNumber satisfaction
  policeIncidents { matchedBy incident { incidentNo callerName callerPhone narrative longitude dispatches { crew } } }
  grid { grid { gridCode workers { name phone } tickets(first: 2) { totalCount nodes { ticketNo } } } }
  marketEntities { entity { name legalRepresentative contactPhone complaints { complainantName content } } }
  houses { house { houseCode } } handoffs { by reason } trace { heldBy } } }`;

let own: OwnRoot;
let hub: RunningHub;
beforeAll(async () => {
  own = ownRoot();
  hub = await startHub({}, undefined, own.root);
});
afterAll(async () => {
  await hub.close();
  own.remove();
});

/** The newest entry of the log. */
function newest(): DecisionEntry {
  const [row] = storedRows<{ no: string }>(
    hub,
    'ledger',
    'SELECT disclosure_no AS no FROM disclosure ORDER BY rowid DESC LIMIT 1',
  );
  const entry = readDecisionEntry(join(hub.dataDir, 'ledger.db'), row?.no ?? '');
  if (entry === null) throw new Error('the log is empty');
  return entry;
}

async function entryOf(asker: Asker): Promise<DecisionEntry> {
  await hub.ask(asker, query);
  return newest();
}

function replayed(entry: DecisionEntry) {
  const version = openPolicyHistory(hub.dataDir).read(entry.policyVersion);
  if (version === null) throw new Error('the version is not kept');
  const { policy: compiled, facts } = recompile(version);
  return replay(entry, compiled, facts);
}

describe('an honest entry', () => {
  test.each(Object.entries(askers))('of %s agrees', async (_name, asker) => {
    const entry = await entryOf(asker);
    const fields = replayed(entry);
    expect(fields.filter((f) => f.agreement === 'DISAGREES')).toEqual([]);
    const told = new Set(fields.map((f) => f.coordinate));
    for (const coordinate of [...entry.disclosed, ...entry.denied]) expect(told).toContain(coordinate);
  });

  test('names the line that gave each field, and the conditions that it rested on', async () => {
    const fields = replayed(await entryOf(askers.police));
    expect(fields.find((f) => f.coordinate === 'Ticket.reporterPhone')).toEqual({
      coordinate: 'Ticket.reporterPhone',
      recorded: 'mask phone',
      rule: 'hotline/reporter-to-departments',
      agreement: 'CONDITIONAL',
      conditions: ['reportInOwnUnit', 'reporterNotSecret'],
      rows: 'partyToTicket',
    });
    expect(fields.find((f) => f.coordinate === 'Ticket.reporterIdNumber')).toEqual({
      coordinate: 'Ticket.reporterIdNumber',
      recorded: 'deny',
      rule: null,
      agreement: 'AGREES',
      conditions: [],
      rows: null,
    });
  });

  test('agrees although the policy is another by now', async () => {
    const entry = await entryOf(askers.grid);
    const file = join(own.root, 'connectors/grid/sharing.yaml');
    const text = readFileSync(file, 'utf8');
    own.grantFirst('grid', '  - { id: none, to: [anyone], purposes: [HANDLING], law: 某条例, deny: ["*.*"] }\n');
    expect(hub.hub.policies.reload().kind).toBe('admitted');
    expect(replayed(entry).filter((f) => f.agreement === 'DISAGREES')).toEqual([]);
    // Under the new version the same entry would be a breach.
    const { policy: today } = hub.hub.policies.current;
    const now = replay(entry, today, hub.hub.sources.facts).filter((f) => f.agreement === 'DISAGREES');
    expect(now.map((f) => f.coordinate)).toContain('GridWorker.phone');
    writeFileSync(file, text);
    hub.hub.policies.reload();
  });
});

describe('the time of the entry', () => {
  const grants = [
    'id: trial, to: [own], purposes: [HANDLING], law: 供水条例, until: 2026-06-30, plain: [Account.name]',
    'id: later, to: [own], purposes: [HANDLING], law: 供水条例, from: 2026-07-01, mask: { name: [Account.name] }',
    'id: rest, to: [own], purposes: [HANDLING], law: 供水条例, plain: [others-too], deny: [Account.*]',
  ];
  const rows = ['id: accounts, of: [Account], to: [own], when: [{ inForce: { from: 2026-01-01 } }]'];
  const { policy: version, facts } = small(
    waterPolicy(grants, rows).replace('fields: {}', 'fields: { others-too: [Account.no, Account.state] }'),
  );
  const at = (time: string, of: Partial<DecisionEntry>): (readonly [string, string, string])[] =>
    replay(
      {
        disclosureNo: '1',
        at: time,
        of: water,
        policyVersion: version.version,
        disclosed: [],
        denied: [],
        given: [],
        ...of,
      },
      version,
      facts,
    ).map((f) => [f.coordinate, f.recorded, f.agreement]);
  const name = (rule: string, mask: string | null) => ({
    given: [{ coordinate: 'Account.name', rule: `water/${rule}`, mask }],
  });

  test.each<[string, string, Partial<DecisionEntry>, string, string]>([
    ['within its period a grant gives for sure', '2026-06-30T23:59:59+08:00', name('trial', null), 'plain', 'AGREES'],
    ['after it, no more', '2026-07-01T00:00:00+08:00', name('trial', null), 'plain', 'DISAGREES'],
    ['another gives from the next day on', '2026-07-01T00:00:00+08:00', name('later', 'name'), 'mask name', 'AGREES'],
    ['and not before', '2026-06-30T23:59:59+08:00', name('later', 'name'), 'mask name', 'DISAGREES'],
    [
      'a denial in spite of a grant in force',
      '2026-06-30T00:00:00+08:00',
      { denied: ['Account.state'] },
      'deny',
      'DISAGREES',
    ],
    ['a record that no row rule showed yet', '2025-12-31T23:59:59+08:00', name('trial', null), 'plain', 'DISAGREES'],
  ])('%s', (_what, time, of, recorded, agreement) => {
    expect(at(time, of).map(([, ...rest]) => rest)).toEqual([[recorded, agreement]]);
  });

  test('what is given of records of which the caller can know none is found out', () => {
    const given = { given: [{ coordinate: 'Account.no', rule: 'water/rest', mask: null }] };
    expect(at('2026-07-01T00:00:00+08:00', { ...given })).toEqual([['Account.no', 'plain', 'AGREES']]);
    const hidden = small(
      waterPolicy(grants, ['id: accounts, of: [Account], to: [others]']).replace(
        'fields: {}',
        'fields: { others-too: [Account.no, Account.state] }',
      ),
    );
    const entry = {
      disclosureNo: '1',
      at: '2026-07-01T00:00:00+08:00',
      of: water,
      policyVersion: '',
      disclosed: [],
      denied: [],
      ...given,
    };
    expect(replay(entry, hidden.policy, hidden.facts)).toEqual([
      {
        coordinate: 'Account.no',
        recorded: 'plain',
        rule: 'water/rest',
        agreement: 'DISAGREES',
        conditions: [],
        rows: 'none',
      },
    ]);
  });
});

describe('an entry that was forged or wrongly decided is found out', () => {
  test.each<[string, Partial<DecisionEntry>, string]>([
    [
      'a field that is never given',
      { given: [{ coordinate: 'Ticket.reporterIdNumber', rule: 'hotline/reporter-to-lead', mask: null }] },
      'Ticket.reporterIdNumber',
    ],
    [
      'plain in the place of a mask',
      { given: [{ coordinate: 'Ticket.reporterPhone', rule: 'hotline/reporter-to-departments', mask: null }] },
      'Ticket.reporterPhone',
    ],
    [
      'another mask',
      { given: [{ coordinate: 'Ticket.reporterPhone', rule: 'hotline/reporter-to-departments', mask: 'name' }] },
      'Ticket.reporterPhone',
    ],
    [
      'a line for other callers',
      { given: [{ coordinate: 'Ticket.title', rule: 'hotline/hotline-own', mask: 'redacted' }] },
      'Ticket.title',
    ],
    [
      'a line that is not there',
      { given: [{ coordinate: 'Ticket.title', rule: 'hotline/nothing', mask: 'redacted' }] },
      'Ticket.title',
    ],
    [
      'a field that is not there',
      { given: [{ coordinate: 'Ticket.shoeSize', rule: 'hotline/x', mask: null }] },
      'Ticket.shoeSize',
    ],
    ['denied although it is always given', { denied: ['Ticket.ticketNo'] }, 'Ticket.ticketNo'],
    ['given without a line', { disclosed: ['Ticket.reporterIdNumber'] }, 'Ticket.reporterIdNumber'],
  ])('%s', async (_what, forged, coordinate) => {
    const entry = { ...(await entryOf(askers.police)), given: [], disclosed: [], denied: [], ...forged };
    expect(replayed(entry).map((f) => [f.coordinate, f.agreement])).toEqual([[coordinate, 'DISAGREES']]);
  });

  test('a version whose texts were altered is not taken for it', async () => {
    const { policyVersion } = await entryOf(askers.police);
    const version = openPolicyHistory(hub.dataDir).read(policyVersion);
    if (version === null) throw new Error('the version is not kept');
    const policies = version.policies.map((p) => ({
      ...p,
      text: p.text.replace('deny: [Ticket.longitude', 'plain: [Ticket.longitude'),
    }));
    expect(() => recompile({ ...version, policies })).toThrow(/^the texts kept as version [0-9a-f]{32} were altered/);
  });
});

describe('the command', () => {
  test('prints the decisions and says whether they agree', async () => {
    const { disclosureNo, policyVersion } = await entryOf(askers.housing);
    const run = await policy('replay', disclosureNo, '--data-dir', hub.dataDir);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(`housing HANDLER HANDLING, policy ${policyVersion}\n`);
    expect(run.stdout).toMatch(/\n\d+ agree, \d+ agree on conditions, 0 disagree\n$/);
    const json = JSON.parse((await policy('replay', disclosureNo, '--data-dir', hub.dataDir, '--json')).stdout) as {
      fields: unknown[];
    };
    expect(json.fields.length).toBeGreaterThan(20);
  });

  test('ends with 1 where something disagrees', async () => {
    const { disclosureNo } = await entryOf(askers.housing);
    const db = openSource(hub, 'ledger');
    db.prepare('UPDATE disclosure SET denied = ? WHERE disclosure_no = ?').run('["Ticket.ticketNo"]', disclosureNo);
    db.close();
    const run = await policy('replay', disclosureNo, '--data-dir', hub.dataDir);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('DISAGREES   Ticket.ticketNo: deny\n');
  });

  test.each([
    [
      'an entry that is not there',
      (dir: string) => ['none', '--data-dir', dir],
      /^error: the log has no entry none\n$/,
    ],
    ['a folder without a log', () => ['none', '--data-dir', '/nowhere'], /^error: \/nowhere holds no ledger\.db; /],
    ['no entry named', () => [], /^error: missing required argument/],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const run = await policy('replay', ...args(hub.dataDir));
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(message);
  });

  test('lists the versions that were in force', async () => {
    const run = await policy('history', '--data-dir', hub.dataDir);
    const changes = openPolicyHistory(hub.dataDir).changes();
    expect(run.stdout).toBe(changes.map((c) => `${c.since}  ${c.version}\n`).join(''));
    expect(JSON.parse((await policy('history', '--data-dir', hub.dataDir, '--json')).stdout)).toEqual(changes);
  });
});
