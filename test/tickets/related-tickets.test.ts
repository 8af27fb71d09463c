import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDateTime, parseDateTime } from '../../src/codes/date-time.ts';
import type { SourceRecord } from '../../src/connector/connector.ts';
import { relatedTickets } from '../../src/tickets/related-tickets.ts';

const times = { warningHours: 24, repeatDays: 90, duplicateDays: 15, mergeDays: 7 };
const phone = '13800590517';
const document = '11010519491231002X';
const base: SourceRecord = {
  ticketNo: 't:1',
  reporterPhone: phone,
  reporterIdNumber: null,
  houseCode: 'H1',
  standardAddress: null,
  categoryPath: ['城乡建设', '物业管理', '电梯'],
  receivedAt: '2026-11-01T09:00:00+08:00',
  closedAt: null,
  status: 'IN_PROGRESS',
};
const on = (day: string): string => `2026-11-${day}T09:00:00+08:00`;
const compare = (one: SourceRecord, other: SourceRecord, persons = true): unknown =>
  relatedTickets.compare({ ...base, ...one }, { ...base, ticketNo: 't:2', ...other }, persons, times);

const repeat = { kind: 'REPEAT_COMPLAINT', grounds: ['PERSON', 'PLACE', 'MATTER', 'TIME'], confidence: 0.9 };
const duplicate = { ...repeat, kind: 'DUPLICATE' };
const merge = { kind: 'MERGE_CANDIDATE', grounds: ['PLACE', 'MATTER', 'TIME'], confidence: 0.8 };
const closed = { closedAt: on('10'), status: 'CLOSED' };

test.each<readonly [string, SourceRecord, SourceRecord, unknown]>([
  ['again after the earlier one was closed', closed, { receivedAt: on('20') }, repeat],
  ['again in the second of its closing', closed, { receivedAt: on('10') }, repeat],
  [
    'again about another place',
    closed,
    { receivedAt: on('20'), houseCode: 'H2' },
    { ...repeat, grounds: ['PERSON', 'MATTER', 'TIME'], confidence: 0.72 },
  ],
  [
    'known by her document',
    { ...closed, reporterIdNumber: document },
    { receivedAt: on('20'), reporterIdNumber: document, reporterPhone: '13900590628' },
    { ...repeat, confidence: 1 },
  ],
  ['again in the last second that counts', closed, { receivedAt: '2027-02-08T09:00:00+08:00' }, repeat],
  ['again, a second too late', closed, { receivedAt: '2027-02-08T09:00:01+08:00' }, null],
  ['somebody else after the closing', closed, { receivedAt: on('20'), reporterPhone: '13900590628' }, null],
  ['a second one while the first is open', {}, { receivedAt: on('16') }, duplicate],
  ['a second one that is too late to be one', {}, { receivedAt: '2026-11-16T09:00:01+08:00' }, null],
  ['a second one before the first was closed', closed, { receivedAt: '2026-11-10T08:59:59+08:00' }, duplicate],
  [
    'a second one of the same address',
    { houseCode: null, standardAddress: '一号' },
    { houseCode: null, standardAddress: '一号', receivedAt: on('02') },
    { ...duplicate, confidence: 0.81 },
  ],
  ['somebody else of the same place', {}, { receivedAt: on('08'), reporterPhone: '13900590628' }, merge],
  ['nobody known, of the same place', { reporterPhone: null }, { receivedAt: on('08'), reporterPhone: null }, merge],
  ['a short number is nobody’s', { reporterPhone: '12345' }, { receivedAt: on('02'), reporterPhone: '12345' }, merge],
  ['somebody else, too late', {}, { receivedAt: on('09'), reporterPhone: '13900590628' }, null],
  ['the same person elsewhere, while it is open', {}, { receivedAt: on('02'), houseCode: 'H2' }, null],
  [
    'another house of the same address',
    { standardAddress: '一号' },
    { receivedAt: on('02'), houseCode: 'H2', standardAddress: '一号' },
    null,
  ],
  ['another matter', closed, { receivedAt: on('20'), categoryPath: ['城乡建设', '物业管理', '停车'] }, null],
  ['a broader matter', closed, { receivedAt: on('20'), categoryPath: ['城乡建设', '物业管理'] }, null],
  ['no matter', { ...closed, categoryPath: [] }, { receivedAt: on('20'), categoryPath: [] }, null],
  ['closed, nobody knows when', { status: 'ARCHIVED' }, { receivedAt: on('02') }, null],
  ['the ticket itself', {}, { ticketNo: 't:1' }, null],
])('%s', (_name, one, other, expected) => {
  expect(compare(one, other)).toEqual(expected);
});

test('where people must not be compared, nothing tells of them', () => {
  expect(compare(closed, { receivedAt: on('20') }, false)).toBeNull();
  expect(compare({}, { receivedAt: on('02') }, false)).toEqual(merge);
  expect(compare({}, { receivedAt: on('02'), reporterPhone: '13900590628' }, false)).toEqual(merge);
});

test('both tickets are told the same of each other', () => {
  const ticket = fc.record({
    ticketNo: fc.constantFrom('t:1', 't:2', 't:3'),
    reporterPhone: fc.constantFrom(phone, '13900590628', '12345', null),
    reporterIdNumber: fc.constantFrom(document, null),
    houseCode: fc.constantFrom('H1', 'H2', null),
    standardAddress: fc.constantFrom('一号', null),
    categoryPath: fc.constantFrom(['a', 'b'], ['a', 'c'], null),
    receivedAt: fc.nat(40).map((d) => formatDateTime(parseDateTime(on('01')) + d * 86_400_000)),
    closedAt: fc.option(
      fc.nat(60).map((d) => formatDateTime(parseDateTime(on('01')) + d * 86_400_000)),
      { nil: null },
    ),
    status: fc.constantFrom('IN_PROGRESS', 'CLOSED'),
  });
  let related = 0;
  fc.assert(
    fc.property(ticket, ticket, fc.boolean(), (one, other, persons) => {
      const told = relatedTickets.compare(one, other, persons, times);
      if (told !== null) related += 1;
      expect(relatedTickets.compare(other, one, persons, times)).toEqual(told);
      if (!persons) expect(told?.['grounds'] ?? []).not.toContain('PERSON');
    }),
    { numRuns: 3_000 },
  );
  expect(related).toBeGreaterThan(30);
});
