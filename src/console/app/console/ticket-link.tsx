import { createContext, use, type MouseEvent } from 'react';

/** Shows another ticket on this page, with the callers that it has. */
export const OpenTicketContext = createContext<(ticketNo: string) => void>(() => undefined);

/** The address of a ticket on this page: it can be kept and passed on, and holds no token. */
export const addressOf = (ticketNo: string): string => `?ticket=${encodeURIComponent(ticketNo)}`;

/** A ticket's number, which leads to it. Opened in a tab of its own it is an address like any other. */
export function TicketLink({ ticketNo }: { readonly ticketNo: string }) {
  const open = use(OpenTicketContext);
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(ticketNo);
  };
  return (
    <a className="ticket-link" href={addressOf(ticketNo)} onClick={follow}>
      {ticketNo}
    </a>
  );
}
