import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bind,
  conditionReads,
  holds,
  printCondition,
  toFilter,
  type Bound,
  type Case,
  type Condition,
} from '../../src/access/condition.ts';
import { simplify } from '../../src/access/simplify-bound.ts';
import { matches } from '../../src/connector/filter.ts';
import { UNREADABLE } from '../../src/connector/mapping.ts';
import type { Principal } from '../../src/identity/principal.ts';

const caller: Principal = {
  subject: 's',
  issuer: 'i',
  tokenId: 't',
  agency: 'police',
  role: 'SYSTEM',
  unit: 'unit-1',
  operator: null,
  areas: ['350102'],
  grids: ['G-1'],
  purposes: ['HANDLING'],
  expiresAt: 0,
};
const now = Date.parse('2026-11-05T12:00:00+08:00');

const is = (name: (Condition & { kind: 'predicate' })['name'], args?: unknown): Condition => ({
  kind: 'predicate',
  name,
  args,
});
const not = (of: Condition): Condition => ({ kind: 'not', of });
const all = (...of: Condition[]): Condition => ({ kind: 'all', of });
const any = (...of: Condition[]): Condition => ({ kind: 'any', of });

/** A ticket of which nothing is known but these fields; what is not read at all is another matter. */
const ticketWith = (fields: Record<string, unknown>) => ({
  type: null,
  leadAgency: null,
  leadUnit: null,
  coAgencies: [],
  confirmedCoAgencies: [],
  formerAgencies: [],
  confidential: null,
  divisionCode: null,
  gridCode: null,
  ...fields,
});

/** Whether the condition holds for a record of `type`. */
function judged(condition: Condition, type: string, one: Partial<Case>): boolean {
  return holds(bind(condition, type, caller, now), { record: {}, ticket: null, exact: true, ...one });
}

describe('of a ticket that did not lead here, nothing is true', () => {
  const handles = is('handlesTicket');
  test('neither a condition nor its negation', () => {
    for (const condition of [
      handles,
      not(handles),
      not(not(handles)),
      all(handles),
      any(handles),
      not(all(handles)),
      not(any(handles)),
      is('reportInOwnUnit'),
      not(is('reportInOwnUnit')),
    ]) {
      expect(judged(condition, 'House', { ticket: null })).toBe(false);
    }
  });

  test('unless another part decides alone', () => {
    expect(judged(any(handles, is('recordIs', { field: 'a', is: [1] })), 'House', { record: { a: 1 } })).toBe(true);
    expect(judged(not(all(handles, is('recordIs', { field: 'a', is: [2] }))), 'House', { record: { a: 1 } })).toBe(
      true,
    );
    expect(judged(all(not(handles), is('recordIs', { field: 'a', is: [1] })), 'House', { record: { a: 1 } })).toBe(
      false,
    );
    expect(judged(all(), 'House', {})).toBe(true);
    expect(judged(any(), 'House', {})).toBe(false);
  });

  test('about the ticket itself the ticket is the record', () => {
    expect(judged(handles, 'Ticket', { record: ticketWith({ leadAgency: 'police' }) })).toBe(true);
    expect(judged(not(handles), 'Ticket', { record: ticketWith({ leadAgency: 'housing' }) })).toBe(true);
    expect(
      judged(handles, 'House', {
        record: ticketWith({ leadAgency: 'police' }),
        ticket: ticketWith({ leadAgency: 'housing' }),
      }),
    ).toBe(false);
  });
});

describe('of a value that cannot be read, or was not read, nothing is true either', () => {
  const secret = is('reporterNotSecret');
  const report = is('reportInOwnUnit');
  test.each([
    ['unreadable', ticketWith({ confidential: UNREADABLE, type: UNREADABLE })],
    ['not read', { leadAgency: 'market', leadUnit: 'unit-9' }],
  ])('%s: neither the condition nor its negation', (_what, record) => {
    for (const condition of [
      secret,
      not(secret),
      report,
      not(report),
      is('notConfidential'),
      not(is('notConfidential')),
    ]) {
      expect(judged(condition, 'Ticket', { record })).toBe(false);
    }
  });

  test('of a null it is known that there is nothing', () => {
    expect(judged(secret, 'Ticket', { record: ticketWith({}) })).toBe(true);
    expect(judged(not(is('handlesTicket')), 'Ticket', { record: ticketWith({}) })).toBe(true);
  });
});

