import { isLeafType, isObjectType, getNamedType, type GraphQLSchema } from 'graphql';

/** Leaves taken of each type: with the 15 fields that hold records they make 60. */
const shares = {
  Ticket: 14,
  PoliceIncidentMatch: 2,
  PoliceIncident: 6,
  DispatchRecord: 2,
  Grid: 4,
  GridWorker: 3,
  MarketEntity: 5,
  AdministrativePenalty: 2,
  House: 4,
  PropertyCompany: 1,
  Handoff: 2,
} as const;

export const fieldsOfADocument = 60;

/**
 * Distinct queries of 60 fields over the types of all five agencies. The fields that hold records are the same in each;
 * the values rotate through what the schema has, each type at its own pace.
 */
export function documentsOfSixty(schema: GraphQLSchema, count: number): string[] {
  const pools = new Map(Object.keys(shares).map((type) => [type, leavesOf(schema, type)]));
  const made = Array.from({ length: count }, (_, i) => {
    const of = (type: keyof typeof shares): string => rotated(pools.get(type) ?? [], i, shares[type]).join(' ');
    return `query Sixty${i} {
      tickets(first: 20) {
        nodes {
          ${of('Ticket')}
          handoffs { ${of('Handoff')} }
          policeIncidents { ${of('PoliceIncidentMatch')} incident { ${of('PoliceIncident')} dispatches { ${of('DispatchRecord')} } } }
          grid { grid { ${of('Grid')} workers { ${of('GridWorker')} } } }
          marketEntities { entity { ${of('MarketEntity')} penalties { ${of('AdministrativePenalty')} } } }
          houses { house { ${of('House')} propertyCompany { ${of('PropertyCompany')} } } }
        }
      }
    }`;
  });
  if (new Set(made.map((m) => m.replace(/^query Sixty\d+/, ''))).size !== count)
    throw new RangeError(`there are no ${count} distinct documents`);
  return made;
}

function leavesOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new TypeError(`${name} is no object type`);
  return Object.values(type.getFields())
    .filter((f) => isLeafType(getNamedType(f.type)))
    .map((f) => f.name);
}

/** The `take` members from the `at`th on, around the end. */
function rotated(pool: readonly string[], at: number, take: number): string[] {
  if (pool.length < take) throw new RangeError('the type has fewer values than are taken of it');
  return Array.from({ length: take }, (_, i) => pool[(at + i) % pool.length] ?? '');
}
