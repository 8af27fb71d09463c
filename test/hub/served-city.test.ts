import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { serveSystems, type ServedSystems } from '../../src/city/serve-systems.ts';
import { showcase } from '../../src/city/showcase.ts';
import { loadConfig } from '../../src/config/config.ts';
import { secretFile, type SecretName } from '../../src/config/secret-file.ts';
import { loadModules } from '../../src/hub/modules.ts';
import { projectRoot } from '../../src/schema/project-root.ts';
import { startHub, type RunningHub } from '../kit/running-hub.ts';
import { ask, cityWithKeys, env, now, operator, pack } from './answer-pack.ts';
import { askers } from './askers.ts';
import { callers, joinedQuery } from './joined-query.ts';

/*
 * The city as `npm start` serves it: some of its systems are reached over HTTP, GraphQL and files. Every answer is that of a
 * hub which reads their databases, byte for byte; and one of them going down costs its own fields.
 */

let keys: string;
let city: string;
let plain: RunningHub;
let served: RunningHub;
let systems: ServedSystems;
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'lianqiao-keys-'));
  cpSync(join(inject('city'), 'keys'), join(keys, 'keys'), { recursive: true });
  for (const name of ['join', 'cursor', 'pseudonym'] satisfies SecretName[]) secretFile(keys, name);
  city = cityWithKeys(keys);
  // Its findings change with the clock; here they are those of this moment for everybody.
  const db = new Database(join(city, 'hotline.db'));
  db.exec(
    'CREATE TABLE found AS SELECT * FROM handoff_finding; DROP VIEW handoff_finding; ALTER TABLE found RENAME TO handoff_finding',
  );
  db.close();
  plain = await startHub({ ...env, LIANQIAO_DATA_DIR: city }, now);
  const { connectors } = await loadModules(projectRoot, loadConfig({}).connectors);
  const folder = cityWithKeys(keys);
  cpSync(join(city, 'hotline.db'), join(folder, 'hotline.db'));
  systems = await serveSystems(folder, connectors, projectRoot);
  served = await startHub(
    { ...env, LIANQIAO_DATA_DIR: folder, LIANQIAO_SOURCES: JSON.stringify(systems.sources) },
    now,
  );
});
afterAll(async () => {
  await served?.close();
  await plain?.close();
  await systems?.close();
  for (const folder of [keys, city]) rmSync(folder, { recursive: true, force: true });
});

test('has systems of several kinds', () => {
  const kinds = Object.fromEntries(Object.entries(systems.sources).map(([name, { kind }]) => [name, kind]));
  expect(kinds).toEqual({
    police: 'rest',
    housing: 'graphql',
    'housing-fund': 'file',
    'housing-receipts': 'graphql',
  });
});

test.each(callers)('the showcase ticket for the %s', async (_file, asker) => {
  const variables = { ticketNo: showcase.ticketNo };
  const expected = await ask(plain, asker, joinedQuery, variables);
  expect((await ask(served, asker, joinedQuery, variables)).text).toBe(expected.text);
});

test.each(pack)('%s', async (_name, asker, query) => {
  const expected = await ask(plain, asker, query);
  expect((await ask(served, asker, query)).text).toBe(expected.text);
});

describe('calls to the systems', () => {
  const police = async (query: string): Promise<string[]> => {
    served.takeStatements();
    await served.ask(operator, query);
    return served
      .takeStatements()
      .filter((s) => s.agency === 'police')
      .map((s) => s.sql);
  };
  const page = (first: number): string =>
    `{ tickets(first: ${first}) { nodes { policeIncidents { incident { incidentNo dispatches { dispatchNo } } } } } }`;

  test('are one a match kind and level, whatever the page’s size', async () => {
    // Three match kinds, and the dispatches of all incidents together.
    expect(await police(page(20))).toHaveLength(4);
    expect(await police(page(100))).toHaveLength(4);
  });

  test('name no column that the caller may not see, and no value', async () => {
    served.takeStatements();
    const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { policeIncidents { incident { incidentNo callerPhone callAddress narrative } } houses { house { houseCode ownerIdNumber room } } } }`;
    await served.ask(askers.audit, query);
    const said = served
      .takeStatements()
      .map((s) => s.sql)
      .join('\n');
    expect(said).toContain('POST /api/v1/jjd/search');
    expect(said).toContain('houses(codes');
    for (const hidden of ['BJDH,', 'BJRDZ', 'BJNR', 'idNumber', ' SH ']) expect(said).not.toContain(hidden);
    for (const value of [showcase.ticketNo, showcase.houseCode, showcase.reporterPhone])
      expect(said).not.toContain(value);
  });
});

test('a system that goes down costs its own fields, and is there again when it comes back', async () => {
  const { connectors } = await loadModules(projectRoot, loadConfig({}).connectors);
  const folder = cityWithKeys(keys);
  const own = await serveSystems(folder, connectors, projectRoot);
  const police = own.sources['police'];
  if (police?.kind !== 'rest') throw new Error('the police are reached in another way');
  // Quick to give up and to try again, so that the test is.
  const settings = { ...police, retries: 0, breakerFailures: 2, breakerMilliseconds: 200, connectMilliseconds: 500 };
  const hub = await startHub({
    LIANQIAO_DATA_DIR: folder,
    LIANQIAO_SOURCES: JSON.stringify({ ...own.sources, police: settings }),
  });
  const query = `{ ticket(ticketNo: "${showcase.ticketNo}") { title policeIncidents { matchedBy } grid { matchedBy } } }`;
  try {
    const before = await hub.ask(askers.police, query);
    expect(before.errors).toEqual([]);
    await own.close();
    const during = await hub.ask(askers.police, query);
    expect(during.data).toMatchObject({ ticket: { policeIncidents: null, grid: { matchedBy: 'GRID_CODE' } } });
    expect(during.errors.map((e) => [e.extensions['code'], e.extensions['agency']])).toEqual([
      ['SOURCE_UNAVAILABLE', 'police'],
    ]);
    expect(during.text).not.toContain('127.0.0.1');
    // Another one at the same address: the hub needs no restart.
    const port = Number(new URL(police.url).port);
    const again = await revived(port, folder);
    await expect
      .poll(async () => (await hub.ask(askers.police, query)).text.replaceAll(/"fetchedAt":"[^"]*"/g, ''), {
        timeout: 10_000,
      })
      .toBe(before.text);
    await again();
  } finally {
    await hub.close();
  }
});

/** The police's system once more, behind a proxy at its old address. */
async function revived(port: number, folder: string): Promise<() => Promise<void>> {
  const { connectors } = await loadModules(projectRoot, ['police']);
  const own = await serveSystems(folder, connectors, projectRoot);
  const police = own.sources['police'];
  if (police?.kind !== 'rest') throw new Error('the police are reached in another way');
  const { createServer, connect } = await import('node:net');
  const proxy = createServer((socket) => {
    const upstream = connect(Number(new URL(police.url).port), '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  return async () => {
    proxy.close();
    await own.close();
  };
}
