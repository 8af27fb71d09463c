import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { showcase } from '../../../src/city/showcase.ts';
import { secretFile, type SecretName } from '../../../src/config/secret-file.ts';
import grid from '../../../connectors/grid/connector.ts';
import hotline from '../../../connectors/hotline/connector.ts';
import housing from '../../../connectors/housing/connector.ts';
import market from '../../../connectors/market/connector.ts';
import police from '../../../connectors/police/connector.ts';
import { ask, cityWithKeys, env, now, operator, pack } from '../../hub/answer-pack.ts';
import { checkRealConnector } from '../../../src/cli/connector-check-real.ts';
import { callers, joinedQuery } from '../../hub/joined-query.ts';
import { copyCity } from '../../kit/city-copy.ts';
import { startHub, type RunningHub } from '../../kit/running-hub.ts';
import { describeOn } from '../../kit/describe-on.ts';
import type { TestDatabase } from '../../kit/test-database.ts';

/* The same connectors on MariaDB and PostgreSQL by configuration alone: every answer is SQLite's, byte for byte. */

const connectors = [hotline, police, grid, market, housing];
const agencies = connectors.map((c) => c.agency);
let keys: string;
let city: string;
let embedded: RunningHub;
const folders: string[] = [];
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), 'lianqiao-keys-'));
  cpSync(join(inject('city'), 'keys'), join(keys, 'keys'), { recursive: true });
  for (const name of ['join', 'cursor', 'pseudonym'] satisfies SecretName[]) secretFile(keys, name);
  folders.push(keys, cityWithKeys(keys));
  city = folders[1]!;
  // Its findings change with the clock; here they are those of this moment for everybody.
  const db = new Database(join(city, 'hotline.db'));
  db.exec(
    'CREATE TABLE found AS SELECT * FROM handoff_finding; DROP VIEW handoff_finding; ALTER TABLE found RENAME TO handoff_finding',
  );
  db.close();
  embedded = await startHub({ ...env, LIANQIAO_DATA_DIR: city }, now);
});
afterAll(async () => {
  await embedded?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

for (const client of ['mysql', 'postgres'] as const) {
  describeOn(client, `the five connectors on ${client}`, () => {
    let database: TestDatabase;
    let hub: RunningHub;
    let real: Readonly<Record<string, string>>;
    beforeAll(async () => {
      database = await copyCity(client, city, agencies);
      const folder = cityWithKeys(keys);
      folders.push(folder);
      // What is read is read from the server, or not at all.
      for (const agency of agencies) rmSync(join(folder, `${agency}.db`), { force: true });
      const { host, port, user, database: name } = database.settings();
      const sources = connectors.flatMap((c) => c.sources.map((s) => s.name));
      const settings = { kind: 'sql', client, host, port, user, database: name };
      const LIANQIAO_SOURCES = JSON.stringify(Object.fromEntries(sources.map((source) => [source, settings])));
      real = { LIANQIAO_DATA_DIR: folder, LIANQIAO_SOURCES };
      hub = await startHub({ ...env, ...real }, now);
    });
    afterAll(async () => {
      await hub?.close();
      await database?.drop();
    });

    test.each(connectors.map((c) => [c.agency, c] as const))('%s passes the looks at a real source', async (_, of) => {
      const wrong = (message: string): never => {
        throw new Error(message);
      };
      const results = await checkRealConnector(of, { env: real, keys: [], only: [], onResult: () => undefined, wrong });
      const failed = results.filter((r) => r.result === 'failed');
      expect(failed.map((r) => `${r.check}: ${r.seen}: ${r.problems.join('; ')}`)).toEqual([]);
      expect(results.filter((r) => r.check === 'join-columns' && r.result === 'passed').length).toBeGreaterThan(0);
    });

    test.each(callers)('the showcase ticket for the %s', async (_file, asker) => {
      const variables = { ticketNo: showcase.ticketNo };
      const expected = await ask(embedded, asker, joinedQuery, variables);
      expect(expected.text).toContain(showcase.ticketNo);
      expect(await ask(hub, asker, joinedQuery, variables)).toEqual(expected);
    });

    test.each(pack)('%s', async (_name, asker, query) => {
      const expected = await ask(embedded, asker, query);
      const { errors = [], data } = JSON.parse(expected.text) as { errors?: { extensions: unknown }[]; data: unknown };
      expect(data).toBeTypeOf('object');
      for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'FIELD_DENIED' });
      expect(await ask(hub, asker, query)).toEqual(expected);
    });

    test('a page of tickets with k relations costs k + 1 statements', async () => {
      const query =
        '{ tickets(first: 100) { nodes { ticketNo handoffs { runId } trace { heldBy } grid { grid { gridCode } } } } }';
      expect((await ask(hub, operator, query)).statements).toEqual(['grid', 'hotline', 'hotline', 'hotline']);
    });

    test('pages walk all tickets in the same order', async () => {
      const walk = async (of: RunningHub): Promise<string[]> => {
        const texts: string[] = [];
        for (let after: string | null = null; ;) {
          const query = `query($after: String) { tickets(first: 100, after: $after) { nodes { ticketNo } pageInfo { hasNextPage endCursor } } }`;
          const answer = await of.ask(operator, query, { after });
          texts.push(answer.text);
          const { pageInfo } = (answer.data as { tickets: { pageInfo: { hasNextPage: boolean; endCursor: string } } })
            .tickets;
          if (!pageInfo.hasNextPage) return texts;
          after = pageInfo.endCursor;
        }
      };
      const expected = await walk(embedded);
      expect(expected.length).toBeGreaterThan(2);
      expect(await walk(hub)).toEqual(expected);
    });
  });
}
