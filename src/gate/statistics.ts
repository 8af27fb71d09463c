import { filterAlong } from '../access/condition.ts';
import type { RootPlan } from '../access/plan.ts';
import { monthEnd, monthSpan } from '../codes/month.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { GroupCount, StatisticsKey } from '../connector/connector.ts';
import { all, type Filter } from '../connector/filter.ts';
import { codedError } from '../errors/coded-error.ts';
import { oneLine } from './one-line.ts';
import { plainWhere } from './page-arguments.ts';
import type { GateRun } from './run.ts';
import { suppress, type Cell } from './suppress.ts';

type StatisticsRoot = Extract<RootPlan, { kind: 'statistics' }>;

const day = 86_400_000;

/** `StatisticsTable` of the schema. */
interface Table {
  readonly month: string;
  readonly by: string;
  readonly coordinates: readonly string[];
  readonly threshold: number;
  readonly total: number | null;
  readonly rest: number | null;
  readonly cells: readonly { readonly keys: readonly string[]; readonly count: number }[];
}

/**
 * Counts the records of a month by one dimension. Throws `FIELD_DENIED` (another purpose, no records, a field that the
 * class may not count by) and `BAD_USER_INPUT` (a month that is not over).
 */
export async function runStatistics(
  root: StatisticsRoot,
  args: Readonly<Record<string, unknown>>,
  run: GateRun,
): Promise<Table> {
  const { declaration, owner } = root;
  const { type, time } = declaration;
  const by = String(args['by']);
  const month = String(args['month']);
  const dimension = declaration.dimensions[by];
  const source = run.source(type);
  if (dimension === undefined || source === undefined)
    throw new TypeError(`${root.field} does not count ${type} by ${by}`);
  const population = populationOf(root, dimension, by, run);
  checkSettled(root.field, month, run);
  const rows = all([population, { kind: 'range', field: time, ...monthSpan(month) }]);
  if (!source.canFilter(rows)) throw new TypeError(`the ${owner} source cannot choose the records that are counted`);
  const groups = await source.countBy(
    dimension.map((k) => k.field),
    rows,
    run.signal,
  );

  run.report.count(owner);
  const coordinates = dimension.map((k) => `${type}.${k.field}`);
  for (const { field } of dimension) {
    const decision = root.countable.get(field);
    if (decision?.kind !== 'depends') continue;
    for (const { id } of decision.rules) {
      const lines = oneLine(`${type}.${field}`, { status: 'ALLOWED', rule: id });
      run.report.give(lines, { open: true, under: false });
    }
  }
  const threshold = run.services.statistics.smallestCell;
  const { total, cells } = suppress(
    groups.map((g) => cellOf(g, dimension)),
    threshold,
  );
  const rest = total === null ? null : cells.reduce((left, c) => left - c.count, total);
  return { month, by, coordinates, threshold, total, rest, cells };
}

/**
 * The records that are counted: the same for every dimension, since the difference of two tables would count those that
 * stand in one of them only. So what bounds the right on any dimension bounds them all.
 */
function populationOf(root: StatisticsRoot, dimension: readonly StatisticsKey[], by: string, run: GateRun): Filter {
  const { declaration, owner, rows } = root;
  const { type } = declaration;
  const refuse = (coordinate: string, why: string): Error =>
    codedError('FIELD_DENIED', `${root.field}: ${why}`, { extensions: { coordinate, agency: owner } });
  if (run.caller.purpose !== 'STATISTICS')
    throw refuse(
      `Query.${root.field}`,
      'counts are given for the purpose STATISTICS alone; send it in Lianqiao-Purpose',
    );
  if (rows === null)
    throw refuse(`Query.${root.field}`, `not granted to your agency and role for this purpose; ask ${owner}`);
  const where = new Map<string, Filter>();
  for (const [field, decision] of root.countable) {
    const filter = plainWhere(decision, type, run);
    if (filter !== null) where.set(field, filter);
  }
  for (const { field } of dimension) {
    const coordinate = `${type}.${field}`;
    if (!where.has(field))
      throw refuse(coordinate, `${by} counts by ${coordinate}, which is not granted to you; ask ${owner}`);
  }
  // Nothing led to a record that is counted: a row rule about a ticket or a match shows none, and takes none from others.
  return all([filterAlong(run.bound(rows, type), { ticket: null, exact: true }), ...where.values()]);
}

/** A month that still changes would be counted by the differences from one day to the next. */
function checkSettled(field: string, month: string, run: GateRun): void {
  const from = monthEnd(month) + run.services.statistics.settlingDays * day;
  if (run.now >= from) return;
  throw codedError(
    'BAD_USER_INPUT',
    `${field}: month: whole months that are over and settled can be asked for, this one from ${formatDateTime(from).slice(0, 10)} on; name an earlier one`,
    { extensions: { argument: 'month' } },
  );
}

function cellOf({ values, count }: GroupCount, dimension: readonly StatisticsKey[]): Cell {
  return { values: dimension.map(({ prefix }, i) => nameOf(values[i], prefix)), count };
}

/** A value as the schema writes it. What cannot be read has no name. */
function nameOf(value: unknown, prefix: number | undefined): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return null;
  if (prefix === undefined) return value;
  return value.length < prefix ? null : value.slice(0, prefix);
}
