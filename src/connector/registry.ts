import type {
  AgencyReceipts,
  CaseDeclaration,
  Connector,
  EntityDeclaration,
  RelationDeclaration,
  RootDeclaration,
  StatisticsDeclaration,
} from './connector.ts';
import { checkNumberJoins } from './check-number-joins.ts';
import type { SourceDeclaration } from './source.ts';

/** A record type, whose it is and which of that agency's sources has it. */
export interface RegisteredEntity {
  readonly declaration: EntityDeclaration;
  readonly agency: string;
  readonly source: string;
}

/** What all configured connectors declare, by the names of the schema. */
export interface Registry {
  readonly connectors: readonly Connector[];
  entity(type: string): RegisteredEntity | undefined;
  relation(type: string, field: string): RelationDeclaration | undefined;
  relationsOn(type: string): readonly RelationDeclaration[];
  root(field: string): RootDeclaration | undefined;
  statistics(field: string): StatisticsDeclaration | undefined;
  /** In the order of the connectors. */
  readonly receipts: readonly AgencyReceipts[];
  readonly cases: readonly (CaseDeclaration & { readonly agency: string })[];
}

/** Throws `TypeError` when two connectors declare the same thing, or a relation joins by numbers that cannot be compared. */
export function createRegistry(connectors: readonly Connector[]): Registry {
  const entities = new Map<string, RegisteredEntity>();
  const relations = new Map<string, RelationDeclaration>();
  const roots = new Map<string, RootDeclaration>();
  const statistics = new Map<string, StatisticsDeclaration>();
  const put = <T>(map: Map<string, T>, key: string, value: T, agency: string): void => {
    if (map.has(key)) throw new TypeError(`the ${agency} connector declares ${key} again; one connector declares it`);
    map.set(key, value);
  };
  for (const { agency, ...of } of connectors) {
    for (const declaration of of.entities)
      put(
        entities,
        declaration.type,
        { declaration, agency, source: sourceOf(declaration.type, of.sources) ?? agency },
        agency,
      );
    for (const relation of of.relations) put(relations, `${relation.on}.${relation.field}`, relation, agency);
    for (const root of of.roots) put(roots, root.field, root, agency);
    for (const one of of.statistics ?? []) put(statistics, one.field, one, agency);
  }
  checkNumberJoins(connectors);
  return {
    connectors,
    entity: (type) => entities.get(type),
    relation: (type, field) => relations.get(`${type}.${field}`),
    relationsOn: (type) => [...relations.values()].filter((r) => r.on === type),
    root: (field) => roots.get(field),
    statistics: (field) => statistics.get(field),
    receipts: connectors.flatMap(receiptsOf),
    cases: connectors.flatMap((c) => c.cases.map((one) => ({ ...one, agency: c.agency }))),
  };
}

function receiptsOf({ agency, receipts, relations }: Connector): AgencyReceipts[] {
  const relation = relations.find((r) => r.on === 'Ticket' && r.field === receipts?.field);
  return relation === undefined ? [] : [{ agency, field: relation.field, type: relation.to }];
}

function sourceOf(type: string, sources: readonly SourceDeclaration[]): string | undefined {
  return sources.find(({ entities, derived = [] }) =>
    [...entities, ...derived.map((d) => d.declaration)].some((e) => e.type === type),
  )?.name;
}
