import type { Knex } from 'knex';
import type { StoreClient } from './column-types.ts';
import { lostIndexes } from './tables/lost-tables.ts';
import { findingIndexes } from './tables/finding-tables.ts';
import { ticketIndexes } from './tables/ticket-tables.ts';

const indexes = Object.entries({ ...ticketIndexes, ...findingIndexes, ...lostIndexes });

/** The indexes that readers need, as statements of SQLite. */
export const sqliteIndexes = indexes.map(
  ([name, [table, columns]]) => `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${columns})`,
);

/** Whether they stand: a file that is being filled has none yet. */
export async function hasIndexes(db: Knex, client: StoreClient): Promise<boolean> {
  if (client === 'mysql') return true;
  const [first] = indexes;
  return (await db('sqlite_master').where({ type: 'index', name: first?.[0] }).first('name')) !== undefined;
}

/** Makes the indexes that are missing: after a bulk load, which is then several times as fast. */
export async function makeIndexes(db: Knex, client: StoreClient): Promise<void> {
  if (client === 'sqlite') {
    for (const statement of sqliteIndexes) await db.raw(statement);
    return;
  }
  const known = await db('information_schema.statistics')
    .whereRaw('table_schema = database()')
    .distinct()
    .pluck<string[]>('index_name');
  for (const [name, [table, columns]] of indexes)
    if (!known.includes(name)) await db.raw(`CREATE INDEX ${name} ON ${table} (${columns})`);
}

/**
 * MySQL learns how full the tables are. It does so by itself seconds after a load, and until then plans the finding of
 * everything as if they were empty: a walk of all handoffs for each ticket.
 */
export const learnTables = 'ANALYZE TABLE ticket, ticket_party, handoff, ticket_finding, lost_handoff';
