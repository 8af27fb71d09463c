import fc from 'fast-check';
import { phoneDigest } from '../../src/connector/join-key.ts';
import type { Purpose } from '../../src/identity/principal.ts';
import { at, some } from './choose.ts';
import {
  typeOf,
  type ArgumentValue,
  type CallerModel,
  type FieldModel,
  type QueryModel,
  type RecordModel,
  type SchemaModel,
  type Selection,
  type StatisticsModel,
  type Switch,
  type TypeModel,
  type WorldModel,
} from './model.ts';
import { usedAgencies, usedRoles } from './policy-arbitrary.ts';
import { joinSecret } from './record-arbitrary.ts';

type FieldSelection = Extract<Selection, { kind: 'field' }>;

/** A selection before the type that it stands on is known. */
interface SelectionChoice {
  readonly field: number;
  readonly alias: number;
  readonly when: number;
  readonly wrap: number;
  readonly first: number;
  readonly sub: readonly SelectionChoice[];
}

const selectionChoice = (depth: number): fc.Arbitrary<SelectionChoice> =>
  fc.record({
    field: fc.nat(59),
    alias: fc.nat(9),
    when: fc.nat(19),
    wrap: fc.nat(15),
    first: fc.nat(7),
    sub: depth === 0 ? fc.constant([]) : fc.array(selectionChoice(depth - 1), { maxLength: 4 }),
  });

