import type { SqlSettings } from '../../src/connector/settings/source-settings.ts';
import { openTicketDatabase, type TicketPlace } from '../../src/store/ticket-database.ts';
import { ticketStore, type TicketRow } from '../../src/tickets/ticket-store.ts';
import { testDatabase, type TestDatabase } from './test-database.ts';

/** The databases that tickets are kept in. */
export const stores = ['sqlite', 'mysql'] as const;

/** An empty database of the test's own for tickets, and a way into it that is not the store's. */
export interface TestPlace extends Pick<TestDatabase, 'exec' | 'drop'> {
  readonly place: TicketPlace;
  /** With which the hotline's connector reads it. */
  readonly settings: SqlSettings;
  /** The same as `LIANQIAO_SOURCES`. */
  readonly source: string;
}

export async function testPlace(store: (typeof stores)[number]): Promise<TestPlace> {
  const server = await testDatabase(store);
  const of = server.settings();
  const place: TicketPlace =
    store === 'sqlite' ? { kind: 'sqlite', file: String(of.file) } : { kind: 'mysql', settings: of };
  const { host, port, database, user, file } = of;
  const way = store === 'sqlite' ? { file } : { host, port, database, user };
  return {
    place,
    settings: of,
    source: JSON.stringify({ hotline: { kind: 'sql', client: store, ...way } }),
    exec: (sql, values) => server.exec(sql, values),
    drop: () => server.drop(),
  };
}

/** Puts tickets there as their source would have sent them. */
export async function putTickets(
  place: TicketPlace,
  tickets: readonly TicketRow[],
  at = '2026-11-16T08:30:00+08:00',
): Promise<void> {
  const database = await openTicketDatabase(place);
  try {
    await database.transaction(async (trx) => {
      const store = ticketStore(trx);
      await store.upsert(tickets, at);
      await store.settle();
      await store.review();
    });
  } finally {
    await database.close();
  }
}
