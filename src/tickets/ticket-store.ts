import type { Knex } from 'knex';
import type { SourceRecord } from '../connector/connector.ts';
import { refreshFindings } from '../store/findings.ts';
import { refreshPairs } from '../store/pair-findings.ts';
import { chunks, insertRows, portions } from '../store/insert-rows.ts';
import {
  contentColumns,
  emptyCell,
  emptyCells,
  recordOf,
  toCell,
  type StoredRow,
  type TicketContent,
} from './ticket-columns.ts';

/**
 * One ticket as a source knows it, under the schema's field names; enum fields hold the schema's values, times are
 * RFC 3339 in +08:00. The caller has checked the values. A field left out keeps what the store holds; null empties it.
 */
export interface TicketRow extends TicketContent {
  /** The source's own name: letters, digits, '-' and '_' (no colon: `ticketNo` is `SOURCE:number`). */
  readonly sourceSystem: string;
  /** The source's own number, never empty. */
  readonly sourceNo: string;
  readonly status: string;
  readonly receivedAt: string;
}

export interface UpsertCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** A ticket as the store holds it. */
export interface StoredTicket {
  /** Counts the changes. */
  readonly version: number;
  /** Its fields under the schema's names. */
  readonly record: SourceRecord;
}

export interface TicketChange extends TicketContent {
  readonly status: string;
}

/**
 * The hub's tickets within one transaction. A ticket that was asked for is nobody else's until the transaction ends; what
 * is changed is seen by whoever asks here, and reaches the database by `settle`.
 */
export interface TicketStore {
  /** Asks for many at once, where they will be needed one by one. */
  expect(ticketNos: Iterable<string>): Promise<void>;
  /** The ticket of this number as it stands. */
  find(ticketNo: string): Promise<StoredTicket | null>;
  /**
   * Writes the tickets; a ticket is known by source and number. `at` is the time of change, RFC 3339 in +08:00.
   *
   * Equality: each field that the row gives is turned into what its column holds (a list into JSON text, in its order;
   * a flag into 0 or 1; null into the column's default) and compared with the stored value by `===`. A ticket with all
   * of them equal is unchanged: its row, `version` and `updated_at` are not touched. Otherwise `version` rises by one,
   * and the rows of `ticket_party` are made anew from the ticket's agencies.
   */
  upsert(tickets: readonly TicketRow[], at: string): Promise<UpsertCounts>;
  /**
   * Makes a ticket's next version, also where no value differs: something was done to it. Throws where it does not stand at
   * `version`.
   */
  change(ticketNo: string, version: number, change: TicketChange, at: string): Promise<void>;
  /** A handoff was added to the ticket, where it has come: it counts as changed, its version stays. */
  touch(ticketNo: string, at: string): Promise<void>;
  /** The ticket as `upsert` would leave it, and the schema's names of the fields that it would change. */
  foresee(
    ticket: TicketRow,
    at: string,
  ): Promise<{ readonly record: SourceRecord; readonly changes: readonly string[] }>;
  /** Writes what was changed: before the transaction ends. */
  settle(): Promise<void>;
  /** Computes the findings of what was changed anew: last of all, when its handoffs are written too. */
  review(): Promise<void>;
}

const partyRoles = [
  ['CO', 'co_agencies'],
  ['CO_CONFIRMED', 'confirmed_co_agencies'],
  ['FORMER', 'former_agencies'],
] as const;

/** A ticket's row in hand: as it is to be, and as the database has it. */
interface Held {
  row: StoredRow;
  readonly stored: StoredRow | null;
}

