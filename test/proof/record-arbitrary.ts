import fc from 'fast-check';
import { phoneDigest } from '../../src/connector/join-key.ts';
import { at } from './choose.ts';
import type { FieldModel, PartModel, RecordModel, Records, SchemaModel, Value } from './model.ts';
import { pool } from './values.ts';

/** The key under which numbers are compared between agencies, in every world. */
export const joinSecret = Buffer.alloc(32, 7);

const rowsOf = (min: number, max: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(fc.nat(59), { minLength: 12, maxLength: 12 }), { minLength: min, maxLength: max });

export const recordChoices = fc.record({
  Ticket: rowsOf(2, 5),
  Account: rowsOf(1, 7),
  Meter: rowsOf(1, 7),
  Alarm: rowsOf(1, 7),
  /** In some worlds so many more records of a type that counts of them show. */
  crowd: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ of: fc.constantFrom('Ticket', 'Account', 'Alarm'), rows: rowsOf(10, 30) }) },
  ),
});
export type RecordChoices = typeof recordChoices extends fc.Arbitrary<infer T> ? T : never;

/** The records that the choices make, with numbers `T:0`, `a0`, … and grids' own codes for meters. */
export function recordsOf({ crowd, ...few }: RecordChoices, schema: SchemaModel): Records {
  const choices = Object.fromEntries(
    Object.entries(few).map(([type, rows]) => [type, crowd?.of === type ? [...rows, ...crowd.rows] : rows]),
  );
  const tickets = few.Ticket.map((_, i) => `T:${i}`);
  const reporters = new Map<Value, Value>();
  return new Map(
    Object.entries(choices).map(([type, rows]) => {
      const fields = schema.types.find((t) => t.name === type)?.fields ?? [];
      const records = rows.map((row, i) => naming(recordOf(type, i, row, fields, tickets), row, fields, reporters));
      if (type === 'Ticket') for (const r of records) reporters.set(r['ticketNo'] ?? null, r['reporterName'] ?? null);
      return [type, records];
    }),
  );
}

/** Free text mostly names somebody whom its record knows, or who reported the ticket that leads to it. */
function naming(
  record: RecordModel,
  row: readonly number[],
  fields: readonly FieldModel[],
  reporters: ReadonlyMap<Value, Value>,
): RecordModel {
  const names = [
    ...fields.filter((f) => f.personal === 'NAME').map((f) => record[f.name] ?? null),
    reporters.get(record['ticketNo'] ?? null) ?? null,
  ].filter((n) => typeof n === 'string');
  const texts = fields.filter((f) => f.personal === 'FREE_TEXT');
  if (names.length === 0) return record;
  const told = texts.flatMap((f, i): [string, Value][] => {
    const choice = row[i % row.length] ?? 0;
    return choice % 3 === 0 ? [] : [[f.name, `请联系${at(names, choice)}, 13800591234`]];
  });
  return { ...record, ...Object.fromEntries(told) };
}

export function keyOf(type: string, i: number): string {
  return type === 'Ticket' ? `T:${i}` : type === 'Meter' ? `g${i + 1}` : `${type.slice(0, 2).toLowerCase()}${i}`;
}

function recordOf(
  type: string,
  i: number,
  row: readonly number[],
  fields: readonly FieldModel[],
  tickets: readonly string[],
): RecordModel {
  const record: Record<string, Value> = {};
  fields.forEach((field, f) => {
    const choice = (row[f % row.length] ?? 0) + Math.floor(f / row.length) * 5;
    if (field.holds.kind === 'value')
      record[field.name] = field.nonNull ? keyOf(type, i) : valueOf(field, choice, tickets);
    if (field.holds.kind === 'parts') record[field.name] = partsOf(choice);
  });
  return record;
}

/** The values that the field can hold, in the world's terms. */
export function valuesOf(field: FieldModel, tickets: readonly string[]): readonly Value[] {
  if (field.holds.kind === 'parts') return [0, 1, 2, 3, 4, 5, 6, 7].map(partsOf);
  if (field.holds.kind !== 'value' || field.holds.of === 'key') return [];
  // Links lead somewhere, mostly.
  if (field.name === 'ticketNo') return [...tickets, ...tickets, null];
  if (field.name === 'digest')
    return pool('phone').map((p) => (typeof p === 'string' ? phoneDigest(joinSecret, p) : null));
  if (field.type === 'Ticket' && field.name === 'type') return ['OPEN', 'OPEN', 'REPORT', 'DONE', null];
  if (field.name === 'leadUnit') return [null, 'u1', 'u2'];
  if (field.name === 'leadAgency') return ['water', 'fire', 'hotline', 'police', 'water', null];
  return pool(field.holds.of);
}

function valueOf(field: FieldModel, choice: number, tickets: readonly string[]): Value {
  return at(valuesOf(field, tickets), choice);
}

function partsOf(choice: number): readonly PartModel[] {
  const part = (i: number): PartModel => ({
    state: at(['OPEN', 'DONE', null], choice + i),
    name: at(['张伟', '欧阳小敏', null], choice + i),
    remark: at(['请联系张伟, 13800591234', '无', '欧阳小敏来过'], choice * 2 + i),
  });
  return Array.from({ length: choice % 3 }, (_, i) => part(i));
}
