import { OperationTypeNode, type GraphQLError } from 'graphql';
import { filterAlong, holds, type Condition } from '../access/condition.ts';
import { reportSecrecy } from '../access/report-rows.ts';
import { canonicalTicketNo } from '../codes/ticket-no.ts';
import { included } from '../access/include.ts';
import type { AccessPlan, ObjectPlan, RootPlan } from '../access/plan.ts';
import type { EntitySource } from '../connector/connector.ts';
import { retryHint, SourceError } from '../connector/source-error.ts';
import { all, type Filter } from '../connector/filter.ts';
import { codedError } from '../errors/coded-error.ts';
import { casePages } from './cases.ts';
import { cursorList } from './cursor-list.ts';
import { slot, type GateObject } from './gate-object.ts';
import { lookup, visibleTicket } from './lookup.ts';
import { filterOf, orderOf } from './page-arguments.ts';
import { cursorOf, fromRoot, mayCount, paging, recordPlans, type RecordPage } from './pages.ts';
import { project, projectPage } from './project.ts';
import type { GateRun, Item } from './run.ts';
import { runStatistics } from './statistics.ts';
import { unavailable } from './unavailable.ts';

type RecordsRoot = Extract<RootPlan, { kind: 'records' }>;

/** Answers the roots that the hub answers itself (`catalogue`, `explainAccess`, …). */
export type OpenRoot = (field: string, args: Readonly<Record<string, unknown>>) => unknown;

/** What the gate let through: the executor's root value, and the errors of roots. */
export interface GateResult {
  readonly rootValue: GateObject;
  readonly errors: readonly GraphQLError[];
}

/**
 * Loads and gates the whole operation: a query's roots side by side, a mutation's one after the other. Rejects when the
 * deadline has passed or on an inner fault.
 */
export async function runRoots(plan: AccessPlan, run: GateRun, open: OpenRoot): Promise<GateResult> {
  const roots = plan.roots.filter((r) => included(r.include, run.variables));
  const results: Settled[] = [];
  if (plan.operation.operation === OperationTypeNode.MUTATION)
    for (const root of roots) results.push(await settle(root, run, open));
  else results.push(...(await Promise.all(roots.map((root) => settle(root, run, open)))));
  const rootValue: GateObject = {};
  const errors: GraphQLError[] = [];
  roots.forEach((root, i) => {
    const result = results[i];
    rootValue[slot(root.responseKey)] = result?.value ?? null;
    errors.push(...(result?.errors ?? []));
  });
  return { rootValue, errors };
}

interface Settled {
  readonly value: unknown;
  readonly errors: readonly GraphQLError[];
}

async function settle(root: RootPlan, run: GateRun, open: OpenRoot): Promise<Settled> {
  const path = [root.responseKey];
  try {
    const value = await runRoot(root, run, open);
    const none = `${root.field}: there is no such record, or not for you`;
    return { value, errors: missing(value, path).map((at) => codedError('NOT_FOUND', none, { path: at })) };
  } catch (error) {
    if (error instanceof SourceError) {
      const { agency } = error;
      const wait = retryHint(error);
      const message = unavailable(root.field, agency, wait);
      const extensions = { agency, pathPattern: root.responseKey, ...wait };
      return { value: null, errors: [codedError('SOURCE_UNAVAILABLE', message, { path, extensions })] };
    }
    if (!isCoded(error)) throw error;
    const { code, ...extensions } = error.extensions;
    return { value: null, errors: [codedError(code, error.message, { path, extensions })] };
  }
}

/** Where the value has a null for a record that was asked for by its key: it is never silent. */
function missing(value: unknown, path: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (value === null) return [path];
  return Array.isArray(value) ? value.flatMap((one: unknown, i) => (one === null ? [[...path, i]] : [])) : [];
}

function isCoded(
  error: unknown,
): error is ReturnType<typeof codedError> & { extensions: { code: Parameters<typeof codedError>[0] } } {
  return (
    error instanceof Error &&
    error.name === 'GraphQLError' &&
    typeof (error as GraphQLError).extensions['code'] === 'string'
  );
}

async function runRoot(root: RootPlan, run: GateRun, open: OpenRoot): Promise<unknown> {
  const args = run.argumentsOf(root.call);
  switch (root.kind) {
    case 'open':
      return open(root.field, args);
    case 'cases': {
      if (root.target.kind !== 'connection') throw new TypeError(`${root.field} is no connection`);
      const page = await casePages(root, root.target.connection, args, run);
      return projectPage(root.target.connection, page, run);
    }
    case 'records':
      return runRecords(root, args, run);
    case 'statistics':
      return runStatistics(root, args, run);
  }
}

