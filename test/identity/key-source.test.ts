import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lastGoodSeconds } from '../../src/identity/checked-key-set.ts';
import { keySetMaxAgeSeconds, openKeySource } from '../../src/identity/key-source.ts';
import type { KeyProblem } from '../../src/identity/public-keys.ts';
import { createVerifier } from '../../src/identity/verify.ts';
import { ecKey, goodClaims, goodHeader, rsaKey, signed, trusting, type TestKey } from './issuer-kit.ts';

const start = 1_795_000_000;
const oldKey = ecKey('key-old');
const newKey = ecKey('key-new');
const jwksOf = (...keys: readonly TestKey[]): string => JSON.stringify({ keys: keys.map((key) => key.jwk) });

let problems: KeyProblem[];
/** Only `Date` is faked: files, sockets and time-outs stay real. */
beforeEach(() => {
  problems = [];
  vi.useFakeTimers({ toFake: ['Date'], now: start * 1000 });
});
afterEach(() => void vi.useRealTimers());

const atSecond = (seconds: number) => vi.setSystemTime((start + seconds) * 1000);
const open = (jwks: string) => openKeySource(trusting(jwks), (problem) => problems.push(problem));
const kidsOf = async (source: ReturnType<typeof open>): Promise<string[]> => {
  const found = await Promise.all(
    [oldKey, newKey].map(({ kid }) =>
      source.key('ES256', kid).then(
        () => [kid],
        () => [],
      ),
    ),
  );
  return found.flat();
};
const unreadable = (why: string): KeyProblem => ({
  issuer: 'https://idp.police.example',
  kid: null,
  problem: `the key set cannot be read: ${why}`,
});

describe('keys in a file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lianqiao-'));
    path = join(folder, 'jwks.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are read again once the file has changed, at most once a second', async () => {
    writeFileSync(path, jwksOf(oldKey));
    const source = open(path);
    expect(await kidsOf(source)).toEqual(['key-old']);
    writeFileSync(path, jwksOf(oldKey, newKey));
    expect(await kidsOf(source)).toEqual(['key-old']);
    atSecond(1);
    expect(await kidsOf(source)).toEqual(['key-old', 'key-new']);
    writeFileSync(`${path}.next`, jwksOf(newKey));
    renameSync(`${path}.next`, path);
    atSecond(2);
    expect(await kidsOf(source)).toEqual(['key-new']);
    expect(problems).toEqual([]);
  });

  test('are not read again while time, size and inode of the file stay', async () => {
    writeFileSync(path, jwksOf(oldKey));
    utimesSync(path, start, start);
    const source = open(path);
    expect(await kidsOf(source)).toEqual(['key-old']);
    writeFileSync(path, jwksOf(newKey));
    utimesSync(path, start, start);
    atSecond(5);
    expect(await kidsOf(source)).toEqual(['key-old']);
    utimesSync(path, start, start + 1);
    atSecond(10);
    expect(await kidsOf(source)).toEqual(['key-new']);
  });

  test('of the last good reading serve for five minutes while the file cannot be read', async () => {
    writeFileSync(path, jwksOf(oldKey));
    const source = open(path);
    expect(await kidsOf(source)).toEqual(['key-old']);
    writeFileSync(path, '{"keys":[');
    atSecond(10);
    expect(await kidsOf(source)).toEqual(['key-old']);
    atSecond(lastGoodSeconds - 1);
    expect(await kidsOf(source)).toEqual(['key-old']);
    atSecond(lastGoodSeconds + 5);
    expect(await kidsOf(source)).toEqual([]);
    expect(problems).toEqual([unreadable('not JSON in UTF-8')]);
    writeFileSync(path, jwksOf(newKey));
    atSecond(lastGoodSeconds + 8);
    expect(await kidsOf(source)).toEqual(['key-new']);
  });

  test('that never could be read are unavailable, and come once they can', async () => {
    const source = open(path);
    await expect(source.key('ES256', 'key-old')).rejects.toMatchObject({
      reason: 'key_unavailable',
      message:
        "The key that the access token names is not among the issuer's usable keys (its key set cannot be read at the moment).",
    });
    expect(problems).toEqual([unreadable(`ENOENT: no such file or directory, open '${path}'`)]);
    writeFileSync(path, jwksOf(oldKey));
    atSecond(3);
    expect(await kidsOf(source)).toEqual(['key-old']);
  });

  test('an empty set counts: all keys are gone', async () => {
    writeFileSync(path, jwksOf(oldKey));
    const source = open(path);
    expect(await kidsOf(source)).toEqual(['key-old']);
    writeFileSync(path, '{"keys":[]}');
    atSecond(1);
    expect(await kidsOf(source)).toEqual([]);
  });

  test('a set that is larger than 256 KiB or names a member twice is not read', async () => {
    writeFileSync(path, JSON.stringify({ keys: [oldKey.jwk], more: 'x'.repeat(256 * 1024) }));
    const source = open(path);
    expect(await kidsOf(source)).toEqual([]);
    writeFileSync(path, `{"keys":[],"keys":[${JSON.stringify(oldKey.jwk)}]}`);
    atSecond(3);
    expect(await kidsOf(source)).toEqual([]);
    expect(problems).toEqual([unreadable('larger than 256 KiB'), unreadable('a name occurs twice in one object')]);
  });

  test('a bad key is told once, and again when it comes back', async () => {
    const weak = rsaKey('weak', 1024);
    const problem = {
      issuer: 'https://idp.police.example',
      kid: 'weak',
      problem: 'the RSA modulus must be odd and have 2,048 to 8,192 bits',
    };
    const source = openKeySource(trusting(path, { algorithms: ['ES256', 'RS256'] }), (p) => problems.push(p));
    for (const [second, keys] of [
      [0, [oldKey, weak]],
      [1, [weak, oldKey]],
      [2, [oldKey]],
      [3, [oldKey, weak]],
    ] as const) {
      writeFileSync(path, jwksOf(...keys));
      atSecond(second);
      await source.key('ES256', 'key-old');
      await expect(source.key('RS256', 'weak')).rejects.toMatchObject({ reason: 'key_unavailable' });
    }
    expect(problems).toEqual([problem, problem]);
  });
});

