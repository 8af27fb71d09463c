import type {
  CaseDeclaration,
  Connector,
  ReceiptDeclaration,
  RelationDeclaration,
  RootDeclaration,
  StatisticsDeclaration,
} from '../connector.ts';
import { defineConnector } from '../define-connector.ts';
import type { DerivedEntity } from '../source.ts';
import { sqlDriver } from './sql-driver.ts';
import type { SqlEntity } from './sql-entity.ts';

interface SqlConnectorParts {
  readonly agency: string;
  readonly entities: readonly SqlEntity[];
  readonly relations: readonly RelationDeclaration[];
  readonly roots: readonly RootDeclaration[];
  readonly cases: readonly CaseDeclaration[];
  readonly statistics?: readonly StatisticsDeclaration[];
  readonly receipts?: ReceiptDeclaration;
  /** Record types that are computed from those of the tables rather than read. */
  readonly derived?: readonly DerivedEntity[];
}

/** A connector over one database, for an agency whose system can be reached in no other way. */
export function defineSqlConnector({ entities, derived = [], ...parts }: SqlConnectorParts): Connector {
  const tables = Object.fromEntries(entities.map((e) => [e.type, e.table]));
  return defineConnector({
    ...parts,
    sources: [{ name: parts.agency, entities, derived, drivers: [sqlDriver(tables)] }],
  });
}
