import { isDeepStrictEqual } from 'node:util';
import type { EntitySource } from '../../connector.ts';
import { always } from '../../filter.ts';
import { SourceError } from '../../source-error.ts';
import type { BenchEntity } from '../bench.ts';
import { notApplicable, Problems, type Check } from '../check.ts';
import { keyLoad, keysOf, pageLoad, type NamedLoad } from '../loads.ts';
import { outcomeOf } from '../outcome.ts';
import { sampleRows } from '../sample-rows.ts';
import { nameOf } from '../stand.ts';

/** Calls for one load: far more than any source needs for the kit's few rows. */
const mostCalls = 5_000;
/** Milliseconds in which a loop must be seen; only who follows it takes longer. */
const patience = 10_000;

/** A source whose next page is always the same page: the load ends with an error, by itself and soon, or has all that it needs. */
export const pagingLoop: Check = {
  name: 'paging-loop',
  async run(bench) {
    const count = bench.quick ? 300 : 3_000;
    const stand = await bench.stand({
      settings: { answerMilliseconds: patience },
      rows: ({ entity, keys }) => sampleRows(entity, { count, keys, groups: 1, sparse: true }),
    });
    const { way } = stand;
    if (way.kind !== 'http') return notApplicable('the source gives no pages over HTTP');
    const problems = new Problems();
    const before = way.proxy.asked();
    const loads = bench.entities.flatMap((of) => pagedLoads(of, count).map((load) => ({ of, load })));
    // One after the other: a replayed answer must be one to the same question.
    for (const { of, load } of loads) {
      await way.proxy.set({ kind: 'replay' });
      const asked = way.proxy.asked();
      const right = await load.run(stand.reference(of.type), AbortSignal.timeout(patience));
      const run = (signal: AbortSignal): Promise<unknown> => load.run(stand.source(of.type), signal);
      const outcome = await outcomeOf(run, { patience, slack: 1_000 });
      const calls = way.proxy.asked() - asked;
      if (calls > mostCalls) problems.add(`${load.name}: ${calls} calls`);
      if (outcome.kind === 'hung') problems.add(`${load.name}: the loop is followed without end`);
      else if (outcome.kind === 'answer') {
        if (!isDeepStrictEqual(outcome.value, right))
          problems.add(`${load.name}: what the repeated page holds was given as the whole answer`);
      } else if (!(outcome.error instanceof SourceError)) problems.add(`${load.name}: ${nameOf(outcome.error)}`);
      else if (outcome.error.fault === 'TIMEOUT')
        problems.add(`${load.name}: the loop was followed until the time was up, in ${calls} calls`);
    }
    const calls = way.proxy.asked() - before;
    return problems.finding(
      `${loads.length} loads of up to ${count} records, ${calls} calls, each page always the first`,
    );
  },
};

/** Loads that need several pages and are one question each. */
function pagedLoads(of: BenchEntity, count: number): NamedLoad[] {
  const { type, entity } = of;
  const fields = [entity.key];
  const byKeys = of.keys
    .filter((key) => key !== entity.key)
    .flatMap((key): NamedLoad[] => {
      const keys = keysOf(of, key).slice(0, 1);
      if (keys.length === 0) return [];
      return [
        {
          name: `${type} by one ${key}`,
          run: (source: EntitySource, signal) =>
            source.loadByKeys(keyLoad(of, { key, keys, fields, limitPerKey: count, signal })),
        },
      ];
    });
  const page: NamedLoad = {
    name: `a page of ${type}`,
    run: (source, signal) => source.loadPage(pageLoad(of, { fields, limit: count, signal })),
  };
  const all: NamedLoad = { name: `the count of ${type}`, run: (source, signal) => source.count(always, signal) };
  return [...byKeys, ...(of.pages ? [page] : []), ...(of.counts ? [all] : [])];
}
