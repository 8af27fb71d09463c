import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sourceSettings, type SqlSettings } from '../../../src/connector/settings/source-settings.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { openDatabase, type SqlDatabase } from '../../../src/connector/sql/database.ts';
import { written } from './written.ts';
import { ownServer, serverName, type OwnServer } from '../../kit/own-server.ts';
import { describeOwn } from '../../kit/describe-on.ts';

/* Who the server is and who we are, on servers of our own that take TLS connections with real passwords alone. */

const { signal } = new AbortController();

for (const client of ['mysql', 'postgres'] as const) {
  describeOwn(client, `TLS and passwords on ${client}`, () => {
    let server: OwnServer;
    let folder: string;
    let password: { file: string };
    const opened: SqlDatabase[] = [];
    const open = (more: Readonly<Record<string, unknown>>): SqlDatabase => {
      const common = { kind: 'sql', client, host: '127.0.0.1', port: server.port, database: 'agency', user: 'reader' };
      const settings = sourceSettings.parse({ ...common, connectMilliseconds: 5_000, ...more }) as SqlSettings;
      const one = openDatabase({ agency: 'things', settings, fileAt: (f) => f, onStatement: () => undefined });
      opened.push(one);
      return one;
    };
    const read = async (of: SqlDatabase): Promise<unknown> =>
      of.run(written(of.db('note').select('note.words')), signal);
    const faultOf = async (of: SqlDatabase): Promise<string> => {
      const error: unknown = await read(of).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SourceError);
      for (const told of ['right', 'wrong', 'reader', '127.0.0.1', serverName, 'note'])
        expect((error as Error).message).not.toContain(told);
      return (error as SourceError).fault;
    };
    const ca = () => ({ file: server.certificates.ca });
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lianqiao-tls-'));
      password = { file: join(folder, 'password') };
      writeFileSync(password.file, 'right\n');
      server = await ownServer(client);
    });
    afterAll(async () => {
      for (const one of opened) await one.close();
      await server?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    test('a server with the right name and authority is read', async () => {
      expect(await read(open({ password, tls: { ca: ca(), serverName } }))).toEqual([['read']]);
    });

    test('another name, another authority, and none at all are not', async () => {
      expect(await faultOf(open({ password, tls: { ca: ca(), serverName: 'other.agency.test' } }))).toBe('UNREACHABLE');
      expect(await faultOf(open({ password, tls: { ca: { file: server.certificates.otherCa }, serverName } }))).toBe(
        'UNREACHABLE',
      );
      expect(await faultOf(open({ password, tls: { serverName } }))).toBe('UNREACHABLE');
      expect(await faultOf(open({ password, host: 'localhost', tls: { ca: ca() } }))).toBe('UNREACHABLE');
    });

    test('an IP address is no name of a certificate', async () => {
      if (client === 'mysql') expect(() => open({ password, tls: { ca: ca() } })).toThrow(TypeError);
      else expect(await faultOf(open({ password, tls: { ca: ca() } }))).toBe('UNREACHABLE');
    });

    test('without TLS the server will not have us', async () => {
      expect(await faultOf(open({ password }))).toBe('REFUSED');
    });

    test('a certificate of ours stands for a password', async () => {
      const { clientCert, clientKey } = server.certificates;
      const tls = { ca: ca(), serverName };
      const own = { ...tls, cert: { file: clientCert }, key: { file: clientKey } };
      expect(await read(open({ user: 'certified', tls: own }))).toEqual([['read']]);
      expect(await faultOf(open({ user: 'certified', tls }))).toBe('REFUSED');
    });

    test('a wrong password is refused, and a changed one is taken up', async () => {
      writeFileSync(password.file, 'wrong\n');
      const one = open({ password, tls: { ca: ca(), serverName } });
      expect(await faultOf(one)).toBe('REFUSED');
      writeFileSync(password.file, 'right\n');
      expect(await read(one)).toEqual([['read']]);
    });

    test('a server that restarts costs the loads of that time, no more', async () => {
      const one = open({ password, tls: { ca: ca(), serverName } });
      expect(await read(one)).toEqual([['read']]);
      await server.stop();
      expect(await faultOf(one)).toBe('UNREACHABLE');
      await server.start();
      await vi.waitFor(async () => expect(await read(one)).toEqual([['read']]), {
        timeout: 5_000,
        interval: 50,
      });
    });
  });
}
