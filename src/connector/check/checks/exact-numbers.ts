import { isMoney } from '../../../codes/money.ts';
import type { Check } from '../check.ts';
import { sampledValues } from '../sampled-values.ts';

/** Numbers keep each digit, and digits that are text stay text: 18 of them, zeros in front, `1e5`. */
export const exactNumbers: Check = {
  name: 'exact-numbers',
  run: async (bench) =>
    sampledValues(bench, await bench.shared(), {
      what: 'numbers, amounts and texts of digits',
      value: (value) =>
        typeof value === 'number' || (typeof value === 'string' && (isMoney(value) || /^[\de]+$/.test(value))),
    }),
};
