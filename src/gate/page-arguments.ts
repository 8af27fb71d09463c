import { toFilter, type Bound } from '../access/condition.ts';
import type { Decision, RootPlan } from '../access/plan.ts';
import type { FilterArgument, RootDeclaration, SortKey, StateArgument } from '../connector/connector.ts';
import type { ObjectPlan } from '../access/plan.ts';
import { all, always, any, not, type Filter, type FilterValue } from '../connector/filter.ts';
import { divisionPrefix } from '../codes/division.ts';
import { codedError } from '../errors/coded-error.ts';
import type { GateRun } from './run.ts';

type Page = Extract<RootDeclaration, { kind: 'page' }>;
type RecordsRoot = Extract<RootPlan, { kind: 'records' }>;

/**
 * The filter that the arguments ask for. No oracle: a field that the class may never read plainly is refused
 * (`FIELD_DENIED`), unless it may be compared and the argument does no more; one that it may use on some records finds
 * only those.
 */
export function filterOf(
  root: RecordsRoot,
  declaration: Page,
  args: Readonly<Record<string, unknown>>,
  run: GateRun,
): Filter {
  const asked = args['filter'];
  if (typeof asked !== 'object' || asked === null) return { kind: 'always' };
  const given = asked as Readonly<Record<string, unknown>>;
  const chosen = declaration.filters.flatMap((one): Filter[] => {
    const value = given[one.argument];
    if (value === undefined || value === null) return [];
    const decisions = [root.usable.get(one.field), equality(one) ? root.comparable.get(one.field) : undefined];
    const where = decisions
      .map((d) => (d === undefined ? null : plainWhere(d, declaration.type, run)))
      .filter((w) => w !== null);
    if (where.length === 0) throw refused(root, declaration, `filter.${one.argument}`, one.field);
    return [all([testOf(one, value), any(where)])];
  });
  const inState = (declaration.states ?? []).flatMap((one): Filter[] => {
    const value = given[one.argument];
    if (value === undefined || value === null) return [];
    const where = one.fields.map((field) => {
      const plain = usableWhere(root, declaration, field, run);
      if (plain === null) throw refused(root, declaration, `filter.${one.argument}`, field);
      return plain;
    });
    return [all([stateOf(one, value as readonly string[], run), ...where])];
  });
  return all([...chosen, ...inState]);
}

/** The records on which the class may use the field; null for none. */
function usableWhere(root: RecordsRoot, { type }: Page, field: string, run: GateRun): Filter | null {
  const decision = root.usable.get(field);
  return decision === undefined ? null : plainWhere(decision, type, run);
}

function stateOf({ argument, states }: StateArgument, names: readonly string[], run: GateRun): Filter {
  const moment = { ...run.services.times, now: run.now };
  return any(
    names.map((name) => {
      const state = states[name];
      if (state === undefined) throw new TypeError(`${argument} has no state ${name}`);
      return state(moment);
    }),
  );
}

/** How a page is sorted, and which records have a place in it. */
export interface PageOrder {
  readonly keys: readonly SortKey[];
  readonly rows: Filter;
}

/**
 * The order that is asked for, ended by the record's key. A field that the class may not always read plainly is refused,
 * unless the page holds only records of which it may.
 */
export function orderOf(
  root: RecordsRoot,
  declaration: Page,
  args: Readonly<Record<string, unknown>>,
  plan: ObjectPlan,
  run: GateRun,
): PageOrder {
  const asked = args['orderBy'] as { readonly field?: string; readonly direction?: 'ASC' | 'DESC' } | null | undefined;
  const last = declaration.order.at(-1);
  if (last === undefined) throw new TypeError(`${root.field} has no order`);
  if (asked === undefined || asked === null) {
    const open = declaration.order.every((k) => k.field === last.field || alwaysPlain(root.usable.get(k.field)));
    return { keys: open ? declaration.order : [last], rows: always };
  }
  const field = declaration.orders[asked.field ?? ''];
  const direction = asked.direction ?? 'DESC';
  const rows = field === undefined ? null : placedRows(root, declaration, field, run);
  if (field === undefined || rows === null) throw refused(root, declaration, 'orderBy', field ?? plan.key ?? '');
  return {
    keys: [
      { field, direction },
      { field: last.field, direction },
    ],
    rows,
  };
}

