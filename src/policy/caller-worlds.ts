import { bind, type Bound, type Condition } from '../access/condition.ts';
import { predicates, type ConditionCaller } from '../access/predicates.ts';
import { divisionPrefix } from '../codes/division.ts';
import { formatDateTime, isDate, isDateTime } from '../codes/date-time.ts';
import type { Filter, FilterValue } from '../connector/filter.ts';
import { TooLarge } from './decision-diagram.ts';

/** A caller and a time of asking. */
export interface World {
  readonly caller: ConditionCaller;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One comparison of a column with values. */
export type ColumnTest = Extract<Filter, { readonly field: string }>;

/** A column that conditions read: of the record, or of the ticket that led to it. */
export interface TestedColumn {
  readonly on: 'record' | 'ticket';
  readonly field: string;
  /** Each comparison once. */
  readonly tests: readonly ColumnTest[];
}

/** Stand for a unit, an area and a grid of the caller's that no condition names. */
const [ownUnit, ownArea, ownGrid] = ['\u0000unit', '\u0000area', '\u0000grid'];
const day = 86_400_000;
/** A time of asking where no condition minds it. */
const anyTime = Date.UTC(2100, 0, 1);
/** The hub knows the years 0 to 9999, and a condition looks back a hundred years at most. */
const [firstTime, lastTime] = [Date.parse('0101-01-01T00:00:00+08:00'), Date.parse('9999-12-31T23:59:59+08:00')];
const maxWorlds = 512;

/**
 * Callers of the agency and times of asking, so many that every two conditions of these that any caller's unit, areas or
 * grids at any time tells apart are told apart by one of them. Throws `TooLarge`.
 */
export function callerWorlds(conditions: readonly Condition[], type: string, agency: string): World[] {
  const probe = { agency, unit: ownUnit, areas: [ownArea], grids: [ownGrid] };
  const columns = testedColumns(conditions.map((c) => bind(c, type, probe, anyTime)));
  const named = (own: string): string[] => {
    const compared = columns.filter((c) => c.tests.some((t) => valuesOf(t).includes(own)));
    const values = compared.flatMap((c) => c.tests.flatMap(valuesOf));
    return [...new Set(values)].filter((v): v is string => typeof v === 'string' && v !== own);
  };
  const units = isMinded(columns, ownUnit) ? [null, ownUnit, ...named(ownUnit)] : [null];
  const grids = isMinded(columns, ownGrid) ? subsets(named(ownGrid)).map((some) => [ownGrid, ...some]) : [[]];
  const areas = isMinded(columns, ownArea) ? areaChoices(named(ownArea)).map((some) => [ownArea, ...some]) : [[]];
  const times = timesOf(conditions, columns);
  if (units.length * grids.length * areas.length * times.length > maxWorlds) throw new TooLarge();
  return times.flatMap((now) =>
    units.flatMap((unit) =>
      grids.flatMap((ofGrids) =>
        areas.map((ofAreas): World => ({ caller: { agency, unit, grids: ofGrids, areas: ofAreas }, now })),
      ),
    ),
  );
}

/** The columns that the conditions compare, in the order in which they come. */
export function testedColumns(conditions: readonly Bound[]): TestedColumn[] {
  const found = new Map<string, { on: 'record' | 'ticket'; field: string; tests: Map<string, ColumnTest> }>();
  const inFilter = (filter: Filter, on: 'record' | 'ticket'): void => {
    switch (filter.kind) {
      case 'always':
      case 'never':
        return;
      case 'all':
      case 'any':
        for (const part of filter.of) inFilter(part, on);
        return;
      case 'not':
        inFilter(filter.of, on);
        return;
      case 'in':
      case 'prefix':
      case 'contains':
      case 'range': {
        const key = `${on} ${filter.field}`;
        const column = found.get(key) ?? { on, field: filter.field, tests: new Map<string, ColumnTest>() };
        column.tests.set(JSON.stringify(filter), filter);
        found.set(key, column);
      }
    }
  };
  const visit = (bound: Bound): void => {
    switch (bound.kind) {
      case 'all':
      case 'any':
        bound.of.forEach(visit);
        return;
      case 'not':
        visit(bound.of);
        return;
      case 'exact':
        return;
      case 'test':
        inFilter(bound.filter, bound.on);
    }
  };
  conditions.forEach(visit);
  return [...found.values()].map(({ on, field, tests }) => ({ on, field, tests: [...tests.values()] }));
}

/** The values that a comparison names; of a range none. */
export function valuesOf(test: ColumnTest): readonly FilterValue[] {
  switch (test.kind) {
    case 'in':
    case 'contains':
      return test.values;
    case 'prefix':
      return test.prefixes;
    case 'range':
      return [];
  }
}

function isMinded(columns: readonly TestedColumn[], own: string): boolean {
  return columns.some((c) => c.tests.some((t) => valuesOf(t).includes(own)));
}

/** Every choice of areas that holds other ones of these codes. */
function areaChoices(codes: readonly string[]): string[][] {
  const byCover = new Map<string, string>();
  for (const code of codes)
    for (const length of [2, 4, 6, 9, 12]) {
      const area = divisionPrefix(code.slice(0, length));
      if (area !== '') byCover.set(codes.filter((c) => c.startsWith(area)).join(), area);
    }
  return subsets([...byCover.values()]);
}

/** Every choice of these. Throws `TooLarge`. */
export function subsets<T>(of: readonly T[]): T[][] {
  if (2 ** of.length > maxWorlds) throw new TooLarge();
  return of.reduce<T[][]>((sets, one) => sets.flatMap((set) => [set, [...set, one]]), [[]]);
}

/** One time before the first turn of a condition, and one from each turn on. */
function timesOf(conditions: readonly Condition[], columns: readonly TestedColumn[]): number[] {
  const turns = [...conditions.flatMap(turnsOf), ...columns.flatMap(agesOf)];
  const [first] = turns.toSorted((a, b) => a - b);
  if (first === undefined) return [anyTime];
  return [...new Set([first - day, ...turns])].filter((at) => at >= firstTime && at <= lastTime);
}

function turnsOf(condition: Condition): readonly number[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(turnsOf);
    case 'not':
      return turnsOf(condition.of);
    case 'predicate': {
      const predicate = predicates[condition.name];
      return 'turnsAt' in predicate ? predicate.turnsAt(condition.args) : [];
    }
  }
}

/** When a value that a condition names grows older than another lets it be. */
function agesOf({ tests }: TestedColumn): number[] {
  const values = tests.flatMap(valuesOf).filter((v): v is string => typeof v === 'string');
  return tests.flatMap((test) => {
    if (test.kind !== 'range' || test.from === undefined) return [];
    const age = anyTime - Date.parse(test.from);
    return values.flatMap((value) => {
      if (isDate(value)) return [Date.parse(`${value}T00:00:00+08:00`) + day + age];
      return isDateTime(value) ? [Date.parse(value) + age + 1_000] : [];
    });
  });
}

/** The texts beside a time or a day: the next before and after it. */
export function besides(value: string): string[] {
  const [start, step] = isDate(value) ? [Date.parse(`${value}T00:00:00+08:00`), day] : [Date.parse(value), 1_000];
  if (!isDate(value) && !isDateTime(value)) return [];
  return [start - step, start + step]
    .filter((at) => at >= Date.parse('0000-01-01T00:00:00+08:00') && at <= lastTime)
    .map((at) => formatDateTime(at).slice(0, value.length));
}
