import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startFaultProxy, type Fault, type FaultProxy } from '../../../src/connector/check/fault-proxy.ts';
import { text } from '../../../src/connector/codings.ts';
import type { EntitySource, SourceRecord } from '../../../src/connector/connector.ts';
import { always } from '../../../src/connector/filter.ts';
import { column } from '../../../src/connector/mapping.ts';
import type { MappedEntity, OpenSource } from '../../../src/connector/source.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { sqlDriver } from '../../../src/connector/sql/sql-driver.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { servers, testDatabase, type TestDatabase } from '../../kit/test-database.ts';

/* What networks do, between the driver and a real server: each load fails as what it is, in time, and the next one is well. */

const thing: MappedEntity = {
  type: 'Thing',
  key: 'no',
  order: [{ field: 'no', direction: 'ASC' }],
  mapping: { no: column('no', text), note: column('note', text) },
};
const note = 'x'.repeat(400);
const right = [[{ no: 'a', note }]];

const faults: readonly (readonly [what: string, fault: Fault, told: readonly string[]])[] = [
  ['nothing listens', { kind: 'refuse' }, ['UNREACHABLE']],
  ['the connection is reset', { kind: 'reset' }, ['UNREACHABLE']],
  ['the answer ends in its middle', { kind: 'cut', bytes: 40 }, ['UNREACHABLE', 'TIMEOUT']],
  ['the answer is slow', { kind: 'delay', milliseconds: 20_000 }, ['TIMEOUT']],
  ['the answer trickles', { kind: 'trickle', milliseconds: 200 }, ['TIMEOUT']],
];

for (const client of ['mysql', 'postgres'] as const)
  describeOn(client, `on ${client}`, () => {
    let database: TestDatabase;
    let proxy: FaultProxy;
    let open: OpenSource;
    let things: EntitySource;
    beforeAll(async () => {
      database = await testDatabase(client);
      await database.exec('create table things (no varchar(9) primary key, note varchar(500))');
      await database.exec('insert into things values (?, ?)', ['a', note]);
      proxy = await startFaultProxy(servers[client]);
      open = sqlDriver({ Thing: 'things' }).open({
        agency: 'fire',
        source: 'fire',
        entities: [thing],
        settings: database.settings({ port: proxy.port, connectMilliseconds: 1_000, answerMilliseconds: 1_000 }),
        dataDir: '/',
        batchKeys: 100,
        onStatement: () => undefined,
      });
      things = open.sources.get('Thing')!;
    });
    afterEach(() => proxy.set({ kind: 'none' }));
    afterAll(async () => {
      await open?.close();
      await proxy?.close();
      await database?.drop();
    });

    const load = (): Promise<readonly (readonly SourceRecord[])[]> =>
      things.loadByKeys({
        ...{ key: 'no', keys: ['a'], fields: ['no', 'note'], rows: always, order: thing.order, limitPerKey: 10 },
        signal: AbortSignal.timeout(3_000),
      });
    const faultOf = async (work: Promise<unknown>): Promise<string> => {
      try {
        await work;
        return 'answered';
      } catch (error) {
        return error instanceof SourceError ? error.fault : String(error);
      }
    };

    test.each(faults)('where %s the load fails, and the next one is well', async (_, fault, told) => {
      expect(await load()).toEqual(right);
      await proxy.set(fault);
      expect(told).toContain(await faultOf(load()));
      await proxy.set({ kind: 'none' });
      await expect.poll(async () => (await faultOf(load())) === 'answered').toBe(true);
      expect(await load()).toEqual(right);
    });
  });
