import type { ConditionModel, RecordModel, SchemaModel, Value } from './model.ts';
import { now, typeOf, unreadable, type CallerModel } from './model.ts';
import { beijing, type Judged } from './reference-condition.ts';
import { pool } from './values.ts';

/*
 * Everything that some conditions can be judged on, spelled out: callers, times, tickets and records, one after the other.
 */

/** One thing to judge on, and who asks. */
export interface Instance {
  readonly on: Judged;
  readonly caller: Pick<CallerModel, 'unit' | 'areas' | 'grids'>;
}

type Choice = (of: Draft) => void;
interface Draft {
  record: Record<string, Value>;
  ticket: Record<string, Value> | null;
  exact: boolean;
  at: number;
  caller: { unit: string | null; areas: readonly string[]; grids: readonly string[] };
}

/** Instances that are looked at one by one; of more, as many by a stride, which proves no equality. */
const most = 12_000;

/** Every instance that the conditions tell apart, and whether these are all. */
export function instances(
  conditions: readonly ConditionModel[],
  type: string,
  agency: string,
  schema: SchemaModel,
): { readonly all: boolean; readonly of: readonly Instance[] } {
  const dimensions = dimensionsOf(conditions, type, agency, schema);
  const total = dimensions.reduce((n, d) => n * d.length, 1);
  const looked = Math.min(total, most);
  const stride = total === looked ? 1 : 1_000_003;
  const of = Array.from({ length: looked }, (_, i): Instance => {
    let rest = (i * stride) % total;
    const draft: Draft = {
      record: {},
      ticket: type === 'Ticket' ? null : {},
      exact: true,
      at: now,
      caller: { unit: null, areas: [], grids: [] },
    };
    for (const dimension of dimensions) {
      dimension[rest % dimension.length]?.(draft);
      rest = Math.floor(rest / dimension.length);
    }
    const { record, ticket, exact, at, caller } = draft;
    return { on: { type, record: record satisfies RecordModel, ticket, exact, at }, caller };
  });
  return { all: total === looked, of };
}

/** What the predicates of docs/policy.md look at. */
const aboutTicket: Readonly<Record<string, readonly string[]>> = {
  handlesTicket: ['leadAgency', 'confirmedCoAgencies'],
  leadsTicket: ['leadAgency'],
  partyToTicket: ['leadAgency', 'coAgencies', 'formerAgencies'],
  inHandlingUnit: ['leadAgency', 'leadUnit'],
  reportInOwnUnit: ['type', 'leadAgency', 'leadUnit'],
  reporterNotSecret: ['confidential', 'leadAgency', 'leadUnit'],
  hotlineInOwnArea: ['divisionCode'],
  ticketInOwnArea: ['divisionCode'],
  ticketInOwnGrid: ['gridCode'],
  ticketTypeIs: ['type'],
};
const minding = {
  unit: ['inHandlingUnit', 'reportInOwnUnit', 'reporterNotSecret'],
  areas: ['hotlineInOwnArea', 'ticketInOwnArea', 'inOwnArea'],
  grids: ['ticketInOwnGrid', 'inOwnGrid'],
};

