import type { SourceRecord } from '../connector/connector.ts';

/** The fields that a source may leave out. */
export type TicketContent = {
  readonly [F in keyof typeof contentFields]?: Stored[(typeof contentFields)[F]] | null;
};

type Cell = string | number | null;
export type StoredRow = Record<string, Cell>;

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

export const emptyCell: Readonly<Record<keyof Stored, Cell>> = {
  text: null,
  number: null,
  flag: null,
  count: 0,
  countedFlag: 0,
  list: '[]',
};

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const contentColumns = Object.entries(contentFields).map(
  ([field, kind]) => [field as keyof TicketContent, columnOf(field), kind] as const,
);

/** The row of a ticket of which only number, status and time of receipt are known. */
export const emptyCells: StoredRow = Object.fromEntries(
  contentColumns.map(([, column, kind]) => [column, emptyCell[kind]]),
);

export function toCell(value: Stored[keyof Stored]): Cell {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** The ticket under the schema's names, as the gate would judge it. */
export function recordOf(row: StoredRow): SourceRecord {
  const record: Record<string, unknown> = {
    ticketNo: row['ticket_no'],
    sourceSystem: row['source_system'],
    status: row['status'],
    receivedAt: row['received_at'],
    updatedAt: row['updated_at'],
  };
  for (const [field, column, kind] of contentColumns) record[field] = fromCell(row[column] ?? null, kind);
  return record;
}

function fromCell(cell: Cell, kind: keyof Stored): unknown {
  if (cell === null) return null;
  switch (kind) {
    case 'flag':
    case 'countedFlag':
      return cell === 1;
    case 'list':
      return JSON.parse(String(cell)) as unknown;
    case 'text':
    case 'number':
    case 'count':
      return cell;
  }
}
