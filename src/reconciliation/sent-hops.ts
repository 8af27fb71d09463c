import type { TraceStep } from '../tickets/trace-step.ts';

/** A step by which, as the hotline's record has it, an agency got the ticket or was asked to take part. */
export interface SentHop {
  readonly step: TraceStep;
  readonly agency: string;
  /** Until when the agency could have recorded it: the next step that took the ticket elsewhere or ended it. Null: until now. */
  readonly until: string | null;
  /** The next sending to the same agency: what happened later belongs to that one. */
  readonly nextAt: string | null;
  /** The agency's own steps in the hub that show that it got this one: a signing, an answer, a return. */
  readonly acts: readonly TraceStep[];
}

/** The steps that give a ticket on. A `RETURN` gives it to the hotline, or back to an agency that pushed it on. */
const giving: ReadonlySet<string> = new Set([
  'ACCEPT',
  'DISPATCH',
  'RETURN',
  'OBJECT',
  'RULE',
  'REASSIGN',
  'ESCALATE',
  'REWORK',
]);
/** Those that ask another agency in beside who holds it. */
const asking: ReadonlySet<string> = new Set(['CO_SIGN', 'EMERGENCY']);
const ending: ReadonlySet<string> = new Set(['CLOSE', 'ARCHIVE']);
const answering: ReadonlySet<string> = new Set(['FEEDBACK', 'RETURN', 'CO_SIGN', 'OBJECT', 'CLOSE', 'REASSIGN']);

/** What was sent to agencies other than the hotline, in order. `steps` come in order of time. */
export function sentHops(steps: readonly TraceStep[]): readonly SentHop[] {
  const sent = steps.flatMap((step, place) => (isSending(step, steps.slice(0, place)) ? [{ step, place }] : []));
  return sent.flatMap(({ step, place }, i): SentHop[] => {
    const agency = step.to;
    if (agency === null) return [];
    const next = sent.slice(i + 1).find((s) => s.step.to === agency);
    const later = steps.slice(place + 1, next?.place);
    const over = steps
      .slice(place + 1)
      .find(
        (s) => ending.has(s.kind) || (!asking.has(step.kind) && giving.has(s.kind) && s.to !== null && s.to !== agency),
      );
    const acts = later.filter((s) => s.from === agency && (answering.has(s.kind) || s.kind === 'SIGN_FOR'));
    return [{ step, agency, until: over?.at ?? null, nextAt: next?.step.at ?? null, acts }];
  });
}

/** Whether the agency told the hub what became of it. */
export function isFedBack({ acts }: SentHop): boolean {
  return acts.some(({ kind }) => answering.has(kind));
}

function isSending({ kind, from, to }: TraceStep, before: readonly TraceStep[]): boolean {
  if (to === null || to === 'hotline' || to === from) return false;
  if (giving.has(kind) || kind === 'EMERGENCY') return true;
  // Who was asked answers by a step of the same kind.
  return kind === 'CO_SIGN' && !before.some((s) => s.kind === 'CO_SIGN' && s.to === from && s.from === to);
}
