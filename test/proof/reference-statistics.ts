import { suppress, type ShownTable } from '../../src/gate/suppress.ts';
import {
  counting,
  now,
  typeOf,
  unreadable,
  type CallerModel,
  type RecordModel,
  type Selection,
  type StatisticsModel,
  type WorldModel,
} from './model.ts';
import type { ReferenceRun } from './reference-answer.ts';
import { allOf, anyOf, referenceTruth } from './reference-condition.ts';
import { guardsOf, judgesRecordAlone, rightLines, rowRulesOf } from './reference-verdict.ts';

/** One table that the answer holds. */
export interface CountedTable {
  readonly declaration: StatisticsModel;
  readonly by: string;
  /** The records that it counts: the population of its month. */
  readonly records: readonly RecordModel[];
}

type RootSelection = Extract<Selection, { kind: 'field' }>;

/** What a statistics root should answer: docs/statistics.md, record by record. */
export function referenceStatistics(root: RootSelection, declaration: StatisticsModel, run: ReferenceRun): unknown {
  const { caller, world } = run;
  const refuse = (note: string): null => {
    run.notes.add(note);
    run.met.add('refused counts');
    return null;
  };
  const { type, field } = declaration;
  const by = text(root.args['by']);
  const month = text(root.args['month']);
  const dimension = declaration.dimensions[by];
  if (dimension === undefined) throw new TypeError(`${field} has no dimension ${by}`);
  if (caller.purpose !== 'STATISTICS' || rowRulesOf(type, caller, world).length === 0)
    return refuse(`FIELD_DENIED @${root.key}`);
  const countable = countableFields(declaration, caller, world);
  const missing = dimension.find((k) => !countable.includes(k.field));
  if (missing !== undefined) return refuse(`DENIED ${type}.${missing.field}`);
  if (now < monthAfter(month) + counting.settlingDays * 86_400_000) return refuse(`BAD_USER_INPUT @${root.key}`);

  const records = population(declaration, countable, caller, world).filter((r) => inMonth(r[declaration.time], month));
  const table = tableOf({ declaration, by, records });
  run.tables.push({ declaration, by, records });
  for (const record of records) {
    const key = String(record[typeOf(world.schema, type).key]);
    run.counted.add(`${type} ${key}`);
    for (const k of dimension) run.show([type, key], k.field);
  }
  run.met.add('counts');
  if (table.total !== null && shownOf(table) < table.total) run.met.add('suppressed counts');
  const values: Readonly<Record<string, unknown>> = {
    month,
    by,
    coordinates: dimension.map((k) => `${type}.${k.field}`),
    threshold: counting.smallestCell,
    total: table.total,
    rest: table.total === null ? null : table.total - shownOf(table),
    cells: table.cells,
  };
  return Object.fromEntries(root.sub.map((s) => (s.kind === 'field' ? [s.key, values[s.name]] : ['', null])));
}

/** What of these records may be shown. Which counts that are is proved where it is decided: test/gate/suppress.test.ts. */
export function tableOf({ declaration, by, records }: CountedTable): ShownTable {
  const dimension = declaration.dimensions[by] ?? [];
  const cells = records.map((r) => ({ values: dimension.map((k) => nameIn(r[k.field], k.prefix)), count: 1 }));
  return suppress(cells, counting.smallestCell);
}

/** The name under which a value is counted; null where it has none. */
export function nameIn(value: RecordModel[string] | undefined, prefix: number | undefined): string | null {
  if (value === null || value === undefined || value === unreadable) return null;
  const name = String(value);
  if (prefix === undefined) return name;
  return name.length < prefix ? null : name.slice(0, prefix);
}

function shownOf({ cells }: ShownTable): number {
  return cells.reduce((sum, c) => sum + c.count, 0);
}

/** The fields of all dimensions by which the class may count some records. */
function countableFields({ type, dimensions }: StatisticsModel, caller: CallerModel, world: WorldModel): string[] {
  const fields = new Set(Object.values(dimensions).flatMap((keys) => keys.map((k) => k.field)));
  return [...fields].filter((name) => {
    const field = typeOf(world.schema, type).fields.find((f) => f.name === name);
    if (field === undefined || field.category === 'NONE') return false;
    const lines = rightLines('count', field, caller, world);
    return lines.length > 0 && lines.every((l) => l.when.every((c) => judgesRecordAlone(c, type)));
  });
}

/** The one population of all dimensions: who may be known of, and counted by every field that the class may count by. */
function population(
  { type }: StatisticsModel,
  countable: readonly string[],
  caller: CallerModel,
  world: WorldModel,
): RecordModel[] {
  const fields = typeOf(world.schema, type).fields.filter((f) => countable.includes(f.name));
  return (world.records.get(type) ?? []).filter((record) => {
    const truth = (condition: Parameters<typeof referenceTruth>[0]): boolean | undefined =>
      referenceTruth(condition, { type, record, ticket: null, exact: true }, caller);
    const rows = rowRulesOf(type, caller, world).map((when) => allOf(when.map(truth)));
    if (anyOf(rows) !== true) return false;
    return fields.every(
      (field) =>
        guardsOf(field).every((g) => truth(g) === true) &&
        anyOf(rightLines('count', field, caller, world).map((l) => allOf(l.when.map(truth)))) === true,
    );
  });
}

function inMonth(time: RecordModel[string] | undefined, month: string): boolean {
  return typeof time === 'string' && time.startsWith(month);
}

/** The first moment after the month, in epoch milliseconds. */
function monthAfter(month: string): number {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return Date.UTC(year, of, 1) - 8 * 3_600_000;
}

function text(value: RootSelection['args'][string] | undefined): string {
  return value?.kind === 'enum' || value?.kind === 'value' ? String(value.value) : '';
}
