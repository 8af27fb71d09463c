import { holds, toFilter, type Condition } from '../access/condition.ts';
import { conditionReads } from '../access/condition.ts';
import type { ObjectPlan, RootPlan } from '../access/plan.ts';
import type { EntitySource, RootDeclaration, SourceRecord } from '../connector/connector.ts';
import { all, always, type Filter } from '../connector/filter.ts';
import { divisionPrefix } from '../codes/division.ts';
import { codedError } from '../errors/coded-error.ts';
import { findMatches } from './find.ts';
import type { GateRun, Item } from './run.ts';
import { mayBeReport } from './under-report.ts';

type Lookup = Extract<RootDeclaration, { kind: 'lookup' }>;
type RecordsRoot = Extract<RootPlan, { kind: 'records' }>;

/**
 * The one record that a direct lookup may give, or null: for one that does not exist and one that is not for the caller
 * alike. Throws `TICKET_REQUIRED` and `TICKET_MISMATCH`.
 */
export async function lookup(
  root: RecordsRoot,
  declaration: Lookup,
  plan: ObjectPlan,
  key: string,
  source: EntitySource,
  run: GateRun,
): Promise<Item | null> {
  const { ticketNo } = run.caller;
  if (declaration.binding === 'self') {
    if (ticketNo !== null && ticketNo !== key) {
      throw codedError(
        'TICKET_MISMATCH',
        `${root.field}: the header Lianqiao-Ticket names another ticket; send the same or none`,
      );
    }
    if (ticketNo !== null) run.report.bind(ticketNo);
    return one(plan, key, source, run, always);
  }
  if (ticketNo !== null) return throughTicket(root, plan, key, ticketNo, run);
  const own = ownScope(declaration, plan, run);
  if (own === null) {
    throw codedError(
      'TICKET_REQUIRED',
      `${root.field}: name the ticket that you need this for in the header Lianqiao-Ticket`,
    );
  }
  return one(plan, key, source, run, own);
}

/** Where a lookup without a ticket may look: the areas of supervision and audit, a grid worker's own grids. */
function ownScope(declaration: Lookup, plan: ObjectPlan, run: GateRun): Filter | null {
  const { principal, purpose } = run.caller;
  if (declaration.binding === 'ticketOrOwnGrid' && principal.role === 'GRID_WORKER' && plan.key !== null) {
    return { kind: 'in', field: plan.key, values: principal.grids };
  }
  if (purpose !== 'AUDIT' && purpose !== 'SUPERVISION') return null;
  const prefixes = principal.areas.map(divisionPrefix).filter((p) => p !== '');
  return { kind: 'prefix', field: 'divisionCode', prefixes };
}

async function one(
  plan: ObjectPlan,
  key: string,
  source: EntitySource,
  run: GateRun,
  scope: Filter,
): Promise<Item | null> {
  if (plan.rows === null || plan.rows === true || plan.key === null) return null;
  const rowRule = run.bound(plan.rows, plan.type);
  const [found] = await source.loadByKeys({
    key: plan.key,
    keys: [key],
    fields: plan.reads,
    rows: all([toFilter(rowRule), scope]),
    order: plan.order,
    limitPerKey: 1,
    signal: run.signal,
  });
  const record = found?.[0];
  if (record === undefined) return null;
  const item: Item = { type: plan.type, record, ticket: null, exact: true, judged: rowRule };
  return holds(rowRule, item) ? item : null;
}

/** The record only if the ticket, which the caller must see, really joins it by a relation that the caller may follow. */
async function throughTicket(
  root: RecordsRoot,
  plan: ObjectPlan,
  key: string,
  ticketNo: string,
  run: GateRun,
): Promise<Item | null> {
  run.report.bind(ticketNo);
  const ticket = await visibleTicket(ticketNo, [...root.ticketReads.keys()], run, root.ticketRows);
  if (ticket === null || plan.key === null) return null;
  const item: Item = { type: 'Ticket', record: ticket, ticket, exact: true, judged: null };
  for (const { declaration, decision } of root.ticketRelations) {
    if (run.judge(decision, 'Ticket')(item).status !== 'ALLOWED') continue;
    const only: Filter = { kind: 'in', field: plan.key, values: [key] };
    const [found] = await findMatches('Ticket', { declaration }, plan, [item], run, only, 1);
    const [match] = found ?? [];
    if (match !== undefined) return match.item;
  }
  return null;
}

/** The ticket's fields that are asked for, if the row rules show it to the caller. */
export async function visibleTicket(
  ticketNo: string,
  reads: readonly string[],
  run: GateRun,
  rows: Condition | null,
): Promise<SourceRecord | null> {
  const source = run.source('Ticket');
  if (source === undefined || rows === null) return null;
  const rowRule = run.bound(rows, 'Ticket');
  const fields = [...new Set(['ticketNo', 'type', ...reads, ...conditionReads(rows, 'Ticket').record])];
  const [found] = await source.loadByKeys({
    key: 'ticketNo',
    keys: [ticketNo],
    fields,
    rows: toFilter(rowRule),
    order: [{ field: 'ticketNo', direction: 'ASC' }],
    limitPerKey: 1,
    signal: run.signal,
  });
  const record = found?.[0];
  if (record === undefined || !holds(rowRule, { record, ticket: record, exact: true })) return null;
  if (mayBeReport(record)) run.report.seal(ticketNo);
  return record;
}
