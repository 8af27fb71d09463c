import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { serveSystems, type ServedSystems } from '../../src/city/serve-systems.ts';
import { showcase } from '../../src/city/showcase.ts';
import { loadConfig } from '../../src/config/config.ts';
import { loadModules } from '../../src/hub/modules.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { describeOn } from '../kit/describe-on.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { testDatabase, type TestDatabase } from '../kit/test-database.ts';
import { askers, errorLines } from './askers.ts';

/* A column that the police's row rules read has changed: callers are told that the police cannot be asked, not that there is nothing. */

let folder: string;
let hub: RunningHub | undefined;
let systems: ServedSystems | undefined;
let database: TestDatabase | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-drift-'));
  cpSync(inject('city'), folder, { recursive: true });
});
afterEach(async () => {
  await hub?.close();
  await systems?.close();
  await database?.drop();
  [hub, systems, database] = [undefined, undefined, undefined];
  rmSync(folder, { recursive: true, force: true });
});

const incidents = (ticketNo: string): string =>
  `{ ticket(ticketNo: "${ticketNo}") { ticketNo policeIncidents { matchedBy } } }`;
const lost = 'SOURCE_UNAVAILABLE Ticket.policeIncidents ticket.policeIncidents';

/** Asks for a ticket that has incidents, and for those of many, most of which have none. */
async function expectLost(running: RunningHub, column: string): Promise<void> {
  const one = await running.ask(askers.housing, incidents(showcase.ticketNo));
  expect(one.data).toEqual({ ticket: { ticketNo: showcase.ticketNo, policeIncidents: null } });
  expect(errorLines(one)).toEqual([lost]);
  const many = await running.ask(askers.housing, `{ tickets(first: 20) { nodes { policeIncidents { matchedBy } } } }`);
  const { nodes } = (many.data as { tickets: { nodes: { policeIncidents: unknown }[] } }).tickets;
  expect(nodes.length).toBeGreaterThan(1);
  expect(new Set(nodes.map((node) => node.policeIncidents))).toEqual(new Set([null]));
  const said = running
    .logged()
    .split('\n')
    .filter((line) => line.includes('by which records are filtered'));
  expect(said).toHaveLength(1);
  expect(JSON.parse(said[0]!)).toMatchObject({ source: 'police', level: 40 });
  expect(said[0]).toContain(`PoliceIncident.${column === 'FJW' ? 'nonPolice' : 'confidential'} (column ${column})`);
}

test.each(['FJW', 'SFBM'])('over HTTP, %s is sent as a number', async (column) => {
  const db = new Database(join(folder, 'police.db'));
  db.exec(`ALTER TABLE JJD RENAME COLUMN ${column} TO ONCE`);
  db.exec(`ALTER TABLE JJD ADD COLUMN ${column} INTEGER`);
  db.exec(`UPDATE JJD SET ${column} = CAST(ONCE AS INTEGER)`);
  db.close();
  const { connectors } = await loadModules(projectRoot, loadConfig({}).connectors);
  systems = await serveSystems(folder, connectors, projectRoot);
  const { police } = systems.sources;
  expect(police?.kind).toBe('rest');
  hub = await startHub({ LIANQIAO_SOURCES: JSON.stringify({ police }) });
  await expectLost(hub, column);
  const field = column === 'FJW' ? 'nonPolice' : 'confidential';
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  expect(metrics).toMatch(
    new RegExp(`lianqiao_source_unreadable_values_total\\{source="police",field="PoliceIncident.${field}"\\} [1-9]`),
  );
  const unreadable = hub.logged().match(/records without a readable value of PoliceIncident\.\w+/g);
  expect(unreadable).toEqual([`records without a readable value of PoliceIncident.${field}`]);
});

describeOn('mysql', 'in MariaDB', () => {
  /** The police's incidents in a table whose columns are texts, but for this one. */
  async function startWith(type: string): Promise<RunningHub> {
    database = await testDatabase('mysql');
    const db = new Database(join(folder, 'police.db'), { readonly: true });
    const rows = db.prepare<[], Record<string, unknown>>('SELECT * FROM JJD').all();
    db.close();
    const columns = Object.keys(rows[0]!);
    const types = columns.map((c) => `\`${c}\` ${c === 'FJW' ? type : 'varchar(400) character set utf8mb4'}`);
    await database.exec(`create table JJD (${types.join(', ')}) row_format=dynamic`);
    for (const row of rows)
      await database.exec(`insert into JJD values (${columns.map(() => '?').join(', ')})`, Object.values(row));
    return startHub({ LIANQIAO_SOURCES: JSON.stringify({ police: database.settings() }) });
  }

  test('FJW is a text, as it was', async () => {
    hub = await startWith('varchar(2)');
    const { data, errors } = await hub.ask(askers.housing, incidents(showcase.ticketNo));
    expect(errors).toEqual([]);
    expect((data as { ticket: { policeIncidents: unknown[] } }).ticket.policeIncidents.length).toBeGreaterThan(0);
  });

  test('FJW is a number now', async () => {
    hub = await startWith('tinyint');
    await expectLost(hub, 'FJW');
  });
});
