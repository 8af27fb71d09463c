import { Problems, type Check } from '../check.ts';
import { keyLoadProblems, keysOf } from '../loads.ts';
import { keyText } from '../sample-rows.ts';

/** What callers may ask for and no record has: never written so, joined, quoted, empty, far too long, in the other case. */
const strangers = [
  keyText(9_999_999),
  `${keyText(0)},${keyText(1)}`,
  keyText(0).toLowerCase(),
  `${keyText(0)}' OR '1'='1`,
  '',
  ' ',
  '%',
  '*',
  '../x?y=1#z',
  '查无此号',
  '9'.repeat(1_000),
];

/** A key that no record has gets an empty list in its place, and costs the others nothing. */
export const missingKeys: Check = {
  name: 'missing-keys',
  async run(bench) {
    const problems = new Problems();
    const stand = await bench.shared();
    for (const of of bench.entities)
      for (const key of of.keys) {
        const present = keysOf(of, key).slice(0, strangers.length).toSorted();
        const keys = strangers.flatMap((stranger, i) => [stranger, ...present.slice(i, i + 1)]);
        problems.add(...(await keyLoadProblems(stand, of, { key, keys, fields: [of.entity.key] })));
      }
    return problems.finding(`${strangers.length} keys that no record has, among those that have`);
  },
};
