import { describe, test } from 'vitest';
import { canRun, listens } from './own-server.ts';
import { servers, type Client } from './test-database.ts';

/** Tests against a kind of database. Without its server they are left out, loudly; in CI they fail. */
export function describeOn(client: Client, name: string, body: () => void): void {
  const port = client === 'sqlite' ? null : servers[client].port;
  describeIf(present[client], `no ${client} server listens on 127.0.0.1:${port}`, name, body);
}

/** Tests against a server of their own. */
export function describeOwn(client: 'mysql' | 'postgres', name: string, body: () => void): void {
  describeIf(canRun(client), `the programs of ${client} are not installed`, name, body);
}

function describeIf(possible: boolean, why: string, name: string, body: () => void): void {
  if (possible) return void describe(name, body);
  if (process.env['CI'] !== undefined && process.env['CI'] !== 'false')
    return void describe(name, () => test(why, () => Promise.reject(new Error(why))));
  console.warn(`SKIPPED: ${name}: ${why}; see .ci/run`);
  describe.skip(name, body);
}

const present: Readonly<Record<Client, boolean>> = {
  sqlite: true,
  mysql: await listens(servers.mysql.port),
  postgres: await listens(servers.postgres.port),
};
