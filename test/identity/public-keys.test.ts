import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SignatureAlgorithm } from '../../src/identity/issuers.ts';
import { usablePublicKeys } from '../../src/identity/public-keys.ts';
import { ecKey, edKey, rsaKey } from './issuer-kit.ts';

const every: readonly SignatureAlgorithm[] = ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'];

async function sorted(keys: readonly unknown[], algorithms = every) {
  const refused: [string | null, string][] = [];
  const set = await usablePublicKeys({ keys }, algorithms, (kid, problem) => refused.push([kid, problem]));
  return { kept: set.keys.map((key) => key.kid), refused };
}

const refusal = async (key: unknown, algorithms = every) => (await sorted([key], algorithms)).refused[0]?.[1];

const ec = ecKey('ec');
const ec384 = ecKey('ec384', 'P-384');
const ed = edKey('ed');
const rsa = rsaKey('rsa');

const flipped = (text: unknown): string => {
  const bytes = Buffer.from(String(text), 'base64url');
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return bytes.toString('base64url');
};

describe('usablePublicKeys', () => {
  test('keeps good keys of every kind, with nothing but the members it checked', async () => {
    const decorated = {
      ...ec.jwk,
      use: 'sig',
      key_ops: ['verify'],
      alg: 'ES256',
      x5u: 'https://evil.example',
      ext: true,
    };
    const set = await usablePublicKeys({ keys: [decorated, ec384.jwk, ed.jwk, rsa.jwk] }, every, (kid, problem) => {
      throw new Error(`${kid}: ${problem}`);
    });
    expect(set).toEqual({
      keys: [{ ...ec.jwk, use: 'sig', key_ops: ['verify'], alg: 'ES256' }, ec384.jwk, ed.jwk, rsa.jwk],
    });
  });

  test('a bad key costs no good one', async () => {
    expect(await sorted([{ ...rsa.jwk, e: 'AQ', kid: 'one' }, ec.jwk, 7, ed.jwk])).toEqual({
      kept: ['ec', 'ed'],
      refused: [
        ['one', 'the RSA exponent must be odd and 65,537 or more'],
        [null, 'not a JWK'],
      ],
    });
  });

  test.each([
    ['private EC', { ...ec.privateKey.export({ format: 'jwk' }), kid: 'k' }],
    ['private Ed25519', { ...ed.privateKey.export({ format: 'jwk' }), kid: 'k' }],
    ['private RSA', { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'k' }],
    ['symmetric', { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ', kid: 'k' }],
  ])('refuses a %s key', async (_, key) => {
    expect(await refusal(key)).toBe('a private or symmetric key has no place in a JWKS');
  });

  test.each([
    ['e = 1', 'AQ'],
    ['e = 3', 'Aw'],
    ['e = 65,535', '__8'],
    ['e = 65,538, even', 'AQAC'],
    ['e = 1 with leading zeros', 'AAAAAQ'],
    ['e of nine octets', 'AQAAAAAAAAAB'],
  ])('refuses RSA with %s', async (_, e) => {
    expect(await refusal({ ...rsa.jwk, e })).toBe('the RSA exponent must be odd and 65,537 or more');
  });

  test('refuses RSA moduli that are short, padded to look long, or even', async () => {
    const problem = 'the RSA modulus must be odd and have 2,048 to 8,192 bits';
    const short = rsaKey('short', 1024);
    const padded = Buffer.concat([Buffer.alloc(128), Buffer.from(String(short.jwk['n']), 'base64url')]);
    const even = Buffer.from(String(rsa.jwk['n']), 'base64url');
    even[255] = (even[255] ?? 0) & 0xfe;
    expect(await refusal(short.jwk)).toBe(problem);
    expect(await refusal({ ...short.jwk, n: padded.toString('base64url') })).toBe(problem);
    expect(await refusal({ ...rsa.jwk, n: even.toString('base64url') })).toBe(problem);
    expect(await refusal({ ...rsa.jwk, n: Buffer.alloc(1025, 0xff).toString('base64url') })).toBe(problem);
  });

  test('refuses points that are not on the declared curve', async () => {
    expect(await refusal({ ...ec.jwk, x: flipped(ec.jwk['x']) })).toBe('not a valid key of its kind');
    expect(await refusal({ ...ec.jwk, crv: 'P-384' })).toBe('not a valid key of its kind');
    expect(await refusal({ ...ed.jwk, x: String(ed.jwk['x']).slice(0, 40) })).toBe('not a valid key of its kind');
    expect(await refusal({ ...ec.jwk, crv: 'secp256k1' })).toBe(
      'not a public RSA, P-256, P-384 or Ed25519 key for signatures, with a kid',
    );
  });

  test('refuses Ed25519 keys of small order, under which a signature needs no secret', async () => {
    const identity = Buffer.alloc(32);
    identity[0] = 1;
    const forged = Buffer.concat([identity, Buffer.alloc(32)]);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: identity.toString('base64url') };
    // The danger is real: the platform accepts this signature for any text.
    expect(verify(null, Buffer.from('any text'), createPublicKey({ key: jwk, format: 'jwk' }), forged)).toBe(true);
    expect(await refusal({ ...jwk, kid: 'k' })).toBe('the Ed25519 key has a small order');

    const orderEight = '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85';
    const x = Buffer.from(orderEight, 'hex').toString('base64url');
    expect(await refusal({ ...jwk, kid: 'k', x })).toBe('the Ed25519 key has a small order');
  });

  test.each([
    ['without kid', { ...ec.jwk, kid: undefined }],
    ['with an empty kid', { ...ec.jwk, kid: '' }],
    ['for encryption', { ...ec.jwk, use: 'enc' }],
    ['whose operations lack verify', { ...ec.jwk, key_ops: ['deriveKey'] }],
    ['with padding in a number', { ...ec.jwk, x: `${String(ec.jwk['x'])}=` }],
  ])('refuses a key %s', async (_, key) => {
    expect(await refusal(key)).toBe('not a public RSA, P-256, P-384 or Ed25519 key for signatures, with a kid');
  });

  test('refuses keys for algorithms that the issuer may not use', async () => {
    const problem = 'for an algorithm that this issuer may not use';
    expect(await refusal(rsa.jwk, ['ES256'])).toBe(problem);
    expect(await refusal({ ...rsa.jwk, alg: 'RS256' }, ['PS256'])).toBe(problem);
    expect(await refusal({ ...rsa.jwk, alg: 'RSA-OAEP' })).toBe(problem);
    expect(await refusal({ ...ec.jwk, alg: 'ES384' })).toBe(problem);
  });

  test('refuses all keys that share a kid: which one is meant is a guess', async () => {
    expect(await sorted([ec.jwk, { ...ed.jwk, kid: 'ec' }, rsa.jwk])).toEqual({
      kept: ['rsa'],
      refused: [
        ['ec', 'several keys have this kid'],
        ['ec', 'several keys have this kid'],
      ],
    });
  });

  test.each([[null], [[]], [{}], [{ keys: {} }], [{ keys: Array(101).fill({}) }]])('%j is no key set', async (jwks) => {
    await expect(usablePublicKeys(jwks, every, () => undefined)).rejects.toThrow(
      new TypeError('not a JWKS with at most 100 keys'),
    );
  });
});
