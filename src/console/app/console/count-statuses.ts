import type { FieldRow, FieldStatus, Section } from './matrix.ts';

/** How many fields of the caller at this place have each status. */
export function countStatuses(sections: readonly Section[], place: number): Readonly<Record<FieldStatus, number>> {
  const counts: Record<FieldStatus, number> = { ALLOWED: 0, MASKED: 0, DENIED: 0, UNAVAILABLE: 0, EMPTY: 0 };
  const rows = sections.flatMap((section) =>
    section.rows.flatMap((row): readonly FieldRow[] =>
      row.kind === 'field' ? [row] : row.kind === 'entry' ? row.fields : [],
    ),
  );
  for (const { cells } of rows) {
    const cell = cells[place];
    if (cell?.kind === 'field') counts[cell.status] += 1;
  }
  return counts;
}
