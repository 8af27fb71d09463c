import { afterEach, describe, expect, test } from 'vitest';
import { calendarCoverage } from '../../src/calendar/working-days.ts';
import { loadConfig } from '../../src/config/config.ts';
import { deadlineState, dueTime, extendedDueTime, signTime } from '../../src/handoffs/due-times.ts';

const settings = loadConfig({});
const within = (days: number) => ({ ...settings, ticketComplaintDays: days });
const at = (text: string): number => Date.parse(text);

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe.each([
  ['UTC', 0],
  ['America/Los_Angeles', 480],
  ['Asia/Shanghai', -480],
  ['Pacific/Kiritimati', -840],
])('with TZ=%s', (name, offset) => {
  test.each([
    ['2025-01-24', 5, '2025-02-07'],
    ['2025-09-26', 5, '2025-10-10'],
    ['2025-09-30', 3, '2025-10-11'],
    ['2025-12-31', 5, '2026-01-08'],
    ['2026-02-13', 5, '2026-02-27'],
    ['2026-02-27', 3, '2026-03-03'],
  ])('%s and %i working days: %s, at whatever time of the day', (start, days, due) => {
    process.env['TZ'] = name;
    expect(new Date(2026, 0, 15).getTimezoneOffset()).toBe(offset);
    for (const time of ['00:00:00', '07:59:59', '08:00:00', '23:59:59'])
      expect(dueTime('COMPLAINT', at(`${start}T${time}+08:00`), within(days))).toEqual({
        at: `${due}T23:59:59+08:00`,
        provisional: false,
      });
  });

  test('a consultation is answered after 24 hours, whatever day it is', () => {
    process.env['TZ'] = name;
    expect(dueTime('CONSULTATION', at('2025-10-01T23:10:00+08:00'), settings)).toEqual({
      at: '2025-10-02T23:10:00+08:00',
      provisional: false,
    });
  });
});

test('each type has its own days; one that is not known has those of a complaint', () => {
  const days = {
    HELP_REQUEST: 'ticketHelpRequestDays',
    COMPLAINT: 'ticketComplaintDays',
    REPORT: 'ticketReportDays',
    SUGGESTION: 'ticketSuggestionDays',
    COMMENDATION: 'ticketCommendationDays',
  } as const;
  const monday = at('2026-11-16T10:00:00+08:00');
  for (const [type, setting] of Object.entries(days))
    expect(dueTime(type, monday, { ...settings, [setting]: 1 }).at).toBe('2026-11-17T23:59:59+08:00');
  for (const type of [null, 'SOMETHING']) expect(dueTime(type, monday, within(1)).at).toBe('2026-11-17T23:59:59+08:00');
});

test('past the last known holiday a due time is given all the same, and flagged', () => {
  const last = `${calendarCoverage.to}T10:00:00+08:00`;
  expect(dueTime('COMPLAINT', at(last), within(1))).toMatchObject({ provisional: true });
  expect(extendedDueTime(last, 3)).toMatchObject({ provisional: true });
});

test('an extension counts from the day after the due time', () => {
  expect(extendedDueTime('2026-02-13T23:59:59+08:00', 5)).toEqual({
    at: '2026-02-27T23:59:59+08:00',
    provisional: false,
  });
});

test('signing counts in hours', () => {
  expect(signTime(at('2026-11-16T10:00:00+08:00'), { ...settings, ticketSignHours: 2 })).toBe(
    '2026-11-16T12:00:00+08:00',
  );
});

test.each([
  ['NONE', null, null, '2026-11-16T00:00:00+08:00'],
  ['RUNNING', '2026-11-20T23:59:59+08:00', null, '2026-11-19T23:59:58+08:00'],
  ['ABOUT_TO_OVERDUE', '2026-11-20T23:59:59+08:00', null, '2026-11-19T23:59:59+08:00'],
  ['ABOUT_TO_OVERDUE', '2026-11-20T23:59:59+08:00', null, '2026-11-20T23:59:59+08:00'],
  ['OVERDUE', '2026-11-20T23:59:59+08:00', null, '2026-11-21T00:00:00+08:00'],
  ['MET', '2026-11-20T23:59:59+08:00', '2026-11-20T23:59:59+08:00', '2027-01-01T00:00:00+08:00'],
  ['MET_LATE', '2026-11-20T23:59:59+08:00', '2026-11-21T00:00:00+08:00', '2027-01-01T00:00:00+08:00'],
])('%s: due %s, answered %s, asked %s', (state, dueAt, answeredAt, now) => {
  expect(deadlineState(dueAt, answeredAt, at(now), settings)).toBe(state);
});
