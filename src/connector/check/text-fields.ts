import { isDeepStrictEqual } from 'node:util';
import type { Bench, BenchEntity } from './bench.ts';
import { notApplicable, Problems, type Finding } from './check.ts';
import { keyLoad } from './loads.ts';
import { sampleRows, withSample } from './sample-rows.ts';

/** Whether the field holds any text as it is, so that a text of ours can stand in it. */
export function holdsText(of: BenchEntity, field: string, text: string): boolean {
  const { key, order, mapping } = of.entity;
  const found = mapping[field];
  if (found === undefined || found.columns.length !== 1 || field === key || of.keys.includes(field)) return false;
  if (order.some((o) => o.field === field)) return false;
  const shared = Object.values(mapping).filter((m) => m.columns.includes(found.columns[0] ?? '')).length > 1;
  if (shared) return false;
  try {
    return found.read(text) === text && found.read('其他') === '其他';
  } catch {
    return false;
  }
}

/** Each of these texts, in each field that holds texts, comes as it is; a difference is said without the text. */
export async function textsAsTheyAre(
  bench: Bench,
  texts: readonly (readonly [name: string, text: string])[],
): Promise<Finding> {
  const fieldsOf = new Map(
    bench.entities.map((of) => [
      of.type,
      Object.keys(of.entity.mapping).filter((field) => texts.every(([, text]) => holdsText(of, field, text))),
    ]),
  );
  const looked = [...fieldsOf.values()].flat().length * texts.length;
  if (looked === 0) return notApplicable('the mapping has no field that holds any text');
  const stand = await bench.stand({
    rows: (of) =>
      sampleRows(of.entity, { count: Math.max(4, texts.length), keys: of.keys, sparse: true }).map((row, i) =>
        (fieldsOf.get(of.type) ?? []).reduce((before, field) => {
          const [, text = ''] = texts[i % texts.length] ?? [];
          return withSample(before, field, of.entity.mapping[field]!, { raw: [text], value: text });
        }, row),
      ),
  });
  const problems = new Problems();
  for (const of of bench.entities) {
    const fields = fieldsOf.get(of.type) ?? [];
    if (fields.length === 0) continue;
    const { key } = of.entity;
    const rows = stand.rows(of.type);
    const keys = rows.map((row) => String(row.record[key]));
    const lists = await stand.ask(`${of.type} by ${key}`, (signal) =>
      stand.source(of.type).loadByKeys(keyLoad(of, { key, keys, fields, signal })),
    );
    rows.forEach((row, i) => {
      const [name = ''] = texts[i % texts.length] ?? [];
      for (const field of fields) {
        const got = lists[i]?.[0]?.[field];
        if (isDeepStrictEqual(got, row.record[field])) continue;
        const came = typeof got === 'string' ? `a text of ${got.length} characters` : 'no text';
        problems.add(`${of.type}.${field}, ${name}: ${came} came for one of ${String(row.record[field]).length}`);
      }
    });
  }
  return problems.finding(`${looked} texts`);
}
