import { isSignedLate, staysOf } from './trace-stays.ts';
import type { TraceStep } from './trace-step.ts';

/** A ticket as its findings read it. */
export interface TracedTicket {
  readonly leadAgency: string | null;
  readonly closedAt: string | null;
  readonly visitedAt: string | null;
  readonly updatedAt: string | null;
  readonly resolved: boolean | null;
  readonly satisfaction: string | null;
}

export interface TraceFinding {
  readonly kind: 'LATE_SIGNED' | 'OVERDUE' | 'CLOSED_WITHOUT_EVIDENCE' | 'CLOSED_UNRESOLVED' | 'RESOLVED_UNSATISFIED';
  readonly agency: string | null;
  readonly at: string;
  /** The handoffs that it rests on. */
  readonly runIds: readonly string[];
  /** The ticket's fields that it rests on. */
  readonly fields: readonly string[];
  readonly confidence: number;
}

/** Where the record has a gap: a step is missing that the finding would rest on. */
const UNSURE = 0.5;

/**
 * What is wrong with how the ticket was handled, in order of time. What the record does not say is no finding: a time limit
 * that is not known, a count of evidence that is not given. `now`: epoch milliseconds.
 */
export function findingsOf(steps: readonly TraceStep[], ticket: TracedTicket, now: number): readonly TraceFinding[] {
  const stays = staysOf(steps, now);
  const overdue = stays.flatMap(({ step, agency, overdueAt, joined }): TraceFinding[] =>
    overdueAt === null
      ? []
      : [{ kind: 'OVERDUE', agency, at: overdueAt, runIds: [step.runId], fields: [], confidence: sure(joined) }],
  );
  // A signing says itself by when it had to be made; what it belongs to may be missing.
  const late = steps.filter(isSignedLate).map((step): TraceFinding => {
    const stay = stays.find(({ signings }) => signings.some((signing) => signing.step === step));
    const runIds = stay === undefined ? [step.runId] : [stay.step.runId, step.runId];
    const agency = step.from ?? step.to;
    return { kind: 'LATE_SIGNED', agency, at: step.at, runIds, fields: [], confidence: sure(stay?.joined === true) };
  });
  const closures = steps
    .filter(({ kind, siteVisit, evidenceCount }) => kind === 'CLOSE' && siteVisit === true && evidenceCount === 0)
    .map(({ at, runId }): TraceFinding => {
      const agency = ticket.leadAgency;
      return { kind: 'CLOSED_WITHOUT_EVIDENCE', agency, at, runIds: [runId], fields: [], confidence: 1 };
    });
  return [...overdue, ...late, ...closures, ...outcomes(steps, ticket)].toSorted((a, b) => compare(a.at, b.at));
}

function sure(joined: boolean): number {
  return joined ? 1 : UNSURE;
}

function outcomes(steps: readonly TraceStep[], ticket: TracedTicket): TraceFinding[] {
  const { leadAgency: agency, closedAt, visitedAt, updatedAt, resolved, satisfaction } = ticket;
  const found: TraceFinding[] = [];
  if (closedAt !== null && resolved === false) {
    const fields = ['Ticket.closedAt', 'Ticket.resolved'];
    found.push({ kind: 'CLOSED_UNRESOLVED', agency, at: closedAt, fields, ...restingOn('CLOSE', steps) });
  }
  const toldAt = visitedAt ?? closedAt ?? updatedAt;
  if (
    toldAt !== null &&
    resolved === true &&
    (satisfaction === 'DISSATISFIED' || satisfaction === 'VERY_DISSATISFIED')
  ) {
    const fields = ['Ticket.resolved', 'Ticket.satisfaction'];
    found.push({ kind: 'RESOLVED_UNSATISFIED', agency, at: toldAt, fields, ...restingOn('FOLLOW_UP', steps) });
  }
  return found;
}

/** The last step of the kind: without one the ticket says what no handoff shows. */
function restingOn(kind: string, steps: readonly TraceStep[]): Pick<TraceFinding, 'runIds' | 'confidence'> {
  const step = steps.findLast((s) => s.kind === kind);
  return step === undefined ? { runIds: [], confidence: UNSURE } : { runIds: [step.runId], confidence: 1 };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
