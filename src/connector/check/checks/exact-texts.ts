import type { Check } from '../check.ts';
import { textsAsTheyAre } from '../text-fields.ts';

const within: readonly (readonly [string, string])[] = [
  ['line ends of Windows', '第一行\r\n\r\n第三行'],
  ['line feeds', '第一行\n\n第三行'],
  ['a carriage return', '第一行\r第二行'],
  ['a byte order mark', '正\uFEFF文'],
  ['blanks', '正  \u3000 文'],
];

const atTheEnds: readonly (readonly [string, string])[] = [
  ['a line end of Windows at the end', '第一行\r\n'],
  ['a byte order mark at the ends', '\uFEFF正文\uFEFF'],
  ['blanks at the ends', '  两端\u3000空格  '],
];

/** No text is tidied up on the way: line ends, a byte order mark and blanks stay where they are. */
export const exactTexts: Check = {
  name: 'exact-texts',
  run: (bench) =>
    // Around a cell of a file white space is padding, and no part of the text (file/stored-value.ts).
    textsAsTheyAre(bench, bench.driver.kind === 'file' ? within : [...within, ...atTheEnds]),
};