describe('keys at a URL', () => {
  let server: Server;
  let url: string;
  let requests: number;
  let answer: { status: number; body: string; headers?: Record<string, string> };

  beforeEach(async () => {
    requests = 0;
    answer = { status: 200, body: jwksOf(oldKey) };
    server = createServer((_, response) => {
      requests++;
      response.writeHead(answer.status, { 'content-type': 'application/jwk-set+json', ...answer.headers });
      response.end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  test('are asked for once, however many callers wait', async () => {
    const source = open(url);
    await Promise.all(Array.from({ length: 20 }, () => source.key('ES256', 'key-old')));
    expect(requests).toBe(1);
  });

  test('rotate: a new key is found at once after the cooldown, and a removed one dies with its set', async () => {
    const source = open(url);
    expect(await kidsOf(source)).toEqual(['key-old']);
    answer.body = jwksOf(oldKey, newKey);
    atSecond(4);
    expect(await kidsOf(source)).toEqual(['key-old']);
    expect(requests).toBe(1);
    atSecond(6);
    expect(await kidsOf(source)).toEqual(['key-old', 'key-new']);
    answer.body = jwksOf(newKey);
    atSecond(6 + keySetMaxAgeSeconds);
    expect(await kidsOf(source)).toEqual(['key-new']);
    expect(requests).toBe(3);
  });

  test('are refreshed in the background before they are too old', async () => {
    const source = open(url);
    await source.key('ES256', 'key-old');
    answer.body = jwksOf(newKey);
    atSecond(16);
    await expect(source.key('ES256', 'key-old')).resolves.toBeDefined();
    await vi.waitFor(() => expect(requests).toBe(2));
    await vi.waitFor(async () => expect(await kidsOf(source)).toEqual(['key-new']));
  });

  test.each([
    [{ status: 503, body: '' }, 'its URL answered with status 503'],
    [{ status: 302, body: '', headers: { location: '/elsewhere' } }, 'its URL answered with status 302'],
    [{ status: 200, body: '<html>' }, 'not JSON in UTF-8'],
    [{ status: 200, body: '{"keys":1}' }, 'not a JWKS with at most 100 keys'],
    [{ status: 200, body: JSON.stringify({ keys: [], more: 'x'.repeat(300_000) }) }, 'larger than 256 KiB'],
  ])('survive an answer %#', async (bad, why) => {
    const source = open(url);
    await source.key('ES256', 'key-old');
    answer = bad;
    for (const second of [31, 100, 200, 299]) {
      atSecond(second);
      expect(await kidsOf(source)).toEqual(['key-old']);
    }
    atSecond(lastGoodSeconds + 31);
    await expect(source.key('ES256', 'key-old')).rejects.toMatchObject({ reason: 'key_unavailable' });
    expect(problems).toEqual([unreadable(why)]);
  });

  test('that cannot be had cause no storm of requests', async () => {
    answer.status = 500;
    const source = open(url);
    for (let i = 0; i < 50; i++) {
      await expect(source.key('ES256', `guess-${i}`)).rejects.toMatchObject({ reason: 'key_unavailable' });
    }
    expect(requests).toBe(1);
    answer.status = 200;
    atSecond(3);
    expect(await kidsOf(source)).toEqual(['key-old']);
  });

  test('invented names cause one request a cooldown', async () => {
    const source = open(url);
    for (let i = 0; i < 50; i++) {
      await expect(source.key('ES256', `guess-${i}`)).rejects.toMatchObject({ reason: 'key_unavailable' });
    }
    expect(requests).toBe(1);
  });

  test('an issuer that hangs is given up after three seconds', async () => {
    server.removeAllListeners('request');
    const source = open(url);
    const before = performance.now();
    await expect(source.key('ES256', 'key-old')).rejects.toMatchObject({ reason: 'key_unavailable' });
    expect(performance.now() - before).toBeLessThan(4500);
  });

  test('a verified token dies within a minute of its key', async () => {
    const verifier = createVerifier({ issuers: [trusting(url)] });
    const authorization = `Bearer ${signed(oldKey, goodHeader(oldKey), goodClaims(start))}`;
    await expect(verifier.verify(authorization)).resolves.toMatchObject({ agency: 'police' });
    atSecond(29);
    await expect(verifier.verify(authorization)).resolves.toMatchObject({ agency: 'police' });
    answer.body = jwksOf(newKey);
    atSecond(29 + 60);
    await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'key_unavailable' });
    const renewed = `Bearer ${signed(newKey, goodHeader(newKey), goodClaims(start + 80))}`;
    await expect(verifier.verify(renewed)).resolves.toMatchObject({ agency: 'police' });
  });
});
