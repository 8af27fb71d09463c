import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { makeCertificates, type Certificates } from './certificates.ts';

/**
 * A database server of the test's own, which the test may restart. It takes TLS connections alone, has the database
 * `agency` with a table `note`, and two users: `reader` with the password `right`, and `certified` by a certificate.
 */
export interface OwnServer {
  readonly port: number;
  readonly certificates: Certificates;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes all that it had. */
  remove(): Promise<void>;
}

export const serverName = 'db.agency.test';

/** Whether the server's programs are installed. */
export function canRun(client: 'mysql' | 'postgres'): boolean {
  return client === 'mysql' ? existsSync('/usr/sbin/mariadbd') : postgresPrograms() !== undefined;
}

export async function ownServer(client: 'mysql' | 'postgres'): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lianqiao-server-'));
  const certificates = makeCertificates(folder, serverName, 'certified');
  const port = await freePort();
  const { command, ready } =
    client === 'mysql' ? mariadb(folder, certificates, port) : postgres(folder, certificates, port);
  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const [program = '', ...args] = command;
    running = spawn(program, args, { stdio: 'ignore' });
    for (let tries = 0; !(await listens(port)); tries += 1) {
      if (tries > 200) throw new Error(`${program} does not listen`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const stop = async (): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // To PostgreSQL this is a fast stop, which does not wait for its clients.
    child.kill(client === 'mysql' ? 'SIGTERM' : 'SIGINT');
    await ended;
  };
  await start();
  await ready();
  return {
    port,
    certificates,
    start,
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It listens before it serves: until then it says that it is starting up (57P03). */
async function connected(config: pg.ClientConfig): Promise<pg.Client> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client(config);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if ((error as { code?: unknown }).code !== '57P03' || tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

interface Prepared {
  readonly command: readonly string[];
  readonly ready: () => Promise<void>;
}

function mariadb(folder: string, { ca, cert, key }: Certificates, port: number): Prepared {
  const data = join(folder, 'data');
  const user = `--user=${execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()}`;
  execFileSync('/usr/bin/mariadb-install-db', ['--no-defaults', user, `--datadir=${data}`, '--skip-test-db'], {
    stdio: 'pipe',
  });
  const first = join(folder, 'first.sql');
  writeFileSync(
    first,
    [
      'create database if not exists agency;',
      'create table if not exists agency.note (no integer primary key, words varchar(40));',
      "replace into agency.note values (1, 'read');",
      "create user if not exists reader identified by 'right' require ssl;",
      'create user if not exists certified require x509;',
      'grant select on agency.* to reader;',
      'grant select on agency.* to certified;',
    ].join('\n'),
  );
  const command = [
    ...['/usr/sbin/mariadbd', '--no-defaults', user, `--datadir=${data}`, `--socket=${join(folder, 'socket')}`],
    ...['--bind-address=127.0.0.1', `--port=${port}`, `--init-file=${first}`],
    ...[`--ssl-ca=${ca}`, `--ssl-cert=${cert}`, `--ssl-key=${key}`, '--innodb-buffer-pool-size=16M'],
  ];
  return { command, ready: async () => undefined };
}

function postgres(folder: string, { ca, cert, key }: Certificates, port: number): Prepared {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed');
  const data = join(folder, 'data');
  mkdirSync(data);
  const asUser: string[] = [];
  if (process.getuid?.() === 0) {
    // It does not run as root, and reads no key that is somebody else's.
    const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chmodSync(folder, 0o755);
    for (const path of [data, key]) chownSync(path, id('-u'), id('-g'));
    asUser.push('setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups');
  }
  const [program, ...args] = [...asUser, join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust'];
  execFileSync(program, [...args, '-E', 'UTF8', '--locale=C.UTF-8'], { stdio: 'pipe', cwd: '/' });
  const rules = [
    'host all postgres 127.0.0.1/32 trust',
    'hostssl all reader 127.0.0.1/32 scram-sha-256',
    'hostssl all certified 127.0.0.1/32 cert',
  ];
  writeFileSync(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
  const settings = { ssl: 'on', ssl_ca_file: ca, ssl_cert_file: cert, ssl_key_file: key, fsync: 'off' };
  const command = [
    ...[...asUser, join(programs, 'postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  return {
    command,
    async ready() {
      const run = async (database: string, ...statements: string[]): Promise<void> => {
        const client = await connected({ host: '127.0.0.1', port, user: 'postgres', database });
        for (const sql of statements) await client.query(sql);
        await client.end();
      };
      await run(
        'postgres',
        "create role reader login password 'right'",
        'create role certified login',
        'create database agency',
      );
      await run(
        'agency',
        'create table note (no integer primary key, words varchar(40))',
        "insert into note values (1, 'read')",
        'grant select on note to reader, certified',
      );
    },
  };
}

function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const version = existsSync(root)
    ? readdirSync(root)
        .sort((a, b) => Number(a) - Number(b))
        .at(-1)
    : undefined;
  return version === undefined ? undefined : join(root, version, 'bin');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
