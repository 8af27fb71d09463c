import { not } from '../../filter.ts';
import { notApplicable, Problems, type Check } from '../check.ts';
import { keyLoadProblems } from '../loads.ts';
import { readableSamples } from '../sample-rows.ts';
import { rowsWithUnreadable, type Replaced } from '../unreadable-rows.ts';

/** A code that the list lacks is unreadable: not null, not guessed, and no proof that the field is another value. */
export const unknownCode: Check = {
  name: 'unknown-code',
  async run(bench) {
    const replaced = new Map<string, readonly Replaced[]>();
    const stand = await bench.stand({
      rows: (of) => {
        const { rows, fields } = rowsWithUnreadable(of, (mapping) => mapping.known !== undefined);
        replaced.set(of.type, fields);
        return rows;
      },
    });
    const problems = new Problems();
    let codes = 0;
    for (const of of bench.entities)
      for (const { field, key: value } of replaced.get(of.type) ?? []) {
        const { key } = of.entity;
        const load = { key, keys: [value], fields: [key, field] };
        codes += 1;
        problems.add(...(await keyLoadProblems(stand, of, load)));
        const known = readableSamples(of.entity.mapping[field]!)[0]?.value;
        if (typeof known !== 'string' && typeof known !== 'boolean') continue;
        const rows = not({ kind: 'in', field, values: [known] });
        if (stand.source(of.type).canFilter(rows))
          problems.add(...(await keyLoadProblems(stand, of, { ...load, fields: [key], rows }, `, not ${field}`)));
      }
    if (codes === 0) return notApplicable('the mapping has no code list');
    return problems.finding(`${codes} codes that no list has`);
  },
};
