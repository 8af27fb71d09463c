import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { grantClaims, subjectText } from './claims.ts';
import { demoIssuerName, tokenTypes, type IssuerConfig } from './issuers.ts';
import { makeFolder } from '../config/make-folder.ts';

/** Longest life of a demo token, in seconds. */
export const demoMaxTokenAgeSeconds = 86_400;

/** What a demo token says; `subject` defaults to `demo:AGENCY:ROLE`. */
export const demoClaims = grantClaims.extend({ subject: subjectText.exactOptional() });
export type DemoClaims = z.input<typeof demoClaims>;

const demoKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
});

export interface DemoIssuerOptions {
  /** The key is kept in `DATA_DIR/keys/demo-issuer.json`, readable by its owner alone, and made on first use. */
  readonly dataDir: string;
  /** The address that the hub listens on. */
  readonly host: string;
  /** Whether the hub has a configuration (`LIANQIAO_CONFIG`), and with it real issuers. */
  readonly configured: boolean;
}

/** There is no demo issuer here: it speaks for every agency, so it must not exist where others can reach the hub. */
export class DemoIssuerRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DemoIssuerRefused';
  }
}

/** Throws `DemoIssuerRefused` unless the host names this machine only. */
export function assertLoopback(host: string): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(host)) return;
  throw new DemoIssuerRefused(
    `The demo issuer works on loopback only, and the hub listens on "${host}": set HOST to 127.0.0.1, or name real issuers in LIANQIAO_CONFIG.`,
  );
}

/** Issues tokens of any agency for a trial on one machine. Its constructor throws `DemoIssuerRefused` anywhere else. */
export class DemoIssuer {
  readonly #key: z.output<typeof demoKey>;

  constructor({ dataDir, host, configured }: DemoIssuerOptions) {
    if (configured) {
      throw new DemoIssuerRefused(
        'The demo issuer does not exist beside LIANQIAO_CONFIG: take tokens from an issuer that the configuration names.',
      );
    }
    assertLoopback(host);
    this.#key = keptKey(join(dataDir, 'keys'));
  }

  /** The public key, as `/.well-known/jwks.json` shows it (RFC 7517). */
  publicJwks(): JSONWebKeySet {
    const { kty, crv, x, y, kid, alg } = this.#key;
    return { keys: [{ kty, crv, x, y, kid, alg, use: 'sig' }] };
  }

  /** The demo issuer as the verifier takes it. */
  trusted(): IssuerConfig {
    return {
      issuer: demoIssuerName,
      jwks: this.publicJwks(),
      agencies: '*',
      algorithms: ['ES256'],
      types: tokenTypes,
      maxTokenAgeSeconds: demoMaxTokenAgeSeconds,
      clockToleranceSeconds: 5,
      audience: 'lianqiao',
    };
  }

  /** A signed token. `ttlSeconds`: 1 to 86,400. Rejects with `ZodError` or `RangeError` for what no token may say. */
  async issue(claims: DemoClaims, ttlSeconds: number): Promise<string> {
    const { subject, ...granted } = demoClaims.parse(claims);
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > demoMaxTokenAgeSeconds) {
      throw new RangeError(`a demo token lives 1 to ${demoMaxTokenAgeSeconds} whole seconds`);
    }
    const issuedAt = Math.floor(Date.now() / 1000);
    return new SignJWT(granted)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.#key.kid })
      .setIssuer(demoIssuerName)
      .setSubject(subject ?? `demo:${granted.agency}:${granted.role}`)
      .setAudience('lianqiao')
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds)
      .setJti(randomUUID())
      .sign(await importJWK(this.#key));
  }
}

function keptKey(folder: string): z.output<typeof demoKey> {
  const path = join(folder, 'demo-issuer.json');
  makeFolder(folder, 0o700);
  makeOnce(path);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`${path} can be read by others: delete it, and a new key is made`);
  }
  try {
    return demoKey.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new Error(`${path} is damaged: delete it, and a new key is made`);
  }
}

/** The hub and the command may come at the same time: a link appears whole or not at all, and only the first counts. */
function makeOnce(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(newKey()), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

function newKey(): z.output<typeof demoKey> {
  const { kty, crv, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const kid = `demo-${createHash('sha256').update(`${x}.${y}`).digest('base64url').slice(0, 16)}`;
  return demoKey.parse({ kty, crv, x, y, d, kid, alg: 'ES256' });
}
