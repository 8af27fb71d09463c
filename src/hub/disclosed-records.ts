import { LRUCache } from 'lru-cache';
import type { DisclosedRecords } from '../ledger/disclosure.ts';
import type { RecordGroup } from '../gate/report.ts';

/**
 * The records of one type by the fields that each of them gave: so one can tell later whether a field of this very record
 * was given.
 */
export function disclosedRecords(groups: readonly RecordGroup[]): DisclosedRecords[] {
  const [{ type, owner }] = groups as [RecordGroup];
  const all = everyId(groups);
  // Mostly the same was given of all records of a type: what was not is told apart by its fields.
  const ofAll = groups.filter((g) => g.ids.size === all.size);
  if (ofAll.length === groups.length) return [{ type, owner, fields: fieldsOf(ofAll), ids: [...all] }];
  const ofSome = groups.filter((g) => g.ids.size < all.size);
  const byFields = new Map<string, { fields: readonly string[]; ids: string[] }>();
  for (const id of all) {
    const fields = fieldsOf([...ofAll, ...ofSome.filter((g) => g.ids.has(id))]);
    const name = fields.join(' ');
    const of = byFields.get(name);
    if (of === undefined) byFields.set(name, { fields, ids: [id] });
    else of.ids.push(id);
  }
  return [...byFields.values()].map((of) => ({ type, owner, ...of }));
}

/** Mostly the first group has all of them. */
function everyId([first, ...others]: readonly RecordGroup[]): ReadonlySet<string> {
  let all = first?.ids ?? new Set<string>();
  for (const { ids } of others) {
    const more = [...ids].filter((id) => !all.has(id));
    if (more.length > 0) all = new Set([...all, ...more]);
  }
  return all;
}

/** The names by the lines, which are the same objects for most answers of a plan. */
const named = new LRUCache<string, readonly string[]>({ max: 2_000 });

function fieldsOf(groups: readonly RecordGroup[]): readonly string[] {
  const key = groups.map((g) => g.lines.id).join(' ');
  let fields = named.get(key);
  if (fields === undefined) {
    const names = groups.flatMap(({ lines }) => lines.of.map((l) => l.coordinate.slice(l.coordinate.indexOf('.') + 1)));
    fields = [...new Set(names)].toSorted();
    named.set(key, fields);
  }
  return fields;
}
