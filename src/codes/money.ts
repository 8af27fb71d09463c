const MONEY = /^-?(0|[1-9]\d{0,17})(\.\d{1,2})?$/;
/** `1234.5`, `1,234.50`, `¥1,234.50元`, `500万元`; the sign may stand before or after the currency's. */
const WRITTEN =
  /^(?:CNY|RMB|人民币)?\s*[¥￥]?\s*([-+])?\s*[¥￥]?\s*(\d{1,3}(?:,\d{3})+|\d{1,24})?(?:\.(\d{1,12}))?\s*(万|亿)?\s*元?$/i;

/** Whether the text is an amount in yuan with at most two places: `1234.50`, `0`, `-3.5`. At most 18 digits before the point. */
export function isMoney(text: string): boolean {
  return MONEY.test(text) && !/^-0(\.0*)?$/.test(text);
}

/**
 * The amount in yuan as exact decimal text: whole yuan without places (`200000`), all else with two (`1234.50`). Text is
 * never turned into a binary number; 万 and 亿 are multiplied out. Null for what is no amount and for fractions of a fen.
 */
export function normaliseMoney(value: number | string): string | null {
  return typeof value === 'number' ? fromNumber(value) : fromText(value);
}

/** A source's binary number stands for the amount in fen that it is nearest to, if it is as near as its precision allows. */
function fromNumber(value: number): string | null {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return null;
  const text = value.toFixed(2);
  return Math.abs(Number(text) - value) <= Math.max(Math.abs(value), 1) * 2 ** -50 ? fromText(text) : null;
}

function fromText(value: string): string | null {
  const match = value.length <= 64 ? WRITTEN.exec(value.trim()) : null;
  if (match === null || (match[2] === undefined && match[3] === undefined)) return null;
  const places = { 万: 4, 亿: 8 }[match[4] ?? ''] ?? 0;
  const fraction = (match[3] ?? '').padEnd(places, '0');
  const whole = `${(match[2] ?? '').replaceAll(',', '')}${fraction.slice(0, places)}`.replace(/^0+(?=\d)/, '') || '0';
  const rest = fraction.slice(places).replace(/0+$/, '');
  const amount = rest === '' ? whole : `${whole}.${rest.padEnd(2, '0')}`;
  const text = match[1] === '-' && amount !== '0' ? `-${amount}` : amount;
  return isMoney(text) ? text : null;
}
