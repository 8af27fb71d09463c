import type { Knex } from 'knex';
import type { StoreClient } from './column-types.ts';
import { lostIndexes } from './tables/lost-tables.ts';
import { findingIndexes } from './tables/finding-tables.ts';
import { ticketIndexes } from './tables/ticket-tables.ts';

/** Indexes by their names: table and columns. */
type Indexes = Readonly<Record<string, readonly [table: string, columns: string]>>;

const indexes: Indexes = { ...ticketIndexes, ...findingIndexes, ...lostIndexes };

/** The indexes that readers need, as statements of SQLite. */
export const sqliteIndexes = sqliteStatements(indexes);

function sqliteStatements(of: Indexes): readonly string[] {
  return Object.entries(of).map(
    ([name, [table, columns]]) => `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${columns})`,
  );
}

/** Whether they stand: a file that is being filled has none yet. */
export async function hasIndexes(db: Knex, client: StoreClient): Promise<boolean> {
  if (client === 'mysql') return true;
  const [first] = Object.keys(indexes);
  return (
    (await db('sqlite_master')
      .where({ type: 'index', name: first ?? '' })
      .first('name')) !== undefined
  );
}

/** Makes the indexes that are missing: after a bulk load, which is then several times as fast. */
export function makeIndexes(db: Knex, client: StoreClient): Promise<void> {
  return addIndexes(db, client, indexes);
}

/** Makes those of these indexes that are missing. */
export async function addIndexes(db: Knex, client: StoreClient, wanted: Indexes): Promise<void> {
  if (client === 'sqlite') {
    for (const statement of sqliteStatements(wanted)) await db.raw(statement);
    return;
  }
  const known = await db('information_schema.statistics')
    .whereRaw('table_schema = database()')
    .distinct()
    .pluck<string[]>('index_name');
  for (const [name, [table, columns]] of Object.entries(wanted))
    if (!known.includes(name)) await db.raw(`CREATE INDEX ${name} ON ${table} (${columns})`);
}

/**
 * MySQL learns how full the tables are. It does so by itself seconds after a load, and until then plans the finding of
 * everything as if they were empty: a walk of all handoffs for each ticket.
 */
export const learnTables = 'ANALYZE TABLE ticket, ticket_party, handoff, ticket_finding, lost_handoff';
