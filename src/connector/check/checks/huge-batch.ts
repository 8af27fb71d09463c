import { isDeepStrictEqual } from 'node:util';
import { Problems, type Check } from '../check.ts';
import { keyLoad } from '../loads.ts';
import { sampleRows } from '../sample-rows.ts';

/** More keys than any source takes in one call: all of them are answered, in as many calls as it needs. */
export const hugeBatch: Check = {
  name: 'huge-batch',
  async run(bench) {
    const count = bench.quick ? 1_100 : 11_000;
    const problems = new Problems();
    const stand = await bench.stand({
      batchKeys: bench.quick ? 100 : 500,
      rows: ({ entity, keys }) => sampleRows(entity, { count, keys, sparse: true }),
    });
    for (const of of bench.entities) {
      const { key } = of.entity;
      const keys = stand.rows(of.type).map((row) => String(row.record[key]));
      const what = `${of.type} by ${key}`;
      const lists = await stand.ask(what, (signal) =>
        stand.source(of.type).loadByKeys(keyLoad(of, { key, keys, fields: [key], signal })),
      );
      const wrong = keys.filter((k, i) => !isDeepStrictEqual(lists[i], [{ [key]: k }])).length;
      if (lists.length !== keys.length) problems.add(`${what}: ${lists.length} lists for ${keys.length} keys`);
      else if (wrong > 0) problems.add(`${what}: ${wrong} of ${keys.length} keys did not get their record`);
    }
    return problems.finding(`${count} keys in one load`);
  },
};
