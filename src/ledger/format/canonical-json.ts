import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

// Its types speak of a default export that its CommonJS module does not have: the module itself is the function.
const serialize = canonicalize as unknown as (value: unknown) => string | undefined;

/** Half of a surrogate pair is written as an escape; an escaped backslash before a `u` is not one. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/**
 * The value as canonical JSON (RFC 8785, https://www.rfc-editor.org/rfc/rfc8785) in UTF-8: equal values have equal bytes.
 * TypeError for what is no JSON: undefined, half a surrogate pair. Error for NaN and infinities.
 */
export function canonicalJson(value: unknown): Buffer {
  const text = serialize(value);
  if (text === undefined) throw new TypeError('undefined is no JSON');
  if (text.includes('\\ud') && loneSurrogate.test(text)) throw new TypeError('half a surrogate pair is no text');
  return Buffer.from(text, 'utf8');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value of these bytes. Null when they are no UTF-8, no JSON or not canonical: two names that are alike included. */
export function readCanonicalJson(bytes: Buffer): { readonly value: unknown } | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return canonicalJson(value).equals(bytes) ? { value } : null;
  } catch {
    // Whatever fails on bytes of a stranger, the stack of a value nested too deep included: they are not canonical.
    return null;
  }
}

/** SHA-256 in hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