describe('Kleene’s tables', () => {
  // Three bound truths: yes and no of the record, unknown of a ticket that did not lead here.
  const truth: Readonly<Record<'yes' | 'no' | 'unknown', Bound>> = {
    yes: { kind: 'test', on: 'record', filter: { kind: 'always' }, reads: new Set() },
    no: { kind: 'test', on: 'record', filter: { kind: 'never' }, reads: new Set() },
    unknown: { kind: 'test', on: 'ticket', filter: { kind: 'always' }, reads: new Set() },
  };
  type Truth = keyof typeof truth;
  const names: readonly Truth[] = ['yes', 'no', 'unknown'];
  const one: Case = { record: {}, ticket: null, exact: true };
  /** The value, found by asking for the condition and for its negation. */
  const valueOf = (bound: Bound): Truth =>
    holds(bound, one) ? 'yes' : holds({ kind: 'not', of: bound }, one) ? 'no' : 'unknown';
  const kleene = (kind: 'all' | 'any', of: readonly Truth[]): Truth => {
    const [strong, weak] = kind === 'all' ? (['no', 'yes'] as const) : (['yes', 'no'] as const);
    return of.includes(strong) ? strong : of.includes('unknown') ? 'unknown' : weak;
  };

  test('and, or and not, of any members in any order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<'all' | 'any'>('all', 'any'),
        fc.array(fc.constantFrom(...names), { maxLength: 5 }),
        (kind, members) => {
          expect(valueOf({ kind, of: members.map((m) => truth[m]) })).toBe(kleene(kind, members));
        },
      ),
      { numRuns: 300 },
    );
    expect(names.map((n) => valueOf({ kind: 'not', of: truth[n] }))).toEqual(['no', 'yes', 'unknown']);
  });
});

describe('the predicates', () => {
  const ticket = (fields: Record<string, unknown>) => ({ record: ticketWith(fields) });
  const truths: readonly (readonly [
    what: string,
    condition: Condition,
    type: string,
    one: Partial<Case>,
    expected: boolean,
  ])[] = [
    ['handlesTicket as lead', is('handlesTicket'), 'Ticket', ticket({ leadAgency: 'police' }), true],
    [
      'handlesTicket as confirmed co-handler',
      is('handlesTicket'),
      'Ticket',
      ticket({ leadAgency: 'x', confirmedCoAgencies: ['police'] }),
      true,
    ],
    [
      'handlesTicket not by being named',
      is('handlesTicket'),
      'Ticket',
      ticket({ leadAgency: 'x', coAgencies: ['police'], confirmedCoAgencies: [] }),
      false,
    ],
    [
      'handlesTicket not as former holder',
      is('handlesTicket'),
      'Ticket',
      ticket({ leadAgency: 'x', formerAgencies: ['police'] }),
      false,
    ],
    ['leadsTicket', is('leadsTicket'), 'Ticket', ticket({ leadAgency: 'police' }), true],
    [
      'leadsTicket not as co-handler',
      is('leadsTicket'),
      'Ticket',
      ticket({ leadAgency: 'x', confirmedCoAgencies: ['police'] }),
      false,
    ],
    [
      'partyToTicket as former holder',
      is('partyToTicket'),
      'Ticket',
      ticket({ leadAgency: 'x', formerAgencies: ['police'] }),
      true,
    ],
    ['partyToTicket as named co-handler', is('partyToTicket'), 'Ticket', ticket({ coAgencies: ['police'] }), true],
    [
      'partyToTicket not as a stranger',
      is('partyToTicket'),
      'Ticket',
      ticket({ leadAgency: 'x', coAgencies: ['y'], formerAgencies: [] }),
      false,
    ],
    ['inHandlingUnit', is('inHandlingUnit'), 'Ticket', ticket({ leadAgency: 'police', leadUnit: 'unit-1' }), true],
    [
      'inHandlingUnit not of another agency',
      is('inHandlingUnit'),
      'Ticket',
      ticket({ leadAgency: 'market', leadUnit: 'unit-1' }),
      false,
    ],
    [
      'reportInOwnUnit for no report',
      is('reportInOwnUnit'),
      'Ticket',
      ticket({ type: 'COMPLAINT', leadAgency: 'x' }),
      true,
    ],
    [
      'reportInOwnUnit for another’s report',
      is('reportInOwnUnit'),
      'Ticket',
      ticket({ type: 'REPORT', leadAgency: 'police', leadUnit: 'unit-2' }),
      false,
    ],
    [
      'reportInOwnUnit for its own',
      is('reportInOwnUnit'),
      'Ticket',
      ticket({ type: 'REPORT', leadAgency: 'police', leadUnit: 'unit-1' }),
      true,
    ],
    ['reporterNotSecret', is('reporterNotSecret'), 'Ticket', ticket({ confidential: false }), true],
    [
      'reporterNotSecret of a secret one',
      is('reporterNotSecret'),
      'Ticket',
      ticket({ confidential: true, leadAgency: 'police' }),
      false,
    ],
    ['ticketInOwnArea', is('ticketInOwnArea'), 'Ticket', ticket({ divisionCode: '350102001003' }), true],
    ['ticketInOwnArea next door', is('ticketInOwnArea'), 'Ticket', ticket({ divisionCode: '350103001003' }), false],
    ['ticketInOwnArea without a code', is('ticketInOwnArea'), 'Ticket', ticket({ divisionCode: null }), false],
    ['ticketInOwnGrid', is('ticketInOwnGrid'), 'Ticket', ticket({ gridCode: 'G-1' }), true],
    ['ticketTypeIs', is('ticketTypeIs', ['REPORT']), 'Ticket', ticket({ type: 'COMPLAINT' }), false],
    ['inOwnGrid', is('inOwnGrid'), 'GridEvent', ticket({ gridCode: 'G-1' }), true],
    ['inOwnArea by another field', is('inOwnArea', { field: 'sq' }), 'Grid', ticket({ sq: '350102' }), true],
    ['namesOwnAgency', is('namesOwnAgency', ['from', 'to']), 'Handoff', ticket({ from: 'x', to: 'police' }), true],
    ['listsOwnAgency', is('listsOwnAgency', 'owners'), 'Disclosure', ticket({ owners: ['x', 'police'] }), true],
    ['notConfidential', is('notConfidential'), 'PoliceIncident', ticket({ confidential: false }), true],
    ['notConfidential without a mark', is('notConfidential'), 'PoliceIncident', ticket({ confidential: null }), false],
    [
      'notConfidential unreadable',
      is('notConfidential'),
      'PoliceIncident',
      ticket({ confidential: UNREADABLE }),
      false,
    ],
    ['withinDays', is('withinDays', { field: 'at', days: 2 }), 'X', ticket({ at: '2026-11-03T12:00:00+08:00' }), true],
    [
      'withinDays a second too old',
      is('withinDays', { field: 'at', days: 2 }),
      'X',
      ticket({ at: '2026-11-03T11:59:59+08:00' }),
      false,
    ],
    ['exactMatch', is('exactMatch'), 'X', { exact: true }, true],
    ['exactMatch after a fuzzy one', is('exactMatch'), 'X', { exact: false }, false],
  ];
  test.each(truths)('%s', (_what, condition, type, one, expected) => {
    expect(judged(condition, type, one)).toBe(expected);
  });

  test('a caller without unit, areas or grids has none', () => {
    const nobody: Principal = { ...caller, unit: null, areas: [], grids: [] };
    const record = ticketWith({ leadAgency: 'police', divisionCode: '350102', gridCode: 'G-1' });
    for (const name of ['inHandlingUnit', 'ticketInOwnArea', 'ticketInOwnGrid'] as const) {
      expect(holds(bind(is(name), 'Ticket', nobody, now), { record, ticket: record, exact: true })).toBe(false);
    }
  });
});

