import { expect, test } from 'vitest';
import { readCondition } from '../../src/access/condition-file.ts';
import { parsePolicy } from '../../src/access/policy-file.ts';
import { compilePolicy } from '../../src/access/policy.ts';
import { schemaFacts } from '../../src/access/facts.ts';
import type { Connector } from '../../src/connector/connector.ts';
import { createRegistry } from '../../src/connector/registry.ts';
import { ticketRowsOnConnections } from '../../src/hub/check-connections.ts';
import { checkPolicy } from '../../src/policy/check.ts';
import { looksAtTheWay, pagedTypes } from '../../src/policy/ticket-rows.ts';
import { small, water, waterPolicy } from './small-policy.ts';

/* A page is cut and counted by the source, which knows nothing of the ticket that led to its records. */

const field = 'no';
const order = [{ field, direction: 'ASC' as const }];
const declare = (more: Partial<Connector>): Connector => ({
  agency: 'water',
  entities: [{ type: 'Account', key: field, order }],
  relations: [],
  roots: [],
  cases: [],
  sources: [],
  ...more,
});
const relation = { on: 'Ticket', field: 'accounts', to: 'Account', by: [] };

test.each<[what: string, connector: Connector, paged: readonly string[]]>([
  ['a connection', declare({ relations: [{ ...relation, shape: { kind: 'connection', max: 100 } }] }), ['Account']],
  ['a bounded list', declare({ relations: [{ ...relation, shape: { kind: 'list', max: 50 } }] }), []],
  [
    'a list of its own',
    declare({
      roots: [{ kind: 'page', field: 'accounts', type: 'Account', filters: [], orders: {}, order, max: 100 }],
    }),
    ['Account'],
  ],
  [
    'cases',
    declare({
      cases: [{ type: 'Account', grid: 'no', agencies: [], changedAt: 'no', open: { kind: 'always' } }],
    }),
    ['Account'],
  ],
])('%s: which types come in pages', (_what, connector, paged) => {
  expect([...pagedTypes(createRegistry([connector]))]).toEqual(paged);
});

const condition = (...when: readonly unknown[]) =>
  readCondition(
    when,
    [],
    (_path, message) => expect.unreachable(message),
    () => undefined,
  );

test.each<[when: unknown, type: string, looks: boolean]>([
  ['handlesTicket', 'Account', true],
  [{ any: [{ recordIs: { field: 'state', is: ['ON'] } }, 'ticketInOwnArea'] }, 'Account', true],
  [{ not: 'leadsTicket' }, 'Account', true],
  [{ not: 'exactMatch' }, 'Account', true],
  [{ all: ['exactMatch'] }, 'Ticket', true],
  // About a ticket itself, the ticket is the record.
  ['handlesTicket', 'Ticket', false],
  [{ recordIs: { field: 'state', is: ['ON'] } }, 'Account', false],
  [{ inForce: { until: '2026-12-31' } }, 'Account', false],
])('%j on %s', (when, type, looks) => {
  expect(looksAtTheWay(condition(when), type)).toBe(looks);
});

const ticket = {
  agency: 'hotline',
  file: 'ticket.graphql',
  sdl: `type Ticket {
    leadAgency: AgencyCode @share(category: CONDITIONAL) @grade(level: 1)
    confirmedCoAgencies: [AgencyCode!] @share(category: CONDITIONAL) @grade(level: 1)
  }`,
};
const account = {
  agency: 'water',
  file: 'water.graphql',
  sdl: 'type Account { no: ID! @share(category: CONDITIONAL) @grade(level: 1) }',
};
const facts = schemaFacts([ticket, account]);
const parsed = parsePolicy(
  `policy: 1
agency: water
consumers:
  departments: [{ agency: '*', roles: [HANDLER] }]
rows:
  - id: own
    of: [Account]
    to: [departments]
  - id: of-handled
    of: [Account]
    to: [departments]
    when: [handlesTicket]
grants:
  - { id: all, to: [departments], purposes: [HANDLING], law: 供水条例, plain: [Account.no] }
`,
  'connectors/water/sharing.yaml',
);
const policy = compilePolicy([parsed], facts, []);
const why =
  'Account comes in pages, whose counts would tell of records that a condition on the ticket hides; use conditions on the record, or make the relation a bounded list';

test('TICKET_ROWS: the line of each such rule on a paged type', () => {
  const checked = {
    policy,
    facts,
    parsed: [parsed],
    entities: new Set(['Account']),
    paged: new Set(['Account']),
    joinReads: [],
  };
  const found = checkPolicy(checked, [water], '2026-11-23').filter((f) => f.kind === 'TICKET_ROWS');
  expect(found).toEqual([
    {
      kind: 'TICKET_ROWS',
      subject: 'Account',
      file: 'connectors/water/sharing.yaml',
      line: 12,
      message: `water/of-handled shows records on handlesTicket, but ${why}`,
      classes: [],
    },
  ]);
  const bounded = checkPolicy({ ...checked, paged: new Set<string>() }, [water], '2026-11-23');
  expect(bounded.map((f) => f.kind)).not.toContain('TICKET_ROWS');
});

test('the start refuses it where a connection leads to the type, and only there', () => {
  const connection = declare({ relations: [{ ...relation, shape: { kind: 'connection', max: 100 } }] });
  expect(ticketRowsOnConnections(createRegistry([connection]), policy)).toEqual([
    {
      file: 'connectors/water/sharing.yaml',
      message: `a row rule on Account speaks of the ticket or the match: ${why}`,
    },
  ]);
  expect(ticketRowsOnConnections(createRegistry([declare({})]), policy)).toEqual([]);
  const open = small(
    waterPolicy(['id: all, to: [own], purposes: [HANDLING], law: 供水条例, plain: [everything]']),
  ).policy;
  expect(ticketRowsOnConnections(createRegistry([connection]), open)).toEqual([]);
});
