import fc from 'fast-check';
import { at, some } from './choose.ts';
import type { ConditionModel, FieldModel, SchemaModel, ValueKind } from './model.ts';
import { pool } from './values.ts';

/** A condition before its fields and values are known. */
export type ConditionChoice =
  | { readonly kind: 'predicate'; readonly which: number; readonly field: number; readonly value: number }
  | { readonly kind: 'all' | 'any'; readonly of: readonly ConditionChoice[] }
  | { readonly kind: 'not'; readonly of: ConditionChoice };

const predicateChoice: fc.Arbitrary<ConditionChoice> = fc.record({
  kind: fc.constant('predicate' as const),
  which: fc.nat(99),
  field: fc.nat(99),
  value: fc.nat(99),
});

const conditionChoice = (depth: number): fc.Arbitrary<ConditionChoice> =>
  depth === 0
    ? predicateChoice
    : fc.oneof(
        { weight: 6, arbitrary: predicateChoice },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: fc.constantFrom('any' as const, 'all' as const),
            of: fc.array(conditionChoice(depth - 1), { maxLength: 3 }),
          }),
        },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('not' as const), of: conditionChoice(depth - 1) }) },
      );

/** A `when` list: mostly empty or one condition. */
export const whenChoices = fc.oneof(
  { weight: 4, arbitrary: fc.constant<ConditionChoice[]>([]) },
  { weight: 6, arbitrary: fc.array(conditionChoice(2), { minLength: 1, maxLength: 2 }) },
);

/** Which predicates a rule may use: all, those about the time alone, or those that may bound a count. */
export type Reach = 'any' | 'time' | 'count';

/** The `when` list of a rule of `agency` on these types: every predicate that its fields allow. */
export function whenOf(
  choices: readonly ConditionChoice[],
  agency: string,
  types: readonly string[],
  schema: SchemaModel,
  reach: Reach,
): ConditionModel[] {
  const shared = sharedFields(agency, types, schema);
  const one = (choice: ConditionChoice): ConditionModel => {
    switch (choice.kind) {
      case 'predicate':
        return predicateOf(choice, shared, types, reach);
      case 'all':
      case 'any':
        return { [choice.kind]: choice.of.map(one) };
      case 'not':
        return { not: one(choice.of) };
    }
  };
  return choices.map(one);
}

/** The agency's own fields that every one of the types has, with the same kind of value. */
function sharedFields(agency: string, types: readonly string[], schema: SchemaModel): FieldModel[] {
  const [first, ...rest] = types.map((name) => schema.types.find((t) => t.name === name)?.fields ?? []);
  const own = (first ?? []).filter((f) => f.owner === agency && f.holds.kind === 'value');
  return own.filter((f) => rest.every((fields) => fields.some((g) => g.name === f.name && sameKind(f, g))));
}

function sameKind(a: FieldModel, b: FieldModel): boolean {
  return a.holds.kind === 'value' && b.holds.kind === 'value' && a.holds.of === b.holds.of && a.owner === b.owner;
}

const ticketPredicates: readonly ConditionModel[] = [
  'handlesTicket',
  'leadsTicket',
  'partyToTicket',
  'inHandlingUnit',
  'reportInOwnUnit',
  'reporterNotSecret',
  'hotlineInOwnArea',
  'ticketInOwnArea',
  'ticketInOwnGrid',
  { ticketTypeIs: ['OPEN'] },
  { ticketTypeIs: ['REPORT', 'DONE'] },
];

const periods: readonly ConditionModel[] = [
  { inForce: { from: '2026-11-23' } },
  { inForce: { until: '2026-11-22' } },
  { inForce: { from: '2026-01-01', until: '2026-11-23' } },
];

function predicateOf(
  { which, field, value }: Extract<ConditionChoice, { kind: 'predicate' }>,
  fields: readonly FieldModel[],
  types: readonly string[],
  reach: Reach,
): ConditionModel {
  if (reach === 'time') return at(periods, which);
  const about = aboutRecord(fields, field, value);
  const options = [...ticketPredicates, ...about, ...about, 'exactMatch', at(periods, value)];
  if (reach === 'any') return at(options, which);
  // Nothing led to what is counted, but a ticket is its own; and what slides with time is refused.
  const led = types.every((type) => type === 'Ticket') ? ticketPredicates : [];
  const lasting = about.filter((c) => typeof c === 'string' || !('withinDays' in c));
  return at([...led, ...lasting, ...lasting, at(periods, value)], which);
}

/** A predicate of each kind about the record, on one of the fields that it can read. */
function aboutRecord(fields: readonly FieldModel[], choice: number, value: number): ConditionModel[] {
  const of = (...kinds: readonly ValueKind[]): string[] =>
    fields.flatMap((f) => (f.holds.kind === 'value' && kinds.includes(f.holds.of) ? [f.name] : []));
  const on = (names: readonly string[], make: (field: string) => ConditionModel): ConditionModel[] =>
    names.length === 0 ? [] : [make(at(names, choice))];
  const values = (field: string): unknown[] => {
    const found = fields.find((f) => f.name === field);
    const kind = found?.holds.kind === 'value' ? found.holds.of : 'text';
    const known = kind === 'key' ? ['k1'] : pool(kind).filter((v) => v !== null && !String(v).startsWith('\0'));
    const chosen = some(known, value);
    return chosen.length === 0 ? known.slice(0, 1) : chosen;
  };
  const names = new Set(fields.map((f) => f.name));
  return [
    ...on(of('division'), (field) => (field === 'divisionCode' ? 'inOwnArea' : { inOwnArea: { field } })),
    ...on(of('grid'), (field) => (field === 'gridCode' ? 'inOwnGrid' : { inOwnGrid: { field } })),
    ...on(of('agency'), (field) => ({ namesOwnAgency: [...new Set([field, at(of('agency'), value)])] })),
    ...on(of('agencies'), (field) => ({ listsOwnAgency: field })),
    ...(names.has('confidential') ? ['notConfidential'] : []),
    ...on(of('code', 'text', 'flag', 'number', 'name'), (field) => ({ recordIs: { field, is: values(field) } })),
    ...on(of('code'), (field) => ({ recordIs: { field, is: values(field) } })),
    ...on(of('date', 'time'), (field) => ({ withinDays: { field, days: at([1, 3, 30, 365], value) } })),
  ];
}
