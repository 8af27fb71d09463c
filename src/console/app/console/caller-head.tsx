import { Button } from 'antd';
import { purposeLabel, type Caller } from '../shared/caller.ts';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { problemLabel } from '../shared/problems.ts';
import type { Told } from './ask-callers.ts';
import { fieldStatuses, type FieldStatus } from './matrix.ts';
import { StatusTag } from './status-tag.tsx';

const text = {
  purpose: label('目的', 'Purpose'),
  waiting: label('正在查询…', 'Asking…'),
  unasked: label('尚未查询', 'Not asked yet'),
  remove: label('移除', 'Remove'),
};

interface CallerHeadProps {
  readonly caller: Caller;
  /** Null before the ticket was asked for as this caller. */
  readonly told: Told | null;
  readonly counts: Readonly<Record<FieldStatus, number>>;
  /** Only for views that the reader added. */
  readonly onRemove?: (() => void) | undefined;
}

/** The head of a caller's column: who, what for, and what came of the fields in all. */
export function CallerHead({ caller, told, counts, onRemove }: CallerHeadProps) {
  const words = useWords();
  return (
    <div className="caller">
      <div className="caller-name">
        {words(caller.label)}
        {onRemove === undefined ? null : (
          <Button size="small" type="link" onClick={onRemove}>
            {words(text.remove)}
          </Button>
        )}
      </div>
      <div className="caller-purpose">
        {words(text.purpose)} {words(purposeLabel(caller.purpose))} <code>{caller.purpose}</code>
      </div>
      {told === null ? <div className="caller-waiting">{words(text.unasked)}</div> : null}
      {told?.kind === 'waiting' ? <div className="caller-waiting">{words(text.waiting)}</div> : null}
      {told?.kind === 'problem' ? (
        <div className="caller-problem" role="alert">
          {words(problemLabel(told.code))} <code>{told.code}</code>
        </div>
      ) : null}
      {told?.kind === 'ticket' ? (
        <div className="caller-counts">
          {fieldStatuses
            .filter((status) => counts[status] > 0)
            .map((status) => (
              <StatusTag key={status} status={status} count={counts[status]} />
            ))}
        </div>
      ) : null}
    </div>
  );
}