/** The tickets on the connection of one transaction. */
export function ticketStore(trx: Knex): TicketStore {
  const held = new Map<string, Held | null>();
  /** Tickets whose findings may be others now. */
  const touched = new Set<string>();

  const expect = async (ticketNos: Iterable<string>): Promise<void> => {
    const unknown = [...new Set(ticketNos)].filter((no) => !held.has(no)).toSorted();
    for (const some of chunks(unknown)) {
      // In their order, so that two transactions do not wait for each other.
      const rows = await trx('ticket')
        .whereIn('ticket_no', some)
        .orderBy('ticket_no')
        .forUpdate()
        .select<StoredRow[]>();
      for (const no of some) held.set(no, null);
      for (const row of rows) held.set(String(row['ticket_no']), { row, stored: row });
    }
  };
  const take = async (ticketNo: string): Promise<Held | null> => {
    if (!held.has(ticketNo)) await expect([ticketNo]);
    return held.get(ticketNo) ?? null;
  };
  const put = (ticketNo: string, before: Held | null, row: StoredRow): void => {
    held.set(ticketNo, { row, stored: before?.stored ?? null });
    touched.add(ticketNo);
  };

  const write = async (ticket: TicketRow, at: string): Promise<keyof UpsertCounts> => {
    const given = givenCells(ticket);
    const ticketNo = ticketNoOf(ticket);
    const before = await take(ticketNo);
    if (before === null) {
      put(ticketNo, null, { ...newRow(ticket), ...given, updated_at: at });
      return 'inserted';
    }
    if (isSame(before.row, given)) return 'unchanged';
    put(ticketNo, before, { ...before.row, ...given, updated_at: at, version: Number(before.row['version']) + 1 });
    return 'updated';
  };

  return {
    expect,
    async find(ticketNo) {
      return storedTicket((await take(ticketNo))?.row);
    },
    async upsert(tickets, at) {
      await expect(tickets.map(ticketNoOf));
      const counts = { inserted: 0, updated: 0, unchanged: 0 };
      for (const ticket of tickets) counts[await write(ticket, at)] += 1;
      return counts;
    },
    async change(ticketNo, version, change, at) {
      const before = await take(ticketNo);
      if (before === null) throw new Error(`there is no ticket ${ticketNo}`);
      if (before.row['version'] !== version) throw new Error(`${ticketNo} does not stand at version ${version}`);
      const cells = { ...contentCells(change), status: change.status, updated_at: at, version: version + 1 };
      put(ticketNo, before, { ...before.row, ...cells });
    },
    async touch(ticketNo, at) {
      const before = await take(ticketNo);
      if (before === null) return;
      const { updated_at: changedAt } = before.row;
      put(ticketNo, before, { ...before.row, updated_at: String(changedAt) > at ? String(changedAt) : at });
    },
    async foresee(ticket, at) {
      const given = givenCells(ticket);
      const stored: StoredRow = (await take(ticketNoOf(ticket)))?.row ?? { ...newRow(ticket), updated_at: at };
      const changed = new Set(Object.keys(given).filter((column) => stored[column] !== given[column]));
      const names = [['status', 'status'], ['receivedAt', 'received_at'], ...contentColumns] as const;
      return {
        record: recordOf({ ...stored, ...given }),
        changes: names.filter(([, column]) => changed.has(column)).map(([field]) => field),
      };
    },
    async settle() {
      const changed = [...held.values()].filter((one) => one !== null && one.row !== one.stored) as Held[];
      await writeRows(trx, changed);
      await writeParties(trx, changed);
      for (const { row } of changed) held.set(String(row['ticket_no']), { row, stored: row });
    },
    async review() {
      await refreshFindings(trx, touched);
      await refreshPairs(trx, touched);
      touched.clear();
    },
  };
}

/** Reads tickets outside of transactions. */
export async function findTicket(db: Knex, ticketNo: string): Promise<StoredTicket | null> {
  return storedTicket(await db('ticket').where('ticket_no', ticketNo).first<StoredRow | undefined>());
}

/** What `upsert` would count for a ticket, with nothing written. */
export async function previewTicket(db: Knex, ticket: TicketRow): Promise<keyof UpsertCounts> {
  const stored = await db('ticket').where('ticket_no', ticketNoOf(ticket)).first<StoredRow | undefined>();
  if (stored === undefined) return 'inserted';
  return isSame(stored, givenCells(ticket)) ? 'unchanged' : 'updated';
}

async function writeRows(trx: Knex, changed: readonly Held[]): Promise<void> {
  // A new one is not written over one that somebody else brought meanwhile.
  await insertRows(
    trx,
    'ticket',
    changed.filter(({ stored }) => stored === null).map(({ row }) => row),
  );
  const known = changed.filter(({ stored }) => stored !== null).map(({ row }) => row);
  for (const some of portions(known)) await trx('ticket').insert(some).onConflict('ticket_no').merge();
}

async function writeParties(trx: Knex, changed: readonly Held[]): Promise<void> {
  const others = changed.filter(({ row, stored }) =>
    partyRoles.some(([, column]) => row[column] !== (stored?.[column] ?? emptyCell.list)),
  );
  for (const some of chunks(others.filter(({ stored }) => stored !== null).map(({ row }) => String(row['ticket_no']))))
    await trx('ticket_party').whereIn('ticket_no', some).delete();
  await insertRows(
    trx,
    'ticket_party',
    others.flatMap(({ row }) =>
      partyRoles.flatMap(([role, column]) =>
        agenciesIn(row[column]).map((agency) => ({ ticket_no: row['ticket_no'], agency, role })),
      ),
    ),
  );
}

function agenciesIn(cell: StoredRow[string] | undefined): readonly string[] {
  const agencies: unknown = JSON.parse(String(cell));
  if (!Array.isArray(agencies)) throw new TypeError('the agencies of a ticket are not a list');
  return [...new Set(agencies.map(String))];
}

const ticketNoOf = ({ sourceSystem, sourceNo }: TicketRow): string => `${sourceSystem}:${sourceNo}`;

function newRow({ sourceSystem, sourceNo }: TicketRow): StoredRow {
  return {
    ...emptyCells,
    ticket_no: `${sourceSystem}:${sourceNo}`,
    source_system: sourceSystem,
    source_no: sourceNo,
    version: 1,
  };
}

function storedTicket(row: StoredRow | undefined): StoredTicket | null {
  return row === undefined ? null : { version: Number(row['version']), record: recordOf(row) };
}

function givenCells(ticket: TicketRow): StoredRow {
  return { status: ticket.status, received_at: ticket.receivedAt, ...contentCells(ticket) };
}

/** The cells of the fields that are given. */
function contentCells(content: TicketContent): StoredRow {
  const cells: StoredRow = {};
  for (const [field, column, kind] of contentColumns) {
    const value = content[field];
    if (value === undefined) continue;
    cells[column] = value === null ? emptyCell[kind] : toCell(value);
  }
  return cells;
}

const isSame = (stored: StoredRow, given: StoredRow): boolean =>
  Object.entries(given).every(([column, cell]) => stored[column] === cell);