/** The records that may be sorted by the field; null where the class may not sort by it at all. */
function placedRows(root: RecordsRoot, declaration: Page, field: string, run: GateRun): Filter | null {
  if (declaration.sparse?.includes(field) !== true) return alwaysPlain(root.usable.get(field)) ? always : null;
  const plain = usableWhere(root, declaration, field, run);
  return plain === null ? null : all([{ kind: 'range', field }, plain]);
}

function refused(root: RecordsRoot, declaration: Page, argument: string, field: string): Error {
  return codedError(
    'FIELD_DENIED',
    `${root.field}: ${argument} uses ${declaration.type}.${field}, which is not granted to you plainly`,
    {
      extensions: { coordinate: `${declaration.type}.${field}`, argument },
    },
  );
}

function alwaysPlain(decision: Decision | undefined): boolean {
  return decision?.kind === 'give' && decision.outcome.kind === 'plain';
}

/** The records on which the decision gives the plain value; null where that is none, or cannot be said of the record alone. */
export function plainWhere(decision: Decision, type: string, run: Pick<GateRun, 'bound'>): Filter | null {
  switch (decision.kind) {
    case 'deny':
      return null;
    case 'give':
      return decision.outcome.kind === 'plain' ? { kind: 'always' } : null;
    case 'depends': {
      const guards = decision.guards.map((g) => run.bound(g, type));
      const whens = decision.rules.map((r) => run.bound(r.when, type));
      const bounds = [...guards, ...whens];
      const before = workedOut.get(decision);
      if (before !== undefined && before.bounds.every((b, i) => b === bounds[i])) return before.filter;
      const filter = bounds.every(ofRecordAlone) ? wherePlain(decision, guards, whens) : null;
      workedOut.set(decision, { bounds, filter });
      return filter;
    }
  }
}

/** The last filter of a decision, and what it was worked out from: those of one caller stay the same objects. */
const workedOut = new WeakMap<Decision, { readonly bounds: readonly Bound[]; readonly filter: Filter | null }>();

function wherePlain(
  { rules }: Extract<Decision, { kind: 'depends' }>,
  guards: readonly Bound[],
  whens: readonly Bound[],
): Filter | null {
  const plain = rules.map((r) => r.outcome.kind === 'plain');
  if (!plain.includes(true)) return null;
  const ways = whens.flatMap((when, i) =>
    plain[i] === true
      ? // Of the rules above only one that gives something else could take the value away.
        [all([...whens.slice(0, i).flatMap((b, k) => (plain[k] === true ? [] : [not(toFilter(b))])), toFilter(when)])]
      : [],
  );
  return all([...guards.map(toFilter), any(ways)]);
}

function ofRecordAlone(bound: Bound): boolean {
  switch (bound.kind) {
    case 'all':
    case 'any':
      return bound.of.every(ofRecordAlone);
    case 'not':
      return ofRecordAlone(bound.of);
    case 'exact':
      return false;
    case 'test':
      return bound.on === 'record';
  }
}

export function equality({ test }: FilterArgument): boolean {
  return test === 'in' || test === 'is';
}

/** What one argument asks of a record. */
export function testOf({ field, test }: FilterArgument, value: unknown): Filter {
  switch (test) {
    case 'in':
      return { kind: 'in', field, values: value as readonly FilterValue[] };
    case 'is':
      return { kind: 'in', field, values: [value as FilterValue] };
    case 'division':
      return { kind: 'prefix', field, prefixes: [divisionPrefix(String(value))] };
    case 'from':
      return { kind: 'range', field, from: String(value) };
    case 'before':
      return { kind: 'range', field, before: String(value) };
  }
}
