import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openHttpClient, type HttpClient, type HttpClientSettings } from '../../../src/connector/http/http-client.ts';
import { SourceError } from '../../../src/connector/source-error.ts';
import { json, oddServer, type OddAnswer, type OddServer } from '../../kit/odd-server.ts';

/* What one source's HTTP says, over real sockets; nothing of it may show in an error. */

const opened: { close(): Promise<void> }[] = [];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianqiao-http-'));
  writeFileSync(join(folder, 'token'), 'geheim-42\n');
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signal = (ms = 5_000): AbortSignal => AbortSignal.timeout(ms);

async function serve(answer: OddAnswer): Promise<OddServer> {
  const server = await oddServer(answer);
  opened.push(server);
  return server;
}

function client(url: string, more: Partial<HttpClientSettings> = {}): HttpClient {
  const http = openHttpClient('fire', {
    url,
    auth: { scheme: 'none' },
    answerBytes: 100_000,
    connectMilliseconds: 500,
    answerMilliseconds: 1_000,
    concurrent: 4,
    ...more,
  });
  opened.push(http);
  return http;
}

async function faultOf(work: Promise<unknown>): Promise<SourceError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

const hmacNames = { keyId: 'x-key-id', timestamp: 'x-timestamp', nonce: 'x-nonce', signature: 'x-signature' };

