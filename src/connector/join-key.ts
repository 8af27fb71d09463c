import { createHmac } from 'node:crypto';
import { normalisePhone } from '../codes/phone.ts';
import { normaliseResidentId } from '../codes/resident-id.ts';
import type { JoinKeyForm } from './connector.ts';

/** Forms of personal values: they are compared as keyed digests, so that none crosses between agencies in clear. */
export type PersonalForm = Exclude<JoinKeyForm, 'plain'>;

/**
 * The keyed digest under which a caller's number is compared between agencies: HMAC-SHA-256 of the normalised number,
 * base64url. Null for a text that is no number.
 */
export function phoneDigest(secret: Buffer, phone: string): string | null {
  return digest(secret, 'phone', normalisePhone(phone));
}

/** The same of a 公民身份号码. Null for a text that is none: a wrong check character joins nobody. */
export function idNumberDigest(secret: Buffer, idNumber: string): string | null {
  return digest(secret, 'idNumber', normaliseResidentId(idNumber));
}

/** A parent's value as another agency's source is asked for it; null where it is none of its kind. */
export function personalKey(form: PersonalForm, secret: Buffer, value: string): string | null {
  switch (form) {
    case 'phoneDigest':
      return phoneDigest(secret, value);
    case 'idNumberDigest':
      return idNumberDigest(secret, value);
  }
}

/** Digests of different kinds never meet: the kind is part of what is digested. */
function digest(secret: Buffer, kind: string, normal: string | null): string | null {
  return normal === null ? null : createHmac('sha256', secret).update(`${kind}:${normal}`).digest('base64url');
}
