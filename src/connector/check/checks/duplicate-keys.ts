import { notApplicable, Problems, type Check } from '../check.ts';
import { keyLoadProblems, keysOf } from '../loads.ts';

/** All records of one key come, not the first alone; and a key that is asked for twice gets them twice. */
export const duplicateKeys: Check = {
  name: 'duplicate-keys',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    let shared = 0;
    for (const of of bench.entities)
      for (const key of of.keys) {
        const all = keysOf(of, key).toSorted();
        const several = all.filter((k) => of.rows.filter((row) => row.record[key] === k).length > 1);
        if (all.length === 0) continue;
        shared += several.length;
        // In ascending order, so that nothing but the second asking is tried.
        const keys = (several.length > 0 ? several : all).slice(0, 5).flatMap((k) => [k, k]);
        problems.add(...(await keyLoadProblems(stand, of, { key, keys, fields: [of.entity.key, key] })));
      }
    if (bench.entities.length === 0) return notApplicable('the source has no record type');
    return problems.finding(`${shared} keys that several records share, and keys asked for twice`);
  },
};
