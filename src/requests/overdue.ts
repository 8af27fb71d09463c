import { formatDateTime } from '../codes/date-time.ts';
import type { StoredRequest } from './request-book.ts';

type Due = Pick<StoredRequest<string, unknown>, 'dueOn' | 'escalatesOn'>;

/** The date of a time (epoch milliseconds) in +08:00, YYYY-MM-DD. */
export function dateOf(at: number): string {
  return formatDateTime(at).slice(0, 10);
}

/** Whether the owner's last day is over and it has not answered. */
export function isOverdue({ dueOn }: Due, today: string): boolean {
  return dueOn !== null && today > dueOn;
}

/** Whether it is overdue for so long that somebody above should look at it. */
export function isEscalated({ escalatesOn }: Due, today: string): boolean {
  return escalatesOn !== null && today > escalatesOn;
}
