import { z } from 'zod';
import { all, always, any, never, not, type Filter, type FilterValue } from '../connector/filter.ts';
import { divisionPrefix } from '../codes/division.ts';
import { formatDateTime } from '../codes/date-time.ts';
import type { Principal } from '../identity/principal.ts';

/**
 * What a predicate may know of the caller. Agency aside these are parameters at run time: whoever compares policies looks at
 * every caller that these can tell apart (`policy/caller-worlds.ts`).
 */
export type ConditionCaller = Pick<Principal, 'agency' | 'unit' | 'areas' | 'grids'>;

type Predicate = AnyPredicate & (TimelessPredicate | TimedPredicate);

interface AnyPredicate {
  /** What it speaks of: the record at hand, the ticket that led to it, the match that joined them, or the time of asking. */
  readonly about: 'record' | 'ticket' | 'match' | 'time';
  readonly args: z.ZodType;
  readonly reads: (args: unknown) => readonly string[];
  /** The types that a field of the record must have, so that what it holds is what the caller has: by another none would match. */
  readonly of?: { readonly types: readonly string[]; readonly list: boolean };
  /** Values that a policy compares a field with: they must be values that the field can have. */
  readonly values?: (args: unknown) => readonly FilterValue[];
}

interface TimelessPredicate {
  readonly filter: (args: unknown, caller: ConditionCaller) => Filter;
}

/** One that reads the clock: what it says of a caller is not kept from one request to the next. */
interface TimedPredicate {
  /** `now` is epoch milliseconds. */
  readonly filterAt: (args: unknown, caller: ConditionCaller, now: number) => Filter;
  /** When it says something else whatever the record holds, in epoch milliseconds. */
  readonly turnsAt: (args: unknown) => readonly number[];
}

/** A predicate without arguments about the ticket. */
const ticket = (
  reads: readonly string[],
  filter: (caller: ConditionCaller) => Filter,
): AnyPredicate & TimelessPredicate => ({
  about: 'ticket',
  args: z.undefined(),
  reads: () => reads,
  filter: (_args, caller) => filter(caller),
});

const fieldArgs = (field: string) => z.strictObject({ field: z.string().default(field) }).default({ field });
// Made once: a schema compiles itself when it first parses.
const divisionArgs = fieldArgs('divisionCode');
const gridArgs = fieldArgs('gridCode');
const secrecyArgs = fieldArgs('confidential');
const fieldName = z.string();
const valueArgs = z.strictObject({
  field: z.string(),
  is: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
});
const daysArgs = z.strictObject({ field: z.string(), days: z.number().int().min(1).max(36_500) });
const typeArgs = z.array(z.string()).min(1);
/** A day in a policy. */
export const day = z.iso.date({ error: 'must be a real date, written YYYY-MM-DD' });
/** A period of whole days in the hub's time (+08:00), both ends within it. */
const periodArgs = z
  .strictObject({ from: day.optional(), until: day.optional() })
  .refine(({ from, until }) => from !== undefined || until !== undefined, 'names neither from nor until')
  .refine(({ from, until }) => from === undefined || until === undefined || from <= until, 'ends before it begins');

const isIn = (field: string, values: readonly FilterValue[]): Filter => ({ kind: 'in', field, values });
const has = (field: string, value: string): Filter => ({ kind: 'contains', field, values: [value] });
const inAreas = (field: string, caller: ConditionCaller): Filter => ({
  kind: 'prefix',
  field,
  // An area that strips to nothing would match every code.
  prefixes: caller.areas.map(divisionPrefix).filter((p) => p !== ''),
});
const handles = (caller: ConditionCaller): Filter =>
  any([isIn('leadAgency', [caller.agency]), has('confirmedCoAgencies', caller.agency)]);
const inUnit = (caller: ConditionCaller): Filter =>
  caller.unit === null ? never : all([isIn('leadAgency', [caller.agency]), isIn('leadUnit', [caller.unit])]);

