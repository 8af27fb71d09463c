import { normalisePhone } from '../codes/phone.ts';
import type { Span } from './text-span.ts';

/** Fewer digits identify nobody by themselves. */
const FEWEST_DIGITS = 7;
/** `138 - 1234 - 5678`: so many signs may stand between two groups of digits. */
const WIDEST_GAP = 3;
const GAP_SIGNS = new Set(' \t\u00a0-‐‑‒–—―−.·•・,，_\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3');
/** Numerals that are read out digit by digit, 幺 for 1. */
const NUMERALS = new Map(
  ['〇零○', '一壹幺', '二贰', '三叁', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap((forms, digit) =>
    [...forms].map((form): [string, string] => [form, String(digit)]),
  ),
);
/** A single 一 after a number is a word of the sentence (13800000000一直没人接): only runs are read as digits. */
const SPELT_OUT =
  /[〇零○一壹幺二贰三叁四肆五伍六陆七柒八捌九玖](?:[ ,.·-]?[〇零○一壹幺二贰三叁四肆五伍六陆七柒八捌九玖]){2,60}/g;
/** First digits of the Arabic-Indic, Persian, Tibetan and Mongolian sets, used in the western regions. */
const OTHER_ZEROS = [0x0660, 0x06f0, 0x0f20, 0x1810];

/** A run of digits without anything between; `end` exclusive. */
interface Group {
  readonly start: number;
  readonly end: number;
}

/**
 * The numbers of seven digits and more in a folded text, and codes of letters and digits as long as a
 * 统一社会信用代码. Dates and times are no numbers, unless they are part of one (an ID number written in groups).
 */
export function findNumbers(text: string): Span[] {
  const digits = foldDigits(text);
  const spans = findCodes(digits);
  let cluster: Group[] = [];
  const flush = () => {
    for (const groups of withoutDates(digits, cluster)) spans.push(...numberSpan(digits, groups));
    cluster = [];
  };
  for (let at = 0; at < digits.length;) {
    if (!isDigit(digits, at)) {
      at += 1;
      continue;
    }
    const group = groupAt(digits, at);
    const before = cluster.at(-1);
    if (before !== undefined && !joins(digits, before, group)) flush();
    cluster.push(group);
    at = group.end;
  }
  flush();
  return spans;
}

/** Digits of other scripts and styles as ASCII digits, each at its place. */
function foldDigits(text: string): string {
  return text
    .replace(SPELT_OUT, (run) => run.replace(/./gu, (form) => NUMERALS.get(form) ?? form))
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0f20-\u0f29\u1810-\u1819]/g, (form) => {
      const code = form.charCodeAt(0);
      return String(OTHER_ZEROS.map((zero) => code - zero).find((digit) => digit >= 0 && digit < 10) ?? form);
    })
    .replace(/[\u{1d7ce}-\u{1d7ff}]/gu, (form) => `${form.normalize('NFKC')}\u200b`);
}

/** Codes that mix letters into their digits, so that no run of digits shows them. */
function findCodes(text: string): Span[] {
  return Array.from(text.matchAll(/[A-Za-z0-9]+/g)).flatMap(({ 0: word, index }) => {
    const isCode = word.length >= 15 && word.replace(/\D/g, '').length >= FEWEST_DIGITS;
    return isCode ? [{ start: index, end: index + word.length, mark: '[号码]' as const }] : [];
  });
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function groupAt(text: string, start: number): Group {
  let end = start + 1;
  while (isDigit(text, end)) end += 1;
  return { start, end };
}

/** Whether two groups that follow each other can be parts of one number. */
function joins(text: string, before: Group, after: Group): boolean {
  const gap = text.slice(before.end, Math.min(after.start, before.end + WIDEST_GAP + 1));
  if (after.start - before.end > WIDEST_GAP || isOfTime(text, before) || isOfTime(text, after)) return false;
  const signs = isBracketedAreaCode(text, before) ? gap.slice(1) : gap;
  return [...signs].every((sign) => GAP_SIGNS.has(sign));
}

/** `(0591) 8765 4321` */
function isBracketedAreaCode(text: string, { start, end }: Group): boolean {
  return text.charAt(start - 1) === '(' && text.charAt(end) === ')' && text.charAt(start) === '0' && end - start <= 4;
}

/** An hour, minute or second: `9:32`, `09:32:09`. */
function isOfTime(text: string, { start, end }: Group): boolean {
  const beforeColon = /^:[0-5]\d(?!\d)/.test(text.slice(end, end + 4));
  const afterColon =
    /^[0-5]\d$/.test(text.slice(start, end)) && /(?<!\d)\d{1,2}:$/.test(text.slice(Math.max(0, start - 4), start));
  return end - start <= 2 && (beforeColon || afterColon);
}

/** The cluster cut at its dates: lists of groups that belong together. */
function withoutDates(text: string, cluster: readonly Group[]): Group[][] {
  const parts: Group[][] = [];
  let part: Group[] = [];
  for (let i = 0; i < cluster.length;) {
    if (isDateAt(text, cluster, i) && standsAlone(text, cluster, i)) {
      parts.push(part);
      part = [];
      i += 3;
    } else {
      part.push(...cluster.slice(i, i + 1));
      i += 1;
    }
  }
  return [...parts, part];
}

/** `2019-04-25` or `2019.4.25`: three groups with the same sign between them. */
function isDateAt(text: string, cluster: readonly Group[], i: number): boolean {
  const [year, day] = [cluster[i], cluster[i + 2]];
  return (
    year !== undefined &&
    day !== undefined &&
    day.end - year.start <= 10 &&
    /^(?:19|20)\d{2}([-.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])$/.test(text.slice(year.start, day.end))
  );
}

/**
 * Whether a date is not part of a longer number: no dash or dot ties it to other digits (save to another date), and it
 * is not the birth date of an ID number in groups (`350102 1980-01-01 1234`).
 */
function standsAlone(text: string, cluster: readonly Group[], i: number): boolean {
  const [before, year, day, after] = [cluster[i - 1], cluster[i], cluster[i + 2], cluster[i + 3]];
  if (year === undefined || day === undefined) return false;
  const tied = (from: Group, to: Group) => to.start - from.end === 1 && /[^ \t,]/.test(text.charAt(from.end));
  const tiedBefore = before !== undefined && tied(before, year) && !isDateAt(text, cluster, i - 3);
  const tiedAfter = after !== undefined && tied(day, after) && !isDateAt(text, cluster, i + 3);
  const inId =
    before !== undefined && before.end - before.start === 6 && after !== undefined && after.end - after.start >= 3;
  return !tiedBefore && !tiedAfter && !inId;
}

function numberSpan(text: string, groups: readonly Group[]): Span[] {
  const digits = groups.map(({ start, end }) => text.slice(start, end)).join('');
  const [first, last] = [groups[0], groups.at(-1)];
  if (digits.length < FEWEST_DIGITS || first === undefined || last === undefined) return [];
  let { start } = first;
  if (isBracketedAreaCode(text, first)) start -= 1;
  if (text.charAt(start - 1) === '+') start -= 1;
  return [{ start, end: withCheckX(text, last.end), mark: normalisePhone(digits) === null ? '[号码]' : '[电话]' }];
}

/** The end of a number, after the rest of a folded sign and after the X that can stand for the last digit. */
function withCheckX(text: string, lastDigit: number): number {
  let end = lastDigit;
  while (text.charAt(end) === '\u200b') end += 1;
  const x = GAP_SIGNS.has(text.charAt(end)) ? end + 1 : end;
  return /^[xX](?![A-Za-z0-9])/.test(text.slice(x, x + 2)) ? x + 1 : end;
}
