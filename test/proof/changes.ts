import { applyMask } from '../../src/gate/masks.ts';
import { at } from './choose.ts';
import { exchangeOf } from './count-exchange.ts';
import { pseudonymSecret } from './house.ts';
import {
  typeOf,
  unreadable,
  type CallerModel,
  type FieldModel,
  type RecordModel,
  type TypeModel,
  type WorldModel,
} from './model.ts';
import { keyOf, valuesOf } from './record-arbitrary.ts';
import { spotName, type ReferenceAnswer } from './reference-answer.ts';
import { mayKnow } from './reference-verdict.ts';

/** Something that may change in the sources without a byte of the answer. */
export interface Change {
  readonly kind: 'hidden value' | 'value under its mask' | 'hidden record' | 'new hidden record' | 'small count';
  /** Never empty. */
  readonly records: readonly RecordChange[];
}

export interface RecordChange {
  readonly type: TypeModel;
  readonly key: string;
  readonly field: string | null;
  readonly before: RecordModel | null;
  readonly after: RecordModel | null;
}

/** One change out of all that must not matter; null where there is none of the kind. */
export function changeOf(
  choice: number,
  expected: ReferenceAnswer,
  declared: ReadonlySet<string>,
  caller: CallerModel,
  world: WorldModel,
): Change | null {
  const kind = choice % 8;
  const rest = Math.floor(choice / 8);
  if (kind === 0) return hiddenRecord(rest, expected, caller, world);
  if (kind === 1) return newRecord(rest, expected, caller, world);
  if (kind > 4 && expected.tables.length > 0) return smallCount(rest, expected, declared, world);
  return kind === 2 ? maskedValue(rest, expected, declared, world) : hiddenValue(rest, expected, declared, world);
}

interface Spot {
  readonly type: TypeModel;
  readonly record: RecordModel;
  readonly field: FieldModel;
}

function spots(world: WorldModel): Spot[] {
  return world.schema.types.flatMap((type) =>
    (world.records.get(type.name) ?? []).flatMap((record) =>
      type.fields
        .filter((f) => !f.nonNull && (f.holds.kind === 'value' || f.holds.kind === 'parts'))
        .map((field) => ({ type, record, field })),
    ),
  );
}

function nameOf({ type, record, field }: Spot): string {
  return spotName(type.name, String(record[type.key]), field.name);
}

function changed({ type, record, field }: Spot, kind: Change['kind'], value: RecordModel[string]): Change {
  const after = { ...record, [field.name]: value };
  const key = String(record[type.key]);
  return { kind, records: [{ type, key, field: field.name, before: record, after }] };
}

/** A value that neither shows nor is declared to be read. Values of records that the answer speaks of come first. */
function hiddenValue(
  choice: number,
  expected: ReferenceAnswer,
  declared: ReadonlySet<string>,
  world: WorldModel,
): Change | null {
  const hidden = spots(world).filter(
    (s) => !expected.shown.has(nameOf(s)) && !declared.has(`${s.field.type}.${s.field.name}`),
  );
  const spoken = new Set([...expected.shown.keys()].map((name) => name.slice(0, name.lastIndexOf(' '))));
  const near = hidden.filter(({ type, record }) => spoken.has(`${type.name} ${String(record[type.key])}`));
  const from = near.length > 0 && choice % 4 !== 0 ? near : hidden;
  if (from.length === 0) return null;
  const spot = at(from, Math.floor(choice / 4));
  const others = valuesOf(spot.field, tickets(world)).filter((v) => !same(v, spot.record[spot.field.name]));
  return others.length === 0 ? null : changed(spot, 'hidden value', at(others, choice));
}

function maskedValue(
  choice: number,
  expected: ReferenceAnswer,
  declared: ReadonlySet<string>,
  world: WorldModel,
): Change | null {
  const twins = spots(world).flatMap((spot): Change[] => {
    const shown = expected.shown.get(nameOf(spot));
    const { mask } = shown ?? { mask: null };
    const stored = spot.record[spot.field.name];
    if (shown === undefined || mask === null || stored === null || stored === unreadable) return [];
    if (declared.has(`${spot.field.type}.${spot.field.name}`)) return [];
    const masked = (value: unknown): string =>
      JSON.stringify(applyMask(mask, value, { pseudonymKey: pseudonymSecret, known: shown.known }));
    return valuesOf(spot.field, tickets(world))
      .filter((v) => v !== null && v !== unreadable && !same(v, stored) && masked(v) === masked(stored))
      .map((v) => changed(spot, 'value under its mask', v));
  });
  return twins.length === 0 ? null : at(twins, choice);
}

/** Another population behind the same tables. */
function smallCount(
  choice: number,
  expected: ReferenceAnswer,
  declared: ReadonlySet<string>,
  world: WorldModel,
): Change | null {
  const exchanged = exchangeOf(choice, expected, declared, world);
  if (exchanged === null) return null;
  const records = exchanged.map((e) => ({ ...e, type: typeOf(world.schema, e.type), field: null }));
  return { kind: 'small count', records };
}

function hiddenRecord(
  choice: number,
  expected: ReferenceAnswer,
  caller: CallerModel,
  world: WorldModel,
): Change | null {
  const hidden = hiddenRecords(expected, caller, world);
  if (hidden.length === 0) return null;
  const { type, record } = at(hidden, choice);
  const key = String(record[type.key]);
  return { kind: 'hidden record', records: [{ type, key, field: null, before: record, after: null }] };
}

/** A record beside the others that is hidden from the caller as well. */
function newRecord(choice: number, expected: ReferenceAnswer, caller: CallerModel, world: WorldModel): Change | null {
  const hidden = hiddenRecords(expected, caller, world);
  if (hidden.length === 0) return null;
  const { type, record } = at(hidden, choice);
  const key = keyOf(type.name, 99);
  const after = { ...record, [type.key]: key };
  return { kind: 'new hidden record', records: [{ type, key, field: null, before: null, after }] };
}

/** The records that the caller may not know of, whichever way leads to them, and that no table counts. */
function hiddenRecords(
  { counted }: ReferenceAnswer,
  caller: CallerModel,
  world: WorldModel,
): { type: TypeModel; record: RecordModel }[] {
  const led = [null, ...(world.records.get('Ticket') ?? [])];
  return [...world.records].flatMap(([name, records]) => {
    const type = typeOf(world.schema, name);
    return records
      .filter((record) => !counted.has(`${name} ${String(record[type.key])}`))
      .filter((record) =>
        [true, false].every((exact) =>
          led.every((ticket) => !mayKnow({ type: name, record, ticket, exact }, false, caller, world)),
        ),
      )
      .map((record) => ({ type, record }));
  });
}

function tickets(world: WorldModel): string[] {
  return (world.records.get('Ticket') ?? []).map((t) => String(t['ticketNo']));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
