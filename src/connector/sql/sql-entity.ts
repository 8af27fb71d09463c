import type { EntityDeclaration } from '../connector.ts';
import type { FieldMapping } from '../mapping.ts';

/** A record type that lies in one table (or view) of an SQL source. */
export interface SqlEntity extends EntityDeclaration {
  readonly table: string;
  readonly mapping: Readonly<Record<string, FieldMapping>>;
}