describe('who asks', () => {
  const secret = { file: '' };
  beforeAll(() => (secret.file = join(folder, 'token')));

  test('is shown by a bearer token, read anew for each call', async () => {
    const server = await serve((_, response) => json(response, {}));
    const http = client(server.url, { auth: { scheme: 'bearer', token: secret } });
    await http.call({ method: 'GET', path: '/a', signal: signal() });
    writeFileSync(secret.file, 'neu-43\n');
    await http.call({ method: 'GET', path: '/a', signal: signal() });
    writeFileSync(secret.file, 'geheim-42\n');
    expect(server.requests.map((r) => r.headers.authorization)).toEqual(['Bearer geheim-42', 'Bearer neu-43']);
  });

  test('is shown by user and password, and by a key in a header', async () => {
    const server = await serve((_, response) => json(response, {}));
    const basic = client(server.url, { auth: { scheme: 'basic', user: 'hub', password: secret } });
    const keyed = client(server.url, { auth: { scheme: 'apiKey', header: 'X-Api-Key', key: secret } });
    await basic.call({ method: 'GET', path: '/', signal: signal() });
    await keyed.call({ method: 'GET', path: '/', signal: signal() });
    expect(server.requests.map((r) => [r.headers.authorization, r.headers['x-api-key']])).toEqual([
      [`Basic ${Buffer.from('hub:geheim-42').toString('base64')}`, undefined],
      [undefined, 'geheim-42'],
    ]);
  });

  test('is shown by a signature over method, target, time, nonce and body', async () => {
    const server = await serve((_, response) => json(response, {}));
    const http = client(`${server.url}/base/`, {
      auth: { scheme: 'hmac', keyId: 'hub-1', secret, headers: hmacNames },
    });
    const query = new URLSearchParams({ q: '福州 & 1' });
    await http.call({ method: 'POST', path: '/rows', query, body: '{"a":"鼓楼"}', signal: signal() });
    await http.call({ method: 'GET', path: '/rows', signal: signal() });
    await http.call({ method: 'GET', path: "/接警单/it's here", signal: signal() });
    const nonces = new Set<unknown>();
    for (const { method, target, body, headers } of server.requests) {
      const digest = createHash('sha256').update(body).digest('hex');
      const text = [method, target, headers['x-timestamp'], headers['x-nonce'], digest].join('\n');
      expect(headers['x-signature']).toBe(createHmac('sha256', 'geheim-42').update(text).digest('hex'));
      expect(headers['x-key-id']).toBe('hub-1');
      expect(Math.abs(Number(headers['x-timestamp']) - Date.now() / 1_000)).toBeLessThan(5);
      nonces.add(headers['x-nonce']);
    }
    expect(nonces.size).toBe(3);
  });

  test('is shown in the headers that the service calls otherwise', async () => {
    const server = await serve((_, response) => json(response, {}));
    const headers = { keyId: 'App-Id', timestamp: 'App-Time', nonce: 'App-Nonce', signature: 'App-Sign' };
    const http = client(server.url, { auth: { scheme: 'hmac', keyId: 'hub-1', secret, headers } });
    await http.call({ method: 'GET', path: '/rows', signal: signal() });
    const [sent] = server.requests;
    const text = [
      'GET',
      '/rows',
      sent?.headers['app-time'],
      sent?.headers['app-nonce'],
      createHash('sha256').digest('hex'),
    ];
    expect(sent?.headers['app-id']).toBe('hub-1');
    expect(sent?.headers['app-sign']).toBe(createHmac('sha256', 'geheim-42').update(text.join('\n')).digest('hex'));
    expect(Object.keys(sent?.headers ?? {}).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  test('a secret that is missing stops the opening, and names its place only', () => {
    const absent = { file: join(folder, 'absent') };
    expect(() => client('http://127.0.0.1:1', { auth: { scheme: 'bearer', token: absent } })).toThrow(
      /the file .*absent cannot be read \(ENOENT\)/,
    );
    expect(() => client('http://127.0.0.1:1', { auth: { scheme: 'bearer', token: { env: 'NO_SUCH' } } })).toThrow(
      'the environment variable NO_SUCH is not set',
    );
  });
});

describe('mutual TLS', () => {
  const pem = (name: string): { file: string } => ({ file: join(folder, name) });

  beforeAll(() => {
    const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=test ca',
      '-days',
      '2',
    );
    for (const name of ['server', 'hub']) {
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
      );
      writeFileSync(join(folder, `${name}.ext`), 'subjectAltName=DNS:source.test,IP:127.0.0.1');
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-out',
        `${name}.pem`,
        '-days',
        '2',
        '-extfile',
        `${name}.ext`,
      );
    }
  });

  const start = async (): Promise<OddServer> => {
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    const server = await oddServer(
      (_, response) => json(response, { ok: true }),
      (handler) =>
        createTlsServer(
          {
            key: read('server.key'),
            cert: read('server.pem'),
            ca: read('ca.pem'),
            requestCert: true,
            rejectUnauthorized: true,
          },
          handler,
        ),
      'https',
    );
    opened.push(server);
    return server;
  };

  test('shows our certificate and checks the source’s', async () => {
    const server = await start();
    const tls = { ca: pem('ca.pem'), cert: pem('hub.pem'), key: pem('hub.key') };
    const answer = await client(server.url, { tls }).call({ method: 'GET', path: '/', signal: signal() });
    expect(answer.text).toBe('{"ok":true}');
  });

  test.each([
    ['without our certificate', { ca: 'ca.pem' }],
    ['with an authority that did not sign the source', { ca: 'hub.pem', cert: 'hub.pem', key: 'hub.key' }],
  ] as const)('%s there is no connection', async (_, names) => {
    const server = await start();
    const tls = Object.fromEntries(Object.entries(names).map(([part, name]) => [part, pem(name)]));
    const error = await faultOf(client(server.url, { tls }).call({ method: 'GET', path: '/', signal: signal() }));
    expect(error.fault).toBe('UNREACHABLE');
    expect(server.requests).toEqual([]);
  });

  test('under another name there is none either', async () => {
    const server = await start();
    const tls = { ca: pem('ca.pem'), cert: pem('hub.pem'), key: pem('hub.key'), serverName: 'elsewhere.test' };
    const error = await faultOf(client(server.url, { tls }).call({ method: 'GET', path: '/', signal: signal() }));
    expect(error.fault).toBe('UNREACHABLE');
  });
});

