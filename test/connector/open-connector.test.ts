import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openConnector } from '../../src/connector/open-connector.ts';
import { sourceSettings } from '../../src/connector/settings/source-settings.ts';
import { goodDriver, thingsBy } from './check/things.ts';

/* Whether a source is well is asked of its records too: a health page may be all that still answers. */

let server: Server | undefined;
afterEach(() => void server?.close());

/** A service that says that it is well, and answers every search so. */
async function serviceAnswering(status: number, body: string): Promise<string> {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/health' ? 200 : status, { 'content-type': 'application/json' });
    response.end(request.url === '/health' ? '{}' : body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function reached(url: string): Promise<unknown> {
  const open = openConnector(thingsBy(goodDriver), {
    dataDir: 'nowhere',
    settings: () => sourceSettings.parse({ kind: 'rest', url, auth: { scheme: 'none' } }),
    keyChunk: 20,
  });
  try {
    await open.health.get('things')?.reach(AbortSignal.timeout(5_000));
    return 'reached';
  } catch (error) {
    return error;
  } finally {
    await open.close();
  }
}

test.each([401, 403])('one that answers %i to every load is not reached', async (status) => {
  expect(await reached(await serviceAnswering(status, ''))).toMatchObject({
    name: 'SourceError',
    fault: 'REFUSED',
    code: String(status),
  });
});

test('nor is one with a login page in its place', async () => {
  expect(await reached(await serviceAnswering(200, '<html>登录</html>'))).toMatchObject({ fault: 'MALFORMED' });
});

test.each([
  ['has no such record', 200, '{"items":[]}'],
  ['refuses a key of another form', 400, '{"message":"bad number"}'],
])('one that %s is', async (_, status, body) => {
  expect(await reached(await serviceAnswering(status, body))).toBe('reached');
});
