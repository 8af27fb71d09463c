import { all, type Filter } from '../src/connector/filter.ts';
import type { HubParts } from './hub-parts.ts';
import type { Operation } from './operations.ts';

const sets = 40;
const fields = ['ticketNo', 'receivedAt', 'confidential'];
const rows: Filter = all([
  { kind: 'prefix', field: 'divisionCode', prefixes: ['3501'] },
  { kind: 'in', field: 'type', values: ['CONSULTATION', 'HELP_REQUEST', 'COMPLAINT', 'SUGGESTION', 'COMMENDATION'] },
]);

/**
 * Variables of an operation, spread over the whole city: tickets, or the time before which a page begins. No page has a
 * ticket whose reporter asked for secrecy, for the gate would not join that one by the number.
 */
export async function variablesOf(
  { name, size }: Operation,
  parts: HubParts,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { signal } = new AbortController();
  const tickets = await parts.source('Ticket').loadPage({
    fields,
    rows,
    order: [
      { field: 'receivedAt', direction: 'DESC' },
      { field: 'ticketNo', direction: 'DESC' },
    ],
    limit: 10_000,
    signal,
  });
  const open = tickets.flatMap((ticket, i) => {
    const from = tickets.findIndex((t) => String(t['receivedAt']) < String(ticket['receivedAt']));
    const page = size === 1 ? [ticket] : from < 0 ? [] : tickets.slice(from, from + size);
    return page.length === size && page.every((t) => t['confidential'] === false) ? [i] : [];
  });
  const step = Math.floor(open.length / sets);
  if (step < 1) throw new RangeError(`${name}: the city has fewer than ${sets} pages to ask for`);
  return Array.from({ length: sets }, (_, i) => {
    const ticket = tickets[open[i * step] ?? 0];
    return size === 1 ? { no: ticket?.['ticketNo'] } : { before: ticket?.['receivedAt'] };
  });
}
