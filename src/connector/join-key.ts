import { createHmac } from 'node:crypto';
import { normalisePhone } from '../codes/phone.ts';

/**
 * The keyed digest under which a caller's number is compared between agencies, so that no number crosses in clear:
 * HMAC-SHA-256 of the normalised number, base64url. Null for a text that is no number.
 */
export function phoneDigest(secret: Buffer, phone: string): string | null {
  const normal = normalisePhone(phone);
  return normal === null ? null : createHmac('sha256', secret).update(`phone:${normal}`).digest('base64url');
}
