import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { formatDateTime } from '../codes/date-time.ts';
import { ticketIndexes, ticketTables } from './tables.ts';

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

/** The fields that a source may leave out. */
export type TicketContent = {
  readonly [F in keyof typeof contentFields]?: Stored[(typeof contentFields)[F]] | null;
};

export interface UpsertCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
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
  /** What `upsert` would count for a ticket, with nothing written. */
  preview(ticket: TicketRow): keyof UpsertCounts;
  /** Makes the indexes that readers need: after the bulk load, which is then several times as fast. */
  makeIndexes(): void;
  close(): void;
}

export interface TicketStoreOptions {
  /** Opens an existing file and writes nothing. Default false. */
  readonly readonly?: boolean;
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
  const database = new Database(file, { readonly, fileMustExist: readonly, timeout: BUSY_TIMEOUT });
  if (!readonly) {
    database.pragma('journal_mode = WAL');
    // A committed batch survives a power cut, so that an import never believes in rows that are gone.
    database.pragma('synchronous = FULL');
    database.exec(ticketTables);
  }
  const now = options.now ?? (() => new Date());
  return new SqliteTicketStore(database, () => formatDateTime(now().getTime()));
}

type Cell = string | number | null;
type StoredRow = Record<string, Cell>;

interface Stored {
  text: string;
  number: number;
  count: number;
  flag: boolean;
  countedFlag: boolean;
  list: readonly string[];
}

/** The kind of each field's column. `count` and `countedFlag` are 0 when empty, `list` is `[]`, the others NULL. */
const contentFields = {
  channel: 'text',
  type: 'text',
  title: 'text',
  content: 'text',
  categoryPath: 'list',
  urgency: 'text',
  divisionCode: 'text',
  street: 'text',
  community: 'text',
  address: 'text',
  standardAddress: 'text',
  gridCode: 'text',
  houseCode: 'text',
  uscc: 'text',
  policeIncidentNo: 'text',
  longitude: 'number',
  latitude: 'number',
  crs: 'text',
  reporterName: 'text',
  reporterPhone: 'text',
  reporterIdNumber: 'text',
  anonymous: 'flag',
  confidential: 'flag',
  firstReceiver: 'text',
  leadAgency: 'text',
  leadUnit: 'text',
  coAgencies: 'list',
  confirmedCoAgencies: 'list',
  formerAgencies: 'list',
  acceptedAt: 'text',
  dispatchedAt: 'text',
  signedAt: 'text',
  handledAt: 'text',
  visitedAt: 'text',
  closedAt: 'text',
  dueAt: 'text',
  result: 'text',
  replyText: 'text',
  factual: 'flag',
  outOfRemit: 'flag',
  resolved: 'flag',
  unresolvedReason: 'text',
  satisfaction: 'text',
  satisfactionRaw: 'text',
  urgeCount: 'count',
  returned: 'countedFlag',
  jointHandling: 'countedFlag',
  extended: 'countedFlag',
  difficult: 'countedFlag',
} as const satisfies Record<string, keyof Stored>;

const emptyCell: Readonly<Record<keyof Stored, Cell>> = {
  text: null,
  number: null,
  flag: null,
  count: 0,
  countedFlag: 0,
  list: '[]',
};

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const contentColumns = Object.entries(contentFields).map(
  ([field, kind]) => [field as keyof TicketContent, columnOf(field), kind] as const,
);
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

  preview(ticket: TicketRow): keyof UpsertCounts {
    const stored = this.#find(ticket);
    if (stored === undefined) return 'inserted';
    return isSame(stored, givenCells(ticket)) ? 'unchanged' : 'updated';
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

const emptyCells: StoredRow = Object.fromEntries(contentColumns.map(([, column, kind]) => [column, emptyCell[kind]]));

function givenCells(ticket: TicketRow): StoredRow {
  const cells: StoredRow = { status: ticket.status, received_at: ticket.receivedAt };
  for (const [field, column, kind] of contentColumns) {
    const value = ticket[field];
    if (value === undefined) continue;
    cells[column] = value === null ? emptyCell[kind] : toCell(value);
  }
  return cells;
}

function toCell(value: Stored[keyof Stored]): Cell {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

const isSame = (stored: StoredRow, given: StoredRow): boolean =>
  Object.entries(given).every(([column, cell]) => stored[column] === cell);

function prepare(database: Database.Database) {
  const inserted = ['ticket_no', 'source_system', 'source_no', 'updated_at', ...writtenColumns];
  return {
    find: database.prepare<[string, string], StoredRow>(
      'SELECT * FROM ticket WHERE source_system = ? AND source_no = ?',
    ),
    insert: database.prepare<[StoredRow]>(
      `INSERT INTO ticket (${inserted.join(', ')}) VALUES (${inserted.map((column) => `@${column}`).join(', ')})`,
    ),
    update: database.prepare<[StoredRow]>(
      `UPDATE ticket SET ${writtenColumns.map((column) => `${column} = @${column}`).join(', ')},
       updated_at = @updated_at, version = version + 1 WHERE ticket_no = @ticket_no`,
    ),
    clearParties: database.prepare<[string]>('DELETE FROM ticket_party WHERE ticket_no = ?'),
    insertParty: database.prepare<[string, string, string]>(
      'INSERT INTO ticket_party (ticket_no, agency, role) VALUES (?, ?, ?)',
    ),
  };
}
