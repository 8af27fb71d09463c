import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { formatDateTime } from '../codes/date-time.ts';
import type { SourceRecord } from '../connector/connector.ts';
import { laterHandoffColumns, ticketIndexes, ticketTables } from './tables.ts';
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

/** The write side of the hub's tickets. */
export interface TicketStore {
  /** For own tables that must change in the same transaction as the tickets. */
  readonly database: Database.Database;
  /**
   * Writes the tickets in one transaction (a savepoint inside a running one); a ticket is known by source and number.
   *
   * Equality: each field that the row gives is turned into what its column holds (a list into JSON text, in its order;
   * a flag into 0 or 1; null into the column's default) and compared with the stored value by `===`. A ticket with all
   * of them equal is unchanged: its row, `version` and `updated_at` are not touched. Otherwise `version` rises by one,
   * and the rows of `ticket_party` are made anew from the ticket's agencies.
   */
  upsert(tickets: readonly TicketRow[]): UpsertCounts;
  /** The ticket of this number as it stands. */
  find(ticketNo: string): StoredTicket | null;
  /**
   * Writes a ticket's next version, also where no value differs: something was done to it. Throws where it does not stand
   * at `version`.
   */
  change(ticketNo: string, version: number, change: TicketChange): void;
  /** What `upsert` would count for a ticket, with nothing written. */
  preview(ticket: TicketRow): keyof UpsertCounts;
  /** The ticket as `upsert` would leave it, and the schema's names of the fields that it would change; nothing is written. */
  foresee(ticket: TicketRow): { readonly record: SourceRecord; readonly changes: readonly string[] };
  /** Makes the indexes that readers need: after the bulk load, which is then several times as fast. */
  makeIndexes(): void;
  close(): void;
}

export interface TicketStoreOptions {
  /** Opens an existing file and writes nothing. Default false. */
  readonly readonly?: boolean;
  /** How long a writer waits for another one's transaction, in milliseconds. Default 5,000. */
  readonly busyMilliseconds?: number;
  /** The clock behind `updated_at`. Default: the machine's. */
  readonly now?: () => Date;
}

/** How long a writer waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT = 5000;

/**
 * Opens the ticket store in this SQLite file; the file and its tables are made when missing. The empty name stands for
 * a temporary database that vanishes when it is closed.
 */
export function openTicketStore(file: string, options: TicketStoreOptions = {}): TicketStore {
  const readonly = options.readonly ?? false;
  // A new file is its owner's alone, whatever the umask; SQLite gives the files beside it the same mode.
  if (!readonly && file !== '') closeSync(openSync(file, 'a', 0o600));
  const database = new Database(file, {
    readonly,
    fileMustExist: readonly,
    timeout: options.busyMilliseconds ?? BUSY_TIMEOUT,
  });
  if (!readonly) {
    database.pragma('journal_mode = WAL');
    // A committed batch survives a power cut, so that an import never believes in rows that are gone.
    database.pragma('synchronous = FULL');
    bringUpToDate(database);
  }
  const now = options.now ?? (() => new Date());
  return new SqliteTicketStore(database, () => formatDateTime(now().getTime()));
}

/** Makes what is missing. A file of an earlier version gets the later columns, empty, and the view that reads them. */
function bringUpToDate(database: Database.Database): void {
  const old = (): string[] => {
    const columns = database.pragma('table_info(handoff)') as { name: string }[];
    const names = columns.map(({ name }) => name);
    return names.length === 0 ? [] : Object.keys(laterHandoffColumns).filter((name) => !names.includes(name));
  };
  const upgrade = database.transaction(() => {
    // Another process may have done it meanwhile.
    const missing = old();
    if (missing.length === 0) return;
    database.exec('DROP VIEW IF EXISTS handoff_finding');
    for (const [name, type] of Object.entries(laterHandoffColumns))
      if (missing.includes(name)) database.exec(`ALTER TABLE handoff ADD COLUMN ${name} ${type}`);
    database.exec(ticketTables);
    database.exec(ticketIndexes);
  });
  if (old().length > 0) upgrade.immediate();
  else database.exec(ticketTables);
}

const writtenColumns = ['status', 'received_at', ...contentColumns.map(([, column]) => column)];
const partyRoles = [
  ['CO', 'co_agencies'],
  ['CO_CONFIRMED', 'confirmed_co_agencies'],
  ['FORMER', 'former_agencies'],
] as const;

class SqliteTicketStore implements TicketStore {
  readonly database: Database.Database;
  readonly #now: () => string;
  readonly #writeAll: Database.Transaction<(tickets: readonly TicketRow[]) => UpsertCounts>;
  #statements: ReturnType<typeof prepare> | undefined;

