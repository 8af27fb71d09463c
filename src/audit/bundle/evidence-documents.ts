import {
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaFacts } from '../../access/facts.ts';

/** What the bundle asks the hub for. */
export interface EvidenceDocuments {
  /** Variables: `ticketNo`. */
  readonly ticket: string;
  /** Variables: `ticketNo`, `after`. */
  readonly findings: string;
  /** Variables: `ticketNo`, `before`, `after`. */
  readonly disclosures: string;
  /** Variables: `before`. */
  readonly policies: string;
}

/**
 * The documents, made from the schema: every field of a ticket that its owner declares, its handoffs and its trace, so that
 * no field is forgotten. What other agencies add to a ticket is theirs to prove.
 */
export function evidenceDocuments(schema: GraphQLSchema, facts: SchemaFacts): EvidenceDocuments {
  const fieldsOf = (name: string): string => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new TypeError(`the schema has no type ${name}`);
    return selection(type, facts, []);
  };
  const page = 'pageInfo { hasNextPage endCursor }';
  return {
    ticket: `query EvidenceTicket($ticketNo: ID!) { ticket(ticketNo: $ticketNo) ${fieldsOf('Ticket')} ticketTask(ticketNo: $ticketNo) { ticketNo status stage deadline { dueAt state provisional extensionDays signBy lateSignings } } }`,
    findings: `query EvidenceFindings($ticketNo: ID!, $after: String) { handoffFindings(filter: { ticketNo: $ticketNo }, first: 100, after: $after) { nodes ${fieldsOf('HandoffFinding')} ${page} } }`,
    disclosures: `query EvidenceDisclosures($ticketNo: ID!, $before: DateTime!, $after: String) { disclosures(ticketNo: $ticketNo, filter: { before: $before }, first: 100, after: $after) { nodes ${fieldsOf('Disclosure')} ${page} } }`,
    policies:
      'query EvidencePolicies($before: DateTime) { policyVersions(first: 100, before: $before) { version since until } }',
  };
}

/** Every field of one owner's type that needs no argument; of a ticket below a ticket only its number. */
function selection(type: GraphQLObjectType, facts: SchemaFacts, above: readonly string[]): string {
  const owner = facts.ownerOf(type.name);
  const path = [...above, type.name];
  const fields = Object.values(type.getFields()).flatMap((field): string[] => {
    const fact = facts.fields.get(`${type.name}.${field.name}`);
    if (fact === undefined || fact.hidden || fact.owner !== owner || field.args.some(isRequiredArgument)) return [];
    const of = getNamedType(field.type);
    if (!isCompositeType(of)) return [field.name];
    if (!isObjectType(of) || facts.ownerOf(of.name) !== owner) return [];
    if (of.name === 'Ticket') return [`${field.name} { ticketNo }`];
    return path.includes(of.name) ? [] : [`${field.name} ${selection(of, facts, path)}`];
  });
  return `{ ${fields.join(' ')} access { field status rule disputed } }`;
}
