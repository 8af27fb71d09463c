import type { SourceRecord } from '../connector/connector.ts';
import { UNREADABLE } from '../connector/mapping.ts';
import type { GateRun } from './run.ts';

/** Tells the ledger that this ticket is a report, or may be one: who read it tells who handles it. */
export function sealReport(ticketNo: string, ticket: SourceRecord, run: GateRun): void {
  const { type } = ticket;
  if (type === 'REPORT' || type === UNREADABLE || type === undefined) run.report.seal(ticketNo);
}
