import { describe, expect, test } from 'vitest';
import type { Condition } from '../../src/access/condition.ts';
import { schemaFacts } from '../../src/access/facts.ts';
import type { PredicateName } from '../../src/access/predicates.ts';
import { createComparison, type Chain } from '../../src/policy/compare-decisions.ts';

const facts = schemaFacts([
  {
    agency: 'hotline',
    file: 'hotline.graphql',
    sdl: `
      enum Kind { HELP REPORT }
      type Ticket {
        ticketNo: ID! @share(category: UNCONDITIONAL) @grade(level: 1)
        type: Kind @share(category: UNCONDITIONAL) @grade(level: 1)
        leadAgency: String @share(category: UNCONDITIONAL) @grade(level: 1)
        leadUnit: String @share(category: UNCONDITIONAL) @grade(level: 1)
        confirmedCoAgencies: [String!] @share(category: UNCONDITIONAL) @grade(level: 1)
        coAgencies: [String!] @share(category: UNCONDITIONAL) @grade(level: 1)
        formerAgencies: [String!] @share(category: UNCONDITIONAL) @grade(level: 1)
        confidential: Boolean @share(category: UNCONDITIONAL) @grade(level: 1)
        divisionCode: String @share(category: UNCONDITIONAL) @grade(level: 1)
        gridCode: String @share(category: UNCONDITIONAL) @grade(level: 1)
      }
      type House {
        no: ID! @share(category: UNCONDITIONAL) @grade(level: 1)
        floors: Int @share(category: UNCONDITIONAL) @grade(level: 1)
        built: Date @share(category: UNCONDITIONAL) @grade(level: 1)
        divisionCode: String @share(category: UNCONDITIONAL) @grade(level: 1)
        gridCode: String @share(category: UNCONDITIONAL) @grade(level: 1)
      }
    `,
  },
]);

const p = (name: PredicateName, args?: unknown): Condition => ({ kind: 'predicate', name, args });
const all = (...of: Condition[]): Condition => ({ kind: 'all', of });
const any = (...of: Condition[]): Condition => ({ kind: 'any', of });
const not = (of: Condition): Condition => ({ kind: 'not', of });
const is = (field: string, ...values: unknown[]): Condition => p('recordIs', { field, is: values });
const on = (when: Condition, gives = 'plain'): Chain => ({ guards: [], lines: [{ when, gives, law: 'law' }] });

function same(before: Condition, after: Condition, type = 'House', agency = 'market'): boolean {
  const difference = createComparison(facts)(on(before), on(after), type, agency);
  if (difference === null) throw new Error('undecided');
  return difference.given === 'same';
}

describe('what callers are', () => {
  test('of the hotline, which alone the predicate is about', () => {
    const hotline = p('hotlineInOwnArea');
    expect(same(hotline, p('ticketInOwnArea'), 'House', 'hotline')).toBe(true);
    expect(same(hotline, p('ticketInOwnArea'), 'House', 'market')).toBe(false);
    expect(same(any(p('leadsTicket'), hotline), p('leadsTicket'), 'House', 'market')).toBe(true);
  });

  test('whose unit is the one that a line names', () => {
    const inUnit = p('inHandlingUnit');
    expect(same(all(p('leadsTicket'), inUnit), inUnit, 'Ticket')).toBe(true);
    expect(same(inUnit, p('leadsTicket'), 'Ticket')).toBe(false);
    // Nobody is of two units, but anybody may be of this one.
    expect(same(all(inUnit, is('leadUnit', '一科')), inUnit, 'Ticket')).toBe(false);
    expect(same(all(inUnit, is('leadUnit', '一科'), is('leadUnit', '二科')), any(), 'Ticket')).toBe(true);
    // Who has no unit is in none, for sure: even of a ticket that cannot be read.
    expect(same(not(inUnit), any(not(p('leadsTicket')), not(inUnit)), 'Ticket')).toBe(true);
    expect(same(not(inUnit), not(p('leadsTicket')), 'Ticket')).toBe(false);
  });

  test('whose grids hold one code in two places', () => {
    const [house, ticket] = [p('inOwnGrid', { field: 'gridCode' }), p('ticketInOwnGrid')];
    const here = is('gridCode', 'g1');
    expect(same(all(house, ticket), house)).toBe(false);
    expect(same(all(house, here), all(here, house, any(house, ticket)))).toBe(true);
    expect(same(all(house, here), here)).toBe(false);
  });

  test('whose areas lie in one another', () => {
    const inArea = p('inOwnArea', { field: 'divisionCode' });
    const [city, ward] = [is('divisionCode', '350100'), is('divisionCode', '350102')];
    expect(same(all(inArea, city, ward), any())).toBe(true);
    expect(same(any(all(inArea, city), all(inArea, ward)), all(any(city, ward), inArea))).toBe(true);
    expect(same(all(inArea, ward), ward)).toBe(false);
  });

  test('who ask on some day', () => {
    const young = p('withinDays', { field: 'built', days: 30 });
    const built = is('built', '2026-01-10');
    const before = (until: string): Condition => p('inForce', { until });
    // What was built on that day is within 30 days up to the 9th of February, and not later.
    expect(same(all(built, young, before('2026-02-09')), all(built, before('2026-02-09')))).toBe(true);
    expect(same(all(built, young, before('2026-02-10')), all(built, before('2026-02-10')))).toBe(false);
  });
});

