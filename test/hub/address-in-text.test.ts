import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type Asker, type RunningHub } from '../kit/running-hub.ts';
import { askers, storedRows } from './askers.ts';

/* A caller that does not get a ticket's address does not get it from the ticket's text either. */

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

interface Stored {
  readonly ticket_no: string;
  readonly address: string | null;
}
interface Shown {
  readonly ticketNo: string;
  readonly title: string | null;
  readonly content: string | null;
}

async function texts(asker: Asker): Promise<Shown[]> {
  const answer = await hub.ask(asker, '{ tickets(first: 100) { nodes { ticketNo title content } } }');
  return (answer.data as { tickets: { nodes: readonly Shown[] } }).tickets.nodes.filter((n) => n.content !== null);
}

/** From the road's number on. */
function exactPart(address: string): string {
  return address.slice(address.search(/\d/));
}

test.each(['housing', 'police', 'grid', 'audit'] as const)('%s reads no house in a text', async (caller) => {
  const shown = await texts(askers[caller]);
  const stored = new Map(addresses().map((row): [string, string] => [row.ticket_no, row.address ?? '']));
  const found = shown.filter(({ ticketNo, title, content }) => {
    const exact = exactPart(stored.get(ticketNo) ?? '');
    return exact.length > 2 && `${title ?? ''} ${content ?? ''}`.includes(exact);
  });
  expect(found).toEqual([]);
  if (caller === 'audit') expect(shown.filter((n) => n.content?.includes('[地址]')).length).toBeGreaterThan(10);
});

function addresses(): Stored[] {
  return storedRows<Stored>(hub, 'hotline', 'SELECT ticket_no, address FROM ticket');
}