/** The closed set of predicates that a policy may use. A new one is added here, with its documentation in docs/policy.md. */
export const predicates = {
  /** The caller's agency leads the ticket, or co-handles it by the hotline's confirmation. */
  handlesTicket: ticket(['leadAgency', 'confirmedCoAgencies'], handles),
  /** The caller's agency leads the ticket. */
  leadsTicket: ticket(['leadAgency'], (caller) => isIn('leadAgency', [caller.agency])),
  /** The caller's agency leads, co-handles or once held the ticket. */
  partyToTicket: ticket(['leadAgency', 'coAgencies', 'formerAgencies'], (caller) =>
    any([isIn('leadAgency', [caller.agency]), has('coAgencies', caller.agency), has('formerAgencies', caller.agency)]),
  ),
  /** The caller's unit handles the ticket. */
  inHandlingUnit: ticket(['leadAgency', 'leadUnit'], inUnit),
  /** No report, or the caller's unit handles it (local hotline regulations on 举报). */
  reportInOwnUnit: ticket(['type', 'leadAgency', 'leadUnit'], (caller) =>
    any([not(isIn('type', ['REPORT'])), inUnit(caller)]),
  ),
  /** The reporter asked for no secrecy, or the caller's unit handles the ticket. */
  reporterNotSecret: ticket(['confidential', 'leadAgency', 'leadUnit'], (caller) =>
    any([not(isIn('confidential', [true])), inUnit(caller)]),
  ),
  /** The caller belongs to the hotline, and the ticket lies in one of its areas. */
  hotlineInOwnArea: ticket(['divisionCode'], (caller) =>
    caller.agency === 'hotline' ? inAreas('divisionCode', caller) : never,
  ),
  /** The ticket lies in one of the caller's areas. */
  ticketInOwnArea: ticket(['divisionCode'], (caller) => inAreas('divisionCode', caller)),
  /** The ticket lies in one of the caller's grids. */
  ticketInOwnGrid: ticket(['gridCode'], (caller) => isIn('gridCode', caller.grids)),
  /** The ticket is of one of these types. */
  ticketTypeIs: {
    about: 'ticket',
    args: typeArgs,
    reads: () => ['type'],
    values: (args) => typeArgs.parse(args),
    filter: (args) => isIn('type', typeArgs.parse(args)),
  },
  /** The record lies in one of the caller's areas. */
  inOwnArea: {
    about: 'record',
    args: divisionArgs,
    of: { types: ['DivisionCode'], list: false },
    reads: (args) => [divisionArgs.parse(args).field],
    filter: (args, caller) => inAreas(divisionArgs.parse(args).field, caller),
  },
  /** The record lies in one of the caller's grids. */
  inOwnGrid: {
    about: 'record',
    args: gridArgs,
    of: { types: ['GridCode', 'ID'], list: false },
    reads: (args) => [gridArgs.parse(args).field],
    filter: (args, caller) => isIn(gridArgs.parse(args).field, caller.grids),
  },
  /** The record names the caller's agency in one of these fields. */
  namesOwnAgency: {
    about: 'record',
    args: typeArgs,
    of: { types: ['AgencyCode'], list: false },
    reads: (args) => typeArgs.parse(args),
    filter: (args, caller) => any(typeArgs.parse(args).map((field) => isIn(field, [caller.agency]))),
  },
  /** The record's list holds the caller's agency. */
  listsOwnAgency: {
    about: 'record',
    args: fieldName,
    of: { types: ['AgencyCode'], list: true },
    reads: (args) => [fieldName.parse(args)],
    filter: (args, caller) => has(fieldName.parse(args), caller.agency),
  },
  /** The record is not marked confidential; one without a mark counts as confidential. */
  notConfidential: {
    about: 'record',
    args: secrecyArgs,
    of: { types: ['Boolean'], list: false },
    reads: (args) => [secrecyArgs.parse(args).field],
    filter: (args) => isIn(secrecyArgs.parse(args).field, [false]),
  },
  /** The field holds one of these values. */
  recordIs: {
    about: 'record',
    args: valueArgs,
    reads: (args) => [valueArgs.parse(args).field],
    values: (args) => valueArgs.parse(args).is,
    filter: (args) => isIn(valueArgs.parse(args).field, valueArgs.parse(args).is),
  },
  /** The time lies within so many days before now. */
  withinDays: {
    about: 'record',
    args: daysArgs,
    of: { types: ['DateTime', 'Date'], list: false },
    reads: (args) => [daysArgs.parse(args).field],
    filterAt: (args, _caller, now) => {
      const { field, days } = daysArgs.parse(args);
      return { kind: 'range', field, from: formatDateTime(now - days * 86_400_000) };
    },
    turnsAt: () => [],
  },
  /** Today lies in the period: how a grant's `from` and `until` come into its conditions. */
  inForce: {
    about: 'time',
    args: periodArgs,
    reads: () => [],
    filterAt: (args, _caller, now) => {
      const { from, until } = periodArgs.parse(args);
      const today = formatDateTime(now).slice(0, 10);
      return (from === undefined || from <= today) && (until === undefined || today <= until) ? always : never;
    },
    turnsAt: (args) => {
      const { from, until } = periodArgs.parse(args);
      const startOf = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
      return [
        ...(from === undefined ? [] : [startOf(from)]),
        ...(until === undefined ? [] : [startOf(until) + 86_400_000]),
      ];
    },
  },
  /** Every match on the way from the ticket was an exact one. */
  exactMatch: { about: 'match', args: z.undefined(), reads: () => [], filter: () => always },
} as const satisfies Readonly<Record<string, Predicate>>;

export type PredicateName = keyof typeof predicates;

export function isPredicateName(name: string): name is PredicateName {
  return Object.hasOwn(predicates, name);
}