describe('what records hold', () => {
  test.each<[string, Condition, Condition, boolean]>([
    ['numbers', is('floors', 1, 2), any(is('floors', 2), is('floors', 1)), true],
    ['another number', is('floors', 1), is('floors', 1, 2), false],
    ['every value but null and what cannot be read', not(is('floors', 1)), all(), false],
    [
      'lengths of time',
      all(p('withinDays', { field: 'built', days: 3 }), p('withinDays', { field: 'built', days: 9 })),
      p('withinDays', { field: 'built', days: 3 }),
      true,
    ],
    [
      'a day between them',
      p('withinDays', { field: 'built', days: 3 }),
      p('withinDays', { field: 'built', days: 4 }),
      false,
    ],
    ['the match', any(p('exactMatch'), not(p('exactMatch'))), all(), true],
    ['no ticket', any(p('leadsTicket'), not(p('leadsTicket'))), all(), false],
  ])('%s', (_what, before, after, expected) => {
    expect(same(before, after)).toBe(expected);
  });

  test('values of an enum and of a flag are all there are', () => {
    const [help, report] = [p('ticketTypeIs', ['HELP']), p('ticketTypeIs', ['REPORT'])];
    expect(same(all(help, not(report)), help, 'Ticket')).toBe(true);
    // Null is neither.
    expect(same(not(report), help, 'Ticket')).toBe(false);
    const marked = is('confidential', true);
    expect(same(all(not(marked), any(marked, is('confidential', false))), p('notConfidential'), 'Ticket')).toBe(true);
  });
});

describe('the kind of a difference', () => {
  const compare = createComparison(facts);
  const given = (before: Chain, after: Chain): string | undefined => compare(before, after, 'House', 'market')?.given;
  const nothing: Chain = { guards: [], lines: [] };
  const chain = (...lines: [Condition, string | null][]): Chain => ({
    guards: [],
    lines: lines.map(([when, gives]) => ({ when, gives, law: null })),
  });

  test('what is never given is nothing, however it is written', () => {
    const never = chain([all(is('floors', 1), is('floors', 2)), 'plain']);
    expect(given(nothing, never)).toBe('same');
    expect(given(never, on(all()))).toBe('gains');
    expect(given(on(all()), never)).toBe('loses');
  });

  test('a later line counts only where no earlier one decides', () => {
    const [one, two] = [is('floors', 1), is('floors', 1, 2)];
    expect(given(chain([two, 'plain'], [one, 'mask name']), chain([two, 'plain']))).toBe('same');
    expect(given(chain([one, 'mask name'], [two, 'plain']), chain([two, 'plain']))).toBe('otherwise');
    expect(given(chain([one, null], [two, 'plain']), chain([is('floors', 2), 'plain']))).toBe('same');
  });

  test('other things on the same records, or on others', () => {
    const [one, two] = [is('floors', 1), is('floors', 2)];
    expect(given(chain([one, 'plain'], [all(), 'mask name']), chain([one, 'mask name'], [all(), 'plain']))).toBe(
      'otherwise',
    );
    expect(given(chain([one, 'plain'], [all(), 'mask name']), chain([two, 'plain'], [all(), 'mask name']))).toBe(
      'otherwise',
    );
    expect(given(chain([one, 'plain']), chain([all(), 'plain']))).toBe('elsewhere');
  });

  test('guards stand above every line', () => {
    const guarded: Chain = { ...on(is('floors', 1)), guards: [is('floors', 2)] };
    expect(given(guarded, nothing)).toBe('same');
  });
});