describe('what goes wrong is told apart', () => {
  test.each([
    [400, 'REFUSED'],
    [401, 'REFUSED'],
    [403, 'REFUSED'],
    [404, 'REFUSED'],
    [408, 'TIMEOUT'],
    [429, 'OVERLOADED'],
    [500, 'FAILED'],
    [502, 'FAILED'],
    [503, 'OVERLOADED'],
    [301, 'REFUSED'],
  ])('a status %i is %s', async (status, fault) => {
    const server = await serve((_, response) => {
      response.writeHead(status, { 'retry-after': '7', location: 'http://127.0.0.1:1/' });
      response.end('13800590517 不在');
    });
    const error = await faultOf(client(server.url).call({ method: 'GET', path: '/x', signal: signal() }));
    expect([error.fault, error.retryAfter]).toEqual([fault, 7_000]);
    expect(error.message).toBe(`the fire source answered ${status}`);
    // A redirect would carry our credentials elsewhere.
    expect(server.requests).toHaveLength(1);
  });

  test('a part of an answer is none', async () => {
    const server = await serve((_, response) => {
      response.writeHead(206, { 'content-range': 'items 0-0/5' });
      response.end('{"items":[]}');
    });
    const error = await faultOf(client(server.url).call({ method: 'GET', path: '/x', signal: signal() }));
    expect(error.fault).toBe('MALFORMED');
  });

  test.each([
    ['a date', new Date(Date.now() + 60_000).toUTCString(), 50_000, 61_000],
    ['more than an hour', '99999999', 3_600_000, 3_600_000],
    ['a date far away', 'Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000, 3_600_000],
    ['a date that is past', new Date(Date.now() - 60_000).toUTCString(), 0, 0],
  ])('Retry-After as %s', async (_, header, least, most) => {
    const server = await serve((_, response) => {
      response.writeHead(503, { 'retry-after': header });
      response.end();
    });
    const { retryAfter } = await faultOf(client(server.url).call({ method: 'GET', path: '/', signal: signal() }));
    expect(retryAfter).toBeGreaterThanOrEqual(least);
    expect(retryAfter).toBeLessThanOrEqual(most);
  });

  const faults: readonly (readonly [string, OddAnswer, string])[] = [
    ['no answer', () => undefined, 'TIMEOUT'],
    [
      'half a body, then silence',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"a":');
      },
      'TIMEOUT',
    ],
    [
      'half a body, then a closed connection',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"a":');
        setTimeout(() => response.destroy(), 20);
      },
      'UNREACHABLE',
    ],
    ['a closed connection', (_, response) => void response.destroy(), 'UNREACHABLE'],
    ['too much', (_, response) => void response.end('x'.repeat(200_000)), 'MALFORMED'],
    ['bytes that are no text', (_, response) => void response.end(Buffer.from([0x7b, 0xff, 0xfe])), 'MALFORMED'],
  ];
  test.each(faults)('%s', async (_, answer, fault) => {
    const server = await serve(answer);
    const error = await faultOf(client(server.url).call({ method: 'GET', path: '/', signal: signal() }));
    expect(error.fault).toBe(fault);
    expect(error.message).not.toContain('127.0.0.1');
  });

  test('nobody listens', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const error = await faultOf(client(server.url).call({ method: 'GET', path: '/', signal: signal() }));
    expect([error.fault, error.message]).toEqual(['UNREACHABLE', 'the fire source cannot be reached (ECONNREFUSED)']);
  });

  test('the caller gives up: the call ends at once', async () => {
    const server = await serve(() => undefined);
    const since = performance.now();
    const http = client(server.url, { answerMilliseconds: 20_000 });
    const error = await faultOf(http.call({ method: 'GET', path: '/', signal: signal(50) }));
    expect(error.fault).toBe('TIMEOUT');
    expect(performance.now() - since).toBeLessThan(10_000);
  });
});

test('an answer in GB18030 is read as such', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=GB18030' });
    response.end(Buffer.from([0x22, 0xb8, 0xa3, 0xd6, 0xdd, 0x22]));
  });
  const { text } = await client(server.url).call({ method: 'GET', path: '/', signal: signal() });
  expect(text).toBe('"福州"');
});

test('no more connections than allowed stand side by side', async () => {
  const server = await serve(async (_, response) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    json(response, {});
  });
  const http = client(server.url, { concurrent: 3, answerMilliseconds: 5_000 });
  await Promise.all(Array.from({ length: 20 }, () => http.call({ method: 'GET', path: '/', signal: signal() })));
  expect(server.load.most).toBeLessThanOrEqual(3);
  expect(server.requests).toHaveLength(20);
});
