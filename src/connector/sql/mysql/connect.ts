import mysql, { type ConnectionOptions, type FieldPacket } from 'mysql2';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { readSecret } from '../../settings/secret.ts';
import type { SqlSettings } from '../../settings/source-settings.ts';
import { TooLargeError } from '../answer-size.ts';
import type { SqlConnection } from '../connection-pool.ts';
import type { SqlRow } from '../database.ts';
import { soon } from '../soon.ts';

/** Milliseconds for which the end of an unused connection is waited for. */
const farewell = 500;

/** Read once: the driver's package looks its module up again each time. */
const floatType = mysql.Types.FLOAT;

export async function connectMysql(settings: SqlSettings): Promise<SqlConnection> {
  return wrapped(await open(settings), settings);
}

/** Makes a session that can only read, in Beijing time, whose statements end by themselves. */
export async function prepareMysql(session: SqlConnection, settings: SqlSettings): Promise<void> {
  const [row] = await session.query({ sql: 'select version()', values: [] });
  for (const sql of sessionSettings(String(row?.[0]), settings.answerMilliseconds))
    await session.query({ sql, values: [] });
}

/** MariaDB counts the time-out in seconds, MySQL in milliseconds and under another name. */
function sessionSettings(version: string, milliseconds: number): string[] {
  const timeout = /mariadb/i.test(version)
    ? `set session max_statement_time = ${milliseconds / 1_000}`
    : `set session max_execution_time = ${milliseconds}`;
  return [
    'set session transaction read only',
    "set session time_zone = '+08:00'",
    "set session sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    timeout,
  ];
}

function open(settings: SqlSettings): Promise<mysql.Connection> {
  return new Promise((resolve, reject) => {
    const connection = mysql.createConnection(optionsOf(settings));
    // A connection that breaks says so here as well; without a listener it would end the process.
    connection.on('error', () => undefined);
    connection.connect((error) => {
      if (error === null) return resolve(connection);
      connection.destroy();
      reject(error);
    });
  });
}

function optionsOf(settings: SqlSettings): ConnectionOptions {
  return {
    ...mysqlAddress(settings),
    rowsAsArray: true,
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    maxPreparedStatements: 256,
  };
}

/** How the server is reached, and as whom. */
export function mysqlAddress(settings: SqlSettings): ConnectionOptions {
  const { host = '', port = 3_306, tls } = settings;
  return {
    host,
    port,
    ...(settings.user === undefined ? {} : { user: settings.user }),
    ...(settings.database === undefined ? {} : { database: settings.database }),
    // Read for each new connection, so that a changed password is taken up.
    ...(settings.password === undefined ? {} : { password: readSecret(settings.password) }),
    connectTimeout: settings.connectMilliseconds,
    charset: 'utf8mb4_general_ci',
    enableKeepAlive: true,
    ...(tls === undefined
      ? {}
      : {
          ssl: {
            verifyIdentity: true,
            ...(tls.ca === undefined ? {} : { ca: readSecret(tls.ca) }),
            ...(tls.cert === undefined ? {} : { cert: readSecret(tls.cert) }),
            ...(tls.key === undefined ? {} : { key: readSecret(tls.key) }),
          },
        }),
    // The driver checks the certificate by its host's name, so a name of its own stands there and the socket is ours.
    ...(tls?.serverName === undefined ? {} : { host: tls.serverName, stream: () => connect({ host, port }) }),
  };
}

function wrapped(connection: mysql.Connection, settings: SqlSettings): SqlConnection {
  let broken = false;
  for (const event of ['error', 'end']) connection.on(event, () => (broken = true));
  // A statement that was running takes the error for itself, and the driver tells nobody else.
  for (const event of ['error', 'close']) streamOf(connection).on(event, () => (broken = true));
  /** The driver forgets what ran on a connection that it is told to destroy. */
  const running = new Set<(error: Error) => void>();
  const destroy = (error: Error): void => {
    connection.destroy();
    for (const reject of running) reject(error);
    running.clear();
  };
  let received = 0;
  streamOf(connection).on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > settings.answerBytes) destroy(new TooLargeError());
  });
  return {
    query: ({ sql, values }) =>
      new Promise<readonly SqlRow[]>((resolve, reject) => {
        received = 0;
        running.add(reject);
        connection.execute(sql, values as (string | number)[], (error, rows, fields?: readonly FieldPacket[]) => {
          running.delete(reject);
          if (error === null) resolve(withShortFloats(rows as unknown as readonly SqlRow[], fields ?? []));
          else reject(error);
        });
      }),
    async kill() {
      // Without a connection to spare the statement's own time-out ends it.
      const other = await open(settings).catch(() => null);
      if (other === null) return;
      const killed = new Promise<void>((resolve) => {
        other.query('kill connection ?', [connection.threadId], () => resolve());
      });
      await soon(killed, settings.connectMilliseconds);
      other.destroy();
    },
    broken: () => broken,
    async end() {
      await soon(new Promise<void>((resolve) => connection.end(() => resolve())), farewell);
      connection.destroy();
    },
    destroy: () => destroy(Object.assign(new Error('destroyed'), { code: 'ECONNABORTED' })),
  };
}

/** What the server's packets come in, which the driver has but does not declare. */
function streamOf(connection: mysql.Connection): Readable {
  return (connection as unknown as { readonly stream: Readable }).stream;
}

/** A FLOAT comes as the double next to it, 0.10000000149011612 for 0.1: its own digits are the fewest that name it. */
function withShortFloats(rows: readonly SqlRow[], fields: readonly FieldPacket[]): readonly SqlRow[] {
  if (!fields.some(isFloat)) return rows;
  return rows.map((row) =>
    row.map((value, i) => (typeof value === 'number' && isFloat(fields[i]) ? shortFloat(value) : value)),
  );
}

function isFloat(field: FieldPacket | undefined): boolean {
  return field?.columnType === floatType;
}

function shortFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
