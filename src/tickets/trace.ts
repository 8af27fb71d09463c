import { workingSeconds } from '../calendar/office-hours.ts';
import { parseDateTime } from '../codes/date-time.ts';
import type { Circumstances } from '../connector/source.ts';
import { circlesOf, pingPongsOf, type TraceCircle, type TracePingPong } from './trace-circles.ts';
import type { TraceStep } from './trace-step.ts';
import { staysOf } from './trace-stays.ts';

export interface TraceHop {
  readonly runId: string;
  readonly from: string | null;
  readonly agency: string;
  readonly kind: string;
  readonly since: string;
  readonly until: string | null;
  readonly heldForSeconds: number | null;
  readonly heldForWorkingSeconds: number | null;
  readonly reason: string | null;
  readonly by: string | null;
  readonly signedLate: boolean | null;
  readonly overdue: boolean | null;
}

export interface Trace {
  readonly hops: readonly TraceHop[];
  readonly circles: readonly TraceCircle[];
  readonly pingPongs: readonly TracePingPong[];
  readonly returnCount: number;
  readonly heldBy: string | null;
}

/** Who held the ticket, from when to when, and where it went round. The steps come in order of time. */
export function traceOf(
  steps: readonly TraceStep[],
  { officeHours, now }: Pick<Circumstances, 'officeHours' | 'now'>,
): Trace {
  const stays = staysOf(steps, now());
  const last = stays.at(-1);
  return {
    hops: stays.map(({ step, agency, until, signings, overdueAt, due }) => ({
      runId: step.runId,
      from: step.from,
      agency,
      kind: step.kind,
      since: step.at,
      until,
      heldForSeconds: until === null ? null : (parseDateTime(until) - parseDateTime(step.at)) / 1_000,
      heldForWorkingSeconds: until === null ? null : workingSeconds(step.at, until, officeHours),
      reason: step.reason,
      by: step.by,
      signedLate: signings.length === 0 ? null : signings.some(({ late }) => late),
      overdue: due ? overdueAt !== null : null,
    })),
    circles: circlesOf(stays),
    pingPongs: pingPongsOf(stays),
    returnCount: steps.filter((s) => s.kind === 'RETURN').length,
    heldBy: last?.until === null ? last.agency : null,
  };
}
