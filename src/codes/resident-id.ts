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
