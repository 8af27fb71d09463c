import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createVerifier, reverifySeconds } from '../../src/identity/verify.ts';
import { ecKey, goodClaims, goodHeader, signed, trusting } from './issuer-kit.ts';

const start = 1_795_000_000;
const key = ecKey('police-key-1');

/** Only `Date` is faked: files and signatures stay real. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start * 1000 }));
afterEach(() => void vi.useRealTimers());

const atSecond = (seconds: number) => vi.setSystemTime((start + seconds) * 1000);
const token = (changes: object = {}) => `Bearer ${signed(key, goodHeader(key), { ...goodClaims(start), ...changes })}`;
const withCache = (cacheSize?: number) =>
  createVerifier({ issuers: [trusting({ keys: [key.jwk] })], ...(cacheSize === undefined ? {} : { cacheSize }) });

describe('the cache', () => {
  test('gives the same principal for the same text, however the scheme is spelled', async () => {
    const verifier = withCache();
    const authorization = token();
    const first = await verifier.verify(authorization);
    expect(await verifier.verify(authorization)).toBe(first);
    expect(await verifier.verify(authorization.replace('Bearer ', 'bearer  '))).toBe(first);
  });

  test('goes by the exact text: a good token opens nothing for one with other claims or another signature', async () => {
    const verifier = withCache();
    const authorization = token();
    await verifier.verify(authorization);
    const [head = '', , signature = ''] = authorization.split('.');
    const [, otherPayload = ''] = token({ role: 'AUDITOR' }).split('.');
    await expect(verifier.verify(`${head}.${otherPayload}.${signature}`)).rejects.toMatchObject({
      reason: 'bad_signature',
    });
    await expect(verifier.verify(`${authorization}\n`)).rejects.toMatchObject({ reason: 'malformed' });
    // The same claims signed anew are another text, and so another entry.
    const again = token();
    expect(again).not.toBe(authorization);
    expect(await verifier.verify(again)).not.toBe(await verifier.verify(authorization));
  });

  test('ends with the token', async () => {
    const verifier = withCache();
    const authorization = token({ exp: start + 20 });
    await verifier.verify(authorization);
    atSecond(24);
    await expect(verifier.verify(authorization)).resolves.toMatchObject({ expiresAt: start + 20 });
    atSecond(25);
    await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'expired' });
  });

  test('refuses a revoked token at once, a copy of it under another signature too, and no other', async () => {
    const verifier = withCache();
    const authorization = token();
    const copy = token();
    await verifier.verify(authorization);
    verifier.revoke('token-40c9e2');
    await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'revoked' });
    await expect(verifier.verify(copy)).rejects.toMatchObject({ reason: 'revoked' });
    await expect(verifier.verify(token({ jti: 'token-other' }))).resolves.toMatchObject({ tokenId: 'token-other' });
  });

  test('a revocation lasts as long as a token with that jti can', async () => {
    const verifier = withCache();
    verifier.revoke('token-40c9e2');
    // Issued at the last moment that the clock tolerance lets through, and of the longest life.
    const authorization = token({ iat: start + 5, exp: start + 3605 });
    for (const second of [1, 1800, 3609]) {
      atSecond(second);
      verifier.revoke(`another-${second}`);
      await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'revoked' });
    }
    atSecond(3610);
    await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'expired' });
  });

  test('holds so many tokens, and lets go of the one used longest ago', async () => {
    const verifier = withCache(2);
    const [a, b, c] = [token({ jti: 'a' }), token({ jti: 'b' }), token({ jti: 'c' })];
    const firstA = await verifier.verify(a);
    const firstB = await verifier.verify(b);
    expect(await verifier.verify(a)).toBe(firstA);
    await verifier.verify(c);
    expect(await verifier.verify(a)).toBe(firstA);
    expect(await verifier.verify(b)).not.toBe(firstB);
  });

  test('can be off', async () => {
    const verifier = withCache(0);
    const authorization = token();
    expect(await verifier.verify(authorization)).not.toBe(await verifier.verify(authorization));
    expect(() => withCache(-1)).toThrow(new RangeError('cacheSize must be a whole number from 0'));
  });

  test('remembers no refusal: what fails now may pass once the key is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianqiao-'));
    const path = join(folder, 'jwks.json');
    try {
      writeFileSync(path, JSON.stringify({ keys: [] }));
      const verifier = createVerifier({ issuers: [trusting(path)] });
      const authorization = token();
      await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'key_unavailable' });
      writeFileSync(path, JSON.stringify({ keys: [key.jwk] }));
      atSecond(1);
      await expect(verifier.verify(authorization)).resolves.toMatchObject({ agency: 'police' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('lets a cached token die within a minute of its key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianqiao-'));
    const path = join(folder, 'jwks.json');
    try {
      writeFileSync(path, JSON.stringify({ keys: [key.jwk] }));
      const verifier = createVerifier({ issuers: [trusting(path)] });
      const authorization = token();
      const first = await verifier.verify(authorization);
      writeFileSync(path, JSON.stringify({ keys: [ecKey('police-key-2').jwk] }));
      atSecond(reverifySeconds - 1);
      expect(await verifier.verify(authorization)).toBe(first);
      atSecond(reverifySeconds);
      await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'key_unavailable' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a clock that is set back keeps nothing alive', async () => {
    const verifier = withCache();
    const authorization = token();
    await verifier.verify(authorization);
    atSecond(-60);
    await expect(verifier.verify(authorization)).rejects.toMatchObject({ reason: 'not_yet_valid' });
  });

  test('costs microseconds', async () => {
    const verifier = withCache();
    const authorization = token();
    await verifier.verify(authorization);
    const perCall = async (calls: number): Promise<number> => {
      const before = process.hrtime.bigint();
      for (let i = 0; i < calls; i++) await verifier.verify(authorization);
      return Number(process.hrtime.bigint() - before) / 1000 / calls;
    };
    await perCall(2000);
    const rounds = [await perCall(2000), await perCall(2000), await perCall(2000)];
    // A signature alone costs more than the limit.
    expect(Math.min(...rounds)).toBeLessThan(40);
  });
});
