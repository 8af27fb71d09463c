import { notApplicable, Problems, type Check } from '../check.ts';
import { keyLoadProblems } from '../loads.ts';
import { rowsWithUnreadable } from '../unreadable-rows.ts';

/** A code list that has grown costs that field of those records, and neither their other fields nor other records. */
export const newEnumValue: Check = {
  name: 'new-enum-value',
  async run(bench) {
    let lists = 0;
    const stand = await bench.stand({
      rows: (of) => {
        const { rows, fields } = rowsWithUnreadable(of, (mapping) => mapping.known !== undefined);
        lists += new Set(fields.map((f) => f.field)).size;
        return rows;
      },
    });
    if (lists === 0) return notApplicable('the mapping has no code list');
    const problems = new Problems();
    for (const of of bench.entities) {
      const { key } = of.entity;
      const keys = stand.rows(of.type).map((row) => String(row.record[key]));
      problems.add(...(await keyLoadProblems(stand, of, { key, keys })));
    }
    return problems.finding(`${lists} code lists that have grown`);
  },
};
