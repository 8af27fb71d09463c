import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { fromBase64url, isBase64url } from './base64url.ts';
import { base64url, count } from './shapes.ts';

const PREFIX = 'hmac-sha256:';
const SALT_BYTES = 16;

/** Stands in an entry for a personal identifier: `hmac-sha256:` and 43 characters. */
export type Commitment = string & { readonly __brand: 'Commitment' };

export function isCommitment(text: unknown): text is Commitment {
  return typeof text === 'string' && text.startsWith(PREFIX) && isBase64url(text.slice(PREFIX.length), 32);
}

export const commitmentShape = z.custom<Commitment>(isCommitment, 'must be a commitment');

export const openingShape = z
  .strictObject({
    commitment: commitmentShape,
    salt: base64url(SALT_BYTES),
    seq: count,
    value: z.string(),
  })
  .readonly();

/** What tells a commitment's value, kept outside the tree: without it nobody can find the value out, nor change it. */
export type Opening = z.output<typeof openingShape>;

/** Commits to a value under a new salt. */
export function commit(seq: number, value: string): Opening {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  return { commitment: commitmentOf(salt, value), salt, seq, value };
}

/** HMAC-SHA256 (RFC 2104) of the value in UTF-8, the salt's 16 bytes as key. */
export function commitmentOf(salt: string, value: string): Commitment {
  const mac = createHmac('sha256', fromBase64url(salt)).update(value, 'utf8').digest('base64url');
  return `${PREFIX}${mac}` as Commitment;
}

const start = Buffer.from(`"${PREFIX}`);
const LENGTH = PREFIX.length + 43;

/**
 * The commitments of an entry: its strings that begin with `hmac-sha256:`. Null when one of them is none. No body is parsed:
 * in canonical bytes a quotation mark without a backslash before it begins or ends a string.
 */
export function commitmentsIn(entry: Buffer): ReadonlySet<Commitment> | null {
  const found = new Set<Commitment>();
  for (let at = entry.indexOf(start); at >= 0; at = entry.indexOf(start, at + 1)) {
    if (entry[at - 1] === 0x5c) continue;
    const text = entry.toString('latin1', at + 1, at + 1 + LENGTH);
    if (!isCommitment(text) || entry[at + 1 + LENGTH] !== 0x22) return null;
    found.add(text);
  }
  return found;
}
