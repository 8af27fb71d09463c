import type { Check } from '../check.ts';
import { Problems } from '../check.ts';
import { keyLoadProblems, keysOf } from '../loads.ts';
import { sampleRows } from '../sample-rows.ts';
import { sampledValues } from '../sampled-values.ts';

/** Text comes as it is: astral characters, quotes, line feeds, what separates in one format or another; in keys as well. */
export const unicode: Check = {
  name: 'unicode',
  async run(bench) {
    const stand = await bench.stand({
      rows: ({ entity, keys, rows }) => sampleRows(entity, { count: rows.length, keys, hostileKeys: true }),
    });
    const problems = new Problems();
    for (const of of bench.entities)
      for (const key of of.keys) {
        const keys = keysOf({ rows: stand.rows(of.type) }, key).toSorted();
        const load = { key, keys, fields: [of.entity.key] };
        if (keys.length > 0) problems.add(...(await keyLoadProblems(stand, of, load, ', keys that must be encoded')));
      }
    const texts = await sampledValues(bench, stand, {
      what: 'texts with characters that get lost',
      value: (value) => typeof value === 'string' && /[^ -~]|["'<>&\\%;,=]/.test(value),
    });
    if (texts.result === 'failed') problems.add(...texts.problems);
    return problems.finding(texts.seen);
  },
};
