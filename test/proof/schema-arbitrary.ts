import fc from 'fast-check';
import type { ShareCategory } from '../../src/access/facts.ts';
import type { MatchKind, RelationShape } from '../../src/connector/connector.ts';
import { at } from './choose.ts';
import type { FieldModel, SchemaModel, TypeModel, ValueKind } from './model.ts';
import { valueField } from './value-field.ts';
import { computedFrom, computedShape, computedType } from './computed-part.ts';
import { waysOf } from './ways.ts';

/** Choices by number: everything shrinks to 0 on its own, without generators that depend on each other. */
export const schemaChoices = fc.record({
  fire: fc.boolean(),
  categories: fc.array(fc.nat(11), { minLength: 24, maxLength: 24 }),
  extras: fc.array(fc.record({ type: fc.nat(3), kind: fc.nat(15), category: fc.nat(11), flags: fc.nat(7) }), {
    maxLength: 6,
  }),
  parts: fc.boolean(),
  relations: fc.array(
    fc.record({ on: fc.nat(), to: fc.nat(), owner: fc.nat(), shape: fc.nat(13), by: fc.nat(31), max: fc.nat(2) }),
    { minLength: 2, maxLength: 7 },
  ),
});
export type SchemaChoices = typeof schemaChoices extends fc.Arbitrary<infer T> ? T : never;

/** The fields of a ticket that guards and predicates read, and those of every other record, by kind. */
const ticketFields = {
  type: 'code',
  status: 'code',
  receivedAt: 'time',
  updatedAt: 'time',
  confidential: 'flag',
  leadAgency: 'agency',
  leadUnit: 'text',
  coAgencies: 'agencies',
  confirmedCoAgencies: 'agencies',
  formerAgencies: 'agencies',
  divisionCode: 'division',
  gridCode: 'grid',
  code: 'text',
  reporterName: 'name',
  reporterPhone: 'phone',
  reporterIdNumber: 'idNumber',
  address: 'address',
  content: 'freeText',
} as const satisfies Readonly<Record<string, ValueKind>>;
const recordFields = {
  at: 'time',
  code: 'text',
  ticketNo: 'text',
  state: 'code',
  divisionCode: 'division',
  gridCode: 'grid',
  agency: 'agency',
  agencies: 'agencies',
  confidential: 'flag',
  readOn: 'date',
  name: 'name',
  phone: 'phone',
  digest: 'text',
  address: 'address',
  remark: 'freeText',
} as const satisfies Readonly<Record<string, ValueKind>>;

const extraKinds: readonly ValueKind[] = [
  'text',
  'name',
  'freeText',
  'phone',
  'flag',
  'number',
  'date',
  'address',
  'idNumber',
  'other',
  'agency',
  'agencies',
  'code',
  'time',
  'division',
  'grid',
];

/** Kept from the API: read by conditions and joins alone. */
const behindOnly = new Set(['Ticket.confirmedCoAgencies', 'Ticket.formerAgencies', 'digest']);
const recordTypes = ['Ticket', 'Account', 'Meter', 'Alarm'] as const;

/** The schema that the choices make: tickets, and the records of two or three agencies with relations of every shape. */
export function schemaOf(choices: SchemaChoices): SchemaModel {
  const agencies = choices.fire ? ['hotline', 'water', 'fire'] : ['hotline', 'water'];
  const ownerOf: Readonly<Record<string, string>> = {
    Ticket: 'hotline',
    Account: 'water',
    Meter: 'water',
    Alarm: choices.fire ? 'fire' : 'water',
  };
  const owner = (type: string): string => ownerOf[type] ?? 'hotline';
  const fields = new Map<string, FieldModel[]>();
  for (const [t, type] of recordTypes.entries()) {
    const key = type === 'Ticket' ? 'ticketNo' : 'no';
    const own: FieldModel[] = [valueField(type, key, owner(type), 'key', 'UNCONDITIONAL', { nonNull: true })];
    for (const [i, [name, kind]] of Object.entries(type === 'Ticket' ? ticketFields : recordFields).entries()) {
      const hidden = behindOnly.has(`${type}.${name}`) || behindOnly.has(name);
      const category = hidden ? 'NONE' : categoryOf(choices.categories[(i + t) % choices.categories.length] ?? 0);
      own.push(valueField(type, name, owner(type), kind, category, { hidden }));
    }
    fields.set(type, own);
  }
  choices.extras.forEach((extra, i) => {
    const type = at(recordTypes, extra.type);
    // An agency may add fields to its own types only: others add relations.
    fields.get(type)?.push(
      valueField(type, `f${i}`, owner(type), at(extraKinds, extra.kind), categoryOf(extra.category), {
        official: (extra.flags & 1) === 1,
        hidden: (extra.flags & 6) === 6,
      }),
    );
  });
  const types: TypeModel[] = [];
  if (choices.parts) {
    types.push(partType(ownerOf));
    fields.get('Account')?.push({
      ...valueField('Account', 'parts', 'water', 'text', 'CONDITIONAL'),
      holds: { kind: 'parts', of: 'Part' },
    });
  }
  const connections = new Set<string>(recordTypes);
  choices.relations.forEach((relation, i) => {
    const on = at(recordTypes, relation.on);
    const to = at(
      recordTypes.filter((t) => t !== on || t !== 'Ticket'),
      relation.to,
    );
    const declarer = at([owner(on), owner(to)], relation.owner);
    const field = `r${i}`;
    const computes =
      relation.shape > 9 ? { type: `S${i}`, selects: computedFrom(to, fields.get(to) ?? []) } : undefined;
    const shape = computes === undefined ? shapeOf(relation.shape, relation.max, i) : computedShape(computes.selects);
    const by = matchKinds(on, to, relation.by, shape);
    const sdl =
      shape.kind === 'connection'
        ? `${field}(first: Int = 5, after: String): ${to}Connection`
        : shape.kind === 'match' || shape.kind === 'matches'
          ? `${field}: ${shape.kind === 'match' ? shape.wrapper : `[${shape.wrapper}!]`}`
          : `${field}: ${shape.kind === 'list' ? `[${to}!]` : (computes?.type ?? to)}`;
    const base = valueField(on, field, declarer, 'text', categoryOf(relation.max * 3));
    const declaration = { on, field, to, shape, by };
    const holds = { kind: 'relation', declaration, sdl, ...(computes === undefined ? {} : { computes }) } as const;
    fields.get(on)?.push({ ...base, holds });
    if (computes !== undefined) types.push(computedType(computes.type, declarer));
    if (shape.kind === 'match' || shape.kind === 'matches') types.push(wrapperType(shape.wrapper, to, declarer));
  });
  for (const to of connections) types.push(connectionType(`${to}Connection`, owner(to)));
  for (const type of recordTypes) types.push(recordType(type, owner(type), fields.get(type) ?? []));
  return { agencies, types, ...waysOf(ownerOf) };
}