export const queryChoices = fc.record({
  roots: fc.array(
    fc.record({
      root: fc.nat(29),
      key: fc.nat(9),
      first: fc.nat(7),
      after: fc.nat(9),
      filter: fc.nat(63),
      value: fc.nat(59),
      order: fc.nat(7),
      sub: fc.array(selectionChoice(2), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});
export type QueryChoices = typeof queryChoices extends fc.Arbitrary<infer T> ? T : never;
type RootChoices = QueryChoices['roots'][number];

export const callerChoices = fc.record({
  agency: fc.nat(7),
  role: fc.nat(11),
  purpose: fc.nat(12),
  unit: fc.nat(2),
  areas: fc.nat(15),
  grids: fc.nat(7),
  ticket: fc.nat(9),
});
export type CallerChoices = typeof callerChoices extends fc.Arbitrary<infer T> ? T : never;

/** Somebody who asks this; for a direct lookup mostly on account of a ticket. */
export function callerOf(choices: CallerChoices, query: QueryModel, world: WorldModel): CallerModel {
  const { schema } = world;
  const asked = query.roots.find((r) => r.name === 'ticket')?.args['ticketNo'];
  const direct = query.roots.some((r) => schema.roots.some((d) => d.field === r.name && d.kind === 'lookup'));
  const about = asked?.kind === 'value' ? String(asked.value) : `T:${choices.ticket % 3}`;
  // Most of those about a ticket name one that has to do with the record, whether they may see it or not.
  const joining = choices.ticket > 3 && asked === undefined ? ticketsThatJoin(query, world) : [];
  const ticket =
    !direct || choices.ticket < (asked === undefined ? 2 : 7)
      ? null
      : joining.length > 0
        ? at(joining, choices.ticket)
        : choices.ticket === 9
          ? 'T:1'
          : about;
  const counts = query.roots.some((r) => schema.statistics.some((s) => s.field === r.name));
  return {
    agency: at([...usedAgencies, 'water', 'fire', 'water', 'hotline'], choices.agency),
    role: at([...usedRoles, 'HANDLER', 'SYSTEM', 'HANDLER', 'GRID_WORKER', 'HANDLER', 'SYSTEM'], choices.role),
    purpose:
      counts && choices.purpose % 6 > 0
        ? 'STATISTICS'
        : at<Purpose>(
            [
              'HANDLING',
              'AUDIT',
              'SUPERVISION',
              'EMERGENCY',
              'HANDLING',
              'HANDLING',
              'HANDLING',
              'HANDLING',
              'AUDIT',
              'DISPATCH',
              'FOLLOW_UP',
              'STATISTICS',
              'HANDLING',
            ],
            choices.purpose,
          ),
    unit: at([null, 'u1', 'u2'], choices.unit),
    areas: some(['350102', '350100', '350104', '350102001'], choices.areas),
    grids: some(['g1', 'g2', 'g3'], choices.grids),
    ticket,
  };
}

/** The tickets that a relation joins to the first record that is looked up. */
function ticketsThatJoin(query: QueryModel, world: WorldModel): string[] {
  return query.roots.flatMap((root) => {
    const declared = world.schema.roots.find((r) => r.field === root.name);
    const no = root.args['no'];
    if (declared?.kind !== 'lookup' || no?.kind !== 'value') return [];
    return joinedPairs(declared.type, world).flatMap(({ ticket, key }) => (key === no.value ? [ticket] : []));
  });
}

/** Tickets, and the records of the type that a relation joins to them, whoever may see either. */
function joinedPairs(type: string, { schema, records }: WorldModel): readonly { ticket: string; key: string }[] {
  const of = (name: string): readonly RecordModel[] => records.get(name) ?? [];
  const ways = typeOf(schema, 'Ticket').fields.flatMap(({ holds }) =>
    holds.kind === 'relation' && holds.declaration.to === type ? holds.declaration.by : [],
  );
  return of('Ticket').flatMap((ticket) =>
    ways.flatMap(({ as, parent, child }) => {
      const value = ticket[parent];
      if (typeof value !== 'string') return [];
      const sought = as === 'plain' ? value : phoneDigest(joinSecret, value);
      const found = of(type).filter((record) => record[child] === sought);
      return found.map((record) => ({
        ticket: String(ticket[typeOf(schema, 'Ticket').key]),
        key: String(record[typeOf(schema, type).key]),
      }));
    }),
  );
}

/** A valid query for the schema: one or two roots with what is asked below them. */
export function queryOf(choices: QueryChoices, world: WorldModel): QueryModel {
  return { roots: choices.roots.map((root, i) => rootOf(root, i, world)) };
}

function rootOf(choices: RootChoices, i: number, world: WorldModel): FieldSelection {
  const { schema } = world;
  const lookup = (): ArgumentValue => ({ kind: 'value', value: `T:${choices.key % 4}` });
  const numbers: readonly string[] = [`T:${choices.key % 4}`, 'T:0', `T:${choices.value % 6}`];
  const rooted = (name: string, args: Readonly<Record<string, ArgumentValue>>, type: string): FieldSelection => ({
    kind: 'field',
    name,
    key: i === 0 ? name : `${name}${i}`,
    args,
    when: null,
    sub:
      type === 'StatisticsTable'
        ? tableLeaves
        : type.endsWith('Connection')
          ? connectionOf(type, choices.sub, schema)
          : selectionsOf(typeOf(schema, type), choices.sub, schema, 3),
  });
  const { statistics } = schema;
  const crowded = statistics.filter((s) => (world.records.get(s.type)?.length ?? 0) > 7);
  if (choices.root > (crowded.length > 0 ? 14 : 26))
    return counted(rooted, at(crowded.length > 0 ? crowded : statistics, choices.order), choices);
  // Tickets by their number come first and most often: everything is reached from there.
  if (choices.root < 9) return rooted('ticket', { ticketNo: lookup() }, 'Ticket');
  if (choices.root < 12) return rooted('ticketsByNo', { ticketNos: { kind: 'value', value: numbers } }, 'Ticket');
  if (choices.root < 14) {
    const status = at<Record<string, ArgumentValue>>(
      [{}, { status: { kind: 'enum', value: 'OPEN' } }, { status: { kind: 'enum', value: 'CLOSED' } }],
      choices.value,
    );
    return rooted('myCases', { ...status, ...paging(choices) }, 'CaseConnection');
  }
  const root = at(
    schema.roots.filter((r) => r.kind === 'page' || (r.kind === 'lookup' && r.binding !== 'self')),
    choices.root,
  );
  if (root.kind === 'lookup') {
    const prefix = root.type === 'Meter' ? 'g' : root.type.slice(0, 2).toLowerCase();
    const no = `${prefix}${(choices.key % 5) + (root.type === 'Meter' ? 1 : 0)}`;
    // Mostly a record that some ticket leads to.
    const joined = choices.value % 4 === 0 ? [] : joinedPairs(root.type, world);
    const value = joined.length > 0 ? at(joined, choices.key).key : no;
    return rooted(root.field, { no: { kind: 'value', value } }, root.type);
  }
  return rooted(root.field, { ...filterOf(choices), ...paging(choices) }, `${root.type}Connection`);
}

/** A count of a month, mostly of one that can be asked for. */
function counted(
  root: (name: string, args: Readonly<Record<string, ArgumentValue>>, type: string) => FieldSelection,
  { field, dimensions }: StatisticsModel,
  { value, key }: RootChoices,
): FieldSelection {
  const months = ['2026-10', '2026-10', '2026-10', '2026-10', '2025-12', '2026-10', '2026-11', '2027-01'];
  const args = {
    by: { kind: 'enum', value: at(Object.keys(dimensions), value) },
    month: { kind: 'value', value: at(months, key) },
  } as const;
  return root(field, args, 'StatisticsTable');
}

function paging({ first, after }: RootChoices): Record<string, ArgumentValue> {
  return {
    ...(first === 7 ? {} : { first: { kind: 'value', value: first } }),
    ...(after > 2 ? {} : { after: { kind: 'afterPlace', place: after } }),
  };
}

/** `filter` and `orderBy` of a page: every page of the world takes the same arguments. */
function filterOf({ filter, value, order }: RootChoices): Record<string, ArgumentValue> {
  const text = (of: string | readonly string[]): ArgumentValue => ({ kind: 'value', value: of });
  const all: Readonly<Record<string, ArgumentValue>> = {
    state: text(some(['OPEN', 'DONE'], (value % 3) + 1)),
    name: text([at(['张伟', '李雷'], value)]),
    division: text(at(['350102', '350100'], value)),
    readFrom: text(at(['2026-11-20T00:00:00+08:00', '2026-01-01T00:00:00+08:00'], value)),
    before: text(at(['2026-11-22T00:00:00+08:00', '2027-06-01T00:00:00+08:00'], value)),
  };
  const chosen = filter < 32 ? {} : Object.fromEntries(some(Object.entries(all), 1 << (filter % 5)));
  const both = filter > 58 ? { ...chosen, state: all['state'] ?? text([]) } : chosen;
  return {
    ...(Object.keys(both).length === 0 ? {} : { filter: { kind: 'object', fields: both } }),
    ...(order < 6
      ? {}
      : {
          orderBy: {
            kind: 'object',
            fields: {
              field: { kind: 'enum', value: 'AT' },
              direction: { kind: 'enum', value: order === 6 ? 'ASC' : 'DESC' },
            },
          },
        }),
  };
}

const leaf = (name: string, key: string = name, when: Switch | null = null): FieldSelection => ({
  kind: 'field',
  name,
  key,
  args: {},
  when,
  sub: [],
});

/** All that a table tells. */
const tableLeaves: readonly Selection[] = [
  ...['month', 'by', 'coordinates', 'threshold', 'total', 'rest'].map((name) => leaf(name)),
  { ...leaf('cells'), sub: [leaf('keys'), leaf('count')] },
];

function switchOf(choice: number): Switch | null {
  return at<Switch | null>(
    [
      ...Array.from({ length: 16 }, () => null),
      { directive: 'include', variable: 'yes' },
      { directive: 'include', variable: 'no' },
      { directive: 'skip', variable: 'yes' },
      { directive: 'skip', variable: 'no' },
    ],
    choice,
  );
}

/** What is asked of an object, with its name so that it is never empty. */
function selectionsOf(
  type: TypeModel,
  choices: readonly SelectionChoice[],
  schema: SchemaModel,
  depth: number,
): Selection[] {
  const visible = type.fields.filter((f) => !f.hidden);
  const values = visible.filter((f) => f.holds.kind !== 'relation' && f.holds.kind !== 'parts');
  const below = visible.filter((f) => f.holds.kind === 'relation' || f.holds.kind === 'parts');
  const used = new Set<string>(['__typename']);
  const selections: Selection[] = [leaf('__typename')];
  const put = (choice: SelectionChoice, field: FieldModel): void => {
    const found = objectOf(choice, field, schema, depth, freeKey(field.name, choice.alias, used));
    const when = switchOf(choice.when);
    if (choice.wrap > 12)
      selections.push({ kind: 'fragment', on: type.name, named: choice.wrap === 13, when, sub: [found] });
    else selections.push({ ...found, when });
  };
  for (const choice of choices) {
    const relation = below.length > 0 && (choice.sub.length > 0 || choice.field % 3 === 0) && depth > 0;
    if (relation) put(choice, at(below, choice.field));
    else if (choice.field % 17 === 1 && type.role !== 'wrapper') {
      const key = freeKey('access', choice.alias, used);
      selections.push({ ...leaf('access', key), sub: [leaf('field'), leaf('status'), leaf('rule')] });
    } else if (choice.field % 7 === 2) {
      for (const field of values) if (!used.has(field.name)) put({ ...choice, alias: 0, wrap: 0, when: 0 }, field);
    } else if (choice.field % 7 === 3) {
      // Texts alone, so that the names in them are read for no other end.
      for (const field of values)
        if (field.personal === 'FREE_TEXT' && !used.has(field.name)) put({ ...choice, wrap: 0, when: 0 }, field);
    } else if (values.length > 0) put(choice, at(values, choice.field));
  }
  // The key need not come first: what stands before it tells no more of a record than what stands behind.
  return choices.length % 2 === 0 ? selections.toReversed() : selections;
}

function freeKey(name: string, alias: number, used: Set<string>): string {
  let key = alias === 9 ? `${name}_x` : name;
  while (used.has(key)) key = `${key}_`;
  used.add(key);
  return key;
}

function objectOf(
  choice: SelectionChoice,
  field: FieldModel,
  schema: SchemaModel,
  depth: number,
  key: string,
): FieldSelection {
  const selection = leaf(field.name, key);
  if (field.holds.kind === 'parts')
    return { ...selection, sub: selectionsOf(typeOf(schema, field.holds.of), choice.sub, schema, 0) };
  if (field.holds.kind !== 'relation') return selection;
  const { declaration, computes } = field.holds;
  const { shape } = declaration;
  switch (shape.kind) {
    case 'match':
    case 'matches':
      return { ...selection, sub: selectionsOf(typeOf(schema, shape.wrapper), wrapped(choice), schema, depth - 1) };
    case 'connection':
      return {
        ...selection,
        args: choice.first === 7 ? {} : { first: { kind: 'value', value: choice.first } },
        sub: connectionOf(`${declaration.to}Connection`, choice.sub, schema),
      };
    case 'computed':
      return { ...selection, sub: selectionsOf(typeOf(schema, computes?.type ?? ''), choice.sub, schema, 0) };
    case 'one':
    case 'list':
    case 'embedded':
    case 'instant':
      return { ...selection, sub: selectionsOf(typeOf(schema, declaration.to), choice.sub, schema, depth - 1) };
  }
}

/** Below a match the record itself is mostly asked for. */
function wrapped(choice: SelectionChoice): readonly SelectionChoice[] {
  const bare: SelectionChoice = { field: 1, alias: 0, when: 0, wrap: 0, first: 0, sub: [] };
  return [
    { ...bare, sub: choice.sub.length === 0 ? [bare] : choice.sub },
    { ...bare, field: choice.field },
  ];
}

/** What is asked of a connection: records plainly or by edges, the page, the count. */
function connectionOf(name: string, choices: readonly SelectionChoice[], schema: SchemaModel): Selection[] {
  const [first] = choices;
  const shape = first?.field ?? 0;
  const selections: Selection[] = [leaf('__typename')];
  const members = name === 'CaseConnection' ? ['Ticket', 'Alarm'] : [name.slice(0, -'Connection'.length)];
  const record = (): Selection[] =>
    name === 'CaseConnection'
      ? [
          leaf('__typename'),
          ...members.map((on): Selection => {
            const sub = selectionsOf(typeOf(schema, on), choices, schema, 1);
            return { kind: 'fragment', on, named: false, when: null, sub: apart(sub, on) };
          }),
        ]
      : selectionsOf(typeOf(schema, members[0] ?? ''), choices, schema, 1);
  if (shape % 4 !== 3) selections.push({ ...leaf('nodes'), sub: record() });
  if (shape % 4 > 1) selections.push({ ...leaf('edges'), sub: [leaf('cursor'), { ...leaf('node'), sub: record() }] });
  if (shape % 3 > 0)
    selections.push({
      ...leaf('pageInfo'),
      sub: [leaf('hasNextPage'), leaf('hasPreviousPage'), leaf('startCursor'), leaf('endCursor')],
    });
  if (shape % 2 === 0 && name !== 'CaseConnection') selections.push(leaf('totalCount'));
  return selections;
}

/** Under a union two types may not answer differently under one name, so each has names of its own. */
function apart(selections: readonly Selection[], on: string): Selection[] {
  return selections.map((s) =>
    s.kind === 'field'
      ? s.name === '__typename'
        ? s
        : { ...s, key: `${s.key}_${on}` }
      : { ...s, sub: apart(s.sub, on) },
  );
}
