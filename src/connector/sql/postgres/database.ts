import type { DatabaseOpening, SqlDatabase } from '../database.ts';
import { pooledDatabase } from '../pooled-database.ts';
import { catalogueQuery, readColumn } from './catalogue.ts';
import { connectPostgres, preparePostgres } from './connect.ts';
import { faultOf } from './fault.ts';
import { postgresTerms } from './terms.ts';

/** PostgreSQL 12 or later. Names of tables and columns are written as the connector has them, capitals and all. */
export function openPostgres(opening: DatabaseOpening): SqlDatabase {
  return pooledDatabase(opening, {
    client: 'pg',
    // The protocol counts in 16 bits; lists are one value each, so that this bounds their length alone.
    mostValues: 60_000,
    connect: connectPostgres,
    prepare: preparePostgres,
    catalogueQuery,
    readColumn,
    terms: postgresTerms,
    faultOf,
  });
}
