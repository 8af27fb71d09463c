import type { Knex } from 'knex';
import type { StoreClient } from './column-types.ts';

/** What knex takes for a client in its settings. */
export type ClientClass = typeof Knex.Client;

/** The part of knex's client that its types leave out. */
interface Connections {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
}

/** Which of the databases this is, in a transaction too. */
export function storeClientOf(db: Knex): StoreClient {
  return (db.client as { readonly dialect: string }).dialect === 'sqlite3' ? 'sqlite' : 'mysql';
}

/** The class of the client: knex does not export it by itself. */
export function classOf(db: Knex): new (config: Knex.Config) => unknown {
  return (db.client as object).constructor as new (config: Knex.Config) => unknown;
}

/** Does the work with one connection of its own. */
export async function withConnection<T>(db: Knex, work: (connection: unknown) => Promise<T>): Promise<T> {
  const client = db.client as Connections;
  const connection = await client.acquireConnection();
  try {
    return await work(connection);
  } finally {
    await client.releaseConnection(connection);
  }
}
