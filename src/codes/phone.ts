/** Mobile numbers have 11 digits and start with 13 to 19. */
const MOBILE = /^1[3-9]\d{9}$/;
/** Area codes: 010 and 02x have three digits, all others four. */
const LANDLINE = /^(010|02\d|0[3-9]\d{2})-?(\d{7,8})$/;
/** Service and short numbers: 110, 12345, 95588. */
const SHORT = /^\d{3,6}$/;

/** Whether the text is a normalised number: `13812345678`, `0591-87654321` or a short number of 3 to 6 digits. */
export function isPhone(text: string): boolean {
  return MOBILE.test(text) || SHORT.test(text) || (text.includes('-') && LANDLINE.test(text));
}

/**
 * The normalised form of a number as people and systems write it, or null for a text that is no number. Spaces,
 * dashes, dots, brackets, the country's prefix (+86, 0086, 86), full-width forms and extensions are dropped.
 */
export function normalisePhone(text: string): string | null {
  if (text.length > 64) return null;
  const written = withoutExtension(foldFullWidth(text).trim());
  if (!/^\+?[\d\s\-‐-―.·()[\]]+$/.test(written)) return null;
  const plus = written.startsWith('+');
  const digits = written.replace(/\D/g, '');
  if (plus) return digits.startsWith('86') ? withoutCountry(digits.slice(2)) : null;
  if (digits.startsWith('0086')) return withoutCountry(digits.slice(4));
  // A domestic number of more than six digits starts with 0 or 1, so that 86 can only be the country.
  if (digits.startsWith('86') && digits.length > 6) return withoutCountry(digits.slice(2));
  return domestic(digits);
}

/** After the country's prefix an area code stands without its 0. */
function withoutCountry(digits: string): string | null {
  return domestic(digits) ?? domestic(`0${digits}`);
}

function domestic(digits: string): string | null {
  if (MOBILE.test(digits) || SHORT.test(digits)) return digits;
  const landline = LANDLINE.exec(digits);
  return landline === null ? null : `${landline[1]}-${landline[2]}`;
}

function withoutExtension(text: string): string {
  const named = /^(.*?\d.*?)\s*(?:转|轉|分机号?|ext\.?|x|#|,|;)\s*:?\s*\d{1,6}$/i.exec(text);
  if (named !== null) return named[1] ?? text;
  const dashed = /^((?:\+?86[\s-]?|0086[\s-]?)?\(?0\d{2,3}[)\s-]{0,2}\d{7,8}|1\d{10})-\d{1,6}$/.exec(text);
  return dashed?.[1] ?? text;
}

/** Full-width ASCII (U+FF01 to U+FF5E) and the ideographic space, as ASCII. */
function foldFullWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000【】〔〕]/g, ' ');
}
