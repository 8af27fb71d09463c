import type { FieldMapping } from '../mapping.ts';
import type { BenchEntity } from './bench.ts';
import { sampleRows, unreadableSamples, withSample, type SampleRow } from './sample-rows.ts';

/** A record one field of which cannot be read. */
export interface Replaced {
  readonly field: string;
  /** The record's key. */
  readonly key: string;
}

/** Rows of the kit; in as many of them as there are samples that cannot be read, one field holds one. */
export function rowsWithUnreadable(
  { entity, keys }: BenchEntity,
  isField: (mapping: FieldMapping) => boolean,
): { readonly rows: readonly SampleRow[]; readonly fields: readonly Replaced[] } {
  const wrong = Object.entries(entity.mapping)
    .filter(([field, mapping]) => !keys.includes(field) && isField(mapping))
    .flatMap(([field, mapping]) => unreadableSamples(mapping).map((sample) => ({ field, mapping, sample })));
  const fields: Replaced[] = [];
  // Rows that are left as they are stand between them.
  const changed = sampleRows(entity, { count: Math.max(20, wrong.length * 2), keys }).map((row, i) => {
    const of = i % 2 === 0 ? wrong[i / 2] : undefined;
    if (of === undefined) return row;
    fields.push({ field: of.field, key: String(row.record[entity.key]) });
    return withSample(row, of.field, of.mapping, of.sample);
  });
  return { rows: changed, fields };
}

/** Fields that records are neither found nor sorted by, and that have values which cannot be read. */
export function changeable({ entity, keys }: BenchEntity): string[] {
  const needed = new Set(
    [...keys, ...entity.order.map((o) => o.field)].flatMap((f) => entity.mapping[f]?.columns ?? []),
  );
  return Object.keys(entity.mapping).filter((field) => {
    const mapping = entity.mapping[field]!;
    return unreadableSamples(mapping).length > 0 && !mapping.columns.some((column) => needed.has(column));
  });
}

/** The kit's rows, in none of which such a field can be read. */
export function rowsOfOtherForm(of: BenchEntity): readonly SampleRow[] {
  return of.rows.map((row) =>
    changeable(of).reduce((changed, field) => {
      const mapping = of.entity.mapping[field]!;
      const [sample] = unreadableSamples(mapping);
      return sample === undefined ? changed : withSample(changed, field, mapping, sample);
    }, row),
  );
}