function categoryOf(choice: number): ShareCategory {
  return choice < 8 ? 'CONDITIONAL' : choice < 11 ? 'UNCONDITIONAL' : 'NONE';
}

function recordType(name: string, owner: string, fields: readonly FieldModel[]): TypeModel {
  const ticket = name === 'Ticket';
  const key = ticket ? 'ticketNo' : 'no';
  const order = [
    { field: ticket ? 'receivedAt' : 'at', direction: 'DESC' as const },
    { field: key, direction: 'DESC' as const },
  ];
  return { name, owner, role: 'record', key, order, fields };
}

function partType(ownerOf: Readonly<Record<string, string>>): TypeModel {
  const of = (name: string, kind: ValueKind): FieldModel =>
    valueField('Part', name, ownerOf['Account'] ?? 'water', kind, 'CONDITIONAL');
  const fields = [of('state', 'code'), of('name', 'name'), of('remark', 'freeText')];
  return { name: 'Part', owner: 'water', role: 'part', key: '', order: [], fields };
}

function wrapperType(name: string, to: string, owner: string): TypeModel {
  const of = (field: string): FieldModel => valueField(name, field, owner, 'text', 'CONDITIONAL');
  const node: FieldModel = {
    ...of('node'),
    holds: {
      kind: 'relation',
      declaration: { on: name, field: 'node', to, shape: { kind: 'embedded', list: false }, by: [] },
      sdl: `node: ${to}`,
    },
  };
  const fields: FieldModel[] = [
    { ...of('matchedBy'), holds: { kind: 'matchedBy' } },
    { ...of('confidence'), holds: { kind: 'confidence' } },
    node,
  ];
  return { name, owner, role: 'wrapper', key: '', order: [], fields };
}

function connectionType(name: string, owner: string): TypeModel {
  const total: FieldModel = {
    ...valueField(name, 'totalCount', owner, 'number', 'CONDITIONAL'),
    holds: { kind: 'count' },
  };
  return { name, owner, role: 'connection', key: '', order: [], fields: [total] };
}

function shapeOf(shape: number, max: number, i: number): RelationShape {
  switch (shape) {
    case 0:
      return { kind: 'one' };
    case 1:
    case 2:
      return { kind: 'list', max: max + 1 };
    case 3:
      return { kind: 'match', wrapper: `W${i}Match`, node: 'node' };
    case 4:
    case 5:
    case 6:
      return { kind: 'matches', wrapper: `W${i}Match`, node: 'node', max: max + 1 };
    default:
      return { kind: 'connection', max: 9 };
  }
}

/** The ways in which the relation finds its records, the surest first. A connection has one, and a plain one. */
function matchKinds(on: string, to: string, choice: number, shape: RelationShape): MatchKind[] {
  const kind = (matchedBy: string, confidence: number, parent: string, child: string): MatchKind => ({
    matchedBy,
    confidence,
    fuzzy: false,
    parent,
    child,
    as: 'plain',
  });
  const byNumber = on === 'Ticket' || to === 'Ticket' ? kind('TICKET_NUMBER', 1, 'ticketNo', 'ticketNo') : null;
  const plain = [
    ...(byNumber === null ? [] : [byNumber]),
    kind('GRID_CODE', 0.9, 'gridCode', 'gridCode'),
    kind('HOUSE_CODE', 0.9, 'code', 'code'),
  ];
  const first = at(plain, choice);
  if (shape.kind === 'connection') return [first];
  const time = (type: string): string => (type === 'Ticket' ? 'receivedAt' : 'at');
  const window = { parent: time(on), child: time(to), days: 30 };
  return [
    first,
    ...((choice & 4) === 4 ? plain.filter((k) => k !== first).slice(0, 1) : []),
    ...((choice & 8) === 8 && on === 'Ticket' && to !== 'Ticket'
      ? [{ ...kind('CALLER_NUMBER', 0.8, 'reporterPhone', 'digest'), as: 'phoneDigest' as const, window }]
      : []),
    ...((choice & 16) === 16
      ? [
          {
            ...kind('STANDARD_ADDRESS', 0.4, 'address', 'address'),
            fuzzy: true,
            ...((choice & 1) === 1 ? { window } : {}),
          },
        ]
      : []),
  ];
}
