/** The 31 characters of GB 32100: no I, O, S, V, Z. A character's place is its value. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const SHAPE = /^[0-9A-HJ-NPQRTUWXY]{18}$/;

/** Whether the text is a 统一社会信用代码: 18 characters, both check characters right (GB 32100, GB 11714). */
export function isUscc(text: string): boolean {
  return (
    SHAPE.test(text) &&
    organisationCheckCharacter(text.slice(8, 16)) === text.charAt(16) &&
    usccCheckCharacter(text.slice(0, 17)) === text.charAt(17)
  );
}

/** The 18th character for the first 17 (GB 32100). Throws RangeError on any other text. */
export function usccCheckCharacter(first17: string): string {
  const values = [...first17].map((c) => ALPHABET.indexOf(c));
  if (values.length !== WEIGHTS.length || values.includes(-1)) {
    throw new RangeError('Expected the 17 characters that come before the check character of a USCC');
  }
  return ALPHABET.charAt((31 - (weightedSum(values, WEIGHTS) % 31)) % 31);
}

/** The 9th character of an organisation code for its first 8 (GB 11714). Throws RangeError on any other text. */
export function organisationCheckCharacter(first8: string): string {
  if (!/^[0-9A-Z]{8}$/.test(first8)) {
    throw new RangeError('Expected the 8 characters that come before the check character of an organisation code');
  }
  // Base 36 gives A=10 to Z=35, as the standard does.
  const values = [...first8].map((c) => Number.parseInt(c, 36));
  const check = 11 - (weightedSum(values, ORGANISATION_WEIGHTS) % 11);
  if (check === 10) return 'X';
  return check === 11 ? '0' : String(check);
}

/**
 * A whole USCC from its first 8 characters (registering department, kind, division: `91350102`) and the first 8 of its
 * organisation code. Throws RangeError on characters outside the alphabet.
 */
export function completeUscc(registration: string, organisation: string): string {
  const first17 = `${registration}${organisation}${organisationCheckCharacter(organisation)}`;
  return `${first17}${usccCheckCharacter(first17)}`;
}

function weightedSum(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
}
