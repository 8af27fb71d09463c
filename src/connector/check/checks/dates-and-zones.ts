import { isDate, isDateTime } from '../../../codes/date-time.ts';
import type { Check } from '../check.ts';
import { sampledValues } from '../sampled-values.ts';

/** Days and times as their source writes them: unpadded, without a zone, of another zone, just after midnight. */
export const datesAndZones: Check = {
  name: 'dates-and-zones',
  run: async (bench) =>
    sampledValues(bench, await bench.shared(), {
      what: 'days and times',
      value: (value) => typeof value === 'string' && (isDate(value) || isDateTime(value)),
    }),
};
