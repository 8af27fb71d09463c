import type { Way } from '../access/condition.ts';
import { included } from '../access/include.ts';
import type { ConnectionPlan, ObjectPlan, RelationPlan } from '../access/plan.ts';
import type { SortKey, SourceRecord } from '../connector/connector.ts';
import { codedError } from '../errors/coded-error.ts';
import { never } from '../connector/filter.ts';
import { loadBatch } from './batch.ts';
import { cursorList, otherList } from './cursor-list.ts';
import { child, joinValues, keyFieldOf } from './find.ts';
import { oneLine } from './one-line.ts';
import { filtersAlong } from './way-filters.ts';
import type { GateRun, Item } from './run.ts';

/** One parent's page before it is projected. */
export interface RecordPage {
  readonly items: readonly Item[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** Null where the caller may not count, or did not ask. */
  readonly totalCount: number | null;
  readonly cursorOf: (item: Item) => string;
}

/** What leads to the records of a root: no ticket, so that what a rule says of one does not hold. */
export const fromRoot: Way = { ticket: null, exact: true };

export interface Paging {
  readonly first: number;
  readonly after: readonly string[] | null;
}

/** `first` and `after` as they were asked. Throws `LIMIT_EXCEEDED` and `BAD_USER_INPUT`. */
export function paging(args: Readonly<Record<string, unknown>>, list: string, max: number, run: GateRun): Paging {
  const first = typeof args['first'] === 'number' ? args['first'] : 20;
  if (first < 0) throw codedError('BAD_USER_INPUT', 'first must be 0 or more');
  if (first > max)
    throw codedError('LIMIT_EXCEEDED', `first may be ${max} at most here; page with after`, {
      extensions: { limit: 'first', max },
    });
  const { after } = args;
  if (typeof after !== 'string') return { first, after: null };
  const values = run.services.cursors.open(list, after);
  if (values === null) throw codedError('BAD_USER_INPUT', otherList, { extensions: { argument: 'after' } });
  return { first, after: values };
}

/** The plans of a record type in the connection, its base plan first. */
export function recordPlans(connection: ConnectionPlan, type?: string): ObjectPlan[] {
  const slots = [...connection.nodes, ...connection.edges.flatMap((e) => e.nodes)];
  return [connection.base, ...slots.map((s) => s.plans)]
    .flatMap((plans) => [...plans.values()])
    .filter((p) => type === undefined || p.type === type);
}

/** The pages of a relation that is a connection, for a batch of parents. Null where the class may not know of any record. */
export async function relationPages(
  parentType: string,
  relation: RelationPlan,
  parents: readonly Item[],
  run: GateRun,
): Promise<RecordPage[] | null> {
  const { declaration, target } = relation;
  const [match] = declaration.by;
  const source = run.source(declaration.to);
  if (
    target.kind !== 'connection' ||
    declaration.shape.kind !== 'connection' ||
    match === undefined ||
    source === undefined
  ) {
    throw new TypeError(`${relation.coordinate} is not declared as a connection`);
  }
  const { connection } = target;
  const plans = recordPlans(connection, declaration.to);
  const [plan] = plans;
  if (plan === undefined || plan.rows === null || plan.rows === true) return null;
  const args = run.argumentsOf(relation.call);
  const list = cursorList(relation.coordinate, plan.order, args, run.caller);
  const { first, after } = paging(args, list, declaration.shape.max, run);
  const rule = run.bound(plan.rows, declaration.to);
  const ways = parents.map((p) => child(parentType, p));
  const filters = filtersAlong(rule, ways);
  const keys = joinValues(parentType, match, parents, run);
  const batch = parents.map((_, i) => ({ key: keys[i] ?? null, rows: filters[i] ?? never }));
  const records = await loadBatch<readonly SourceRecord[]>(
    batch,
    keyFieldOf(match),
    (keys, rows) =>
      source.loadByKeys({
        key: match.child,
        keys,
        rows,
        fields: [...new Set(plans.flatMap((p) => p.reads))],
        order: plan.order,
        limitPerKey: first + 1,
        paged: true,
        signal: run.signal,
        ...(after === null ? {} : { after }),
      }),
    [],
  );
  const counts = mayCount(connection, run)
    ? await loadBatch(
        batch,
        keyFieldOf(match),
        (keys, rows) => source.countByKeys(match.child, keys, rows, run.signal),
        0,
      )
    : null;
  const pages = ways.map(({ ticket, exact }, i): RecordPage => {
    const found = records[i] ?? [];
    return {
      items: found.slice(0, first).map((record) => ({ type: declaration.to, record, ticket, exact, judged: null })),
      hasNext: found.length > first,
      hasPrevious: after !== null,
      totalCount: counts?.[i] ?? null,
      cursorOf: cursorOf(list, plan.order, run),
    };
  });
  return pages;
}

export function cursorOf(
  list: string,
  order: readonly SortKey[],
  run: GateRun,
): (item: { readonly record: SourceRecord }) => string {
  return ({ record }) =>
    run.services.cursors.seal(
      list,
      order.map((k) => String(record[k.field])),
    );
}

/** Whether the total was asked for and the policy lets the class count; a refusal is noted. */
export function mayCount(connection: ConnectionPlan, run: GateRun): boolean {
  const { totalCount } = connection;
  if (totalCount === null || !included(totalCount.include, run.variables)) return false;
  const verdict = run.judge(totalCount.decision, connection.type)({ record: {}, ticket: null, exact: true });
  const { coordinate, owner, pathPattern } = totalCount;
  // A masked count is none.
  if (verdict.status === 'ALLOWED') run.report.give(oneLine(coordinate, verdict), { open: true, under: false });
  else run.report.note({ status: 'DENIED', coordinate, pathPattern, agency: owner });
  return verdict.status === 'ALLOWED';
}
