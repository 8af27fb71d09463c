import { foldText } from './fold-text.ts';
import { namesIn } from './name-column.ts';
import { findAddresses } from './redact-addresses.ts';
import { findNumbers } from './redact-numbers.ts';
import { replaceSpans, type Span } from './text-span.ts';
import { titledNames } from './surname.ts';

/** GA 36: province, issuing office, five or six characters (six on new-energy plates), among them a digit. */
const PLATE =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][ ·.-]?(?=[A-HJ-NP-Z]{0,5}\d)(?:[A-HJ-NP-Z\d]{5,6}|[A-HJ-NP-Z\d]{4}[挂学警港澳试超])/gi;

const ACCOUNT =
  /(?:(?<![A-Za-z])(?:qq|vx|wx|wechat|weixin)|扣扣|企鹅号|微信|薇信|威信)(?:账号|帐号|群|号码|号|是|为|加|id|[:()[\] \t]|同号){0,4}([A-Za-z][A-Za-z0-9_-]{4,19}|\d{5,12})(?![A-Za-z0-9])/gi;

/** A surname with a form of address names nobody by itself: 张某, 张先生. */
const SURNAME_ONLY = /^.{1,2}(?:某{1,2}|先生|女士|小姐|同志|老师|师傅|阿姨|大爷|大妈)$/u;
const NAME_GAP = /[\s\u200b-\u200d\u2060\ufeff·.]/;
const LONGEST_NAME = 64;

/** What the record itself knows, in clear, and its text shall not tell. */
export interface KnownValues {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/**
 * Free text without what identifies people: numbers of seven digits and more (phones, ID and card numbers, 统一社会信用代码;
 * one to three spaces, dashes, dots or commas between digits do not hide them), e-mail addresses, number plates, QQ and
 * 微信 accounts after their keyword, and the names and exact addresses that the record itself knows; an address may stay as
 * far as its mask leaves it. Dates, times, shorter amounts and other addresses stay. When in doubt a number goes: a span of years (2018-2025) reads like a local phone number. Time grows
 * with the text's length.
 */
export function redact(text: string, { names, addresses }: KnownValues): string {
  const folded = foldText(text);
  const spans = [
    ...findEmails(folded),
    ...findPattern(folded, PLATE, '[车牌]'),
    ...findAccounts(folded),
    ...findNumbers(folded),
    ...findNames(folded, names),
    ...findAddresses(folded, addresses),
  ];
  return replaceSpans(text, spans);
}

/** From each @ outwards, so that a long word without one costs nothing. */
function findEmails(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/.test(text.charAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < text.length && end - at < 255 && /[A-Za-z0-9.-]/.test(text.charAt(end))) end += 1;
    while (text.charAt(end - 1) === '.') end -= 1;
    if (start < at && text.slice(at + 1, end).includes('.')) spans.push({ start, end, mark: '[邮箱]' });
  }
  return spans;
}

function findPattern(text: string, pattern: RegExp, mark: Span['mark']): Span[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    mark,
  }));
}

/** Only the account goes; the keyword stays. */
function findAccounts(text: string): Span[] {
  return Array.from(text.matchAll(ACCOUNT), (match) => {
    const end = match.index + match[0].length;
    return { start: end - (match[1] ?? '').length, end, mark: '[号码]' };
  });
}

/** Names are compared without the gaps that may stand between characters: 张 三. */
function findNames(text: string, names: readonly string[]): Span[] {
  const known = names.flatMap((name) => namesIn(foldText(name)).map((one) => dense(one).letters)).filter(namesSomebody);
  // Of somebody whom the record knows, the surname with a form of address tells as much: 崔女士.
  const wanted = new Set([...known, ...known.flatMap(titledNames)]);
  if (wanted.size === 0) return [];
  const { letters, places } = dense(text);
  const spans: Span[] = [];
  for (const name of wanted) {
    for (let at = letters.indexOf(name); at >= 0; at = letters.indexOf(name, at + 1)) {
      const start = places[at] ?? 0;
      const end = (places[at + name.length - 1] ?? start) + 1;
      if (isWholeWord(text, start, end)) spans.push({ start, end, mark: '[姓名]' });
    }
  }
  return spans;
}

function namesSomebody(name: string): boolean {
  return [...name].length > 1 && name.length <= LONGEST_NAME && !SURNAME_ONLY.test(name);
}

/** The text in small letters without gaps, and where each unit of it stood. */
function dense(text: string): { letters: string; places: number[] } {
  const letters: string[] = [];
  const places: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charAt(i);
    if (NAME_GAP.test(unit)) continue;
    const small = unit.toLowerCase();
    letters.push(small.length === 1 ? small : unit);
    places.push(i);
  }
  return { letters: letters.join(''), places };
}

/** A Latin name inside a longer Latin word is another word. */
function isWholeWord(text: string, start: number, end: number): boolean {
  const latin = /[A-Za-z]/;
  const runsOn = (edge: number, beyond: number) => latin.test(text.charAt(edge)) && latin.test(text.charAt(beyond));
  return !runsOn(start, start - 1) && !runsOn(end - 1, end);
}
