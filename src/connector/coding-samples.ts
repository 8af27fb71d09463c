import { UNREADABLE, type FieldSample, type Sample, type SourceKey } from './mapping.ts';

/*
 * Values as agencies' systems hold them, with what they must read as. Each has bitten somebody: an encoding that dropped a
 * character, a number that lost its last digits, a time that moved by eight hours, a code list that had grown.
 */

const reads = (raw: SourceKey, value: unknown): Sample => ({ raw, value });
const asItIs = (raw: string): Sample => ({ raw, value: raw });
const unreadable = (raw: SourceKey): Sample => ({ raw, value: UNREADABLE });

export const textSamples: readonly Sample[] = [
  asItIs('福州市鼓楼区东街口 100 号'),
  // Outside the basic plane: a rare surname, and an emoji of several code points.
  asItIs('𠮷田𬬭先生 👨‍👩‍👧'),
  // Digits that are text: a number would round the first and take the zeros of the second.
  asItIs('350102199003077858'),
  asItIs('000123'),
  asItIs('1e5'),
  // What separates, quotes or ends something in CSV, JSON, XML, SQL, a URL or a spreadsheet.
  asItIs(`O'Brien说:"<b>&amp;</b>"`),
  asItIs(String.raw`a,b;c|d\n\e%20_100%`),
  asItIs('第一行\n第二行\t完'),
  asItIs('=1+1'),
  asItIs(']]><!--'),
  // Full-width forms and a combining mark: nobody may normalise them on the way.
  asItIs('ＡＢＣ１２３'),
  asItIs('Cafe\u0301'),
  // Words that loosely typed formats take for something else.
  asItIs('null'),
  asItIs('true'),
  asItIs('长'.repeat(2_000)),
  // A code in a number column.
  reads(350102, '350102'),
];

export const integerSamples: readonly Sample[] = [
  reads(0, 0),
  reads(7, 7),
  reads(-3, -3),
  reads(2_147_483_648, 2_147_483_648),
  reads('7', 7),
  unreadable('7.5'),
  unreadable('不详'),
];

export const decimalSamples: readonly Sample[] = [
  reads(119.296389, 119.296389),
  reads('26.07450', 26.0745),
  reads(0, 0),
  reads(-0.5, -0.5),
  reads(1234567.89, 1234567.89),
  unreadable('1e999'),
  unreadable('东经119度'),
];

/** Every value of the two, and one that is neither. */
export function flagSamples(yes: SourceKey, no: SourceKey): readonly Sample[] {
  const other = typeof yes === 'number' ? 7 : '~';
  return [reads(yes, true), reads(no, false), unreadable(other)];
}

/** Every code of the table, one that it lacks, and one that every JavaScript object seems to have. */
export function codeSamples(codes: Readonly<Record<string, string>>, column: 'text' | 'number'): readonly Sample[] {
  const known = Object.entries(codes).map(([code, value]) => reads(column === 'number' ? Number(code) : code, value));
  if (column === 'text') return [...known, unreadable('~新码'), unreadable('constructor')];
  const highest = Math.max(...Object.keys(codes).map(Number));
  return [...known, unreadable(highest + 77)];
}

export const phoneSamples: readonly Sample[] = [
  reads('13800590517', '13800590517'),
  reads('+86 138 0059 0517', '13800590517'),
  reads('0086-138-0059-0517', '13800590517'),
  reads('１３８００５９０５１７', '13800590517'),
  reads('（0591）87654321', '0591-87654321'),
  reads('059187654321', '0591-87654321'),
  reads('12345', '12345'),
  reads('013800590517', '13800590517'),
  reads('17951 13800590517', '13800590517'),
  reads('138 0059 0517（家）', '13800590517'),
  reads('13800590517、0591-87654321', '13800590517'),
  reads('400-800-1234', '4008001234'),
  unreadable('不详'),
  unreadable('138005905'),
];

/** Numbers of identity documents: of a 公民身份号码 with a small x and in its old form. */
export const idNumberSamples: readonly Sample[] = [
  reads('11010519491231002X', '11010519491231002X'),
  reads('440524188001010014', '440524188001010014'),
  reads('11010519491231002x', '11010519491231002X'),
  reads('E12345678', 'E12345678'),
  unreadable(350102),
];

