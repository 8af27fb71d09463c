/** The databases that tickets are kept in: SQLite beside the hub, MySQL or MariaDB for a city. */
export type StoreClient = 'sqlite' | 'mysql';

/** What the tables' columns are in one of the databases. Text compares by code point in both, trailing blanks included. */
export interface ColumnTypes {
  readonly client: StoreClient;
  /** Text that stands in an index, of so many characters at most; SQLite does not count them. */
  readonly key: (characters: number) => string;
  /** RFC 3339 in +08:00. */
  readonly time: string;
  /** Any text. */
  readonly text: string;
  readonly whole: string;
  readonly real: string;
  /** An own number that rises with each row. */
  readonly serial: string;
  /** What a table's definition ends with; `lean` where its primary key is all that it is asked by. */
  readonly end: string;
  readonly lean: string;
}

export const sqliteTypes: ColumnTypes = {
  client: 'sqlite',
  key: () => 'TEXT',
  time: 'TEXT',
  text: 'TEXT',
  whole: 'INTEGER',
  real: 'REAL',
  serial: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  end: 'STRICT',
  lean: 'STRICT, WITHOUT ROWID',
};

/** `collation` is the server's own name of a binary one without padding: a blank at the end makes another number. */
export function mysqlTypes(collation: string): ColumnTypes {
  const end = `ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation}`;
  return {
    client: 'mysql',
    key: (characters) => `VARCHAR(${characters})`,
    time: 'VARCHAR(32)',
    text: 'MEDIUMTEXT',
    whole: 'INTEGER',
    real: 'DOUBLE',
    serial: 'INTEGER AUTO_INCREMENT PRIMARY KEY',
    end,
    lean: end,
  };
}

/** Characters that a key has at most, so that three of them fit into one index of InnoDB (3,072 bytes). */
export const keyLength = {
  /** `SOURCE:number`. */
  ticketNo: 161,
  sourceSystem: 32,
  sourceNo: 128,
  /** The hub's own number of a handoff: it holds the ticket's, and the source's own number of a handoff. */
  runId: 240,
  sourceRunId: 64,
  findingId: 360,
  agency: 64,
  code: 32,
  digest: 64,
  /** Codes and numbers of other systems that tickets are found by. */
  other: 128,
  /** A standard address. */
  place: 512,
  subject: 128,
  issuer: 255,
  idempotencyKey: 128,
} as const;
