import type { Check } from '../check.ts';
import { sampledValues } from '../sampled-values.ts';

/** Each code of each code list stands for its value. */
export const codeTable: Check = {
  name: 'code-table',
  run: async (bench) =>
    sampledValues(bench, await bench.shared(), {
      what: 'codes',
      field: (mapping) => mapping.known !== undefined,
      value: (value) => value !== null,
    }),
};
