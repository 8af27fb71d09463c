import type { MappedEntity } from '../source.ts';

/** A record type that lies in one table (or view) of an SQL source. */
export interface SqlEntity extends MappedEntity {
  readonly table: string;
}
