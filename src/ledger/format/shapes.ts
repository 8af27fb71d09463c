import { z } from 'zod';
import { HASH_BYTES } from '../merkle/hash.ts';
import { isBase64url } from './base64url.ts';
import { isLedgerTime } from './ledger-time.ts';
import { isLogId } from './log-id.ts';
import { algorithmIds, type KeyId } from './signature.ts';

// The smallest parts of every line, as they are read from strangers.

export const count = z.int().min(0);
export const time = z.string().refine(isLedgerTime, 'must be a time like 2026-11-23T09:30:00.123+08:00');
export const logId = z.string().refine(isLogId, 'must be a UUID in lower case');
export const algorithm = z.enum(algorithmIds);
export const hash = base64url(HASH_BYTES);
export const keyId = z.custom<KeyId>(
  (text) => typeof text === 'string' && isBase64url(text, HASH_BYTES),
  'must be the id of a key',
);
/** An agency's name: `police`. */
export const agency = z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be the name of an agency');

/** Base64url without padding of exactly this many bytes. */
export function base64url(bytes: number): z.ZodString {
  return z.string().refine((text) => isBase64url(text, bytes), `must be base64url of ${bytes} bytes`);
}
