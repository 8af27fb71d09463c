import type { Readable } from 'node:stream';
import pg, { type ClientConfig } from 'pg';
import { readSecret } from '../../settings/secret.ts';
import type { SqlSettings } from '../../settings/source-settings.ts';
import { TooLargeError } from '../answer-size.ts';
import type { SqlConnection } from '../connection-pool.ts';
import type { SqlRow } from '../database.ts';
import { soon } from '../soon.ts';
import { parserOf } from './values.ts';

export async function connectPostgres(settings: SqlSettings): Promise<SqlConnection> {
  return wrapped(await open(settings), settings);
}

/** Milliseconds for which the end of an unused connection is waited for. */
const farewell = 500;

/** Makes a session that can only read, in Beijing time, whose statements end by themselves. */
export async function preparePostgres(session: SqlConnection, settings: SqlSettings): Promise<void> {
  await session.query({
    sql: `select set_config('default_transaction_read_only', 'on', false), set_config('statement_timeout', $1, false),
            set_config('timezone', '<+08>-08', false), set_config('datestyle', 'ISO', false),
            set_config('client_encoding', 'UTF8', false), set_config('bytea_output', 'hex', false),
            set_config('search_path', coalesce(quote_ident(nullif($2, '')), current_setting('search_path')), false)`,
    values: [String(settings.answerMilliseconds), settings.schema ?? ''],
  });
}

async function open(settings: SqlSettings): Promise<pg.Client> {
  const client = new pg.Client(configOf(settings));
  // A connection that breaks says so here as well; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    destroy(client);
    throw error;
  }
  return client;
}

function configOf(settings: SqlSettings): ClientConfig {
  const { host = '', port = 5_432, user, database, password, tls } = settings;
  return {
    host,
    port,
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
    // Read for each new connection, so that a changed password is taken up; never the environment's or a file's.
    password: password === undefined ? '' : readSecret(password),
    connectionTimeoutMillis: settings.connectMilliseconds,
    keepAlive: true,
    application_name: 'lianqiao',
    types: { getTypeParser: parserOf },
    ssl:
      tls === undefined
        ? false
        : {
            ...(tls.ca === undefined ? {} : { ca: readSecret(tls.ca) }),
            ...(tls.cert === undefined ? {} : { cert: readSecret(tls.cert) }),
            ...(tls.key === undefined ? {} : { key: readSecret(tls.key) }),
            ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
          },
  };
}

function wrapped(client: pg.Client, settings: SqlSettings): SqlConnection {
  let broken = false;
  client.on('error', () => (broken = true));
  client.on('end', () => (broken = true));
  let received = 0;
  /** The driver stops a query with the connection's own error, whatever ended it. */
  let tooLarge = false;
  streamOf(client).on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= settings.answerBytes) return;
    tooLarge = true;
    destroy(client);
  });
  return {
    async query({ sql, values }) {
      received = 0;
      try {
        return (await client.query<SqlRow & unknown[]>({ text: sql, values: [...values], rowMode: 'array' })).rows;
      } catch (error) {
        throw tooLarge ? new TooLargeError() : error;
      }
    },
    async kill() {
      // Without a connection to spare the statement's own time-out ends it.
      const other = await open(settings).catch(() => null);
      if (other === null) return;
      await soon(other.query('select pg_terminate_backend($1)', [processOf(client)]), settings.connectMilliseconds);
      destroy(other);
    },
    broken: () => broken,
    async end() {
      await soon(client.end(), farewell);
      destroy(client);
    },
    destroy: () => destroy(client),
  };
}

/** The server's process, which the driver knows but does not declare. */
function processOf(client: pg.Client): number | null {
  return (client as unknown as { readonly processID: number | null }).processID;
}

/** At once, without waiting for an answer as `end` does. */
function destroy(client: pg.Client): void {
  streamOf(client).destroy();
}

/** What the server's messages come in, which the driver has but does not declare. */
function streamOf(client: pg.Client): Readable {
  return (client as unknown as { readonly connection: { readonly stream: Readable } }).connection.stream;
}
