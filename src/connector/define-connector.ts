import type {
  CaseDeclaration,
  Connector,
  ReceiptDeclaration,
  RelationDeclaration,
  RootDeclaration,
  StatisticsDeclaration,
} from './connector.ts';
import { checkReceipts } from './check-receipts.ts';
import type { SourceDeclaration } from './source.ts';

interface ConnectorParts {
  readonly agency: string;
  readonly sources: readonly SourceDeclaration[];
  readonly relations: readonly RelationDeclaration[];
  readonly roots: readonly RootDeclaration[];
  readonly cases: readonly CaseDeclaration[];
  readonly statistics?: readonly StatisticsDeclaration[];
  readonly receipts?: ReceiptDeclaration;
}

/** An agency's connector: what its sources hold, and how the hub shows it. Throws `TypeError` for a declaration that cannot work. */
export function defineConnector(parts: ConnectorParts): Connector {
  const { agency, sources } = parts;
  for (const { name, drivers } of sources) {
    if (name !== agency && !name.startsWith(`${agency}-`))
      throw new TypeError(`the source ${name} of ${agency} must be named ${agency}, or ${agency}-PART`);
    if (drivers.length === 0) throw new TypeError(`the source ${name} has no driver`);
    if (new Set(drivers.map((d) => d.kind)).size !== drivers.length)
      throw new TypeError(`the source ${name} has two drivers of one kind`);
  }
  if (new Set(sources.map((s) => s.name)).size !== sources.length)
    throw new TypeError(`two sources of ${agency} have one name`);
  checkReceipts(parts);
  return {
    ...parts,
    entities: sources.flatMap((s) => [...s.entities, ...(s.derived ?? []).map((d) => d.declaration)]),
  };
}
