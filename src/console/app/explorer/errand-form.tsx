import { Input, Select } from 'antd';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';
import { PurposeSelect } from '../shared/purpose-select.tsx';
import { TokenField } from '../shared/token-field.tsx';
import type { Caller } from '../shared/caller.ts';

/** Who asks, and what the headers say of it. */
export interface ErrandDraft {
  /** A demo caller's id, or `own` for a pasted token. */
  readonly as: string;
  readonly ownToken: string;
  readonly purpose: string;
  readonly ticketNo: string;
  readonly reason: string;
}

export const own = 'own';

const text = {
  headers: label('请求身份', 'Request identity'),
  as: label('使用者', 'Caller'),
  own: label('自备令牌', 'Own token'),
  token: label('令牌', 'Token'),
  purpose: label('使用目的', 'Purpose'),
  ticketNo: label('所依据的工单（可空）', 'Ticket (optional)'),
  reason: label('紧急调用理由', 'Reason'),
};

interface ErrandFormProps {
  readonly callers: readonly Caller[];
  readonly draft: ErrandDraft;
  readonly onChange: (draft: ErrandDraft) => void;
}

/** The caller picker and the fields that become `Lianqiao-Purpose`, `Lianqiao-Ticket` and `Lianqiao-Reason`. */
export function ErrandForm({ callers, draft, onChange }: ErrandFormProps) {
  const words = useWords();
  const choices = [
    ...callers.map(({ id, label }) => ({ value: id, label: words(label) })),
    { value: own, label: words(text.own) },
  ];
  const choose = (as: string): void => {
    const purpose = callers.find((c) => c.id === as)?.purpose ?? draft.purpose;
    onChange({ ...draft, as, purpose });
  };
  return (
    <form className="errand" aria-label={words(text.headers)} onSubmit={(event) => event.preventDefault()}>
      <label htmlFor="errand-as">
        {words(text.as)}
        <Select id="errand-as" value={draft.as} options={choices} onChange={choose} popupMatchSelectWidth={false} />
      </label>
      {draft.as === own ? (
        <label htmlFor="errand-token" className="errand-token">
          {words(text.token)}
          <TokenField
            id="errand-token"
            value={draft.ownToken}
            onChange={(ownToken) => onChange({ ...draft, ownToken })}
          />
        </label>
      ) : null}
      <label htmlFor="errand-purpose">
        {words(text.purpose)}
        <PurposeSelect
          id="errand-purpose"
          value={draft.purpose}
          onChange={(purpose) => onChange({ ...draft, purpose })}
        />
      </label>
      <label htmlFor="errand-ticket">
        {words(text.ticketNo)}
        <Input
          id="errand-ticket"
          value={draft.ticketNo}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange({ ...draft, ticketNo: event.target.value.trim() })}
        />
      </label>
      {draft.purpose === 'EMERGENCY' ? (
        <label htmlFor="errand-reason">
          {words(text.reason)}
          <Input
            id="errand-reason"
            value={draft.reason}
            maxLength={200}
            onChange={(event) => onChange({ ...draft, reason: event.target.value })}
          />
        </label>
      ) : null}
    </form>
  );
}
