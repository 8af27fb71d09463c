import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SecretError } from '../../../src/connector/settings/secret.ts';
import type { SqlSettings } from '../../../src/connector/settings/source-settings.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { openDatabase, type SqlDatabase } from '../../../src/connector/sql/database.ts';
import { tcpProxy, type TcpProxy } from '../../kit/tcp-proxy.ts';
import { written } from './written.ts';
import { describeOn } from '../../kit/describe-on.ts';
import { clients, servers, testDatabase, type TestDatabase } from '../../kit/test-database.ts';

/* A session can only read, never for long, and a server that fails costs its own loads alone. */

const forever = new AbortController().signal;
const secret = '13800590517';

/** The error of a load that must fail; it holds no value and no address. */
async function failure(load: Promise<unknown>): Promise<SourceError> {
  const error = await load.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  const { message, cause } = error as SourceError;
  expect(cause).toBeUndefined();
  for (const told of [secret, '127.0.0.1', 'select', 'root', 'postgres@']) expect(message).not.toContain(told);
  return error as SourceError;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await condition()).toBe(true), { timeout: 20_000, interval: 20 });
}

for (const client of clients) {
  describeOn(client, `a session on ${client}`, () => {
    let database: TestDatabase;
    const opened: SqlDatabase[] = [];
    const statements: string[] = [];
    const open = (more: Readonly<Record<string, unknown>> = {}): SqlDatabase => {
      const settings: SqlSettings = database.settings(more);
      const one = openDatabase({
        agency: 'things',
        settings,
        fileAt: (f) => f,
        onStatement: (sql) => void statements.push(sql),
      });
      opened.push(one);
      return one;
    };
    beforeAll(async () => {
      database = await testDatabase(client);
      await database.exec('create table note (no integer primary key, words varchar(40))');
      await database.exec('insert into note (no, words) values (1, ?)', [secret]);
    });
    afterAll(async () => {
      for (const one of opened) await one.close();
      await database?.drop();
    });
    const notes = (of: SqlDatabase) => written(of.db('note').select('note.words').where('note.no', 1));

    test('reads, and cannot write', async () => {
      const one = open();
      expect(await one.run(notes(one), forever)).toEqual([[secret]]);
      const writes = [
        written(one.db('note').insert({ no: 2, words: secret })),
        written(one.db('note').where('no', 1).update({ words: 'x' })),
        written(one.db('note').delete()),
      ];
      for (const write of writes) expect((await failure(one.run(write, forever))).fault).toBe('REFUSED');
      expect(await database.exec('select no from note')).toEqual([{ no: 1 }]);
      expect(await one.run(notes(one), forever)).toEqual([[secret]]);
    });

    test('values are bound, never written into a statement', async () => {
      const one = open();
      statements.length = 0;
      const hostile = one.db('note').select('note.no').whereIn('note.words', [secret, "'; drop table note"]);
      await one.run(written(hostile), forever);
      expect(statements).toHaveLength(1);
      expect(statements[0]).not.toMatch(/drop|1380/);
    });

    test('a table and a column that are gone are refused', async () => {
      const one = open();
      expect((await failure(one.run(written(one.db('nothing').select('nothing.no')), forever))).fault).toBe('REFUSED');
      expect((await failure(one.run(written(one.db('note').select('note.gone')), forever))).fault).toBe('REFUSED');
      const settled = await one.terms(['nothing'], forever);
      expect(settled.column('nothing', 'no', false).quoted.replaceAll(/[`"]/g, '')).toBe('nothing.no');
    });

    test('a load that was given up before it began asks nothing', async () => {
      const one = open();
      statements.length = 0;
      await expect(one.run(notes(one), AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
      expect(statements).toEqual([]);
    });

    test('an answer of more bytes than the settings allow is given up, and costs nobody else', async () => {
      const one = open({ answerBytes: 4_096, pool: 1 });
      const long = (letters: number) =>
        written(
          one
            .db('note')
            .select(one.db.raw(`replace(hex8, '0', ?) as words`, ['0'.repeat(letters / 8)]))
            .fromRaw(`(select '00000000' as hex8) as source`),
        );
      const error = await failure(one.run(long(1_000_000), forever));
      expect([error.fault, error.message]).toEqual(['MALFORMED', 'the things source gave an answer that is too large']);
      for (let i = 0; i < 5; i++) expect(await one.run(long(2_048), forever)).toEqual([['0'.repeat(2_048)]]);
      expect(await one.run(notes(one), forever)).toEqual([[secret]]);
    });

    test('answers a ping', async () => {
      await open().ping(forever);
    });

    if (client === 'sqlite') {
      test('a file that is not there is unreachable', async () => {
        expect((await failure(open({ file: '/nowhere/at-all.db' }).ping(forever))).fault).toBe('UNREACHABLE');
      });
      return;
    }

    /** A statement that runs for ten seconds. */
    const slow = (of: SqlDatabase) =>
      written(of.db('note').select(of.db.raw(client === 'mysql' ? 'sleep(10)' : 'pg_sleep(10)')));
    /** Statements of ours that run on the server now. */
    const running = async (): Promise<number> => {
      const rows =
        client === 'mysql'
          ? await database.exec(
              `select id from information_schema.PROCESSLIST where db = database() and info like '%sleep(10)%' and id <> connection_id()`,
            )
          : await database.exec(
              `select pid from pg_stat_activity where datname = current_database() and query like '%pg_sleep(10)%' and state = 'active' and pid <> pg_backend_pid()`,
            );
      return rows.length;
    };

    test('a statement that takes too long is ended by the server', async () => {
      const one = open({ answerMilliseconds: 1_000 });
      const began = performance.now();
      const error = await failure(one.run(slow(one), forever));
      expect(error.fault).toBe('TIMEOUT');
      expect(performance.now() - began).toBeLessThan(8_000);
      await until(async () => (await running()) === 0);
      expect(await one.run(notes(one), forever)).toHaveLength(1);
    });

    test('a load that is given up ends on the server and frees its connection', async () => {
      const one = open({ pool: 1, answerMilliseconds: 9_000 });
      const controller = new AbortController();
      const load = one.run(slow(one), controller.signal);
      await until(async () => (await running()) === 1);
      controller.abort(new Error('nobody waits'));
      await expect(load).rejects.toThrow('nobody waits');
      await until(async () => (await running()) === 0);
      expect(await one.run(notes(one), forever)).toHaveLength(1);
    });

    test('whoever waits for a connection can leave the queue, and is told when it is too long', async () => {
      const one = open({ pool: 1, answerMilliseconds: 1_000 });
      const held = one.run(slow(one), forever);
      held.catch(() => undefined);
      await until(async () => (await running()) === 1);
      await expect(one.run(notes(one), AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
      const patient = one.run(notes(one), forever);
      expect((await failure(held)).fault).toBe('TIMEOUT');
      expect(await patient).toHaveLength(1);
      const again = one.run(slow(one), forever);
      const late = one.run(notes(one), AbortSignal.timeout(5_000));
      await Promise.allSettled([again, late]);
    });

    test('no more connections than the pool may have', async () => {
      const proxy = await tcpProxy(servers[client].port);
      const one = open({ port: proxy.port, pool: 3 });
      await Promise.all(Array.from({ length: 40 }, () => one.run(notes(one), forever)));
      expect(proxy.connections()).toBeLessThanOrEqual(3);
      await proxy.stop();
    });

    test('closing ends what runs, and takes leave of the server', async () => {
      const proxy = await tcpProxy(servers[client].port);
      const one = open({ port: proxy.port });
      await Promise.all([one.run(notes(one), forever), one.run(notes(one), forever)]);
      const load = failure(one.run(slow(one), forever));
      await until(async () => (await running()) === 1);
      await one.close();
      expect((await load).fault).toBe('UNREACHABLE');
      expect((await failure(one.run(notes(one), forever))).fault).toBe('UNREACHABLE');
      await until(() => proxy.connections() === 0);
      await until(async () => (await running()) === 0);
      await proxy.stop();
    });

    test('a session has Beijing time and strict ways', async () => {
      const one = open();
      const select =
        client === 'mysql'
          ? one.db.select(
              one.db.raw('@@session.time_zone as zone, @@session.sql_mode as mode, @@character_set_client as chars'),
            )
          : one.db.select(
              one.db.raw(
                `current_setting('timezone') as zone, current_setting('default_transaction_read_only') as mode, current_setting('client_encoding') as chars`,
              ),
            );
      expect(await one.run(written(select), forever)).toEqual([
        client === 'mysql'
          ? ['+08:00', expect.stringContaining('STRICT_ALL_TABLES'), 'utf8mb4']
          : ['<+08>-08', 'on', 'UTF8'],
      ]);
    });

    test('it opens while the server is down, and heals when it is back', async () => {
      const proxy: TcpProxy = await tcpProxy(servers[client].port);
      await proxy.stop();
      const one = open({ port: proxy.port, connectMilliseconds: 500 });
      expect((await failure(one.run(notes(one), forever))).fault).toBe('UNREACHABLE');
      expect((await failure(one.ping(forever))).fault).toBe('UNREACHABLE');
      await proxy.start();
      expect(await one.run(notes(one), forever)).toHaveLength(1);
      // Restarted between two loads, and in the middle of one.
      await proxy.stop();
      await proxy.start();
      await until(() =>
        one.run(notes(one), forever).then(
          () => true,
          () => false,
        ),
      );
      const load = failure(one.run(slow(one), forever));
      await until(async () => (await running()) === 1);
      await proxy.stop();
      expect((await load).fault).toBe('UNREACHABLE');
      await proxy.start();
      await until(() =>
        one.run(notes(one), forever).then(
          () => true,
          () => false,
        ),
      );
      await one.close();
      await proxy.stop();
    });

    test('a server that says nothing is given up', async () => {
      const proxy = await tcpProxy(servers[client].port);
      const one = open({ port: proxy.port, connectMilliseconds: 200, answerMilliseconds: 300 });
      await one.ping(forever);
      proxy.stall(true);
      expect((await failure(one.run(notes(one), forever))).fault).toBe('TIMEOUT');
      const began = performance.now();
      await until(async () => (await failure(one.run(notes(one), forever))).fault === 'UNREACHABLE');
      expect(performance.now() - began).toBeLessThan(10_000);
      proxy.stall(false);
      await until(() =>
        one.run(notes(one), forever).then(
          () => true,
          () => false,
        ),
      );
      await one.close();
      await proxy.stop();
    });

    test.each([0, 1, 50, 90, 110, 200, 350, 450, 600, 900])(
      'a server that stops after %i bytes is given up',
      async (bytes) => {
        const proxy = await tcpProxy(servers[client].port);
        const one = open({ port: proxy.port, connectMilliseconds: 200, answerMilliseconds: 300 });
        proxy.stallAfter(bytes);
        const began = performance.now();
        const first = await one.run(notes(one), forever).then(
          () => 'read',
          (error: SourceError) => error.fault,
        );
        expect(['read', 'UNREACHABLE', 'TIMEOUT', 'OVERLOADED']).toContain(first);
        expect(performance.now() - began).toBeLessThan(8_000);
        proxy.stallAfter(Infinity);
        await until(() =>
          one.run(notes(one), forever).then(
            () => true,
            () => false,
          ),
        );
        await one.close();
        await proxy.stop();
      },
    );

    test('a wrong password is refused; the secret is read again for a new connection', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lianqiao-secret-'));
      const file = join(folder, 'password');
      const user = `lianqiao_${Math.floor(Math.random() * 1e9)}`;
      if (client === 'mysql') {
        await database.exec(`create user '${user}'@'%' identified by 'first'`);
        await database.exec(`grant select on *.* to '${user}'@'%'`);
      }
      try {
        writeFileSync(file, 'wrong\n');
        const one = open({ user, password: { file } });
        expect((await failure(one.run(notes(one), forever))).fault).toBe('REFUSED');
        if (client === 'mysql') {
          writeFileSync(file, 'first\n');
          expect(await one.run(notes(one), forever)).toHaveLength(1);
        }
        const other = open({ user, password: { file } });
        rmSync(file);
        const error = await failure(other.run(notes(other), forever));
        expect([error.fault, error.message]).toEqual([
          'REFUSED',
          'the credentials for the things source cannot be read',
        ]);
        expect(() => open({ user, password: { file } })).toThrow(SecretError);
      } finally {
        if (client === 'mysql') await database.exec(`drop user '${user}'@'%'`);
        rmSync(folder, { recursive: true });
      }
    });
  });
}
