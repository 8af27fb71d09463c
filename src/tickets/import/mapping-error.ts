import type { LineCounter, Range } from 'yaml';

/** One thing that is wrong with a mapping file. Line and column count from 1. */
export interface MappingProblem {
  readonly line: number;
  readonly column: number;
  /** What is wrong, and the way out. */
  readonly message: string;
}

/** The mapping cannot be used; nothing was written. Each problem is a line `FILE:LINE:COLUMN: message`. */
export class MappingError extends Error {
  readonly file: string;
  readonly problems: readonly MappingProblem[];

  constructor(file: string, problems: readonly MappingProblem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.name = 'MappingError';
    this.file = file;
    this.problems = sorted;
  }
}

export function problemAt(lines: LineCounter, range: Range | null | undefined, message: string): MappingProblem {
  const { line, col } = lines.linePos(range?.[0] ?? 0);
  return { line: Math.max(line, 1), column: Math.max(col, 1), message };
}
