import type { Knex } from 'knex';
import type { StoreClient } from './column-types.ts';
import { findAll } from './findings.ts';
import { findAllPairs } from './pair-findings.ts';

/**
 * The statements that find everything in all tickets, once their indexes stand, into a table without findings. SQLite has
 * to learn first how the tables are filled: it would walk all handoffs for each ticket.
 */
export const sqliteFindings: readonly string[] = ['ANALYZE', findAll, findAllPairs('sqlite')];

/** Computes all findings anew. */
export async function findEverything(db: Knex, client: StoreClient): Promise<void> {
  await db('ticket_finding').delete();
  const statements = client === 'sqlite' ? sqliteFindings : [findAll, findAllPairs(client)];
  for (const statement of statements) await db.raw(statement);
}