async function runRecords(root: RecordsRoot, args: Readonly<Record<string, unknown>>, run: GateRun): Promise<unknown> {
  const { declaration, target } = root;
  const source = run.source(declaration.type);
  if (source === undefined) throw new TypeError(`no connector loads ${declaration.type}`);
  switch (declaration.kind) {
    case 'lookup': {
      if (target.kind !== 'object') throw new TypeError(`${root.field} is no record`);
      const item = await lookup(
        root,
        declaration,
        target.plan,
        keyOf(declaration.type, String(args[declaration.argument])),
        source,
        run,
      );
      return item === null ? null : ((await project(target.plan, [item], run))[0] ?? null);
    }
    case 'byKeys': {
      if (target.kind !== 'object') throw new TypeError(`${root.field} is no list of records`);
      const keys = args[declaration.argument] as readonly string[];
      if (keys.length > declaration.max) {
        throw codedError('LIMIT_EXCEEDED', `${declaration.argument} may hold ${declaration.max} at most`, {
          extensions: { limit: declaration.argument, max: declaration.max },
        });
      }
      return byKeys(
        target.plan,
        keys.map((k) => keyOf(declaration.type, k)),
        source,
        run,
      );
    }
    case 'page': {
      if (target.kind !== 'connection') throw new TypeError(`${root.field} is no connection`);
      const page = await recordPage(root, declaration, args, source, run);
      return page === null ? null : projectPage(target.connection, page, run);
    }
  }
}

/** The key as the source has it: a ticket's bare number means the city's own hotline. */
function keyOf(type: string, key: string): string {
  return type === 'Ticket' ? canonicalTicketNo(key) : key;
}

/** The records of these keys in the order asked; null where there is none to show. */
async function byKeys(
  plan: ObjectPlan,
  keys: readonly string[],
  source: EntitySource,
  run: GateRun,
): Promise<(GateObject | null)[]> {
  if (plan.rows === null || plan.rows === true || plan.key === null || keys.length === 0) return keys.map(() => null);
  const distinct = [...new Set(keys)];
  const rows = filterAlong(run.bound(plan.rows, plan.type), fromRoot);
  const found = await source.loadByKeys({
    key: plan.key,
    keys: distinct,
    fields: plan.reads,
    rows,
    order: plan.order,
    limitPerKey: 1,
    signal: run.signal,
  });
  const items = found.map(([record]): Item | null =>
    record === undefined ? null : { type: plan.type, record, ticket: null, exact: true, judged: null },
  );
  const present = items.filter((i) => i !== null);
  const objects = await project(plan, present, run);
  const byKey = new Map<string, GateObject | null>();
  let at = 0;
  items.forEach((item, i) => byKey.set(distinct[i] ?? '', item === null ? null : (objects[at++] ?? null)));
  return keys.map((k) => byKey.get(k) ?? null);
}

async function recordPage(
  root: RecordsRoot,
  declaration: Extract<RecordsRoot['declaration'], { kind: 'page' }>,
  args: Readonly<Record<string, unknown>>,
  source: EntitySource,
  run: GateRun,
): Promise<RecordPage | null> {
  if (root.target.kind !== 'connection') throw new TypeError(`${root.field} is no connection`);
  const { connection } = root.target;
  const plans = recordPlans(connection, declaration.type);
  const [plan] = plans;
  if (plan === undefined || plan.rows === null || plan.rows === true) {
    throw codedError('FIELD_DENIED', `${root.field}: not granted to your agency and role for this purpose`, {
      extensions: { coordinate: `Query.${root.field}`, agency: plan?.owner },
    });
  }
  const { keys: order, rows: placed } = orderOf(root, declaration, args, plan, run);
  const list = cursorList(root.field, order, args, run.caller);
  const { first, after } = paging(args, list, declaration.max, run);
  const ticket = await ticketFilter(root, declaration, args, run);
  if (ticket === null) return null;
  const rowRule = run.bound(plan.rows, plan.type);
  const rows: Filter = all([filterAlong(rowRule, fromRoot), filterOf(root, declaration, args, run), placed, ticket]);
  const fields = [...new Set([...plans.flatMap((p) => p.reads), ...order.map((k) => k.field)])];
  const records = await source.loadPage({
    fields,
    rows,
    order,
    limit: first + 1,
    signal: run.signal,
    ...(after === null ? {} : { after }),
  });
  const totalCount = mayCount(connection, run) ? await source.count(rows, run.signal) : null;
  return {
    items: records
      .slice(0, first)
      .map((record): Item => ({ type: plan.type, record, ticket: null, exact: true, judged: rowRule }))
      .filter((item) => holds(rowRule, item)),
    hasNext: records.length > first,
    hasPrevious: after !== null,
    totalCount,
    cursorOf: cursorOf(list, order, run),
  };
}

/** For lists about a ticket: the ticket must be one that the caller may see. Null where it is not. */
async function ticketFilter(
  root: RecordsRoot,
  declaration: Extract<RecordsRoot['declaration'], { kind: 'page' }>,
  args: Readonly<Record<string, unknown>>,
  run: GateRun,
): Promise<Filter | null> {
  const { ticket } = declaration;
  if (ticket === undefined) return { kind: 'always' };
  const asked = args[ticket.argument];
  if (typeof asked !== 'string') {
    if (run.caller.principal.role === 'AUDITOR') {
      throw codedError('TICKET_REQUIRED', `${root.field}: name the ticket in the argument ${ticket.argument}`);
    }
    return { kind: 'always' };
  }
  const ticketNo = canonicalTicketNo(asked);
  // Who read a report tells who handles it, so that stays in the handling unit as well.
  const rows: Condition | null =
    root.ticketRows === null ? null : { kind: 'all', of: [root.ticketRows, reportSecrecy] };
  if ((await visibleTicket(ticketNo, [...root.ticketReads.keys()], run, rows)) === null) return null;
  return { kind: 'contains', field: ticket.field, values: [ticketNo] };
}
