import { label, type Label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import type { FieldStatus } from './matrix.ts';

interface Look {
  readonly label: Label;
  /** A mark of its own beside the colour, for those who cannot tell the colours apart: a path in a box of 12. */
  readonly mark: string;
}

export const statusLooks: Readonly<Record<FieldStatus, Look>> = {
  ALLOWED: { label: label('已提供', 'Provided'), mark: 'M2.5 6.4 5 8.9 9.6 3.6' },
  MASKED: {
    label: label('已脱敏', 'Masked'),
    mark: 'M1.2 6C3.4 2.6 8.6 2.6 10.8 6 8.6 9.4 3.4 9.4 1.2 6M2.2 10.2 9.8 1.8',
  },
  DENIED: { label: label('不予提供', 'Denied'), mark: 'M3 3 9 9M9 3 3 9' },
  UNAVAILABLE: { label: label('来源不可用', 'Source unavailable'), mark: 'M6 1.6V7.2M6 9.7V10.2' },
  EMPTY: { label: label('确无内容', 'Really empty'), mark: 'M3 6H9' },
};

/** What became of a field: colour, mark and words. */
export function StatusTag({ status, count }: { readonly status: FieldStatus; readonly count?: number }) {
  const words = useWords();
  const { label: name, mark } = statusLooks[status];
  return (
    <span className="status" data-status={status}>
      <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
        <path d={mark} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      {words(name)}
      {count === undefined ? null : <b>{count}</b>}
    </span>
  );
}