/** Times of the strict forms: the same five in each, cut from their canonical text by `written`. */
export function dateTimeSamples(written: (canonical: string) => string, wrong: readonly string[]): readonly Sample[] {
  const times = [
    '2026-11-05T10:12:30+08:00',
    // Just after midnight: in UTC it is the day before.
    '2026-01-01T00:00:01+08:00',
    '2024-02-29T23:59:59+08:00',
    '1999-12-31T07:59:59+08:00',
    // China had daylight saving in 1986 to 1991; the hub's times are +08:00 throughout.
    '1988-07-01T12:00:00+08:00',
  ];
  return [...times.map((time) => reads(written(time), time)), ...wrong.map(unreadable)];
}

export const looseDateTimeSamples: readonly Sample[] = [
  reads('2026-11-05 10:12:30', '2026-11-05T10:12:30+08:00'),
  reads('2026/4/5 9:32:09', '2026-04-05T09:32:09+08:00'),
  reads('2026/4/5 9:05', '2026-04-05T09:05:00+08:00'),
  reads('2026.4.5', '2026-04-05T00:00:00+08:00'),
  reads('20261105101230', '2026-11-05T10:12:30+08:00'),
  reads('2026-11-04T18:30:00Z', '2026-11-05T02:30:00+08:00'),
  reads('2026-11-05T10:12:30.123+08:00', '2026-11-05T10:12:30+08:00'),
  unreadable('2026/13/5'),
  unreadable('明天'),
];

export const compactDateSamples: readonly Sample[] = [
  reads('20261105', '2026-11-05'),
  reads('20240229', '2024-02-29'),
  reads('19991231', '1999-12-31'),
  unreadable('20260230'),
  unreadable('2026-11-05 10:12:30'),
];

export const looseDateSamples: readonly Sample[] = [
  reads('2026-11-05', '2026-11-05'),
  reads('2026/4/5', '2026-04-05'),
  reads('2026.4.5', '2026-04-05'),
  reads('20260405', '2026-04-05'),
  // A zone moves the day as well.
  reads('2026-11-04T18:30:00Z', '2026-11-05'),
  unreadable('2026/13/5'),
  unreadable('长期有效'),
];

export function moneySamples(unit: '元' | '万元' | '分'): readonly Sample[] {
  switch (unit) {
    case '分':
      return [reads('1', '0.01'), reads('105', '1.05'), reads('-250', '-2.50'), reads('0', '0'), unreadable('1.5')];
    case '元':
      return [
        reads('1234.5', '1234.50'),
        reads('0', '0'),
        // More digits than a binary number keeps.
        reads('123456789012345678.91', '123456789012345678.91'),
        reads('12', '12'),
        unreadable('1.234'),
        unreadable('面议'),
      ];
    case '万元':
      return [
        reads('500.5', '5005000'),
        reads('0.0001', '1'),
        reads('1000', '10000000'),
        reads('0.000001', '0.01'),
        unreadable('0.0000001'),
      ];
  }
}

/** Members between separators, with blanks and empty ones among them. */
export function separatedSamples(separator: string): readonly FieldSample[] {
  const list = (raw: readonly string[], value: readonly string[]): FieldSample => ({
    raw: [raw.join(separator)],
    value,
  });
  return [
    list(['金山小区'], ['金山小区']),
    list(['金山小区', ' 融侨锦江 ', '', '𠮷祥里'], ['金山小区', '融侨锦江', '𠮷祥里']),
  ];
}

/** As many columns filled as there are, then fewer, then with a gap. */
export function columnListSamples(columns: number): readonly FieldSample[] {
  const names = Array.from({ length: columns }, (_, i) => `第${i + 1}级`);
  const first = names.slice(0, 1);
  const rest = (value: null | ''): (null | '')[] => Array.from({ length: columns - 1 }, () => value);
  return [
    { raw: names, value: names },
    { raw: [...first, ...rest(null)], value: first },
    { raw: [...rest(''), ...first], value: first },
  ];
}