  constructor(database: Database.Database, now: () => string) {
    this.database = database;
    this.#now = now;
    this.#writeAll = database.transaction((tickets: readonly TicketRow[]) => {
      const counts = { inserted: 0, updated: 0, unchanged: 0 };
      for (const ticket of tickets) counts[this.#write(ticket)] += 1;
      return counts;
    });
  }

  upsert(tickets: readonly TicketRow[]): UpsertCounts {
    return this.#writeAll.immediate(tickets);
  }

  find(ticketNo: string): StoredTicket | null {
    const row = this.#prepared().byNumber.get(ticketNo);
    return row === undefined ? null : { version: Number(row['version']), record: recordOf(row) };
  }

  change(ticketNo: string, version: number, change: TicketChange): void {
    const { byNumber, advance } = this.#prepared();
    const stored = byNumber.get(ticketNo);
    if (stored === undefined) throw new Error(`there is no ticket ${ticketNo}`);
    const row: StoredRow = { ...stored, ...contentCells(change), status: change.status, updated_at: this.#now() };
    const { changes } = advance.run({ ...row, version });
    if (changes !== 1) throw new Error(`${ticketNo} does not stand at version ${version}`);
    this.#writeParties(ticketNo, row);
  }

  preview(ticket: TicketRow): keyof UpsertCounts {
    const stored = this.#find(ticket);
    if (stored === undefined) return 'inserted';
    return isSame(stored, givenCells(ticket)) ? 'unchanged' : 'updated';
  }

  foresee(ticket: TicketRow): { readonly record: SourceRecord; readonly changes: readonly string[] } {
    const given = givenCells(ticket);
    const stored: StoredRow = this.#find(ticket) ?? {
      ...emptyCells,
      ticket_no: `${ticket.sourceSystem}:${ticket.sourceNo}`,
      source_system: ticket.sourceSystem,
      updated_at: this.#now(),
    };
    const changed = new Set(Object.keys(given).filter((column) => stored[column] !== given[column]));
    const names = [['status', 'status'], ['receivedAt', 'received_at'], ...contentColumns] as const;
    return {
      record: recordOf({ ...stored, ...given }),
      changes: names.filter(([, column]) => changed.has(column)).map(([field]) => field),
    };
  }

  makeIndexes(): void {
    this.database.exec(ticketIndexes);
  }

  close(): void {
    this.database.close();
  }

  #write(ticket: TicketRow): keyof UpsertCounts {
    const given = givenCells(ticket);
    const stored = this.#find(ticket);
    if (stored === undefined) {
      const row = {
        ...emptyCells,
        ...given,
        ticket_no: `${ticket.sourceSystem}:${ticket.sourceNo}`,
        source_system: ticket.sourceSystem,
        source_no: ticket.sourceNo,
        updated_at: this.#now(),
      };
      this.#prepared().insert.run(row);
      this.#writeParties(row.ticket_no, row);
      return 'inserted';
    }
    if (isSame(stored, given)) return 'unchanged';
    const row: StoredRow = { ...stored, ...given, updated_at: this.#now() };
    this.#prepared().update.run(row);
    this.#writeParties(String(stored['ticket_no']), row);
    return 'updated';
  }

  #find(ticket: TicketRow): StoredRow | undefined {
    return this.#prepared().find.get(ticket.sourceSystem, ticket.sourceNo);
  }

  #writeParties(ticketNo: string, row: StoredRow): void {
    const { clearParties, insertParty } = this.#prepared();
    clearParties.run(ticketNo);
    for (const [role, column] of partyRoles) {
      const agencies: unknown = JSON.parse(String(row[column]));
      if (!Array.isArray(agencies)) throw new TypeError(`${column} of a ticket is not a list`);
      for (const agency of new Set(agencies.map(String))) insertParty.run(ticketNo, agency, role);
    }
  }

  #prepared(): ReturnType<typeof prepare> {
    return (this.#statements ??= prepare(this.database));
  }
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

function prepare(database: Database.Database) {
  const set = `UPDATE ticket SET ${writtenColumns.map((column) => `${column} = @${column}`).join(', ')},
       updated_at = @updated_at, version = version + 1 WHERE ticket_no = @ticket_no`;
  const inserted = ['ticket_no', 'source_system', 'source_no', 'updated_at', ...writtenColumns];
  return {
    find: database.prepare<[string, string], StoredRow>(
      'SELECT * FROM ticket WHERE source_system = ? AND source_no = ?',
    ),
    insert: database.prepare<[StoredRow]>(
      `INSERT INTO ticket (${inserted.join(', ')}) VALUES (${inserted.map((column) => `@${column}`).join(', ')})`,
    ),
    byNumber: database.prepare<[string], StoredRow>('SELECT * FROM ticket WHERE ticket_no = ?'),
    update: database.prepare<[StoredRow]>(set),
    advance: database.prepare<[StoredRow]>(`${set} AND version = @version`),
    clearParties: database.prepare<[string]>('DELETE FROM ticket_party WHERE ticket_no = ?'),
    insertParty: database.prepare<[string, string, string]>(
      'INSERT INTO ticket_party (ticket_no, agency, role) VALUES (?, ?, ?)',
    ),
  };
}
