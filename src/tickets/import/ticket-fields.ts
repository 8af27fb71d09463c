import { ticketStatuses } from '../ticket-status.ts';
import { isAgencyCode } from '../../codes/agency.ts';
import { isDateTime } from '../../codes/date-time.ts';
import { isDivisionCode } from '../../codes/division.ts';
import { isGridCode } from '../../codes/grid.ts';
import { isPhone } from '../../codes/phone.ts';
import { isResidentId } from '../../codes/resident-id.ts';
import { isUscc } from '../../codes/uscc.ts';
import { keyLength } from '../../store/column-types.ts';
import type { TicketRow } from '../ticket-store.ts';

/** What a text must be to become the value of a field. */
export interface FieldKind {
  readonly list: boolean;
  /** Times are read with the mapping's formats and the source's zone. */
  readonly time: boolean;
  /** The value of a text that stands in the schema's form, or undefined when it does not. */
  readonly read: (text: string) => string | number | boolean | undefined;
  /** What a good value looks like, for messages. */
  readonly expected: string;
  /** The whole set of values, where it is closed. */
  readonly values?: readonly string[];
}

/** Fields that a mapping may fill: all of `Ticket` but its number, source and update time, which the store makes. */
export type MappableField = Exclude<keyof TicketRow, 'sourceSystem' | 'sourceNo'>;

const text: FieldKind = {
  list: false,
  time: false,
  // SQLite's text functions end at a NUL character.
  read: (value) => (value.includes('\0') ? undefined : value),
  expected: 'a text without NUL characters',
};
/** One that tickets are found by: MySQL keeps it in a column of this length. */
const keyText = (characters: number): FieldKind => ({
  ...text,
  read: (value) => (value.length > characters ? undefined : text.read(value)),
  expected: `a text of at most ${characters} characters without NUL`,
});
const flag: FieldKind = {
  list: false,
  time: false,
  read: (value) => flagWords.get(value.toLowerCase()),
  expected: 'true or false (也可写 是/否, 1/0, yes/no, y/n)',
};
const time: FieldKind = {
  ...coded(isDateTime, 'a time like 2026-11-23T09:30:00+08:00'),
  time: true,
};
const agency = coded(isAgencyCode, 'an agency code: a lower-case letter, then at most 31 letters and digits');
const list = (item: FieldKind): FieldKind => ({ ...item, list: true });

const ticketTypes = ['CONSULTATION', 'HELP_REQUEST', 'COMPLAINT', 'REPORT', 'SUGGESTION', 'COMMENDATION'];
const satisfactions = ['VERY_SATISFIED', 'SATISFIED', 'NEUTRAL', 'DISSATISFIED', 'VERY_DISSATISFIED'];

/** The kind of each field that a mapping may fill. Enum values are those of the schema, which a test compares. */
export const fieldKinds: Readonly<Record<MappableField, FieldKind>> = {
  channel: text,
  type: oneOf(ticketTypes),
  title: text,
  content: text,
  categoryPath: list(text),
  urgency: oneOf(['NORMAL', 'URGENT', 'CRITICAL']),
  status: oneOf(ticketStatuses),
  divisionCode: coded(isDivisionCode, 'a division code of 6, 9 or 12 digits'),
  street: text,
  community: text,
  address: text,
  standardAddress: keyText(keyLength.place),
  gridCode: coded(isGridCode, "a grid code: 1 to 32 letters, digits, '-' and '_'"),
  houseCode: keyText(keyLength.other),
  uscc: coded(isUscc, 'a USCC of 18 characters with both check characters right'),
  policeIncidentNo: keyText(keyLength.other),
  longitude: decimal(180),
  latitude: decimal(90),
  crs: oneOf(['CGCS2000', 'WGS84', 'GCJ02']),
  reporterName: text,
  reporterPhone: coded(isPhone, 'a phone number: 11 digits, 0591-87654321, 4008001234 or a short number'),
  reporterIdNumber: coded(isResidentId, 'a resident ID of 18 characters with the right check character'),
  anonymous: flag,
  confidential: flag,
  firstReceiver: agency,
  leadAgency: agency,
  leadUnit: text,
  coAgencies: list(agency),
  confirmedCoAgencies: list(agency),
  formerAgencies: list(agency),
  receivedAt: time,
  acceptedAt: time,
  dispatchedAt: time,
  signedAt: time,
  handledAt: time,
  visitedAt: time,
  closedAt: time,
  dueAt: time,
  result: text,
  replyText: text,
  factual: flag,
  outOfRemit: flag,
  resolved: flag,
  unresolvedReason: text,
  satisfaction: oneOf(satisfactions),
  satisfactionRaw: text,
  urgeCount: {
    list: false,
    time: false,
    read: (value) => (/^\d{1,6}$/.test(value) ? Number(value) : undefined),
    expected: 'a whole number from 0 to 999999',
  },
  returned: flag,
  jointHandling: flag,
  extended: flag,
  difficult: flag,
};

export const mappableFields = Object.keys(fieldKinds) as readonly MappableField[];

const flagWords: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', '是', 'yes', 'y'].map((word) => [word, true] as const),
  ...['false', '0', '否', 'no', 'n'].map((word) => [word, false] as const),
]);

function coded(isCode: (value: string) => boolean, expected: string): FieldKind {
  return { list: false, time: false, read: (value) => (isCode(value) ? value : undefined), expected };
}

function oneOf(values: readonly string[]): FieldKind {
  const known = new Set(values);
  return { ...coded((value) => known.has(value), `one of ${values.join(', ')}`), values };
}

function decimal(bound: number): FieldKind {
  return {
    list: false,
    time: false,
    read: (value) => {
      const number = /^[-+]?\d{1,3}(\.\d{1,20})?$/.test(value) ? Number(value) : Number.NaN;
      return Math.abs(number) <= bound ? number : undefined;
    },
    expected: `degrees as a decimal number from -${bound} to ${bound}`,
  };
}
