import type { Outcome } from '../access/policy.ts';
import type { MaskName } from '../access/mask-name.ts';

/** A verdict that gives something. */
export type GivenVerdict =
  | { readonly status: 'ALLOWED'; readonly rule: string }
  | { readonly status: 'MASKED'; readonly mask: MaskName; readonly rule: string };

/** What one caller gets of one field of one record. */
export type Verdict = GivenVerdict | { readonly status: 'DENIED' };

export const denied: Verdict = { status: 'DENIED' };

/** The verdict on the record at this position: a judge that asks nothing of the record has one for all. */
export function verdictAt(verdicts: Verdict | readonly Verdict[], position: number): Verdict {
  return 'status' in verdicts ? verdicts : (verdicts[position] ?? denied);
}

/** The verdict that a rule gives. */
export function given(outcome: Outcome, rule: string): Verdict {
  switch (outcome.kind) {
    case 'plain':
      return { status: 'ALLOWED', rule };
    case 'mask':
      return { status: 'MASKED', mask: outcome.mask, rule };
    case 'deny':
      return denied;
  }
}
