import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import housing from '../../connectors/housing/connector.ts';
import { serveSystems, type ServedSystems } from '../../src/city/serve-systems.ts';
import { showcase } from '../../src/city/showcase.ts';
import { sqliteRowStore } from '../../src/connector/simulate/row-store.ts';
import type { Simulator } from '../../src/connector/source.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadModules } from '../../src/hub/modules.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { askers } from '../hub/askers.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';

/* The agencies' receipts come from systems of different kinds: the comparison is the same, and one that is down is no finding. */

const clock = Date.parse('2026-11-16T09:00:00+08:00');
let folder: string;
let systems: ServedSystems;
const open: RunningHub[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-systems-'));
  cpSync(inject('city'), folder, { recursive: true });
  const { connectors } = await loadModules(projectRoot, loadConfig({}).connectors);
  systems = await serveSystems(folder, connectors, projectRoot);
});
afterAll(async () => {
  for (const hub of open) await hub.close();
  await systems?.close();
  rmSync(folder, { recursive: true });
});

async function hubWith(sources: Readonly<Record<string, unknown>>): Promise<RunningHub> {
  const hub = await startHub({ LIANQIAO_SOURCES: JSON.stringify(sources) }, () => clock);
  open.push(hub);
  return hub;
}

interface Reconciliation {
  readonly agencies: readonly {
    readonly agency: string;
    readonly state: string;
    readonly receiptCount: number | null;
  }[];
  readonly findings: readonly { readonly agency: string; readonly kind: string; readonly receiptNo: string | null }[];
}

async function reconciliation(hub: RunningHub): Promise<Reconciliation> {
  const fields = 'agencies { agency state receiptCount } findings { kind agency receiptNo }';
  const { data } = await hub.ask(
    askers.audit,
    `{ ticket(ticketNo: "${showcase.ticketNo}") { trace { reconciliation { ${fields} } } } }`,
  );
  return (data as { ticket: { trace: { reconciliation: Reconciliation } } }).ticket.trace.reconciliation;
}

const agree: Reconciliation = {
  agencies: [
    { agency: 'police', state: 'COMPARED', receiptCount: 1 },
    { agency: 'grid', state: 'COMPARED', receiptCount: 1 },
    { agency: 'market', state: 'COMPARED', receiptCount: 0 },
    { agency: 'housing', state: 'COMPARED', receiptCount: 2 },
  ],
  findings: [{ kind: 'SENT_NOT_RECEIVED', agency: 'market', receiptNo: null }],
};

/** The same with one agency that was not compared. */
function without(agency: string, state: string): Reconciliation {
  return {
    agencies: agree.agencies.map((one) => (one.agency === agency ? { agency, state, receiptCount: null } : one)),
    findings: agree.findings.filter((one) => one.agency !== agency),
  };
}

test('the police by REST and the housing department by GraphQL', async () => {
  const { kind: police } = systems.sources['police'] ?? {};
  const { kind: desk } = systems.sources['housing-receipts'] ?? {};
  expect([police, desk]).toEqual(['rest', 'graphql']);
  expect(await reconciliation(await hubWith(systems.sources))).toEqual(agree);
});

describe('the housing department by its nightly file', () => {
  let delivered: Simulator;
  let rows: Database.Database;
  beforeAll(async () => {
    const source = housing.sources.find((s) => s.name === 'housing-receipts');
    const driver = source?.drivers.find((d) => d.kind === 'file');
    if (source === undefined || driver === undefined) throw new Error('the desk delivers no file');
    rows = new Database(join(folder, 'housing.db'), { readonly: true });
    delivered = await driver.simulate({
      agency: 'housing',
      source: source.name,
      entities: source.entities,
      rows: sqliteRowStore(rows, { HousingReceipt: 'GD_JS' }),
      folder: mkdtempSync(join(folder, 'nightly-')),
    });
  });
  afterAll(async () => {
    await delivered.close();
    rows.close();
  });

  test('it is compared like any other', async () => {
    expect(await reconciliation(await hubWith({ 'housing-receipts': delivered.settings }))).toEqual(agree);
  });
});

test.each([
  ['police', { police: { kind: 'rest', url: 'http://127.0.0.1:1' } }],
  ['housing', { 'housing-receipts': { kind: 'graphql', url: 'http://127.0.0.1:1/graphql' } }],
  ['grid', { grid: { kind: 'sql', client: 'mysql', host: '127.0.0.1', port: 1, database: 'none', user: 'none' } }],
  ['market', { market: { kind: 'sql', client: 'sqlite', file: 'none.db' } }],
  ['housing', { 'housing-receipts': { kind: 'file', folder: 'nowhere' } }],
])('%s is down: it is told, and no finding', async (agency, sources) => {
  expect(await reconciliation(await hubWith(sources))).toEqual(without(agency, 'UNAVAILABLE'));
});
