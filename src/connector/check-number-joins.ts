import type { Connector, MatchKind, RelationDeclaration } from './connector.ts';
import { clearNumber } from './join-key.ts';
import type { FieldMapping } from './mapping.ts';

/** Throws `TypeError` where a relation compares personal numbers that its target does not hold, or not exactly. */
export function checkNumberJoins(connectors: readonly Connector[]): void {
  for (const { agency, relations } of connectors)
    for (const relation of relations) {
      const wrong = (what: string): never => {
        throw new TypeError(`${relation.on}.${relation.field} of the ${agency} connector ${what}`);
      };
      for (const match of relation.by) checkMatch(match, relation, connectors, wrong);
    }
}

function checkMatch(
  { as, child, fuzzy }: MatchKind,
  { to }: RelationDeclaration,
  connectors: readonly Connector[],
  wrong: (what: string) => never,
): void {
  if (as !== 'plain' && fuzzy) wrong(`joins by ${as}, which is never fuzzy`);
  const kind = clearNumber(as);
  if (kind === null) return;
  const coding = { phone: 'phone or localPhone', idNumber: 'idNumber' }[kind];
  if (mappingOf(to, child, connectors)?.number?.kind !== kind)
    wrong(`joins as ${as}, but ${to}.${child} is no column with the coding ${coding}`);
}

function mappingOf(type: string, field: string, connectors: readonly Connector[]): FieldMapping | undefined {
  const entities = connectors.flatMap((c) => c.sources.flatMap((s) => s.entities));
  return entities.find((e) => e.type === type)?.mapping[field];
}
