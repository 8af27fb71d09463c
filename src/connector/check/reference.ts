import type { EntitySource, SortKey, SourceRecord } from '../connector.ts';
import { matches } from '../filter.ts';
import type { MappedEntity } from '../source.ts';
import type { SampleRow } from './sample-rows.ts';

/** What a right source answers over these rows: slow, plain and written apart from every driver. */
export function referenceSource(entity: MappedEntity, rows: readonly SampleRow[]): EntitySource {
  const records = rows.map((row) => row.record);
  /** The records of this key; of numbers, those that are written in a way in which they are asked for. */
  const of = (field: string, key: string): SourceRecord[] => {
    const { columns: [column = ''] = [], number } = entity.mapping[field] ?? {};
    const spellings = number?.spellings(key);
    return rows.flatMap(({ raw, record }) =>
      record[field] === key && (spellings === undefined || spellings.some((s) => s === raw[column])) ? [record] : [],
    );
  };
  const only = (fields: readonly string[]) => (record: SourceRecord) =>
    Object.fromEntries(fields.map((f) => [f, record[f]]));
  const sorted = (found: readonly SourceRecord[], order: readonly SortKey[], after?: readonly string[]) =>
    found
      .toSorted((a, b) => compare(a, b, order))
      .filter((r) => after === undefined || compare(r, positionOf(order, after), order) > 0);
  return {
    loadByKeys: async (load) =>
      load.keys.map((key) => {
        const found = of(load.key, key).filter((r) => matches(load.rows, r));
        return sorted(found, load.order, load.after).slice(0, load.limitPerKey).map(only(load.fields));
      }),
    loadPage: async (load) => {
      const found = records.filter((r) => matches(load.rows, r));
      return sorted(found, load.order, load.after).slice(0, load.limit).map(only(load.fields));
    },
    count: async (filter) => records.filter((r) => matches(filter, r)).length,
    countByKeys: async (key, keys, filter) => keys.map((k) => of(key, k).filter((r) => matches(filter, r)).length),
    countBy: async (fields, filter) => {
      const groups = new Map<string, { readonly values: readonly unknown[]; count: number }>();
      for (const record of records.filter((r) => matches(filter, r))) {
        const values = fields.map((f) => record[f]);
        const group = groups.get(JSON.stringify(values));
        if (group === undefined) groups.set(JSON.stringify(values), { values, count: 1 });
        else group.count += 1;
      }
      return [...groups.values()];
    },
    canCountBy: (field) => entity.mapping[field]?.write !== undefined,
    canFilter: () => true,
  };
}

/** Which of two records comes first; by text, as the hub sorts. */
function compare(a: SourceRecord, b: SourceRecord, order: readonly SortKey[]): number {
  for (const { field, direction } of order) {
    const [x, y] = [textOf(a[field]), textOf(b[field])];
    if (x !== y) return (x < y ? -1 : 1) * (direction === 'ASC' ? 1 : -1);
  }
  return 0;
}

function positionOf(order: readonly SortKey[], after: readonly string[]): SourceRecord {
  return Object.fromEntries(order.map(({ field }, i) => [field, after[i]]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
