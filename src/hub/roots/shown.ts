import type { Problem } from '../../access/problem.ts';
import type { Judged } from './judged-policy.ts';

/** A place that the schema can show: no line where the whole file is meant. */
export function shownProblem({ file, line, message }: ShownAs): {
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
} {
  return { file, line: line ?? null, message };
}

type ShownAs = Pick<Problem, 'file' | 'message'> & { readonly line?: number | null };

/** The answer about policies that are refused: every problem, and no version. */
export function refusedBy({ problems }: Extract<Judged, { kind: 'refused' }>): {
  readonly version: null;
  readonly problems: readonly ReturnType<typeof shownProblem>[];
} {
  return { version: null, problems: problems.map(shownProblem) };
}
