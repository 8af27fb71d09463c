import type { Correction, CorrectionBook } from './correction.ts';
import { isEscalated, isOverdue } from './overdue.ts';

/** A correction request in the schema's names. `today` is a date, YYYY-MM-DD. */
export function correctionView(book: CorrectionBook, correction: Correction, today: string): unknown {
  const { number, state, version, applicant, owner, submittedAt, dueOn, provisional, content } = correction;
  const { answer, ...reported } = content;
  return {
    correctionNo: number,
    state,
    version,
    applicant,
    owner,
    submittedAt,
    dueOn,
    provisional,
    ...reported,
    overdue: isOverdue(correction, today),
    escalated: isEscalated(correction, today),
    answer: answer?.note ?? null,
    history: book
      .history(number)
      .map(({ at, action, agency, role, note }) => ({ at, action, actor: `${agency} ${role}`, note })),
  };
}
