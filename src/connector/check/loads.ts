import type { EntitySource, KeyLoad, PageLoad, SortKey } from '../connector.ts';
import { always } from '../filter.ts';
import type { BenchEntity } from './bench.ts';
import { listProblems } from './compare.ts';
import type { Stand } from './stand.ts';

/** Records for one key, at most: more than the kit gives to any. */
const most = 1_000;

/** A load by keys of all fields, unless something else is said. */
export function keyLoad(of: BenchEntity, load: Partial<KeyLoad> & Pick<KeyLoad, 'key' | 'keys' | 'signal'>): KeyLoad {
  return {
    fields: Object.keys(of.entity.mapping),
    rows: always,
    order: totalOrder(of),
    limitPerKey: most,
    ...load,
  };
}

/** A page of all fields, unless something else is said. */
export function pageLoad(of: BenchEntity, load: Partial<PageLoad> & Pick<PageLoad, 'signal'>): PageLoad {
  return { fields: Object.keys(of.entity.mapping), rows: always, order: totalOrder(of), limit: most, ...load };
}

/** The record type's own order, or that by this field, ended by the key so that no two records are equal in it. */
export function totalOrder({ entity }: BenchEntity, by?: SortKey): readonly SortKey[] {
  const order = by === undefined ? entity.order : [by];
  if (order.some((o) => o.field === entity.key)) return order;
  return [...order, { field: entity.key, direction: order[0]?.direction ?? 'ASC' }];
}

/** The keys that these records are found by in this field, each once, as they come. */
export function keysOf({ rows }: Pick<BenchEntity, 'rows'>, field: string): string[] {
  const values = rows.map((row) => row.record[field]).filter((v) => typeof v === 'string');
  return [...new Set(values)];
}

export interface NamedLoad {
  readonly name: string;
  run(source: EntitySource, signal: AbortSignal): Promise<unknown>;
}

/** Each kind of load that the hub makes of this record type, once. */
export function everyLoad(of: BenchEntity): readonly NamedLoad[] {
  const { type, keys } = of;
  const byKeys = keys.flatMap((key): NamedLoad[] => {
    const values = keysOf(of, key).slice(0, 25);
    if (values.length === 0) return [];
    return [
      {
        name: `${type} by ${key}`,
        run: (source, signal) => source.loadByKeys(keyLoad(of, { key, keys: values, signal })),
      },
      {
        name: `counts of ${type} by ${key}`,
        run: (source, signal) => source.countByKeys(key, values, always, signal),
      },
    ];
  });
  const page: NamedLoad = {
    name: `a page of ${type}`,
    run: (source, signal) => source.loadPage(pageLoad(of, { limit: 10, signal })),
  };
  const count: NamedLoad = { name: `the count of ${type}`, run: (source, signal) => source.count(always, signal) };
  return [...byKeys, ...(of.pages ? [page] : []), ...(of.counts ? [count] : [])];
}

/** How the answer to a load by keys differs from the right one. */
export async function keyLoadProblems(
  stand: Stand,
  of: BenchEntity,
  load: Partial<KeyLoad> & Pick<KeyLoad, 'key' | 'keys'>,
  detail = '',
): Promise<string[]> {
  const what = `${of.type} by ${load.key}${detail}`;
  const from = (source: EntitySource) => (signal: AbortSignal) => source.loadByKeys(keyLoad(of, { ...load, signal }));
  const expected = await stand.ask(what, from(stand.reference(of.type)));
  return listProblems(what, expected, await stand.ask(what, from(stand.source(of.type))));
}
