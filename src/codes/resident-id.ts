import { isDate } from './date-time.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** Whether the text is a 公民身份号码: 18 characters, a real birth date, the right check character (GB 11643). */
export function isResidentId(text: string): boolean {
  return (
    /^\d{17}[\dX]$/.test(text) &&
    isDate(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`) &&
    residentIdCheckCharacter(text.slice(0, 17)) === text.charAt(17)
  );
}

/** The 18th character for the first 17 digits (GB 11643). Throws RangeError on any other text. */
export function residentIdCheckCharacter(first17: string): string {
  if (!/^\d{17}$/.test(first17)) {
    throw new RangeError('Expected the 17 digits that come before the check character of a resident ID');
  }
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17.charAt(i)), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/**
 * The number as the standard writes it, or null for a text that is none: spaces and full-width forms folded, x as X, and the
 * 15 digits of before 1999 (a birth year of two digits, always 19…) with the century and the check character that they lack.
 */
export function normaliseResidentId(text: string): string | null {
  if (text.length > 64) return null;
  const plain = text.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase();
  const first17 = /^\d{15}$/.test(plain) ? `${plain.slice(0, 6)}19${plain.slice(6)}` : null;
  const whole = first17 === null ? plain : `${first17}${residentIdCheckCharacter(first17)}`;
  return isResidentId(whole) ? whole : null;
}
