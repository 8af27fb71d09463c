import { UnauthenticatedError } from './errors.ts';
import { parseStrictJson } from './strict-json.ts';

const maxTokenBytes = 8 * 1024;

/** A signed token, taken apart and not yet verified. */
export interface CompactToken {
  /** The exact text. */
  readonly text: string;
  readonly header: Readonly<Record<string, unknown>>;
  /** Not to be believed before the signature is verified; its `iss` only chooses the keys. */
  readonly unverified: Readonly<Record<string, unknown>>;
}

/**
 * The token's text in an `Authorization` value (RFC 6750 section 2.1; the scheme's letter case does not count, RFC 9110
 * section 11.1). Throws `UnauthenticatedError`: `missing`, `too_large`, or `malformed` when it is anything but three
 * base64url parts, each in its one canonical spelling: no padding, no white space, no stray bits. Otherwise the same
 * token could be spelled in many ways and slip past whatever goes by its text.
 */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw new UnauthenticatedError('missing');
  // Tested first: nothing below may run over a text of any length.
  if (authorization.length > maxTokenBytes + 'Bearer '.length) throw new UnauthenticatedError('too_large');
  const text = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(authorization)?.[1];
  if (text === undefined || !text.split('.').every(isCanonical)) throw new UnauthenticatedError('malformed');
  return text;
}

/** Header and payload as JSON objects without repeated names. Throws `UnauthenticatedError` `malformed`. */
export function takeApart(text: string): CompactToken {
  const [header = '', payload = ''] = text.split('.');
  return { text, header: decodeObject(header), unverified: decodeObject(payload) };
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function decodeObject(part: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseStrictJson(Buffer.from(part, 'base64url'));
  } catch {
    throw new UnauthenticatedError('malformed');
  }
  if (!isObject(value)) throw new UnauthenticatedError('malformed');
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
