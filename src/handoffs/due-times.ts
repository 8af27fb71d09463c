import { addWorkingDays } from '../calendar/working-days.ts';
import { formatDateTime, parseDateTime } from '../codes/date-time.ts';
import type { Config } from '../config/config.ts';

const HOUR_MS = 3_600_000;

/** How long agencies have, from configuration. */
export type DueSettings = Pick<
  Config,
  | 'ticketConsultationHours'
  | 'ticketHelpRequestDays'
  | 'ticketComplaintDays'
  | 'ticketReportDays'
  | 'ticketSuggestionDays'
  | 'ticketCommendationDays'
  | 'ticketSignHours'
  | 'ticketWarningHours'
  | 'ticketExtensionDays'
>;

export interface DueTime {
  /** RFC 3339 in +08:00. */
  readonly at: string;
  /** It lies beyond the calendar's last known holiday and may move. */
  readonly provisional: boolean;
}

/**
 * When an answer is due for a ticket that somebody gets at this time (epoch milliseconds): a consultation after whole
 * hours, all else at the end of a working day of the State Council's calendar, counted from the next day. A type that
 * is not known has a complaint's days.
 */
export function dueTime(type: string | null, at: number, settings: DueSettings): DueTime {
  if (type === 'CONSULTATION')
    return { at: formatDateTime(at + settings.ticketConsultationHours * HOUR_MS), provisional: false };
  return endOfWorkingDay(formatDateTime(at).slice(0, 10), daysOf(type, settings));
}

/** The due time moved on by working days, counted from the day after it. */
export function extendedDueTime(due: string, days: number): DueTime {
  return endOfWorkingDay(due.slice(0, 10), days);
}

/** Until when whoever got the ticket at this time has to sign for it. */
export function signTime(at: number, settings: DueSettings): string {
  return formatDateTime(at + settings.ticketSignHours * HOUR_MS);
}

/** How a ticket stands to its due time. */
export type DeadlineState = 'NONE' | 'RUNNING' | 'ABOUT_TO_OVERDUE' | 'OVERDUE' | 'MET' | 'MET_LATE';

/** `answeredAt`: when the answer came, null while it is awaited. `now` is epoch milliseconds. */
export function deadlineState(
  dueAt: string | null,
  answeredAt: string | null,
  now: number,
  { ticketWarningHours }: Pick<DueSettings, 'ticketWarningHours'>,
): DeadlineState {
  if (dueAt === null) return 'NONE';
  const due = parseDateTime(dueAt);
  if (answeredAt !== null) return parseDateTime(answeredAt) <= due ? 'MET' : 'MET_LATE';
  if (now > due) return 'OVERDUE';
  return due - now <= ticketWarningHours * HOUR_MS ? 'ABOUT_TO_OVERDUE' : 'RUNNING';
}

function endOfWorkingDay(from: string, days: number): DueTime {
  const { due, provisional } = addWorkingDays(from, days);
  return { at: `${due}T23:59:59+08:00`, provisional };
}

function daysOf(type: string | null, settings: DueSettings): number {
  switch (type) {
    case 'HELP_REQUEST':
      return settings.ticketHelpRequestDays;
    case 'REPORT':
      return settings.ticketReportDays;
    case 'SUGGESTION':
      return settings.ticketSuggestionDays;
    case 'COMMENDATION':
      return settings.ticketCommendationDays;
    default:
      return settings.ticketComplaintDays;
  }
}
