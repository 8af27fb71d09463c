import { addWorkingDays } from '../calendar/working-days.ts';
import { canonical, dateOf, DAY, HOUR, wallTime, type WallTime } from './clock.ts';
import type { HandoffRow } from './systems/hotline.ts';
import type { Step } from './trail.ts';

/** What the hotline's system says with the steps of a ticket, beside who gave it to whom. */
export interface HandoffLimits {
  /** When the answer is due; a rework has a time of its own, which this system does not say. */
  readonly due: WallTime;
  /** An urgent ticket is signed for within two hours, any other by the end of the next working day. */
  readonly urgent: boolean;
  readonly siteVisit: boolean;
  /** References to evidence that the answer names. */
  readonly evidence: number;
}

type LimitCells = Pick<HandoffRow, 'due_at' | 'sign_by' | 'site_visit' | 'evidence_count'>;

/** The cells of each step, aligned with the steps. */
export function limitCells(steps: readonly Step[], limits: HandoffLimits): readonly LimitCells[] {
  let signBy: string | null = null;
  return steps.map(({ kind, at }): LimitCells => {
    const given = kind === 'DISPATCH' || kind === 'REASSIGN';
    if (given || kind === 'REWORK') signBy = canonical(signTime(at, limits.urgent));
    const answer = kind === 'FEEDBACK' || kind === 'CLOSE';
    const cells = {
      due_at: given ? canonical(limits.due) : null,
      sign_by: given || kind === 'REWORK' || kind === 'SIGN_FOR' ? signBy : null,
      site_visit: answer ? (limits.siteVisit ? 1 : 0) : null,
      evidence_count: answer ? limits.evidence : null,
    };
    if (kind === 'SIGN_FOR') signBy = null;
    return cells;
  });
}

function signTime(at: WallTime, urgent: boolean): WallTime {
  return urgent ? at + 2 * HOUR : wallTime(addWorkingDays(dateOf(at), 1).due) + DAY - 1;
}
