import { isDeepStrictEqual } from 'node:util';
import type { StatisticsKey } from '../../src/connector/connector.ts';
import { at } from './choose.ts';
import { counting, typeOf, type RecordModel, type Value, type WorldModel } from './model.ts';
import { valuesOf } from './record-arbitrary.ts';
import type { ReferenceAnswer } from './reference-answer.ts';
import { nameIn, tableOf, type CountedTable } from './reference-statistics.ts';

/*
 * What non-interference means for counts. A record that is counted is no secret as such: the tables are a function of it.
 * So two things are asked of them.
 *
 * What no table counts must not matter: records of another month or outside the population, and of those inside every
 * value but the dimension's own (and what the rules are declared to read). These are changed as any hidden value or record
 * is; see changes.ts.
 *
 * And no table may tell a small count (docs/statistics.md): behind the same bytes there must be another population of the
 * same size, in which that count is another. For one dimension the document says which, so that there must always be one:
 * the two values exchange their records, or one record goes over, or all of the other's where the first has no name. For a pair the bytes are compared where two records can
 * be found that exchange one value; that there is always some other population is proved in test/gate/suppress.test.ts.
 */

/** A record that holds another value. */
export interface Exchanged {
  readonly type: string;
  readonly key: string;
  readonly before: RecordModel;
  readonly after: RecordModel;
}

/** A population behind the same tables in which a small count is another; null where the answer hides none. Throws a `SmallCountTold` where there is none. */
export function exchangeOf(
  choice: number,
  { tables }: ReferenceAnswer,
  declared: ReadonlySet<string>,
  world: WorldModel,
): readonly Exchanged[] | null {
  const small = tables.flatMap((table) => smallCounts(table).map((names) => ({ table, names })));
  if (small.length === 0) return null;
  const { table, names } = at(small, choice);
  const { declaration, by, records } = table;
  const dimension = declaration.dimensions[by] ?? [];
  const last = dimension.at(-1);
  // What the rules read as well chooses who is counted at all.
  if (last === undefined || declared.has(`${declaration.type}.${last.field}`)) return null;
  const others = tables.filter((t) => t.declaration.type === declaration.type);
  const alone = others.every((t) => t.by === by || !fieldsOf(t).includes(last.field));
  const twins = dimension.length === 1 ? exchangedValues(table, last, names, world) : exchangedRecords(table, names);
  const { key } = typeOf(world.schema, declaration.type);
  for (const twin of twins) {
    const same = others.every((t) =>
      isDeepStrictEqual(tableOf(t), tableOf({ ...t, records: t.records.map((r) => twin.get(r[key] ?? null) ?? r) })),
    );
    const after = records.map((r) => twin.get(r[key] ?? null) ?? r);
    if (!same || countOf({ ...table, records: after }, names) === countOf(table, names)) continue;
    return records.flatMap((before) => {
      const other = twin.get(before[key] ?? null);
      return other === undefined ? [] : [{ type: declaration.type, key: String(before[key]), before, after: other }];
    });
  }
  if (dimension.length === 1 && alone) throw new SmallCountTold(`${declaration.field} by ${by}: ${String(names[0])}`);
  return null;
}

/** A table from which a small count can be computed. */
export class SmallCountTold extends Error {
  override readonly name = 'SmallCountTold';
}

/** Records by their number, as they would be. */
type Twin = ReadonlyMap<Value, RecordModel>;

const isNamed = (names: readonly (string | null)[], of: readonly (string | null)[]): boolean =>
  names.every((name, i) => name === of[i]);

function namesOf({ declaration, by }: CountedTable, record: RecordModel): (string | null)[] {
  return (declaration.dimensions[by] ?? []).map((k) => nameIn(record[k.field], k.prefix));
}

function fieldsOf({ declaration, by }: CountedTable): string[] {
  return (declaration.dimensions[by] ?? []).map((k) => k.field);
}

function countOf(table: CountedTable, names: readonly (string | null)[]): number {
  return table.records.filter((r) => isNamed(names, namesOf(table, r))).length;
}

/** The names of every count from 1 to what is too small to show. */
function smallCounts(table: CountedTable): (string | null)[][] {
  const all = new Map(table.records.map((r) => [JSON.stringify(namesOf(table, r)), namesOf(table, r)]));
  return [...all.values()].filter((names) => countOf(table, names) < counting.smallestCell);
}

/** The records of one value and those of another with each other's value; or some of them with the other's. */
function* exchangedValues(
  table: CountedTable,
  { field, prefix }: StatisticsKey,
  [name = null]: readonly (string | null)[],
  world: WorldModel,
): Iterable<Twin> {
  const type = typeOf(world.schema, table.declaration.type);
  const model = type.fields.find((f) => f.name === field);
  const values = model === undefined ? [] : valuesOf(model, []);
  const others = new Map(values.map((v) => [nameIn(v, prefix), v]));
  const own = table.records.filter((r) => nameIn(r[field], prefix) === name);
  const [first] = own;
  if (first === undefined) return;
  const mine = first[field] ?? null;
  const put = (records: readonly RecordModel[], value: Value): [Value, RecordModel][] =>
    records.map((r) => [r[type.key] ?? null, { ...r, [field]: value }]);
  for (const [other, value] of others) {
    if (other === name) continue;
    const of = table.records.filter((r) => nameIn(r[field], prefix) === other);
    yield new Map([...put(own, value), ...put(of, mine)]);
    yield new Map(put([first], value));
    yield new Map(put(of, mine));
    yield new Map(put(of.slice(0, 1), mine));
  }
}

/** Two records of a pair's table that exchange the value of its columns, one of which stands in the small count. */
function* exchangedRecords(table: CountedTable, names: readonly (string | null)[]): Iterable<Twin> {
  const { declaration, by, records } = table;
  const column = (declaration.dimensions[by] ?? [])[1]?.field ?? '';
  const key = keyIn(table);
  for (const a of records)
    for (const b of records) {
      const [of, or] = [namesOf(table, a), namesOf(table, b)];
      const inRow = of[0] === names[0] && or[0] !== names[0];
      if (!inRow || of[1] === or[1] || (of[1] !== names[1] && or[1] !== names[1])) continue;
      yield new Map([
        [a[key] ?? null, { ...a, [column]: b[column] ?? null }],
        [b[key] ?? null, { ...b, [column]: a[column] ?? null }],
      ]);
    }
}

function keyIn({ declaration }: CountedTable): string {
  return declaration.type === 'Ticket' ? 'ticketNo' : 'no';
}
