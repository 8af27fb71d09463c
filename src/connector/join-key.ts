import { createHmac } from 'node:crypto';
import { isSubscriber, normalisePhone } from '../codes/phone.ts';
import { normaliseResidentId } from '../codes/resident-id.ts';
import type { JoinKeyForm } from './connector.ts';

/** Forms of personal values: as the number itself, or as a keyed digest for a source that must not see numbers of others. */
export type PersonalForm = Exclude<JoinKeyForm, 'plain'>;

/**
 * The keyed digest under which a caller's number is compared between agencies: HMAC-SHA-256 of the normalised number,
 * base64url. Null for a text that is no number.
 */
export function phoneDigest(secret: Buffer, phone: string): string | null {
  const normal = normalisePhone(phone);
  return normal === null ? null : digestOf(secret, 'phone', normal);
}

/** The same of a 公民身份号码. Null for a text that is none: a wrong check character joins nobody. */
export function idNumberDigest(secret: Buffer, idNumber: string): string | null {
  const normal = normaliseResidentId(idNumber);
  return normal === null ? null : digestOf(secret, 'idNumber', normal);
}

/** The kind of number that crosses to the source in clear under this form; null for a form that sends none. */
export function clearNumber(form: JoinKeyForm): 'phone' | 'idNumber' | null {
  switch (form) {
    case 'plain':
    case 'phoneDigest':
    case 'idNumberDigest':
      return null;
    case 'phone':
    case 'idNumber':
      return form;
  }
}

/** A parent's value as another agency's source is asked for it; null where it is none of its kind. */
export function personalKey(form: PersonalForm, secret: Buffer, value: string): string | null {
  switch (form) {
    case 'phone': {
      const phone = normalisePhone(value);
      // 12345 in a reporter's place would join whoever else wrote it.
      return phone !== null && isSubscriber(phone) ? phone : null;
    }
    case 'idNumber':
      return normaliseResidentId(value);
    case 'phoneDigest':
      return phoneDigest(secret, value);
    case 'idNumberDigest':
      return idNumberDigest(secret, value);
  }
}

/** Of a normalised number. Digests of different kinds never meet: the kind is part of what is digested. */
export function digestOf(secret: Buffer, kind: 'phone' | 'idNumber', normal: string): string {
  return createHmac('sha256', secret).update(`${kind}:${normal}`).digest('base64url');
}
