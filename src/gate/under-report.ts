import type { SourceRecord } from '../connector/connector.ts';
import { UNREADABLE } from '../connector/mapping.ts';
import type { GateRun, Item } from './run.ts';

/** Whether the ticket is a report (举报), or may be one: who read it tells who handles it. */
export function mayBeReport({ type }: SourceRecord): boolean {
  return type === 'REPORT' || type === UNREADABLE || type === undefined;
}

/**
 * Which of the records of one type are reports or were led to by one, aligned with them; null where none is. What the
 * ledger tells of these must stay in the report's handling unit.
 */
export function underReport(type: string, items: readonly Item[], run: GateRun): readonly boolean[] | null {
  if (type === 'Ticket')
    return items.some((item) => mayBeReport(item.record)) ? items.map((item) => mayBeReport(item.record)) : null;
  if (run.report.sealed.size === 0) return null;
  return items.map(({ ticket }) => ticket !== null && mayBeReport(ticket));
}
