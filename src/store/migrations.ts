import type { Knex } from 'knex';
import { mysqlTypes, sqliteTypes, type ColumnTypes, type StoreClient } from './column-types.ts';
import { findEverything } from './find-everything.ts';
import { addIndexes, makeIndexes } from './indexes.ts';
import { withConnection } from './knex-client.ts';
import { actionTables } from './tables/action-tables.ts';
import { eventTables } from './tables/event-tables.ts';
import { findingTables } from './tables/finding-tables.ts';
import { heldTables } from './tables/held-tables.ts';
import { importTables } from './tables/import-tables.ts';
import { lostTables } from './tables/lost-tables.ts';
import { pushTables } from './tables/push-tables.ts';
import { retentionIndexes, retentionTables } from './tables/retention-tables.ts';
import { laterHandoffColumns, ticketTables } from './tables/ticket-tables.ts';

/** One step of the store's making. Runs again where it was cut short: MySQL commits each statement of it. */
type Step = (db: Knex, types: ColumnTypes) => Promise<void>;

/** In their order. A step that has been released is never changed. */
const steps: Readonly<Record<string, Step>> = {
  '001-tickets': async (db, types) => {
    await run(db, ticketTables(types));
    if (types.client === 'sqlite') await addLaterColumns(db);
  },
  '002-actions': (db, types) => run(db, actionTables(types)),
  '003-pushes': (db, types) => run(db, pushTables(types)),
  '004-imports': (db, types) => run(db, importTables(types)),
  '005-lost-handoffs': (db, types) => run(db, lostTables(types)),
  '006-findings': async (db, types) => {
    // Earlier files computed findings as they were read, by indexes of their own.
    if (types.client === 'sqlite') await run(db, [...earlierFindings, ...findingTables(types)]);
    else await run(db, findingTables(types));
  },
  '007-events': async (db, types) => {
    await run(db, eventTables(types));
    await db('event_order').insert({ id: 1 }).onConflict('id').ignore();
  },
  '008-indexes': async (db, { client }) => {
    // An empty file is about to be loaded: whoever does that makes them afterwards.
    const ticket: unknown = await db('ticket').first('ticket_no');
    if (client === 'mysql' || ticket !== undefined) await makeIndexes(db, client);
    if (ticket !== undefined) await findEverything(db, client);
  },
  '009-held-handoffs': (db, types) => run(db, heldTables(types)),
  '010-retention': async (db, types) => {
    await run(db, retentionTables(types));
    await addIndexes(db, types.client, retentionIndexes);
  },
};

/**
 * Brings the store's tables up to date: by knex's migrations, each of which runs once. Several processes may start at the
 * same time; one that is killed meanwhile does not keep the others out.
 */
export async function migrate(db: Knex, client: StoreClient): Promise<void> {
  const types = client === 'sqlite' ? sqliteTypes : mysqlTypes(await collationOf(db));
  const migrationSource: Knex.MigrationSource<string> = {
    getMigrations: async () => Object.keys(steps),
    getMigrationName: (name) => name,
    getMigration: async (name) => ({ up: (on) => stepOf(name)(on, types), down: () => Promise.reject(noWayBack()) }),
  };
  const config: Knex.MigratorConfig = { migrationSource, tableName: 'store_migration' };
  if (await isUpToDate(db)) return;
  if (client === 'sqlite') {
    // One transaction for all of it, the migrations' own lock included: nothing of it is left of a process that is killed.
    await db.transaction(async (trx) => {
      await trx.migrate.latest(config);
    });
    return;
  }
  await whileAlone(db, async () => {
    // Left locked by a process that was killed: the one that works is known by the server's lock.
    await db.migrate.forceFreeMigrationsLock(config);
    await db.migrate.latest(config);
  });
}

function stepOf(name: string): Step {
  const step = steps[name];
  if (step === undefined) throw new TypeError(`there is no migration ${name}`);
  return step;
}

const noWayBack = (): Error => new Error('what was handed on is never taken back');

async function isUpToDate(db: Knex): Promise<boolean> {
  if (!(await db.schema.hasTable('store_migration'))) return false;
  const done = await db('store_migration').pluck<string[]>('name');
  return Object.keys(steps).every((name) => done.includes(name));
}

/** The lock is the connection's: it ends with it. */
async function whileAlone(db: Knex, work: () => Promise<void>): Promise<void> {
  const lock = "concat('lianqiao ', sha1(database()))";
  await withConnection(db, async (connection) => {
    const [[row]] = (await db.raw(`SELECT get_lock(${lock}, 60) AS got`).connection(connection)) as [[{ got: number }]];
    if (row.got !== 1) throw new Error('another process is making the tables of the ticket store; start again');
    try {
      await work();
    } finally {
      await db.raw(`SELECT release_lock(${lock})`).connection(connection);
    }
  });
}

/** A binary collation without padding, by the name that the server has for it. */
async function collationOf(db: Knex): Promise<string> {
  const [[row]] = (await db.raw('SELECT version() AS version')) as [[{ version: string }]];
  return /mariadb/i.test(row.version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
}

async function run(db: Knex, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await db.raw(statement);
}

async function addLaterColumns(db: Knex): Promise<void> {
  const columns = (await db.raw('PRAGMA table_info(handoff)')) as { name: string }[];
  const names = new Set(columns.map(({ name }) => name));
  for (const column of laterHandoffColumns)
    if (!names.has(column.slice(0, column.indexOf(' ')))) await db.raw(`ALTER TABLE handoff ADD COLUMN ${column}`);
}

const earlierFindings = [
  'DROP VIEW IF EXISTS handoff_finding',
  ...[
    'handoff_ticket',
    'handoff_moves',
    'handoff_signed_late',
    'handoff_without_evidence',
    'ticket_unresolved',
    'ticket_unsatisfied',
  ].map((index) => `DROP INDEX IF EXISTS ${index}`),
];
