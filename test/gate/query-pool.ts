import {
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import fc from 'fast-check';
import { showcase } from '../../src/city/showcase.ts';
import { storedTypes } from './stored-fields.ts';

/** A root field with its arguments, and the ticket that the header must name for it. */
interface PoolRoot {
  readonly field: string;
  readonly text: string;
  readonly ticket?: string;
}

const { ticketNo, reportTicketNo, confidentialTicketNo } = showcase;

/** The ways into the graph. `disclosures` is left out: every answer adds an entry to it. */
export const poolRoots: readonly PoolRoot[] = [
  { field: 'ticket', text: `ticket(ticketNo: "${ticketNo}")` },
  { field: 'ticket', text: `ticket(ticketNo: "${ticketNo}")` },
  { field: 'ticket', text: `ticket(ticketNo: "${reportTicketNo}")` },
  { field: 'ticket', text: `ticket(ticketNo: "${confidentialTicketNo}")` },
  { field: 'ticketsByNo', text: `ticketsByNo(ticketNos: ["${reportTicketNo}", "${ticketNo}", "no:such"])` },
  { field: 'tickets', text: 'tickets(first: 4)' },
  { field: 'tickets', text: `tickets(first: 4, filter: { gridCode: ["${showcase.gridCode}"] })` },
  { field: 'tickets', text: 'tickets(first: 4, filter: { type: [REPORT, COMPLAINT] })' },
  { field: 'myCases', text: 'myCases(first: 5)' },
  { field: 'myCases', text: 'myCases(first: 5, status: OPEN)' },
  { field: 'gridByCode', text: `gridByCode(code: "${showcase.gridCode}")`, ticket: ticketNo },
  { field: 'marketEntity', text: `marketEntity(uscc: "${showcase.uscc}")`, ticket: ticketNo },
  { field: 'marketEntity', text: `marketEntity(uscc: "${showcase.reportedUscc}")`, ticket: reportTicketNo },
  { field: 'house', text: `house(houseCode: "${showcase.houseCode}")`, ticket: ticketNo },
  { field: 'house', text: `house(houseCode: "${showcase.nearMisses.neighbourHouse}")`, ticket: confidentialTicketNo },
  { field: 'policeIncident', text: `policeIncident(incidentNo: "${showcase.incidents.byNumber}")`, ticket: ticketNo },
  { field: 'policeIncident', text: `policeIncident(incidentNo: "${showcase.incidents.byCaller}")`, ticket: ticketNo },
  {
    field: 'policeIncident',
    text: `policeIncident(incidentNo: "${showcase.nearMisses.confidential}")`,
    ticket: ticketNo,
  },
];

const keys = new Map(storedTypes.map((t) => [t.type, t.key]));
keys.set('Trace', 'ticketNo');
const fieldArguments: Readonly<Record<string, string>> = {
  tickets: '(first: 3)',
  events: '(first: 3)',
  heldAt: '(at: "2026-11-05T15:00:00+08:00")',
};

/**
 * Queries of a root with random leaves and relations, at most `depth` levels of records deep. Each object asks for its
 * type, its key and `access`, so that a test can read what became of every field.
 */
export function queryFor(schema: GraphQLSchema, root: PoolRoot, depth: number): fc.Arbitrary<string> {
  const type = schema.getQueryType()?.getFields()[root.field]?.type;
  if (type === undefined) throw new TypeError(`there is no root field ${root.field}`);
  return selection(schema, getNamedType(type), depth).map((set) => `{ ${root.text} ${set} }`);
}

/** Under a union each member's fields need names of their own: `alias` is put before them. */
function selection(schema: GraphQLSchema, type: GraphQLNamedType, depth: number, alias = ''): fc.Arbitrary<string> {
  if (isUnionType(type)) {
    return fc
      .tuple(
        ...schema
          .getPossibleTypes(type)
          .map((t) => selection(schema, t, depth, `${t.name}_`).map((set) => `... on ${t.name} ${set}`)),
      )
      .map((parts) => `{ __typename ${parts.join(' ')} }`);
  }
  if (!isObjectType(type)) throw new TypeError(`${type.name} has no fields`);
  if (type.name.endsWith('Connection')) return connection(schema, type, depth);
  const fields = Object.values(type.getFields()).filter((f) => f.name !== 'access');
  const leaves = fields.filter((f) => !isCompositeType(getNamedType(f.type))).map((f) => f.name);
  const relations = depth <= 1 ? [] : fields.filter((f) => isCompositeType(getNamedType(f.type)));
  const key = keys.get(type.name);
  const always = ['__typename', ...(key === undefined ? [] : [key])];
  const others = leaves.filter((l) => !always.includes(l));
  return fc
    .tuple(
      fc.subarray(others, { minLength: Math.min(1, others.length) }).map((some) => some.map((l) => named(l, alias))),
      fc.subarray(relations, { maxLength: Math.min(3, relations.length) }),
    )
    .chain(([some, below]) =>
      below.length === 0
        ? fc.constant([...always, ...some])
        : fc
            .tuple(
              ...below.map((f) =>
                selection(schema, getNamedType(f.type), isPart(f.type.toString()) ? depth : depth - 1).map(
                  (set) => `${named(f.name, alias)}${fieldArguments[f.name] ?? ''} ${set}`,
                ),
              ),
            )
            .map((parts) => [...always, ...some, ...parts]),
    )
    .map((parts) => `{ ${parts.join(' ')} access { field status } }`);
}

function named(field: string, alias: string): string {
  return alias === '' ? field : `${alias}${field}: ${field}`;
}

/** A match wrapper is a level of the query, but none of the records. */
function isPart(type: string): boolean {
  return /Match\b/.test(type);
}

function connection(schema: GraphQLSchema, type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const nodes = type.getFields()['nodes'];
  if (nodes === undefined) throw new TypeError(`${type.name} has no nodes`);
  const mayCount = type.getFields()['totalCount'] !== undefined;
  return fc
    .tuple(fc.boolean(), fc.boolean(), selection(schema, getNamedType(nodes.type), depth))
    .map(([count, info, set]) =>
      [
        '{',
        ...(count && mayCount ? ['totalCount'] : []),
        ...(info ? ['pageInfo { hasNextPage endCursor }'] : []),
        `nodes ${set}`,
        '}',
      ].join(' '),
    );
}