function dimensionsOf(
  conditions: readonly ConditionModel[],
  type: string,
  agency: string,
  schema: SchemaModel,
): Choice[][] {
  const predicates = conditions.flatMap(predicatesOf);
  const names = new Set(predicates.map(([name]) => name));
  const columns = new Map<string, { on: 'record' | 'ticket'; field: string; named: Value[] }>();
  const read = (on: 'record' | 'ticket', field: string, named: readonly Value[] = []): void => {
    const key = `${on} ${field}`;
    const column = columns.get(key) ?? { on, field, named: [] };
    column.named.push(...named);
    columns.set(key, column);
  };
  for (const [name, args] of predicates) {
    const ofTicket = aboutTicket[name];
    for (const field of ofTicket ?? [])
      read(type === 'Ticket' ? 'record' : 'ticket', field, name === 'ticketTypeIs' ? (args as string[]) : []);
    if (name === 'reportInOwnUnit') read(type === 'Ticket' ? 'record' : 'ticket', 'type', ['REPORT']);
    for (const field of ofTicket === undefined ? recordReads(name, args) : [])
      read('record', field, name === 'recordIs' ? (args as { is: Value[] }).is : []);
  }
  const dimensions: Choice[][] = [];
  // Whether a ticket led here comes before what it holds, so that its values are set on one.
  if (type !== 'Ticket' && [...names].some((n) => n in aboutTicket))
    dimensions.push([() => undefined, (d) => void (d.ticket = null)]);
  if (names.has('exactMatch')) dimensions.push([() => undefined, (d) => void (d.exact = false)]);
  if (names.has('inForce'))
    dimensions.push(
      ['2025-12-31', '2026-01-01', '2026-11-22', '2026-11-23', '2026-11-24'].map(
        (date): Choice =>
          (d) =>
            void (d.at = Date.parse(`${date}T09:30:00+08:00`)),
      ),
    );
  const minds = (those: readonly string[]): boolean => those.some((n) => names.has(n));
  if (minds(minding.unit))
    dimensions.push(
      [null, 'k1', '某科'].map(
        (unit): Choice =>
          (d) =>
            void (d.caller.unit = unit),
      ),
    );
  if (minds(minding.areas)) dimensions.push([(d) => void (d.caller.areas = ['350102'])]);
  if (minds(minding.grids)) dimensions.push([(d) => void (d.caller.grids = ['g1'])]);
  for (const { on, field, named } of columns.values())
    dimensions.push(
      valuesOf(field, on === 'ticket' ? 'Ticket' : type, named, agency, schema).map((value): Choice => (d) => {
        const subject = on === 'record' ? d.record : d.ticket;
        // An age is counted from the time of asking, which was chosen before.
        if (subject !== null) subject[field] = typeof value === 'function' ? value(d.at) : value;
      }),
    );
  return dimensions;
}

/** The values of a column, or how it is made from the time of asking. */
function valuesOf(
  field: string,
  type: string,
  named: readonly Value[],
  agency: string,
  schema: SchemaModel,
): (Value | ((at: number) => string))[] {
  const holds = typeOf(schema, type).fields.find((f) => f.name === field)?.holds;
  const kind = holds?.kind === 'value' ? holds.of : 'text';
  const compared = [...new Set(named)];
  switch (kind) {
    case 'agency':
      return [null, unreadable, agency, 'elsewhere'];
    case 'agencies':
      return [null, unreadable, [], [agency]];
    case 'flag':
      return [null, unreadable, true, false];
    case 'number':
      return [null, unreadable, ...compared, 99_999];
    case 'division':
      return [null, unreadable, '350102001', '360102'];
    case 'grid':
      return [null, unreadable, 'g1', 'g9'];
    case 'date':
    case 'time': {
      // Beside every age that `withinDays` is generated with.
      const ages = [0.5, 2, 10, 100, 1_000].map(
        (days) =>
          (at: number): string =>
            beijing(at - days * 86_400_000).slice(0, kind === 'date' ? 10 : undefined),
      );
      return [null, unreadable, ...ages];
    }
    default: {
      const units = field === 'leadUnit' ? ['k1', '某科'] : [];
      const texts = kind === 'key' ? [] : pool(kind).filter((v) => compared.includes(v));
      return [...new Set<Value>([null, unreadable, ...compared, ...texts, ...units, '别的'])];
    }
  }
}

function recordReads(name: string, args: unknown): string[] {
  const named = typeof args === 'object' && args !== null && 'field' in args ? [String(args.field)] : [];
  switch (name) {
    case 'inOwnArea':
      return named.length > 0 ? named : ['divisionCode'];
    case 'inOwnGrid':
      return named.length > 0 ? named : ['gridCode'];
    case 'notConfidential':
      return named.length > 0 ? named : ['confidential'];
    case 'namesOwnAgency':
      return args as string[];
    case 'listsOwnAgency':
      return [String(args)];
    case 'recordIs':
    case 'withinDays':
      return named;
    case 'inForce':
    case 'exactMatch':
      return [];
    default:
      throw new TypeError(`there is no condition ${name}`);
  }
}

function predicatesOf(condition: ConditionModel): [string, unknown][] {
  if (typeof condition === 'string') return [[condition, undefined]];
  const [entry] = Object.entries(condition);
  if (entry === undefined) return [];
  const [name, of] = entry;
  if (name === 'all' || name === 'any') return (of as readonly ConditionModel[]).flatMap(predicatesOf);
  return name === 'not' ? predicatesOf(of as ConditionModel) : [entry];
}
