import type { Check } from '../check.ts';
import { textsAsTheyAre } from '../text-fields.ts';

/** Characters of the longest: less than a cell of a workbook holds (32,767), more than any column that cuts in silence. */
const longest = 32_000;

/** A long text comes whole: columns, buffers and drivers that cut do so without a word. */
export const longTexts: Check = {
  name: 'long-texts',
  run: (bench) =>
    textsAsTheyAre(
      bench,
      [256, 4_001, 8_193, longest].map((length) => [
        `${length} characters`,
        '案情经过：当事人称。'.repeat(Math.ceil(length / 10)).slice(0, length - 1) + '终',
      ]),
    ),
};
