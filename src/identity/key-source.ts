import { open } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type CryptoKey, type JSONWebKeySet } from 'jose';
import { CheckedKeySet } from './checked-key-set.ts';
import { UnauthenticatedError } from './errors.ts';
import { jwksLocation, type IssuerConfig } from './issuers.ts';
import type { KeyProblem } from './public-keys.ts';
import { parseStrictJson } from './strict-json.ts';

/** The checked public keys of one issuer. */
export interface KeySource {
  /** The key of this name, for this algorithm. Rejects with `UnauthenticatedError` `key_unavailable`. */
  key(alg: string, kid: string): Promise<CryptoKey>;
}

/** How long a key set from a URL is used before it must be asked for again, in seconds. */
export const keySetMaxAgeSeconds = 30;
/** From this age on it is asked for in the background, so that no caller waits for it. */
const refreshAfterMs = 15_000;
/** A key that the set lacks causes one more request, but no more often than this. */
const cooldownMs = 5_000;
const timeoutMs = 3_000;
/** A file is looked at no more often than this. */
const fileCheckMs = 1_000;
const maxBytes = 256 * 1024;

type Resolver = (header: { readonly alg: string; readonly kid: string }) => Promise<CryptoKey>;

/** Opens an issuer's keys: in memory, in a file (read again once it has changed) or at a URL (cached, refreshed). */
export function openKeySource(issuer: IssuerConfig, onProblem: (problem: KeyProblem) => void): KeySource {
  const checked = new CheckedKeySet(issuer, onProblem);
  if (typeof issuer.jwks !== 'string') return new MemoryKeys(issuer.jwks, checked);
  const location = jwksLocation(issuer.jwks);
  switch (location.kind) {
    case 'file':
      return new FileKeys(location.path, checked);
    case 'url':
      return new UrlKeys(location.url, checked);
    case 'refused':
      throw new TypeError(`jwks of the issuer ${issuer.issuer} ${location.why}`);
  }
}

class MemoryKeys implements KeySource {
  readonly #load: () => Promise<Resolver>;
  #resolver: Promise<Resolver> | null = null;

  constructor(jwks: object, checked: CheckedKeySet) {
    this.#load = async () => createLocalJWKSet(await checked.read(() => Promise.resolve(jwks)));
  }

  key(alg: string, kid: string): Promise<CryptoKey> {
    this.#resolver ??= this.#load();
    return resolve(this.#resolver, alg, kid);
  }
}

class FileKeys implements KeySource {
  readonly #path: string;
  readonly #checked: CheckedKeySet;
  #lookedAt = 0;
  #stamp = '';
  #raw: unknown = null;
  #keys: JSONWebKeySet | null = null;
  #resolver: Promise<Resolver> | null = null;
  #local: Resolver | null = null;

  constructor(path: string, checked: CheckedKeySet) {
    this.#path = path;
    this.#checked = checked;
  }

  key(alg: string, kid: string): Promise<CryptoKey> {
    const age = Date.now() - this.#lookedAt;
    if (this.#resolver === null || age < 0 || age >= fileCheckMs) {
      this.#lookedAt = Date.now();
      this.#resolver = this.#look();
    }
    return resolve(this.#resolver, alg, kid);
  }

  async #look(): Promise<Resolver> {
    const keys = await this.#checked.read(() => this.#readIfChanged());
    if (this.#local === null || keys !== this.#keys) this.#local = createLocalJWKSet(keys);
    this.#keys = keys;
    return this.#local;
  }

  async #readIfChanged(): Promise<unknown> {
    const file = await open(this.#path);
    try {
      const { mtimeNs, size, ino } = await file.stat({ bigint: true });
      const stamp = `${mtimeNs}/${size}/${ino}`;
      if (stamp === this.#stamp) return this.#raw;
      if (size > maxBytes) throw new RangeError('larger than 256 KiB');
      this.#raw = parseStrictJson(await file.readFile());
      this.#stamp = stamp;
      return this.#raw;
    } finally {
      await file.close();
    }
  }
}

class UrlKeys implements KeySource {
  readonly #remote: ReturnType<typeof createRemoteJWKSet>;
  #askedAt: number | null = null;

  constructor(url: URL, checked: CheckedKeySet) {
    this.#remote = createRemoteJWKSet(url, {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: keySetMaxAgeSeconds * 1000,
      // The library must not see a key that was not checked.
      [customFetch]: async (address, options) => {
        this.#askedAt = Date.now();
        return Response.json(await checked.read(() => fetchJson(address, options)));
      },
    });
  }

  key(alg: string, kid: string): Promise<CryptoKey> {
    if (this.#askedAt !== null && Math.abs(Date.now() - this.#askedAt) > refreshAfterMs) {
      // Its failure was told already, and the set in use stays until it is too old.
      this.#remote.reload().catch(() => undefined);
    }
    return resolve(Promise.resolve(this.#remote), alg, kid);
  }
}

async function resolve(resolver: Promise<Resolver>, alg: string, kid: string): Promise<CryptoKey> {
  try {
    return await (
      await resolver
    )({ alg, kid });
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) throw new UnauthenticatedError('key_unavailable');
    throw new UnauthenticatedError('key_unavailable', 'its key set cannot be read at the moment');
  }
}

async function fetchJson(address: string, options: RequestInit): Promise<unknown> {
  const response = await fetch(address, options);
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`its URL answered with status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new RangeError('larger than 256 KiB');
    chunks.push(chunk);
  }
  return parseStrictJson(Buffer.concat(chunks));
}
