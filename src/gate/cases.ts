import { filterAlong } from '../access/condition.ts';
import type { ConnectionPlan, RootPlan } from '../access/plan.ts';
import type { CaseDeclaration, SortKey } from '../connector/connector.ts';
import { all, any, filterFields, never, not, type Filter } from '../connector/filter.ts';
import { cursorList } from './cursor-list.ts';
import { plainWhere } from './page-arguments.ts';
import { fromRoot, paging, recordPlans, type RecordPage } from './pages.ts';
import type { GateRun, Item } from './run.ts';

type CasesRoot = Extract<RootPlan, { kind: 'cases' }>;

/** The page of `myCases`: every case type's newest, merged by the time of change, then by type and key. */
export async function casePages(
  root: CasesRoot,
  connection: ConnectionPlan,
  args: Readonly<Record<string, unknown>>,
  run: GateRun,
): Promise<RecordPage> {
  const { field } = root;
  const list = cursorList(field, [], args, run.caller);
  const { first, after } = paging(args, list, 100, run);
  const lists = await Promise.all(
    run.services.registry.cases.map(async (one): Promise<Item[]> => {
      const plans = recordPlans(connection, one.type);
      const [plan] = plans;
      const source = run.source(one.type);
      // Cases are merged by the time of change, so a caller that may not read it gets none of the type.
      if (plan === undefined || source === undefined || plan.rows === null || plan.rows === true || plan.key === null)
        return [];
      const used = args['status'] === undefined || args['status'] === null ? [] : filterFields(one.open);
      const readable = plainOnly(root, one, [one.changedAt, ...used], run);
      if (readable === null) return [];
      const order: SortKey[] = [
        { field: one.changedAt, direction: 'DESC' },
        { field: plan.key, direction: 'DESC' },
      ];
      const rows = all([
        filterAlong(run.bound(plan.rows, one.type), fromRoot),
        readable,
        mine(one, run),
        asked(one, args),
      ]);
      const position = after === null ? {} : { after: positionIn(one.type, after) };
      const fields = [...new Set([...plans.flatMap((p) => p.reads), one.changedAt])];
      const records = await source.loadPage({ fields, rows, order, limit: first + 1, signal: run.signal, ...position });
      return records.map((record) => ({ type: one.type, record, ticket: null, exact: true, judged: null }));
    }),
  );
  const merged = lists.flat().toSorted((a, b) => compare(place(b, run), place(a, run)));
  return {
    items: merged.slice(0, first),
    hasNext: merged.length > first,
    hasPrevious: after !== null,
    totalCount: null,
    cursorOf: (item) => run.services.cursors.seal(list, place(item, run)),
  };
}

/** The records on which the caller reads all of these fields plainly: no oracle by sorting or filtering. Null for none. */
function plainOnly(root: CasesRoot, one: CaseDeclaration, fields: readonly string[], run: GateRun): Filter | null {
  const parts = fields.map((field) => {
    const decision = root.usable.get(`${one.type}.${field}`);
    return decision === undefined ? null : plainWhere(decision, one.type, run);
  });
  return parts.includes(null) ? null : all(parts.filter((p) => p !== null));
}

/** A grid worker's cases lie in its grids; an agency's are those that it leads or co-handles, or its own system's. */
function mine(one: CaseDeclaration & { readonly agency: string }, run: GateRun): Filter {
  const { principal } = run.caller;
  if (principal.role === 'GRID_WORKER') return { kind: 'in', field: one.grid, values: principal.grids };
  if (principal.agency === one.agency) return { kind: 'always' };
  if (one.agencies.length === 0) return never;
  return any(
    one.agencies.map(({ field, list }): Filter =>
      list
        ? { kind: 'contains', field, values: [principal.agency] }
        : { kind: 'in', field, values: [principal.agency] },
    ),
  );
}

function asked(one: CaseDeclaration, args: Readonly<Record<string, unknown>>): Filter {
  const parts: Filter[] = [];
  if (args['status'] === 'OPEN') parts.push(one.open);
  if (args['status'] === 'CLOSED') parts.push(not(one.open));
  if (typeof args['changedSince'] === 'string')
    parts.push({ kind: 'range', field: one.changedAt, from: args['changedSince'] });
  return all(parts);
}

/** What the merged list is sorted by: time of change, type, key. */
function place(item: Item, run: GateRun): [string, string, string] {
  const changedAt = run.services.registry.cases.find((c) => c.type === item.type)?.changedAt ?? '';
  const key = run.services.registry.entity(item.type)?.declaration.key ?? '';
  return [String(item.record[changedAt]), item.type, String(item.record[key])];
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? '', b[i] ?? ''];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/**
 * Where a list of one type goes on after a place of the merged list, by (time, key) descending. At the same time, types
 * that come later in the merged list have not begun, so they go on from the greatest key; those before it are done.
 */
function positionIn(type: string, after: readonly string[]): readonly string[] {
  const [time = '', atType = '', key = ''] = after;
  if (type === atType) return [time, key];
  return type < atType ? [time, '\u{10FFFF}'] : [time, ''];
}
