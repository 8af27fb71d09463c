import { Problems, type Check } from '../check.ts';
import { keyLoadProblems } from '../loads.ts';
import { empty, withSample } from '../sample-rows.ts';

/** Null everywhere but in the key, and empty text everywhere: read as null or as an empty list, and nothing is unreadable. */
export const nulls: Check = {
  name: 'nulls',
  async run(bench) {
    const stand = await bench.stand({
      rows: ({ entity, rows }) =>
        rows.slice(0, 6).map((row, i) => {
          // Both, and a whole record between them.
          if (i % 3 === 2) return row;
          const others = Object.entries(entity.mapping).filter(([field]) => field !== entity.key);
          return others.reduce((r, [field, m]) => withSample(r, field, m, empty(m, i % 3 === 0 ? null : '')), row);
        }),
    });
    const problems = new Problems();
    for (const of of bench.entities) {
      const { key } = of.entity;
      const keys = stand.rows(of.type).map((row) => String(row.record[key]));
      problems.add(...(await keyLoadProblems(stand, of, { key, keys })));
    }
    return problems.finding('records with null and with empty text in every field');
  },
};
