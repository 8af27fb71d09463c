import { isDeepStrictEqual } from 'node:util';
import type { FieldMapping } from '../mapping.ts';
import type { Bench, BenchEntity } from './bench.ts';
import { notApplicable, Problems, type Finding } from './check.ts';
import { showValue } from './compare.ts';
import { keyLoad } from './loads.ts';
import { readableSamples } from './sample-rows.ts';
import type { Stand } from './stand.ts';

/** Which values a check is about. */
export interface Picked {
  /** What they are, for the finding. */
  readonly what: string;
  readonly field?: (mapping: FieldMapping) => boolean;
  readonly value?: (value: unknown) => boolean;
}

/** Each value of this sort, in each field that has any, reads as its sample says. */
export async function sampledValues(
  bench: Bench,
  stand: Stand,
  { what, field: isField = () => true, value: isValue = () => true }: Picked,
): Promise<Finding> {
  const problems = new Problems();
  let looked = 0;
  for (const of of bench.entities) {
    const fields = Object.entries(of.entity.mapping)
      .filter(([, mapping]) => isField(mapping) && readableSamples(mapping).some((s) => isValue(s.value)))
      .map(([field]) => field);
    if (fields.length === 0) continue;
    const got = await recordsByKey(stand, of, fields);
    for (const { record } of stand.rows(of.type)) {
      const found = got.get(record[of.entity.key]);
      for (const field of fields) {
        const expected = record[field];
        if (!isValue(expected)) continue;
        looked += 1;
        if (found === undefined) problems.add(`${of.type}: a record did not come`);
        else if (!isDeepStrictEqual(found[field], expected))
          problems.add(`${of.type}.${field} is ${showValue(found[field])} instead of ${showValue(expected)}`);
      }
    }
  }
  if (looked === 0) return notApplicable(`the mapping has no ${what}`);
  return problems.finding(`${looked} ${what}`);
}

/** All records of the type with these fields, under their keys. */
async function recordsByKey(
  stand: Stand,
  of: BenchEntity,
  fields: readonly string[],
): Promise<ReadonlyMap<unknown, Readonly<Record<string, unknown>>>> {
  const { key } = of.entity;
  const keys = stand.rows(of.type).map((row) => String(row.record[key]));
  const lists = await stand.ask(`${of.type} by ${key}`, (signal) =>
    stand.source(of.type).loadByKeys(keyLoad(of, { key, keys, fields: [...new Set([key, ...fields])], signal })),
  );
  return new Map(keys.map((k, i) => [k, lists[i]?.[0] ?? {}]));
}
