/** `CONSISTENT_ONLY`: nothing is wrong, but no trusted key was given, so that anybody may have made it. */
export type Verdict = 'VERIFIED' | 'CONSISTENT_ONLY' | 'BROKEN';

export function verdictOf(facts: { readonly findings: number; readonly trusted: boolean }): Verdict {
  if (facts.findings > 0) return 'BROKEN';
  return facts.trusted ? 'VERIFIED' : 'CONSISTENT_ONLY';
}

/** How much later than the verifier's clock a time may be: clocks differ. Milliseconds. */
export const CLOCK_TOLERANCE_MS = 300_000;
