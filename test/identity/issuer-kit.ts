import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { IssuerConfig } from '../../src/identity/issuers.ts';

/** An issuer of tests: real keys, and signatures over any bytes, well formed or not. */
export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As its JWKS shows it. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

export function ecKey(kid: string, namedCurve: 'P-256' | 'P-384' = 'P-256'): TestKey {
  return testKey(kid, generateKeyPairSync('ec', { namedCurve }));
}

export function edKey(kid: string): TestKey {
  return testKey(kid, generateKeyPairSync('ed25519'));
}

export function rsaKey(kid: string, modulusLength = 2048): TestKey {
  return testKey(kid, generateKeyPairSync('rsa', { modulusLength }));
}

function testKey(kid: string, pair: { privateKey: KeyObject; publicKey: KeyObject }): TestKey {
  return { kid, ...pair, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid } };
}

export const policeIssuer = 'https://idp.police.example';

export function trusting(jwks: IssuerConfig['jwks'], changes: Partial<IssuerConfig> = {}): IssuerConfig {
  return {
    issuer: policeIssuer,
    jwks,
    agencies: ['police'],
    algorithms: ['ES256', 'EdDSA'],
    types: ['at+jwt', 'JWT'],
    maxTokenAgeSeconds: 3600,
    clockToleranceSeconds: 5,
    audience: 'lianqiao',
    ...changes,
  };
}

/** Claims that are all in order, at this second. */
export function goodClaims(nowSeconds: number): Record<string, unknown> {
  return {
    iss: policeIssuer,
    sub: 'officer-6b1f07',
    aud: 'lianqiao',
    iat: nowSeconds,
    exp: nowSeconds + 600,
    jti: 'token-40c9e2',
    agency: 'police',
    role: 'HANDLER',
    unit: 'gulou-station-77',
    operator: 'duty-desk-3d',
    areas: ['350102', '350102001'],
    grids: ['FZ-GL-001'],
    purposes: ['HANDLING', 'FOLLOW_UP'],
  };
}

export function goodHeader(key: TestKey, alg = 'ES256'): Record<string, unknown> {
  return { alg, typ: 'at+jwt', kid: key.kid };
}

export type Part = Readonly<Record<string, unknown>> | string | Buffer;

/** Base64url of an object as JSON, or of the very text or bytes. */
export function encoded(part: Part): string {
  if (typeof part === 'string' || Buffer.isBuffer(part)) return Buffer.from(part).toString('base64url');
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A compact JWS over any header and payload. */
export function signed(key: TestKey, header: Part, payload: Part): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${signature(key, input).toString('base64url')}`;
}

export function signature(key: TestKey, input: string): Buffer {
  if (key.privateKey.asymmetricKeyType === 'ed25519') return sign(null, Buffer.from(input), key.privateKey);
  const digest = key.privateKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
  return sign(digest, Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
}

/** What an attacker makes who takes the public key for a shared secret. */
export function hmacSigned(secret: string | Buffer, header: Part, payload: Part): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
