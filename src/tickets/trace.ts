import { parseDateTime } from '../codes/date-time.ts';

/** A step of a ticket as the trace reads it; `null` where the record says nothing. */
export interface TraceStep {
  readonly kind: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: string;
}

export interface TraceHop {
  readonly agency: string;
  readonly kind: string;
  readonly since: string;
  readonly until: string | null;
  readonly heldForSeconds: number | null;
}

export interface TraceCircle {
  readonly agency: string;
  readonly firstAt: string;
  readonly againAt: string;
  readonly through: readonly string[];
}

export interface Trace {
  readonly hops: readonly TraceHop[];
  readonly circles: readonly TraceCircle[];
  readonly returnCount: number;
  readonly heldBy: string | null;
}

/** The steps that give a ticket to another agency; the others happen where it lies. */
const moving: ReadonlySet<string> = new Set([
  'ACCEPT',
  'DISPATCH',
  'RETURN',
  'OBJECT',
  'RULE',
  'REASSIGN',
  'ESCALATE',
  'REWORK',
]);
/** The steps that end the holding. */
const ending: ReadonlySet<string> = new Set(['CLOSE', 'ARCHIVE']);

/** Who held the ticket, from when to when, and where it circled. The steps come in order of time. */
export function traceOf(steps: readonly TraceStep[]): Trace {
  const stays: { agency: string; kind: string; since: string; until: string | null }[] = [];
  for (const step of steps) {
    const last = stays.at(-1);
    if (ending.has(step.kind)) {
      if (last !== undefined) last.until ??= step.at;
      continue;
    }
    if (!moving.has(step.kind) || step.to === null) continue;
    if (last !== undefined) {
      if (last.agency === step.to && last.until === null) continue;
      last.until ??= step.at;
    }
    stays.push({ agency: step.to, kind: step.kind, since: step.at, until: null });
  }
  return {
    hops: stays.map((s) => ({
      ...s,
      heldForSeconds: s.until === null ? null : (parseDateTime(s.until) - parseDateTime(s.since)) / 1_000,
    })),
    circles: circlesOf(stays),
    returnCount: steps.filter((s) => s.kind === 'RETURN').length,
    heldBy: stays.at(-1)?.until === null ? (stays.at(-1)?.agency ?? null) : null,
  };
}

/** The hotline hands tickets out and takes them back, so coming by it again is no circle. */
function circlesOf(stays: readonly { agency: string; since: string }[]): TraceCircle[] {
  return stays.flatMap((again, i): TraceCircle[] => {
    const before = stays.slice(0, i).findLastIndex((s) => s.agency === again.agency);
    const first = stays[before];
    if (again.agency === 'hotline' || first === undefined) return [];
    const through = [
      ...new Set(
        stays
          .slice(before + 1, i)
          .map((s) => s.agency)
          .filter((a) => a !== again.agency),
      ),
    ];
    return through.some((a) => a !== 'hotline')
      ? [{ agency: again.agency, firstAt: first.since, againAt: again.since, through }]
      : [];
  });
}
