import { compactDate, type WallTime } from './clock.ts';

/** How many incidents can be made around one ticket. */
const INCIDENTS_PER_TICKET = 10;

/** 接警单编号: `JJ`, the day, and nine digits that are unique in the city. `which` counts the incidents of one ticket. */
export function incidentNumber(called: WallTime, ticketIndex: number, which: number): string {
  return `JJ${compactDate(called)}${String(ticketIndex * INCIDENTS_PER_TICKET + which).padStart(9, '0')}`;
}
