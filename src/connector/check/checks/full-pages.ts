import type { EntitySource } from '../../connector.ts';
import { always } from '../../filter.ts';
import type { BenchEntity } from '../bench.ts';
import { Problems, type Check } from '../check.ts';
import { listProblems, recordProblems } from '../compare.ts';
import { keyLoad, keysOf, pageLoad } from '../loads.ts';
import { sampleRows } from '../sample-rows.ts';
import type { Stand } from '../stand.ts';

/** More records than one page of the source holds come whole: none is lost at the seam of two pages. */
export const fullPages: Check = {
  name: 'full-pages',
  async run(bench) {
    const count = bench.quick ? 650 : 2_500;
    const stand = await bench.stand({
      batchKeys: 500,
      rows: ({ entity, keys }) => sampleRows(entity, { count, keys, groups: 1, sparse: true }),
    });
    const problems = new Problems();
    let loads = 0;
    for (const of of bench.entities) {
      const found = await problemsOf(stand, of);
      loads += found.loads;
      problems.add(...found.problems);
    }
    return problems.finding(`${loads} loads of up to ${count} records`);
  },
};

async function problemsOf(
  stand: Stand,
  of: BenchEntity,
): Promise<{ readonly problems: readonly string[]; readonly loads: number }> {
  const { type, entity } = of;
  const rows = stand.rows(type);
  const limit = rows.length + 1;
  const fields = [entity.key];
  const [source, right] = [stand.source(type), stand.reference(type)];
  const problems: string[] = [];
  let loads = 0;
  const compare = async <T>(
    what: string,
    load: (from: EntitySource, signal: AbortSignal) => Promise<T>,
    differ: (what: string, expected: T, got: T) => readonly string[],
  ): Promise<void> => {
    loads += 1;
    const expected = await load(right, AbortSignal.timeout(60_000));
    problems.push(...differ(what, expected, await stand.ask(what, (signal) => load(source, signal))));
  };
  for (const key of of.keys) {
    const keys = keysOf({ rows }, key).slice(0, key === entity.key ? 400 : 1);
    if (keys.length === 0) continue;
    await compare(
      `${type} by ${keys.length} of ${key}`,
      (from, signal) => from.loadByKeys(keyLoad(of, { key, keys, fields, limitPerKey: limit, signal })),
      listProblems,
    );
  }
  if (of.pages)
    await compare(
      `all of ${type}`,
      (from, signal) => from.loadPage(pageLoad(of, { fields, limit, signal })),
      recordProblems,
    );
  if (of.counts)
    await compare(
      `the count of ${type}`,
      (from, signal) => from.count(always, signal),
      (what, expected, got) => (expected === got ? [] : [`${what}: ${got} instead of ${expected}`]),
    );
  return { problems, loads };
}
