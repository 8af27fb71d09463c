const CODE = /^[1-9]\d{5}(\d{3}(\d{3})?)?$/;
/** Province, city, area, street or community, without trailing zeros. */
const PREFIX = /^[1-9]\d(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/;

/** Whether the text is a 行政区划代码: 6 digits (GB/T 2260), 9 (street) or 12 (community). */
export function isDivisionCode(text: string): boolean {
  return CODE.test(text);
}

/**
 * The part of a code that all divisions within it start with: `350000` gives `35`, `350100` gives `3501`, and
 * `350102000000` gives `350102`. A code whose street or community is named stays whole.
 */
export function divisionPrefix(code: string): string {
  let prefix = code;
  while (prefix.length > 6 && prefix.endsWith('000')) prefix = prefix.slice(0, -3);
  if (prefix.length > 6) return prefix;
  while (prefix.endsWith('00')) prefix = prefix.slice(0, -2);
  return prefix;
}

/** Whether the division `code` is `area` or lies in it. False when either is no code, so that a bad claim opens nothing. */
export function inDivision(code: string, area: string): boolean {
  const prefix = divisionPrefix(area);
  return PREFIX.test(prefix) && isDivisionCode(code) && divisionPrefix(code).startsWith(prefix);
}

/** Whether the code is that of a city (地级) or of a province, and not of a part of a city. */
export function isCityOrMore(code: string): boolean {
  return isDivisionCode(code) && divisionPrefix(code).length <= 4;
}
