import { foldText } from './fold-text.ts';
import { streetOf } from './mask-address.ts';
import type { Span } from './text-span.ts';

/** So many characters in common with an address tell a place. */
const GRAM = 4;
const LETTER = /[\p{L}\p{N}]/u;
const NUMBER =
  /[\p{Nd}A-Za-z]|[〇零一二三四五六七八九十百两甲乙丙丁]+(?:号|號|栋|棟|幢|座|楼|樓|单元|室|层|層|弄|排|户|期|门)/u;
/** What a text puts between the numbers of building, unit and room: `3-1203`, `3#2单元1203`. No decimal point. */
const BETWEEN_NUMBERS = /^[-\s#_/~()、—]{0,3}(?:(?:号|號)?(?:栋|棟|幢|座|楼|樓|单元|层|層)?)[-\s#_/~()、—]{0,3}$/u;
const ROOM = /(?<![\dA-Za-z])([A-Za-z]?\d{1,6}[A-Za-z]?) {0,2}(?:室|房(?![间子东屋产价]))/gu;
const ROOM_ONLY = /^([A-Za-z]?\d{1,6}[A-Za-z]?)(?:室|房|号)?$/u;

interface Dense {
  /** Letters and digits alone, small. */
  readonly letters: string;
  /** Where each of them stood. */
  readonly places: readonly number[];
}

/**
 * Where a text has more of one of these addresses than the mask `address` would leave: with or without province, city and
 * district, only a tail of it, with gaps and signs between its characters, or its building and room as numbers alone. The
 * street may stay, and so may a name without a number. `text` is folded. Time grows with the lengths of the text and of the addresses.
 */
export function findAddresses(text: string, addresses: readonly string[]): Span[] {
  const folded = [...new Set(addresses.map((address) => foldText(address).trim()))].filter((a) => a !== '');
  if (folded.length === 0) return [];
  const dense = denseOf(text);
  return [
    ...folded.flatMap((address) => findParts(text, dense, address)),
    ...findPairs(text, new Set(folded.flatMap(pairsOf))),
    ...findRooms(text, new Set(folded.map((address) => ROOM_ONLY.exec(address)?.[1]?.toLowerCase()))),
  ];
}

/** Runs of the text that stand in the address as well; of each, the part that the mask would hide. */
function findParts(text: string, { letters, places }: Dense, address: string): Span[] {
  const whole = denseOf(address).letters;
  const shown = denseOf(streetOf(address) ?? '').letters.length;
  const size = Math.min(GRAM, whole.length);
  // A number with one word at most is a room in a house: `findRooms`.
  if (size < 3) return [];
  // Each piece of the address that reaches into its hidden part, and where in the piece that begins.
  const hiddenFrom = new Map<string, number>();
  for (let at = Math.max(0, shown - size + 1); at + size <= whole.length; at += 1) {
    const piece = whole.slice(at, at + size);
    hiddenFrom.set(piece, Math.min(Math.max(0, shown - at), hiddenFrom.get(piece) ?? size));
  }
  const spans: Span[] = [];
  const close = (hidden: number, end: number): void => {
    if (end < 0) return;
    const last = wholeNumberEnd(text, places, hidden, end);
    if (tellsPlace(letters.slice(hidden, last))) spans.push(spanOf(text, places[hidden] ?? 0, places[last - 1] ?? 0));
  };
  let hidden = 0;
  let end = -1;
  for (let at = 0; at + size <= letters.length; at += 1) {
    const from = hiddenFrom.get(letters.slice(at, at + size));
    if (from === undefined) continue;
    if (at > end) {
      close(hidden, end);
      hidden = at + from;
    }
    hidden = Math.min(hidden, at + from);
    end = at + size;
  }
  close(hidden, end);
  return spans;
}

/** The end of the run without the beginning of a longer number, which is another house's: 12 of 128. */
function wholeNumberEnd(text: string, places: readonly number[], start: number, end: number): number {
  let last = end;
  if (isDigit(text, (places[end - 1] ?? 0) + 1)) while (last > start && isDigit(text, places[last - 1] ?? 0)) last -= 1;
  return last;
}

/** A name alone (`阳光小区`) is where hundreds live, and what a text is about: it is the number that makes a place exact. */
function tellsPlace(hidden: string): boolean {
  return NUMBER.test(hidden) && !/^\d{4}$/.test(hidden);
}

/** Numbers that follow each other in the hidden part, such as building and room, also without the unit's between them. */
function pairsOf(address: string): string[] {
  const numbers = address.slice((streetOf(address) ?? '').length).match(/\d+/g) ?? [];
  return numbers.flatMap((number, i) =>
    // `1-2` says too little to be a house.
    numbers.slice(i + 1, i + 3).flatMap((next) => (number.length + next.length < 4 ? [] : [`${number} ${next}`])),
  );
}

function findPairs(text: string, pairs: ReadonlySet<string>): Span[] {
  if (pairs.size === 0) return [];
  const spans: Span[] = [];
  let before: { readonly number: string; readonly start: number; readonly end: number } | null = null;
  for (const { 0: number, index: start } of text.matchAll(/\d+/g)) {
    const end = start + number.length;
    if (
      before !== null &&
      start - before.end < 10 &&
      pairs.has(`${before.number} ${number}`) &&
      BETWEEN_NUMBERS.test(text.slice(before.end, start))
    )
      spans.push({ start: before.start, end, mark: '[地址]' });
    before = { number, start, end };
  }
  return spans;
}

/** Of a value that is no more than a room's number, such as `1203` or `A12`: where the text says that it is a room. */
function findRooms(text: string, rooms: ReadonlySet<string | undefined>): Span[] {
  return Array.from(text.matchAll(ROOM)).flatMap((match): Span[] => {
    const [said, room = ''] = match;
    return rooms.has(room.toLowerCase())
      ? [{ start: match.index, end: match.index + said.length, mark: '[地址]' }]
      : [];
  });
}

/** From the first place to the last; where that would cut a number at its beginning, all of the number. */
function spanOf(text: string, first: number, last: number): Span {
  let start = first;
  if (isDigit(text, first)) while (isDigit(text, start - 1)) start -= 1;
  return { start, end: last + 1, mark: '[地址]' };
}

function isDigit(text: string, at: number): boolean {
  return /^\d$/.test(text.charAt(at));
}

function denseOf(text: string): Dense {
  let letters = '';
  const places: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    if (!isLetter(text, i)) continue;
    letters += text.charAt(i);
    places.push(i);
  }
  // Where small letters would be more or fewer units, places would no longer fit.
  const small = letters.toLowerCase();
  return { letters: small.length === letters.length ? small : letters, places };
}

/** Most of a text is Chinese or ASCII, for which a look at the code is enough. */
function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0x4e00 && code <= 0x9fff) return true;
  return code < 0x80 ? isAsciiLetter(code) : LETTER.test(text.charAt(at));
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
