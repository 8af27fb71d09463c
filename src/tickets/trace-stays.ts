import { formatDateTime } from '../codes/date-time.ts';
import type { TraceStep } from './trace-step.ts';

/** An agency's holding of a ticket: from the step that gave it until before `until`, null while it holds it. */
export interface Stay {
  readonly step: TraceStep;
  readonly agency: string;
  readonly until: string | null;
  /** The signings whose time limit the record knows. */
  readonly signings: readonly { readonly step: TraceStep; readonly late: boolean }[];
  /** Whether a due time was in force, with no answer yet, at any time of the stay. */
  readonly due: boolean;
  /** Since when it was overdue while it lay there; null where it was not. */
  readonly overdueAt: string | null;
  /** Whether its giver is who had it before, as far as the record tells: otherwise a step is missing. */
  readonly joined: boolean;
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

type Open = { -readonly [K in keyof Stay]: Stay[K] } & { signings: { step: TraceStep; late: boolean }[] };

/**
 * The stays that the steps tell of, in order. Only a step that names its receiver begins one: whoever signs for a ticket,
 * returns or answers it without having been given it gets no stay, since nobody knows from when. `now`: epoch milliseconds.
 */
export function staysOf(steps: readonly TraceStep[], now: number): readonly Stay[] {
  const stays: Open[] = [];
  const clock = formatDateTime(now);
  let running: Running = { due: null, answered: false };
  for (const step of steps) {
    const last = stays.at(-1);
    if (last?.until === null) passTime(last, running, step.at);
    running = after(running, step);
    if (
      step.kind === 'SIGN_FOR' &&
      last?.until === null &&
      last.agency === (step.from ?? step.to) &&
      step.signBy !== null
    )
      last.signings.push({ step, late: isSignedLate(step) });
    if (ending.has(step.kind)) {
      if (last !== undefined) last.until ??= step.at;
      continue;
    }
    if (!moving.has(step.kind) || step.to === null) continue;
    if (last?.until === null && last.agency === step.to) continue;
    const joined = step.from === null || isHolder(step.from, last);
    if (last !== undefined) last.until ??= step.at;
    const stay: Open = { step, agency: step.to, until: null, signings: [], due: false, overdueAt: null, joined };
    stays.push(stay);
  }
  const last = stays.at(-1);
  if (last?.until === null) passTime(last, running, clock);
  return stays;
}

/** Whether the step is a signing after the time for it. */
export function isSignedLate({ kind, at, signBy }: TraceStep): boolean {
  return kind === 'SIGN_FOR' && signBy !== null && at > signBy;
}

/** Whoever hands out a closed ticket, or one that nobody was given, is the hotline. */
function isHolder(from: string, last: Stay | undefined): boolean {
  return last?.until === null ? last.agency === from : from === 'hotline';
}

/** The due time in force, and whether it was answered. */
interface Running {
  readonly due: string | null;
  readonly answered: boolean;
}

function after({ due, answered }: Running, step: TraceStep): Running {
  switch (step.kind) {
    case 'FEEDBACK':
      return { due: step.dueAt ?? due, answered: true };
    // A time of its own begins; where the record does not say which, none is known.
    case 'REWORK':
      return { due: step.dueAt, answered: false };
    case 'DISPATCH':
    case 'REASSIGN':
      return { due: step.dueAt ?? due, answered: false };
    default:
      return { due: step.dueAt ?? due, answered };
  }
}

/** The stay lasts on until this time, under what is running. */
function passTime(stay: Open, { due, answered }: Running, until: string): void {
  if (due === null || answered) return;
  stay.due = true;
  if (until > due) stay.overdueAt ??= due > stay.step.at ? due : stay.step.at;
}
