import knex, { type Knex } from 'knex';
import { mysqlAddress } from '../connector/sql/mysql/connect.ts';
import type { SqlSettings } from '../connector/settings/source-settings.ts';
import { classOf, type ClientClass } from './knex-client.ts';
import { silent } from './silent-log.ts';

/** Seconds for which a statement waits for another transaction's rows. */
const lockWaitSeconds = 5;

/**
 * The database that these settings name, with the right to write. Each statement of a transaction sees what was committed
 * before it, so that whoever waited for a ticket's row sees what the one before made of it.
 */
export function mysqlKnex(settings: SqlSettings): Knex {
  class AddressedClient extends BaseClient {
    override acquireRawConnection(): Promise<unknown> {
      // Read for each new connection, so that a changed password is taken up.
      this.connectionSettings = { ...mysqlAddress(settings), charset: 'utf8mb4' };
      return super.acquireRawConnection();
    }
  }
  return knex({
    client: AddressedClient as unknown as ClientClass,
    connection: {},
    // What is written is nobody's to read in a message.
    compileSqlOnError: false,
    log: silent,
    pool: { min: 0, max: settings.pool, idleTimeoutMillis: 60_000, afterCreate: prepare },
    acquireConnectionTimeout: settings.answerMilliseconds,
  });
}

interface MysqlClient {
  connectionSettings: unknown;
  acquireRawConnection(): Promise<unknown>;
}

const BaseClient = classOf(knex({ client: 'mysql2' })) as new (config: Knex.Config) => MysqlClient;

interface Session {
  query(sql: string, done: (error: Error | null) => void): void;
}

function prepare(session: Session, done: (error: Error | null, session: Session) => void): void {
  // The variable of it has another name in MariaDB.
  session.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', (error) => {
    if (error !== null) done(error, session);
    else session.query(sessionSettings, (error) => done(error, session));
  });
}

const sessionSettings = `SET SESSION time_zone = '+08:00',
  sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  innodb_lock_wait_timeout = ${lockWaitSeconds}`;
