import { isPhone } from '../../../codes/phone.ts';
import type { Check } from '../check.ts';
import { readableSamples } from '../sample-rows.ts';
import { sampledValues } from '../sampled-values.ts';

/** Numbers as people type them: +86, full-width, with blanks and brackets. */
export const phoneNumbers: Check = {
  name: 'phone-numbers',
  run: async (bench) =>
    sampledValues(bench, await bench.shared(), {
      what: 'telephone numbers',
      field: (mapping) =>
        mapping.write === undefined &&
        readableSamples(mapping).every((s) => typeof s.value === 'string' && isPhone(s.value)),
      value: (value) => value !== null,
    }),
};
