/** Everything that a verifier can find; docs/ledger-format.md says what each means. */
export const findingCodes = [
  'MALFORMED',
  'NOT_CANONICAL',
  'TRUNCATED',
  'BEYOND_SIZE',
  'WRONG_LOG',
  'SEQ_GAP',
  'SEQ_DUPLICATE',
  'CLOCK_BACK',
  'FROM_FUTURE',
  'ROOT_MISMATCH',
  'HEAD_MISSING',
  'HEAD_MISPLACED',
  'HEAD_SIGNATURE',
  'COSIGNATURE',
  'UNKNOWN_KEY',
  'KEY_NOT_VALID_THEN',
  'KEY_INTRODUCTION',
  'FORK',
  'ROLLBACK',
  'COMMITMENT_MISMATCH',
  'OPENING_MISSING',
  'OPENING_UNKNOWN',
  'ERASURE_UNKNOWN',
  'OUTCOME_WITHOUT_INTENT',
  'PROOF_INVALID',
  'TOO_MANY_UNOPENED',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export interface Place {
  readonly file: 'export' | 'heads' | 'receipt' | 'hub';
  /** From 1. */
  readonly line: number;
  /** Of the line's first byte, from 0. */
  readonly offset: number;
  /** The entry that it is about; null where it is about none. */
  readonly seq: number | null;
}

export interface Finding extends Place {
  readonly code: FindingCode;
  /** What should be there; never a value of an entry. */
  readonly expected: string;
  readonly found: string;
}

/** Findings that are kept of each code; all are counted. */
const KEPT = 20;

export interface Findings {
  readonly add: (code: FindingCode, place: Place, expected: string, found: string) => void;
  readonly list: () => readonly Finding[];
  readonly counts: () => Readonly<Partial<Record<FindingCode, number>>>;
}

/** Keeps the first findings of each code, so that a file that is wrong in each line fills no memory. */
export function findings(): Findings {
  const kept: Finding[] = [];
  const counts = new Map<FindingCode, number>();
  return {
    add(code, place, expected, found) {
      const before = counts.get(code) ?? 0;
      counts.set(code, before + 1);
      if (before < KEPT) kept.push({ code, ...place, expected, found });
    },
    list: () => [...kept],
    counts: () => Object.fromEntries(counts),
  };
}
