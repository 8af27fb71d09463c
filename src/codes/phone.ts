/** Mobile numbers have 11 digits and start with 13 to 19. */
const MOBILE = /^1[3-9]\d{9}$/;
/** Area codes: 010 and 02x have three digits, all others four. */
const LANDLINE = /^(010|02\d|0[3-9]\d{2})-?(\d{7,8})$/;
/** Service numbers that are dialled alike everywhere: 400-800-1234. */
const SERVICE = /^[48]00\d{7}$/;
/** Short numbers: 110, 12345, 95588. */
const SHORT = /^\d{3,6}$/;
/** A landline within its own area: no such number begins with 0, 1 or 9. */
const LOCAL = /^[2-8]\d{6,7}$/;
/** What is dialled before a number so that another network carries the call. */
const CARRIER = /^(?:179\d\d|12593|10193)(?=0?1[3-9]\d{9}$|0\d{9,11}$)/;
/** What stands between several numbers in one column. */
const SEVERAL = /[/\\、,，;；|或]/;

/** How numbers are read that do not say all of themselves. */
export interface PhoneOptions {
  /** The area code, `0591`, that landlines without one belong to. Left out: such a number cannot be read. */
  readonly areaCode?: string;
}

/** Whether the text is a normalised number: `13812345678`, `0591-87654321`, `4008001234` or a short number of 3 to 6 digits. */
export function isPhone(text: string): boolean {
  return MOBILE.test(text) || SHORT.test(text) || SERVICE.test(text) || (text.includes('-') && LANDLINE.test(text));
}

/** Whether a normalised number is one subscriber's rather than a short number, which many share. */
export function isSubscriber(phone: string): boolean {
  return !SHORT.test(phone);
}

/** Whether the text can be a landline within its own area, without an area code. */
export function isLocal(text: string): boolean {
  return LOCAL.test(text);
}

/** Whether the text is an area code as `PhoneOptions` takes it: `0591`, `010`. */
export function isAreaCode(text: string): boolean {
  return /^(?:010|02\d|0[3-9]\d{2})$/.test(text);
}

/**
 * The normalised form of a number as people and systems write it, or null for a text that is no number, or several. Spaces,
 * dashes, dots, brackets, the country's prefix (+86, 0086, 86), a carrier's prefix (17951), the 0 before a mobile number
 * that is dialled long distance, full-width forms, extensions and a remark in brackets behind the number are dropped.
 */
export function normalisePhone(text: string, options: PhoneOptions = {}): string | null {
  if (text.length > 64) return null;
  const written = withoutExtension(withoutRemark(foldFullWidth(text).trim()), options);
  if (!/^\+?[\d\s\-‐-―.·()[\]]+$/.test(written)) return null;
  const plus = written.startsWith('+');
  const digits = written.replace(/\D/g, '');
  if (plus) return digits.startsWith('86') ? withoutCountry(digits.slice(2)) : null;
  if (digits.startsWith('0086')) return withoutCountry(digits.slice(4));
  const found = domestic(digits, options);
  if (found !== null || !digits.startsWith('86')) return found;
  const national = withoutCountry(digits.slice(2));
  // 86123456 is a local number of eight digits, never the short number 123456.
  return national !== null && isSubscriber(national) ? national : null;
}

/**
 * The number of a column that may hold several (`13812345678/0591-87654321`): the first. Null where any part is no number of
 * a subscriber: then it is not known what the column holds.
 */
export function firstPhone(text: string, options: PhoneOptions = {}): string | null {
  const one = normalisePhone(text, options);
  if (one !== null || text.length > 128) return one;
  const numbers = text.split(SEVERAL).map((part) => normalisePhone(part, options));
  const all = numbers.flatMap((n) => (n !== null && isSubscriber(n) ? [n] : []));
  return all.length === numbers.length ? (all[0] ?? null) : null;
}

/** After the country's prefix an area code stands without its 0. */
function withoutCountry(digits: string): string | null {
  return domestic(digits, {}) ?? domestic(`0${digits}`, {});
}

function domestic(dialled: string, { areaCode }: PhoneOptions): string | null {
  const digits = dialled.replace(CARRIER, '');
  if (MOBILE.test(digits) || SHORT.test(digits) || SERVICE.test(digits)) return digits;
  if (digits.startsWith('0') && MOBILE.test(digits.slice(1))) return digits.slice(1);
  const landline = LANDLINE.exec(digits);
  if (landline !== null) return `${landline[1]}-${landline[2]}`;
  return areaCode !== undefined && LOCAL.test(digits) ? `${areaCode}-${digits}` : null;
}

/** `13800590517(家)`: a remark holds no digit, so that nothing of a number is dropped. */
function withoutRemark(text: string): string {
  const remark = /^(.*\d)\s*[([]([^\d()[\]]{1,20})[)\]]$/.exec(text);
  return remark?.[1] ?? text;
}

function withoutExtension(text: string, { areaCode }: PhoneOptions): string {
  const named = /^(.*?\d.*?)\s*\(?(?:转|轉|分机号?|ext\.?|x|#|,|;)\s*:?\s*\d{1,6}\)?$/i.exec(text);
  if (named !== null) return named[1] ?? text;
  const dashed =
    /^((?:\+?86[\s-]?|0086[\s-]?)?\(?0\d{2,3}[)\s-]{0,2}\d{7,8}|1\d{10}|[48]00-?\d{3}-?\d{4})-\d{1,6}$/.exec(text) ??
    (areaCode === undefined ? null : /^([2-8]\d{6,7})-\d{1,3}$/.exec(text));
  return dashed?.[1] ?? text;
}

/** Full-width ASCII (U+FF01 to U+FF5E), brackets and the ideographic space, as ASCII. */
function foldFullWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[【〔]/g, '(')
    .replace(/[】〕]/g, ')')
    .replace(/\u3000/g, ' ');
}
