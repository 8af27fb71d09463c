import { isSubscriber } from '../codes/phone.ts';
import { isResidentId } from '../codes/resident-id.ts';
import { parseDateTime } from '../codes/date-time.ts';
import type { Comparison, SourceRecord, TimeSettings } from '../connector/connector.ts';

const day = 86_400_000;

/** How sure two tickets are of one person, or of one place, by what agrees. A number may be a family's. */
const sameDocument = 1;
const sameNumber = 0.9;
const sameHouse = 1;
const sameAddress = 0.9;
/** A repeated complaint of another place, or none. */
const otherPlace = 0.8;
/** Different people may mean different things by one matter. */
const otherPeople = 0.8;

/** What two tickets are to each other, and by what. */
export interface Kinship {
  readonly kind: 'REPEAT_COMPLAINT' | 'DUPLICATE' | 'MERGE_CANDIDATE';
  readonly grounds: readonly ('PERSON' | 'PLACE' | 'MATTER' | 'TIME')[];
  /** 0 to 1. */
  readonly confidence: number;
}

/** Compares two tickets, in either order. */
export const relatedTickets: Comparison = {
  reads: [
    'ticketNo',
    'reporterPhone',
    'reporterIdNumber',
    'houseCode',
    'standardAddress',
    'categoryPath',
    'receivedAt',
    'closedAt',
    'status',
  ],
  compare: (one, other, persons, times) => {
    const kinship = kinshipOf(one, other, persons, times);
    return kinship === null ? null : { ...kinship };
  },
};

/** Null where they are nothing to each other, or one does not say enough. */
function kinshipOf(one: SourceRecord, other: SourceRecord, persons: boolean, times: TimeSettings): Kinship | null {
  const [earlier, later] = inOrder(one, other);
  const received = [timeOf(earlier['receivedAt']), timeOf(later['receivedAt'])] as const;
  if (earlier['ticketNo'] === later['ticketNo'] || received[0] === null || received[1] === null) return null;
  if (!sameMatter(earlier, later)) return null;
  const person = persons ? personOf(earlier, later) : 0;
  const place = placeOf(earlier, later);
  const closed = timeOf(earlier['closedAt']);
  const apart = received[1] - received[0];
  if (closed !== null && closed <= received[1]) {
    if (person === 0 || received[1] - closed > times.repeatDays * day) return null;
    return {
      kind: 'REPEAT_COMPLAINT',
      grounds: ['PERSON', ...(place > 0 ? (['PLACE'] as const) : []), 'MATTER', 'TIME'],
      confidence: rounded(person * (place > 0 ? 1 : otherPlace)),
    };
  }
  // A ticket that is closed without a time: nobody knows whether it was open still.
  if (closed === null && (earlier['status'] === 'CLOSED' || earlier['status'] === 'ARCHIVED')) return null;
  if (place === 0) return null;
  if (person > 0) {
    if (apart > times.duplicateDays * day) return null;
    return { kind: 'DUPLICATE', grounds: ['PERSON', 'PLACE', 'MATTER', 'TIME'], confidence: rounded(person * place) };
  }
  if (apart > times.mergeDays * day) return null;
  return { kind: 'MERGE_CANDIDATE', grounds: ['PLACE', 'MATTER', 'TIME'], confidence: rounded(place * otherPeople) };
}

/** By when they came in; of one second by their numbers, so that both are told the same of each other. */
function inOrder(one: SourceRecord, other: SourceRecord): readonly [SourceRecord, SourceRecord] {
  const place = (t: SourceRecord): string => `${String(t['receivedAt'])} ${String(t['ticketNo'])}`;
  return place(one) <= place(other) ? [one, other] : [other, one];
}

function personOf(one: SourceRecord, other: SourceRecord): number {
  if (equal(one, other, 'reporterIdNumber', isResidentId)) return sameDocument;
  // 12345 in a reporter's place is nobody's number.
  return equal(one, other, 'reporterPhone', isSubscriber) ? sameNumber : 0;
}

function placeOf(one: SourceRecord, other: SourceRecord): number {
  if (equal(one, other, 'houseCode')) return sameHouse;
  // Two houses of one address are two places.
  if (typeof one['houseCode'] === 'string' && typeof other['houseCode'] === 'string') return 0;
  return equal(one, other, 'standardAddress') ? sameAddress : 0;
}

/** All levels of the category, and there is one. */
function sameMatter({ categoryPath: one }: SourceRecord, { categoryPath: other }: SourceRecord): boolean {
  return (
    Array.isArray(one) &&
    Array.isArray(other) &&
    one.length > 0 &&
    one.length === other.length &&
    one.every((level, i) => level === other[i])
  );
}

function equal(one: SourceRecord, other: SourceRecord, field: string, fits = (_: string): boolean => true): boolean {
  const value = one[field];
  return typeof value === 'string' && value !== '' && value === other[field] && fits(value);
}

function timeOf(value: unknown): number | null {
  return typeof value === 'string' ? parseDateTime(value) : null;
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
