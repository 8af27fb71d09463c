import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

// Its types speak of a default export that its CommonJS module does not have: the module itself is the function.
const serialize = canonicalize as unknown as (value: unknown) => string | undefined;

/** The value as canonical JSON (RFC 8785, https://www.rfc-editor.org/rfc/rfc8785) in UTF-8: equal values have equal bytes. */
export function canonicalJson(value: unknown): Buffer {
  const text = serialize(value);
  if (text === undefined) throw new TypeError('undefined is no JSON');
  return Buffer.from(text, 'utf8');
}

/** SHA-256 in hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
