import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { SqlSettings } from '../connector/settings/source-settings.ts';
import type { StoreClient } from './column-types.ts';
import { isLostRace } from './faults.ts';
import { findEverything } from './find-everything.ts';
import { hasIndexes, learnTables, makeIndexes } from './indexes.ts';
import { migrate } from './migrations.ts';
import { mysqlKnex } from './mysql-knex.ts';
import { sqliteKnex, type SqliteOptions } from './sqlite-knex.ts';

/** Where the tickets are kept. */
export type TicketPlace =
  | ({ readonly kind: 'sqlite'; readonly file: string } & SqliteOptions)
  | { readonly kind: 'mysql'; readonly settings: SqlSettings };

/** The hub's own database of tickets and of all that changes together with them. */
export interface TicketDatabase {
  readonly client: StoreClient;
  /** For reading outside of transactions. */
  readonly db: Knex;
  /**
   * Runs the work in one transaction: all of it is written, or nothing. In SQLite no other writer comes between; in MySQL
   * none comes between on rows that were locked. There the work runs again from its beginning where it lost a race, so
   * nothing but what it writes through `trx` may depend on how often it runs.
   */
  transaction<T>(work: (trx: Knex) => Promise<T>): Promise<T>;
  /** Whether the store is still being filled: its indexes, and with them the findings, wait for `finishLoad`. */
  isLoading(): Promise<boolean>;
  /** After a bulk load: makes the indexes that readers need, and finds everything. All of it stands then, or nothing. */
  finishLoad(): Promise<void>;
  close(): Promise<void>;
}

/** How often a transaction is tried that loses against others. */
const tries = 8;

/** Opens the database; its tables are made when missing, a SQLite file too. */
export async function openTicketDatabase(place: TicketPlace): Promise<TicketDatabase> {
  const db = place.kind === 'sqlite' ? sqliteKnex(place.file, place) : mysqlKnex(place.settings);
  const client: StoreClient = place.kind;
  try {
    if (place.kind === 'mysql' || place.readonly !== true) await migrate(db, client);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const transaction: TicketDatabase['transaction'] = (work) =>
    client === 'sqlite' ? inTurn(db, work) : untilWon(db, work);
  return {
    client,
    db,
    transaction,
    isLoading: async () => !(await hasIndexes(db, client)),
    finishLoad: async () => {
      // MySQL ends a transaction at each of these statements: what they make is made twice without harm.
      if (client === 'mysql') {
        await makeIndexes(db, client);
        await db.raw(learnTables);
      }
      await transaction(async (trx) => {
        if (client === 'sqlite') await makeIndexes(trx, client);
        await findEverything(trx, client);
      });
    },
    close: () => db.destroy(),
  };
}

/** Writers of this process stand in line, so that they come in their order and leave connections to readers. */
const lines = new WeakMap<Knex, Promise<unknown>>();

async function inTurn<T>(db: Knex, work: (trx: Knex) => Promise<T>): Promise<T> {
  const before = lines.get(db) ?? Promise.resolve();
  const mine = before.then(() => once(db, work));
  lines.set(
    db,
    mine.catch(() => undefined),
  );
  return mine;
}

async function untilWon<T>(db: Knex, work: (trx: Knex) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(db, work);
    } catch (error) {
      if (attempt === tries || !isLostRace(error)) throw error;
    }
    await sleep(Math.random() * 20 * attempt);
  }
}

function once<T>(db: Knex, work: (trx: Knex) => Promise<T>): Promise<T> {
  return db.transaction(async (trx) => {
    // Where the transaction cannot begin, knex says so to the caller and still calls this.
    if (trx.isCompleted()) throw new Error('the transaction did not begin');
    return work(trx);
  });
}
