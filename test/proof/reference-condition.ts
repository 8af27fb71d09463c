import { now, unreadable, type CallerModel, type ConditionModel, type RecordModel } from './model.ts';

/*
 * The conditions of docs/policy.md once more, written from its text alone and as slowly as it reads: nothing here comes
 * from src/access.
 */

/** What a condition is judged on. */
export interface Judged {
  readonly type: string;
  readonly record: RecordModel;
  /** The ticket that led to the record; of a ticket, that ticket is the record itself. */
  readonly ticket: RecordModel | null;
  /** Whether every match on the way was an exact one. */
  readonly exact: boolean;
  /** The time of asking, in epoch milliseconds; left out: the clock of every world. */
  readonly at?: number;
}

/** true, false, or undefined for what cannot be known. */
export type Truth = boolean | undefined;

/** Whether the condition holds: what cannot be known does not, and neither does its negation. */
export function referenceTruth(condition: ConditionModel, on: Judged, caller: CallerModel): Truth {
  if (typeof condition === 'string') return predicate(condition, undefined, on, caller);
  const [entry] = Object.entries(condition);
  if (entry === undefined) throw new TypeError('a condition without a name');
  const [name, args] = entry;
  switch (name) {
    case 'all':
      return allOf((args as readonly ConditionModel[]).map((c) => referenceTruth(c, on, caller)));
    case 'any':
      return anyOf((args as readonly ConditionModel[]).map((c) => referenceTruth(c, on, caller)));
    case 'not':
      return notOf(referenceTruth(args as ConditionModel, on, caller));
    default:
      return predicate(name, args, on, caller);
  }
}

export function allOf(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
}

export function anyOf(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
}

function notOf(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** Reads values of one record; says "unknown" as soon as one of them cannot be read. */
function knowing(
  record: RecordModel | null,
  fields: readonly string[],
  test: (...values: readonly RecordModel[string][]) => boolean,
): Truth {
  if (record === null) return undefined;
  const values = fields.map((f) => record[f]);
  if (values.some((v) => v === undefined || v === unreadable)) return undefined;
  return test(...values.map((v) => v ?? null));
}

const lists = (list: unknown, member: string): boolean => Array.isArray(list) && list.includes(member);

/** `350100` covers `350102` and all its streets. */
function lies(code: unknown, areas: readonly string[]): boolean {
  return typeof code === 'string' && areas.some((area) => covers(area, code));
}

function covers(area: string, code: string): boolean {
  for (let digits = area; digits.length >= 2; digits = digits.slice(0, -2)) {
    if (digits.length > 6) return code.startsWith(digits);
    if (!digits.endsWith('00')) return code.startsWith(digits);
  }
  return false;
}

function inUnit({ agency, unit }: CallerModel, ticket: RecordModel | null): Truth {
  if (unit === null) return ticket === null ? undefined : false;
  return allOf([
    knowing(ticket, ['leadAgency'], (lead) => lead === agency),
    knowing(ticket, ['leadUnit'], (of) => of === unit),
  ]);
}

function predicate(name: string, args: unknown, on: Judged, caller: CallerModel): Truth {
  const ticket = on.type === 'Ticket' ? on.record : on.ticket;
  const { agency, areas, grids } = caller;
  const named = (preset: string): string => {
    const of = typeof args === 'object' && args !== null ? Object.entries(args) : [];
    return String(of.find(([key]) => key === 'field')?.[1] ?? preset);
  };
  const leads = (): Truth => knowing(ticket, ['leadAgency'], (lead) => lead === agency);
  const names = (field: string): Truth => knowing(ticket, [field], (list) => lists(list, agency));
  switch (name) {
    case 'handlesTicket':
      return anyOf([leads(), names('confirmedCoAgencies')]);
    case 'leadsTicket':
      return leads();
    case 'partyToTicket':
      return anyOf([leads(), names('coAgencies'), names('formerAgencies')]);
    case 'inHandlingUnit':
      return inUnit(caller, ticket);
    case 'reportInOwnUnit':
      return anyOf([knowing(ticket, ['type'], (type) => type !== 'REPORT'), inUnit(caller, ticket)]);
    case 'reporterNotSecret':
      return anyOf([knowing(ticket, ['confidential'], (secret) => secret !== true), inUnit(caller, ticket)]);
    case 'hotlineInOwnArea':
      return knowing(ticket, agency === 'hotline' ? ['divisionCode'] : [], (code) => lies(code, areas));
    case 'ticketInOwnArea':
      return knowing(ticket, ['divisionCode'], (code) => lies(code, areas));
    case 'ticketInOwnGrid':
      return knowing(ticket, ['gridCode'], (code) => typeof code === 'string' && grids.includes(code));
    case 'ticketTypeIs':
      return knowing(ticket, ['type'], (type) => typeof type === 'string' && lists(args, type));
    case 'inOwnArea':
      return knowing(on.record, [named('divisionCode')], (code) => lies(code, areas));
    case 'inOwnGrid':
      return knowing(on.record, [named('gridCode')], (code) => typeof code === 'string' && grids.includes(code));
    case 'namesOwnAgency':
      return anyOf((args as readonly string[]).map((f) => knowing(on.record, [f], (value) => value === agency)));
    case 'listsOwnAgency':
      return knowing(on.record, [String(args)], (list) => lists(list, agency));
    case 'notConfidential':
      return knowing(on.record, [named('confidential')], (marked) => marked === false);
    case 'recordIs': {
      const { is } = args as { readonly is: readonly unknown[] };
      return knowing(on.record, [named('')], (value) => value !== null && is.includes(value));
    }
    case 'withinDays': {
      const { days } = args as { readonly days: number };
      const since = beijing((on.at ?? now) - days * 86_400_000);
      return knowing(on.record, [named('')], (time) => typeof time === 'string' && time >= since.slice(0, time.length));
    }
    case 'inForce': {
      const { from, until } = args as { readonly from?: string; readonly until?: string };
      const today = beijing(on.at ?? now).slice(0, 10);
      return (from === undefined || from <= today) && (until === undefined || today <= until);
    }
    case 'exactMatch':
      return on.exact;
    default:
      throw new TypeError(`there is no condition ${name}`);
  }
}

/** The time as the schema writes it, `2026-11-23T09:30:00+08:00`. */
export function beijing(epoch: number): string {
  return `${new Date(epoch + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
