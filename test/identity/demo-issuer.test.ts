import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ZodError } from 'zod';
import { assertLoopback, DemoIssuer, DemoIssuerRefused, type DemoClaims } from '../../src/identity/demo-issuer.ts';
import { createVerifier } from '../../src/identity/verify.ts';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'lianqiao-'))));
afterEach(() => rmSync(dataDir, { recursive: true }));

const demo = () => new DemoIssuer({ dataDir, host: '127.0.0.1', configured: false });
const keyPath = () => join(dataDir, 'keys', 'demo-issuer.json');

describe('the demo issuer', () => {
  test('issues tokens that the verifier takes, for any agency', async () => {
    const issuer = demo();
    const verifier = createVerifier({ issuers: [issuer.trusted()] });
    const before = Math.floor(Date.now() / 1000);
    const token = await issuer.issue(
      {
        agency: 'grid',
        role: 'GRID_WORKER',
        operator: 'app',
        grids: ['FZ-GL-001'],
        areas: ['350102'],
        purposes: ['HANDLING'],
      },
      86_400,
    );
    const principal = await verifier.verify(`Bearer ${token}`);
    expect(principal).toEqual({
      subject: 'demo:grid:GRID_WORKER',
      issuer: 'https://demo.lianqiao.invalid',
      tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      agency: 'grid',
      role: 'GRID_WORKER',
      unit: null,
      operator: 'app',
      areas: ['350102'],
      grids: ['FZ-GL-001'],
      purposes: ['HANDLING'],
      expiresAt: expect.any(Number),
    });
    expect(principal.expiresAt - before - 86_400).toBeLessThanOrEqual(2);
    const named = await issuer.issue({ agency: 'housing', role: 'SYSTEM', subject: 'h', purposes: ['AUDIT'] }, 1);
    await expect(verifier.verify(`Bearer ${named}`)).resolves.toMatchObject({ subject: 'h', agency: 'housing' });
  });

  test('shows its public key only', () => {
    expect(demo().publicJwks()).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: expect.stringMatching(/^[\w-]{43}$/),
          y: expect.stringMatching(/^[\w-]{43}$/),
          kid: expect.stringMatching(/^demo-[\w-]{16}$/),
          alg: 'ES256',
          use: 'sig',
        },
      ],
    });
  });

  test('keeps its key, readable by its owner alone', async () => {
    const first = demo();
    expect(statSync(keyPath()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['demo-issuer.json']);
    expect(demo().publicJwks()).toEqual(first.publicJwks());
    const token = await demo().issue({ agency: 'police', role: 'SYSTEM', purposes: ['HANDLING'] }, 60);
    const verifier = createVerifier({ issuers: [first.trusted()] });
    await expect(verifier.verify(`Bearer ${token}`)).resolves.toMatchObject({ agency: 'police' });
  });

  test('refuses a key that others can read, and one that is damaged', () => {
    demo();
    chmodSync(keyPath(), 0o640);
    expect(demo).toThrow(new Error(`${keyPath()} can be read by others: delete it, and a new key is made`));
    chmodSync(keyPath(), 0o600);
    const secret = readFileSync(keyPath(), 'utf8');
    writeFileSync(keyPath(), secret.slice(0, -10));
    expect(demo).toThrow(new Error(`${keyPath()} is damaged: delete it, and a new key is made`));
  });

  test('knows no token of another demo issuer', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'lianqiao-'));
    const other = new DemoIssuer({ dataDir: elsewhere, host: '::1', configured: false });
    const token = await other.issue({ agency: 'police', role: 'SYSTEM', purposes: ['HANDLING'] }, 60);
    const verifier = createVerifier({ issuers: [demo().trusted()] });
    await expect(verifier.verify(`Bearer ${token}`)).rejects.toMatchObject({ reason: 'key_unavailable' });
    rmSync(elsewhere, { recursive: true });
  });

  test.each([
    ['an agency', { agency: '*' }],
    ['purposes', { purposes: [] }],
    ['an area', { areas: [''] }],
    ['a subject', { subject: '' }],
  ])('issues nothing with %s that the verifier would refuse', async (_, change) => {
    const claims: DemoClaims = { agency: 'police', role: 'SYSTEM', purposes: ['HANDLING'], ...change };
    await expect(demo().issue(claims, 60)).rejects.toBeInstanceOf(ZodError);
  });

  test.each([0, -1, 86_401, 1.5, Number.NaN])('gives no life of %d seconds', async (ttl) => {
    await expect(demo().issue({ agency: 'police', role: 'SYSTEM', purposes: ['HANDLING'] }, ttl)).rejects.toThrow(
      new RangeError('a demo token lives 1 to 86400 whole seconds'),
    );
  });
});

describe('the demo issuer does not exist', () => {
  test('beside a configuration', () => {
    expect(() => new DemoIssuer({ dataDir, host: '127.0.0.1', configured: true })).toThrow(
      new DemoIssuerRefused(
        'The demo issuer does not exist beside LIANQIAO_CONFIG: take tokens from an issuer that the configuration names.',
      ),
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test.each(['0.0.0.0', '::', '', '192.168.1.7', '127.0.0.2', 'localhost.example', 'LOCALHOST '])('on %j', (host) => {
    expect(() => new DemoIssuer({ dataDir, host, configured: false })).toThrow(DemoIssuerRefused);
    expect(() => assertLoopback(host)).toThrow(DemoIssuerRefused);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test.each(['127.0.0.1', '::1', 'localhost'])('but on %s', (host) => {
    expect(() => assertLoopback(host)).not.toThrow();
  });
});
