import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { label } from '../shared/label.ts';
import { useWords } from '../shared/language.ts';

const text = {
  ticketNo: label('工单编号', 'Ticket number'),
  search: label('查询', 'Search'),
};

interface TicketSearchProps {
  readonly ticketNo: string;
  readonly busy: boolean;
  readonly onSearch: (ticketNo: string) => void;
}

/** The number of the ticket to look at. */
export function TicketSearch({ ticketNo, busy, onSearch }: TicketSearchProps) {
  const words = useWords();
  const [draft, setDraft] = useState(ticketNo);
  const search = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.trim() !== '') onSearch(draft.trim());
  };
  return (
    <search>
      <form className="ticket-search" onSubmit={search}>
        <label htmlFor="ticket-no">{words(text.ticketNo)}</label>
        <Input
          id="ticket-no"
          value={draft}
          placeholder="12345:2026110500000001"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setDraft(event.target.value)}
        />
        <Button type="primary" htmlType="submit" loading={busy}>
          {words(text.search)}
        </Button>
      </form>
    </search>
  );
}
