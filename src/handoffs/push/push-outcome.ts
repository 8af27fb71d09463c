/** What became of one pushed ticket or handoff: the schema's `PushOutcomeKind`. */
export type PushOutcomeKind = 'INSERTED' | 'UPDATED' | 'UNCHANGED' | 'CONFLICT' | 'REJECTED';

/** Why something was not taken over though it was well-formed; kept. */
export type ConflictCode = 'LATE' | 'SAME_VERSION' | 'ACTED_ON' | 'ALREADY_RECORDED' | 'OUT_OF_AREA';
/** Why something could not be taken over. */
export type RejectionCode = 'REQUIRED' | 'BAD_VALUE' | 'BAD_POINT' | 'IN_FUTURE' | 'OUT_OF_AREA';

/** Which field and why, in words without any value. */
export interface PushProblem {
  readonly code: ConflictCode | RejectionCode;
  readonly field: string | null;
  readonly reason: string;
}

/** What became of an item, whatever it is. */
export interface PushOutcome {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly ticketNo: string | null;
  readonly outcome: PushOutcomeKind;
  readonly problems: readonly PushProblem[];
}

export interface HandoffOutcome extends PushOutcome {
  /** Its number in the hub. */
  readonly runId: string | null;
  /** Kept until its ticket comes, and judged then. */
  readonly held: boolean;
}

export interface PushAnswer<O extends PushOutcome> {
  readonly counts: {
    readonly inserted: number;
    readonly updated: number;
    readonly unchanged: number;
    readonly conflicts: number;
    readonly rejected: number;
  };
  readonly outcomes: readonly O[];
}

export function pushAnswer<O extends PushOutcome>(outcomes: readonly O[]): PushAnswer<O> {
  const count = (kind: PushOutcomeKind): number => outcomes.filter((o) => o.outcome === kind).length;
  return {
    counts: {
      inserted: count('INSERTED'),
      updated: count('UPDATED'),
      unchanged: count('UNCHANGED'),
      conflicts: count('CONFLICT'),
      rejected: count('REJECTED'),
    },
    outcomes,
  };
}

export const outOfArea: PushProblem = {
  code: 'OUT_OF_AREA',
  field: 'divisionCode',
  reason:
    'the ticket is not one that the sharing policy shows you; push it as the system of its area, and one without a division as the system of the whole city',
};