describe('any condition', () => {
  const leaf = fc.constantFrom<Condition>(
    is('handlesTicket'),
    is('exactMatch'),
    is('recordIs', { field: 'a', is: [1] }),
    is('recordIs', { field: 'b', is: ['x'] }),
    is('notConfidential'),
  );
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      leaf,
      tie('condition').map(not),
      fc.array(tie('condition'), { maxLength: 3 }).map((of) => all(...of)),
      fc.array(tie('condition'), { maxLength: 3 }).map((of) => any(...of)),
    ),
  }));
  const record = fc.record(
    {
      a: fc.constantFrom(1, 2, null, UNREADABLE),
      b: fc.constantFrom('x', 'y', null),
      confidential: fc.constantFrom(true, false, null),
    },
    { requiredKeys: ['b', 'confidential'] },
  );
  const ticket = fc.constantFrom(null, ticketWith({ leadAgency: 'police' }), ticketWith({ leadAgency: 'x' }));

  test('its filter for the source never loses a record that it lets through', () => {
    fc.assert(
      fc.property(condition, record, ticket, fc.boolean(), (c, r, t, exact) => {
        const bound = bind(c, 'House', caller, now);
        if (holds(bound, { record: r, ticket: t, exact })) expect(matches(toFilter(bound), r)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('in fewer parts it says the same, and so does its negation', () => {
    fc.assert(
      fc.property(condition, record, ticket, fc.boolean(), (c, r, t, exact) => {
        const one = { record: r, ticket: t, exact };
        for (const bound of [bind(c, 'House', caller, now), bind(not(c), 'House', caller, now)]) {
          const simple = simplify(bound);
          expect(holds(simple, one)).toBe(holds(bound, one));
          expect(JSON.stringify(simple).length).toBeLessThanOrEqual(JSON.stringify(bound).length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test('what a policy says of two classes alike is judged once', () => {
  const twice = any(all(is('inOwnArea')), all(is('inOwnArea')));
  expect(simplify(bind(twice, 'House', caller, now))).toEqual(bind(is('inOwnArea'), 'House', caller, now));
});

test('what a condition reads, of the record and of the ticket', () => {
  const condition = all(
    is('handlesTicket'),
    not(is('recordIs', { field: 'state', is: ['x'] })),
    any(is('exactMatch'), is('inOwnArea')),
  );
  expect(conditionReads(condition, 'House')).toEqual({
    record: new Set(['state', 'divisionCode']),
    ticket: new Set(['leadAgency', 'confirmedCoAgencies']),
  });
  expect(conditionReads(is('reportInOwnUnit'), 'Ticket')).toEqual({
    record: new Set(['type', 'leadAgency', 'leadUnit']),
    ticket: new Set(),
  });
});

test('a condition in the policy’s own words', () => {
  const condition = all(is('handlesTicket'), any(not(is('exactMatch')), is('withinDays', { field: 'at', days: 30 })));
  expect(printCondition(condition)).toBe('handlesTicket & any(not(exactMatch) | withinDays({"field":"at","days":30}))');
  expect([printCondition(all()), printCondition(any())]).toEqual(['always', 'never']);
});
